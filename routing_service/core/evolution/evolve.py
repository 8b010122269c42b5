"""How an item changes by one event: a pure function shared by decide (drafts) and apply (World).

Nothing else may replace a field of an Item; of offers, Clocks and Agents see the modules beside it.
"""

from typing import assert_never

from msgspec.structs import replace

from routing_service.core.evolution import evolve_offer
from routing_service.core.evolution.evolve_clock import evolve_clock
from routing_service.core.evolution.evolve_link import evolve_link
from routing_service.core.evolution.evolve_step import moved
from routing_service.core.journal.events import (
    ClockCorrected,
    ClockMoved,
    CollaboratorsSet,
    ItemAbsorbed,
    ItemBoosted,
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
from routing_service.core.records.model import Item

ItemEvent = (
    ItemBoosted
    | ItemClassified
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
            return moved(item, event, now)
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
        case ItemBoosted():
            return replace(item, boost=event.boost)
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
    stays = event.queue == item.queue
    asks_same = stays and event.requirements == item.requirements
    as_urgent = event.priority == item.priority
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
        transferred_from=item.transferred_from if stays else "",
        named_queue=event.named_queue or (item.named_queue if stays else ""),
        named_priority=event.named_priority or (item.named_priority if as_urgent else ""),
    )


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
        kept_as=event.kept_as,
        relaxed=item.relaxed if stays else 0,
        routed_at=now,
        waited=item.waited if stays else 0,
    )
