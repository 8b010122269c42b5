"""How an item changes by one event: a pure function shared by decide (drafts) and apply (World).

Nothing else may replace a field of an Item; of offers, Clocks and Agents see the modules beside it.
"""

from typing import assert_never

from msgspec.structs import replace

from routing_service.core.evolution import evolve_offer
from routing_service.core.evolution.evolve_clock import evolve_clock
from routing_service.core.evolution.evolve_link import evolve_link
from routing_service.core.journal.events import (
    ClockCorrected,
    ClockMoved,
    CollaboratorsSet,
    ItemAbsorbed,
    ItemClassified,
    ItemLabelled,
    ItemLinked,
    ItemMessaged,
    ItemMoved,
    ItemQueued,
    ItemReady,
    ItemRelaxed,
    ItemWaited,
    LinkAnswered,
    MilestoneReached,
    OfferMade,
    OfferMoved,
    OwnerRemoved,
    WaveSent,
)
from routing_service.core.journal.link_events import LinkEvent
from routing_service.core.records.lifecycle import (
    ITEM,
    ItemState,
    ItemStep,
    advance,
)
from routing_service.core.records.model import Handover, Item, Milestone

ItemEvent = (
    ItemClassified
    | ItemLabelled
    | ItemMessaged
    | ItemMoved
    | ItemQueued
    | ItemReady
    | ItemRelaxed
    | ItemWaited
    | LinkEvent
    | MilestoneReached
    | ClockMoved
    | ClockCorrected
    | OfferMade
    | OfferMoved
    | OwnerRemoved
    | WaveSent
)

NEVER = 2**62
"""Later than any instant: stands only beside an earlier wait, so that no deadline is set to it."""
SUSPENDED = "suspended"
"""Stands for a pending reason where clocks pause while an item is suspended."""
_PARKS = (ItemStep.SUSPEND, ItemStep.SCHEDULE)
_TAKEN_AWAY = (ItemStep.REQUEUE, ItemStep.TRANSFER)
_BEGINS_ANEW = (*_TAKEN_AWAY, ItemStep.HAND_OVER, ItemStep.REOPEN, ItemStep.RESUME)
_PLAIN = frozenset(
    {ItemStep.OFFER, ItemStep.UNOFFER, ItemStep.ACCEPT, ItemStep.RESOLVE, ItemStep.CLOSE}
)
"""Most steps of most items: nothing but the state changes."""
DECIDED_KEPT = 8
"""Instants of verdicts that an item remembers; more than one or two are rare."""


def evolve_item(  # noqa: C901, PLR0912 - one row per event, nothing else
    item: Item, event: ItemEvent, now: int
) -> Item:
    """The item after the event; a row missing in the tables raises WrongState."""
    match event:
        case ClockMoved() | ClockCorrected():
            return _clocked(item, event)
        case ItemMoved():
            return _moved(item, event, now)
        case MilestoneReached():
            return replace(item, milestones={**item.milestones, event.milestone: event.at})
        case OfferMade():
            return evolve_offer.offered(item, event, now)
        case OfferMoved():
            return evolve_offer.ended(item, event, now)
        case ItemQueued():
            return _queued(item, event, now)
        case ItemClassified():
            return _classified(item, event, now)
        case ItemMessaged():
            return _messaged(item, event, now)
        case ItemLabelled():
            return replace(item, version=item.version + 1, labels=event.labels)
        case ItemLinked() | ItemAbsorbed() | LinkAnswered() | CollaboratorsSet():
            return evolve_link(item, event)
        case ItemRelaxed():
            return replace(item, relaxed=event.step, routed_at=now)
        case ItemWaited():
            return replace(item, waited=event.delay)
        case ItemReady():
            return evolve_offer.ready(item, now)
        case OwnerRemoved():
            return replace(item, version=item.version + 1, owner="")
        case WaveSent():
            return replace(item, asked=event.asked, wave_at=event.next_at)
        case _:
            assert_never(event)


def _clocked(item: Item, event: ClockMoved | ClockCorrected) -> Item:
    if isinstance(event, ClockMoved):
        clock = evolve_clock(item.clocks.get(event.clock), event)
    else:
        clock = replace(item.clocks[event.clock], corrected_at=event.at)
    return replace(item, clocks={**item.clocks, event.clock: clock})


def _messaged(item: Item, event: ItemMessaged, now: int) -> Item:
    return replace(
        item,
        version=item.version + 1,
        signals=tuple(sorted({*item.signals, *event.signals})),
        contacts=item.contacts + (event.contact is not None),
        contacted_at=now if event.contact else item.contacted_at,
    )


def _classified(item: Item, event: ItemClassified, now: int) -> Item:
    asks_same = (item.queue, item.requirements) == (event.queue, event.requirements)
    return replace(
        item,
        version=item.version + 1,
        labels=event.labels,
        priority=event.priority,
        queue=event.queue,
        requirements=event.requirements,
        fired=event.fired,
        digest=event.digest,
        decided_at=(*item.decided_at, now)[-DECIDED_KEPT:],
        applicable_clocks=event.clocks,
        classification_failed=event.failed,
        relaxed=item.relaxed if asks_same else 0,
        waited=item.waited if asks_same else 0,
        green=event.green,
    )


def _moved(item: Item, event: ItemMoved, now: int) -> Item:
    state = advance(ITEM, item.state, event.step, item.number)
    if event.step in _PLAIN and item.handover is None:
        return replace(
            item,
            version=item.version + 1,
            state=state,
            reason=event.reason,
            moved_at=now,
            owner=event.owner or item.owner,
            pending_reason="",
            wake_at=0,
            merged_into=event.into,
            asked=0,
            wave_at=0,
        )
    return _moved_otherwise(item, event, state, now)


def _moved_otherwise(item: Item, event: ItemMoved, state: ItemState, now: int) -> Item:
    """By a step that parks the item, takes it away or begins it anew, or amid a warm transfer."""
    milestones = item.milestones
    if event.step is ItemStep.REOPEN:
        solved = (Milestone.SOLUTION_OFFERED, Milestone.RESOLVED, Milestone.CONFIRMED)
        again = (*solved, *event.owed)
        milestones = {name: at for name, at in milestones.items() if name not in again}
    item = _handed_over(item, event)
    requeued = event.step in _TAKEN_AWAY  # from its owner: nobody is asked first
    return replace(
        item,
        version=item.version + 1,
        state=state,
        reason=event.reason,
        moved_at=now,
        owner="" if requeued else event.owner or item.owner,
        preferred="" if requeued else item.preferred,
        preferred_until=0 if requeued else item.preferred_until,
        milestones=milestones,
        reopens=item.reopens + (event.step is ItemStep.REOPEN),
        pending_reason=_pending_reason(event),
        wake_at=event.until if event.step in _PARKS else 0,
        waits_since=now if _comes_back(item, event) else item.waits_since,
        merged_into=event.into,
        attempts=0 if event.step in _BEGINS_ANEW else item.attempts,
        relaxed=0 if event.step in _BEGINS_ANEW else item.relaxed,
        asked=0,
        wave_at=0,
        waited=0 if event.step in _BEGINS_ANEW else item.waited,
    )


def _comes_back(item: Item, event: ItemMoved) -> bool:
    """Whether it begins to wait; one that is moved while it waits goes on waiting."""
    taken_away = event.step in _TAKEN_AWAY and item.state is ItemState.ASSIGNED
    return taken_away or event.step in (ItemStep.HAND_OVER, ItemStep.REOPEN, ItemStep.RESUME)


def _pending_reason(event: ItemMoved) -> str:
    """What clocks are told the item waits for."""
    if event.step is ItemStep.SUSPEND:
        return SUSPENDED
    return event.reason if event.step is ItemStep.PEND else ""


def _handed_over(item: Item, event: ItemMoved) -> Item:
    """A transfer begins or ends with this step; whatever ends it, it leaves no mark but its queue.

    The owner is never offered what he hands over; what nobody took is in its own queue again.
    """
    match event.step:
        case ItemStep.HAND_OVER:
            return replace(
                item,
                handover=Handover(until=event.until, queue=item.queue),
                declined_by={**item.declined_by, item.owner: NEVER},
            )
        case ItemStep.OFFER | ItemStep.UNOFFER:
            return item
        case ItemStep.TRANSFER:
            item = replace(item, transferred_from=item.transferred_from or item.queue)
            item = _handover_ended(item)
            if not event.until or not item.owner:
                return item
            return replace(item, declined_by={**item.declined_by, item.owner: event.until})
        case ItemStep.ACCEPT if item.handover is not None:
            came_from = item.transferred_from or item.handover.queue
            return replace(_handover_ended(item), transferred_from=came_from)
        case ItemStep.REQUEUE:
            return replace(_handover_ended(item), transferred_from="")
        case _ if item.handover is not None:
            return replace(_handover_ended(item), queue=item.handover.queue)
        case _:
            return item


def _handover_ended(item: Item) -> Item:
    if item.handover is None:
        return item
    others = {agent: at for agent, at in item.declined_by.items() if agent != item.owner}
    return replace(item, handover=None, declined_by=others, preferred="", preferred_until=0)


def _queued(item: Item, event: ItemQueued, now: int) -> Item:
    stays = (item.queue, item.enqueued_at) == (event.queue, event.enqueued_at)
    return replace(
        item,
        queue=event.queue,
        enqueued_at=event.enqueued_at,
        boost=event.boost,
        rank=event.rank,
        preferred=event.preferred,
        preferred_until=event.preferred_until,
        relaxed=item.relaxed if stays else 0,
        routed_at=now,
        waited=item.waited if stays else 0,
    )
