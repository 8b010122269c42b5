"""Decisions about items that are not to be worked on now: scheduled, suspended, going on.

A scheduled item has not begun: no clock runs. A suspended one was begun and is laid aside by the
desk; its clocks count, unless they pause for it. Neither is offered to anybody.
"""

from routing_service.core.arrival import queueing
from routing_service.core.evolution.draft import Draft
from routing_service.core.evolution.evolve_step import SUSPENDED
from routing_service.core.handling import offers
from routing_service.core.items.intake import check_wake
from routing_service.core.journal.events import MilestoneReached
from routing_service.core.promises import clocks
from routing_service.core.records.errors import Invalid
from routing_service.core.records.lifecycle import ItemState, ItemStep
from routing_service.core.records.model import Milestone


def schedule(draft: Draft, until: int, reason: str) -> None:
    """Another instant for an item that has not begun."""
    if until <= draft.now:
        raise Invalid("FIELD_OUT_OF_RANGE", "until must lie in the future.", field="until")
    check_wake(until, draft.now)
    draft.move(ItemStep.SCHEDULE, reason, until=until)


def activate(draft: Draft, reason: str) -> None:
    """The item begins now, whenever it was to: it waits in its queue, and its clocks start."""
    draft.move(ItemStep.ACTIVATE, reason)
    begin(draft)
    queueing.enqueue(draft, since=draft.now, boost=draft.item.boost, comes=queueing.Comes.ENTERS)


def begin(draft: Draft) -> None:
    """What counts from the opening counts from now."""
    draft.add(MilestoneReached(item=draft.item.id, milestone=Milestone.OPENED, at=draft.now))
    clocks.reach(draft, Milestone.OPENED, draft.now)


def suspend(draft: Draft, until: int, reason: str, at: int) -> None:
    """The item is laid aside, at most until `until` (0 = until somebody resumes it)."""
    if until and until <= draft.now:
        raise Invalid("FIELD_OUT_OF_RANGE", "until must lie in the future.", field="until")
    check_wake(until, draft.now)
    offers.withdraw(draft, SUSPENDED)
    offers.release(draft)
    draft.move(ItemStep.SUSPEND, reason, until=until)
    clocks.pend(draft, SUSPENDED, at)


def wake(draft: Draft) -> None:
    """The instant has come for which the item was parked."""
    if draft.item.state is ItemState.SCHEDULED:
        activate(draft, "due")
        return
    resume(draft, draft.now, "due")


def resume(draft: Draft, at: int, reason: str = "") -> None:
    """The item goes back to its queue, its former owner first."""
    draft.move(ItemStep.RESUME, reason)
    clocks.resume(draft, at)
    queueing.enqueue(
        draft, since=draft.item.enqueued_at, boost=draft.item.boost, comes=queueing.Comes.RETURNS
    )
