"""Decisions about the clocks of one item: start, pause, resume, stop, breach, new target.

Every function takes a Draft and adds ClockMoved events to it; the arithmetic is in sla.py.
"""

from typing import TypedDict, Unpack

from msgspec.structs import replace

from routing_service.core.desk.calendar import Calendar
from routing_service.core.evolution.draft import Draft
from routing_service.core.evolution.evolve_clock import evolve_clock
from routing_service.core.journal.events import ClockCorrected, ClockMoved
from routing_service.core.plans.plan import ClockPlan, OnReopen, Target
from routing_service.core.promises import sla
from routing_service.core.records.lifecycle import CLOCK, ClockState, ClockStep, advance
from routing_service.core.records.model import Clock, Milestone

UNMET = frozenset({ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED})
OPEN_TO_TRUTH = UNMET | {ClockState.MET_LATE}
"""What a stop told now can still change or correct."""


def terms(draft: Draft, plan: ClockPlan) -> tuple[Target, Calendar] | None:
    """Target and calendar of the item's priority, or None when the clock does not apply."""
    target = plan.targets.get(draft.item.priority)
    if target is None or plan.name not in draft.item.applicable_clocks:
        return None
    return target, draft.world.calendars[plan.calendars[draft.item.priority]]


class Details(TypedDict, total=False):
    """What a step may carry besides its instant; see events.ClockMoved."""

    share: int
    elapsed: int
    reason: str
    by_policy_change: bool


def move(
    draft: Draft, plan: ClockPlan, step: ClockStep, at: int, **details: Unpack[Details]
) -> None:
    """Add one step of one clock, with due and next instant computed when it goes on running."""
    clock = draft.item.clocks.get(plan.name)
    state = advance(CLOCK, clock.state if clock else ClockState.IDLE, step, plan.name)
    event = ClockMoved(
        item=draft.item.id,
        clock=plan.name,
        step=step,
        state=state,
        at=at,
        **details,
    )
    after = evolve_clock(clock, event)
    found = terms(draft, plan)
    if found is not None and state in (ClockState.RUNNING, ClockState.BREACHED):
        event = _timed(draft, event, sla.schedule(after, plan, *found, draft.now))
        after = replace(after, due=event.due, next_at=event.next_at)
    draft.add_clock(event, after)


def _timed(draft: Draft, event: ClockMoved, schedule: sla.Schedule) -> ClockMoved:
    """The step with its due; a running clock also with what fires next, not before it is armed."""
    if event.state is ClockState.BREACHED:
        return replace(event, due=schedule.due)
    armed = event.at if event.step is ClockStep.WARN else draft.now
    return replace(event, due=schedule.due, next_at=max(schedule.next_at, armed))


def reach(draft: Draft, milestone: Milestone, at: int) -> None:
    """A milestone was reached at `at`: some clocks stop with it, some start."""
    for plan in draft.world.plan.clocks.values():
        if plan.stop == milestone:
            stop(draft, plan, at)
        if plan.start == milestone and _may_begin(draft, plan):
            start(draft, plan, at)


def _may_begin(draft: Draft, plan: ClockPlan) -> bool:
    """It never began, or a re-opening undid where it begins; see `reopen`."""
    clock = draft.item.clocks.get(plan.name)
    if clock is None:
        return True
    again = plan.on_reopen is OnReopen.RESTART and draft.item.reopens
    return bool(again) and clock.state is ClockState.CANCELLED


def start(draft: Draft, plan: ClockPlan, at: int) -> None:
    """Start the clock if the item's priority has a target for it and its end is not reached yet."""
    if terms(draft, plan) is not None and plan.stop not in draft.item.milestones:
        move(draft, plan, ClockStep.START, at)
        _pause_at_start(draft, plan, draft.item.clocks[plan.name])


def _pause_at_start(draft: Draft, plan: ClockPlan, clock: Clock) -> None:
    """The item may be pending already, since its last step."""
    since, reason = max(clock.started_at, draft.item.moved_at), draft.item.pending_reason
    if reason in plan.pause and clock.due is not None and since <= clock.due:
        move(draft, plan, ClockStep.PAUSE, since, reason=reason)


def stop(draft: Draft, plan: ClockPlan, at: int) -> None:
    """The promise was kept at `at`; exactly at due is in time. A breach already told stays told."""
    clock = draft.item.clocks.get(plan.name)
    if clock is None or clock.state not in OPEN_TO_TRUTH:
        return
    found = terms(draft, plan)
    at = max(at, clock.started_at)
    counted = sla.elapsed(clock, found[1], at) if found else 0
    kept = _was_kept(clock, at)
    if clock.state in UNMET:
        _breach_if_late(draft, plan, at)
        move(draft, plan, ClockStep.MEET, at, elapsed=counted)
    if kept:
        draft.add(ClockCorrected(item=draft.item.id, clock=plan.name, at=at, elapsed=counted))


def _was_kept(clock: Clock, at: int) -> bool:
    """Whether a breach was told of a promise that had been kept; not one of before a restart."""
    broken = clock.state in (ClockState.BREACHED, ClockState.MET_LATE)
    if not broken or clock.corrected_at or clock.due is None or clock.breached_at is None:
        return False
    return at <= min(clock.due, clock.breached_at)


def _breach_if_late(draft: Draft, plan: ClockPlan, at: int) -> bool:
    """Tell the breach of a clock that was due before `at`, when its timer has not fired yet."""
    clock = draft.item.clocks[plan.name]
    if clock.state is not ClockState.RUNNING or clock.due is None or at <= clock.due:
        return False
    breach(draft, plan, clock.due)
    return True


def breach(draft: Draft, plan: ClockPlan, at: int, *, by_policy_change: bool = False) -> None:
    """The target passed unmet at `at`."""
    found = terms(draft, plan)
    clock = draft.item.clocks[plan.name]
    counted = sla.elapsed(clock, found[1], at) if found else 0
    move(
        draft,
        plan,
        ClockStep.BREACH,
        at,
        elapsed=counted,
        by_policy_change=by_policy_change,
    )


def pend(draft: Draft, reason: str, at: int) -> None:
    """Pause the clocks that do not count for this pending reason, resume those that do."""
    for plan, _ in _present(draft):
        pend_one(draft, plan, reason, at)


def pend_one(draft: Draft, plan: ClockPlan, reason: str, at: int) -> None:
    """The same of one clock that the item has."""
    clock = draft.item.clocks[plan.name]
    pauses = reason in plan.pause
    if pauses and clock.state is ClockState.RUNNING:
        at = max(at, clock.started_at)
        if not _breach_if_late(draft, plan, at):
            move(draft, plan, ClockStep.PAUSE, at, reason=reason)
    elif not pauses and clock.state is ClockState.PAUSED:
        move(draft, plan, ClockStep.RESUME, _after_pause(clock, at))


def resume(draft: Draft, at: int) -> None:
    """Every paused clock counts again."""
    for plan, clock in _present(draft):
        if clock.state is ClockState.PAUSED:
            move(draft, plan, ClockStep.RESUME, _after_pause(clock, at))


def _after_pause(clock: Clock, at: int) -> int:
    """A pause never ends before it began, however late the report."""
    return max(at, clock.pauses[-1][0])


def reopen(draft: Draft, at: int) -> None:
    """What clocks do when the item is re-opened: keep, resume or restart, as the plan says.

    One that begins where the item was resolved, and is to restart, begins with the next solution.
    """
    for plan, clock in _present(draft):
        if plan.on_reopen is OnReopen.RESTART and plan.start not in draft.item.milestones:
            _end_until_begun(draft, plan)
            continue
        met = clock.state in (ClockState.MET, ClockState.MET_LATE)
        if met and plan.on_reopen is not OnReopen.KEEP and plan.stop not in draft.item.milestones:
            since = max(at, clock.met_at or at)  # what was not over cannot begin again
            move(draft, plan, ClockStep.REOPEN, since, reason=plan.on_reopen)


def _end_until_begun(draft: Draft, plan: ClockPlan) -> None:
    """What was due before now is broken first; then it is nothing until it begins again."""
    _breach_if_late(draft, plan, draft.now)
    state = draft.item.clocks[plan.name].state
    if state in (ClockState.MET, ClockState.MET_LATE):
        move(draft, plan, ClockStep.REOPEN, draft.now, reason=OnReopen.RESTART)
    if draft.item.clocks[plan.name].state in UNMET:
        move(draft, plan, ClockStep.CANCEL, draft.now, reason="reopened")


def settle(draft: Draft) -> None:
    """What was due before now is broken, by the terms that hold until now."""
    for plan, _ in _present(draft):
        _breach_if_late(draft, plan, draft.now)


def cancel(draft: Draft, reason: str) -> None:
    """Clocks still unmet end without a verdict; those due before now are broken first."""
    settle(draft)
    for plan, clock in _present(draft):
        if clock.state in UNMET:
            move(draft, plan, ClockStep.CANCEL, draft.now, reason=reason)


def _present(draft: Draft) -> list[tuple[ClockPlan, Clock]]:
    """The item's clocks that the plan still has, in the plan's order."""
    clocks = draft.item.clocks
    return [
        (plan, clocks[plan.name])
        for plan in draft.world.plan.clocks.values()
        if plan.name in clocks
    ]
