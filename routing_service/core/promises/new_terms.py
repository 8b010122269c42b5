"""Decisions about clocks whose terms are others by now: priority, promises or plan have changed."""

from routing_service.core.desk.calendar import NoWorkingTimeError
from routing_service.core.evolution.draft import Draft
from routing_service.core.journal.events import ClockMoved
from routing_service.core.plans.plan import ClockPlan
from routing_service.core.promises import clocks, sla
from routing_service.core.records.lifecycle import CLOCK, ClockState, ClockStep, advance
from routing_service.core.records.model import Clock

COUNTING = frozenset({ClockState.RUNNING, ClockState.PAUSED})


def retarget(draft: Draft) -> None:
    """The item's priority, the applicable clocks or the plan changed; see `clocks.settle`."""
    for plan in draft.world.plan.clocks.values():
        try:
            _start_by_policy(draft, plan)
            _retarget_one(draft, plan)
        except NoWorkingTimeError:  # not refused: a plan in force is never half in force
            _drop(draft, plan.name, "calendar_without_time")
    for name in draft.item.clocks:
        if name not in draft.world.plan.clocks:
            _drop(draft, name, "not_applicable")  # nobody could time it


def _start_by_policy(draft: Draft, plan: ClockPlan) -> None:
    """From where it should have started, or had; but a breach told is not to come again."""
    clock = draft.item.clocks.get(plan.name)
    if clock is None:
        reached = draft.item.milestones.get(plan.start)
    else:
        lost = clock.state is ClockState.CANCELLED and clock.breached_at is None
        lost = lost and plan.start in draft.item.milestones
        reached = clock.started_at if lost else None
    if reached is not None:
        clocks.start(draft, plan, reached)


def _retarget_one(draft: Draft, plan: ClockPlan) -> None:
    """New due, the end if it is one that was reached already, pausing as the plan says now."""
    clock = draft.item.clocks.get(plan.name)
    reached = draft.item.milestones.get(plan.stop)
    if clock is not None and clock.state in COUNTING:
        _new_due(draft, plan, clock, draft.now if reached is None else reached)
    clock = draft.item.clocks.get(plan.name)
    if clock is not None and clock.state in clocks.UNMET and reached is not None:
        clocks.stop(draft, plan, reached)
    if clock is not None and draft.item.pending_reason:
        clocks.pend_one(draft, plan, draft.item.pending_reason, draft.now)


def _new_due(draft: Draft, plan: ClockPlan, clock: Clock, until: int) -> None:
    """The due by the new terms; broken if it lies before `until`, to which the clock counts."""
    found = clocks.terms(draft, plan)
    if found is None:
        _drop(draft, plan.name, "not_applicable")
        return
    new = sla.schedule(clock, plan, *found, until)
    if new.due < until:
        clocks.breach(draft, plan, draft.now, by_policy_change=True)
    elif clock.state is ClockState.RUNNING and not _fires_as_before(clock, new, draft.now):
        clocks.move(draft, plan, ClockStep.RETARGET, draft.now, reason="new_target")


def _drop(draft: Draft, name: str, reason: str) -> None:
    """The clock, if unmet, ends without a verdict, until new terms have it again."""
    clock = draft.item.clocks.get(name)
    if clock is None or clock.state not in clocks.UNMET:
        return
    draft.add(
        ClockMoved(
            item=draft.item.id,
            clock=name,
            step=ClockStep.CANCEL,
            state=advance(CLOCK, clock.state, ClockStep.CANCEL, name),
            at=draft.now,
            reason=reason,
        )
    )


def _fires_as_before(clock: Clock, new: sla.Schedule, now: int) -> bool:
    """Same due and same next instant; what is overdue already fires now in either case."""
    if clock.next_at is None or new.due != clock.due:
        return False
    return max(new.next_at, now) == max(clock.next_at, now)
