"""How an item changes by a step of the ITEM table: a pure function, part of `evolve`.

What a step resets, keeps and ends stands here; which step is taken is decided elsewhere.
"""

from msgspec.structs import replace

from routing_service.core.journal.events import ItemMoved
from routing_service.core.records.lifecycle import ITEM, ItemState, ItemStep, advance
from routing_service.core.records.model import Handover, Item, Milestone

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


def moved(item: Item, event: ItemMoved, now: int) -> Item:
    """The item after the step; a row missing in the table raises WrongState."""
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
            item = _handover_ended(replace(item, transferred_from=ruled(item)))
            if not event.until or not item.owner:
                return item
            return replace(item, declined_by={**item.declined_by, item.owner: event.until})
        case ItemStep.ACCEPT if item.handover is not None:
            return replace(_handover_ended(item), transferred_from=ruled(item))
        case ItemStep.REQUEUE:
            return _handover_ended(item)
        case _ if item.handover is not None:
            return replace(_handover_ended(item), queue=item.handover.queue)
        case _:
            return item


def ruled(item: Item) -> str:
    """The queue that the rules named, wherever it is by now."""
    home = item.handover.queue if item.handover else item.queue
    return item.transferred_from or item.named_queue or home


def _handover_ended(item: Item) -> Item:
    if item.handover is None:
        return item
    others = {agent: at for agent, at in item.declined_by.items() if agent != item.owner}
    return replace(
        item, handover=None, declined_by=others, preferred="", preferred_until=0, kept_as=None
    )
