"""Arithmetic of promises: due, warning and elapsed instants of one clock. It decides nothing.

A clock stores instants only (start, pauses); everything else is recomputed from them, so a new
target or calendar needs no migration (design §7).
"""

import msgspec

from routing_service.core.desk.calendar import Calendar
from routing_service.core.plans.plan import ClockPlan, Target
from routing_service.core.records.model import Clock

PERCENT = 100


def base_due(started_at: int, target: Target, calendar: Calendar) -> int:
    """The due instant if nothing pauses the clock."""
    if target.workdays:
        return calendar.add_workdays(started_at, target.workdays, end_of_day=target.end_of_day)
    return calendar.add(started_at, target.duration)


def paused(clock: Clock, calendar: Calendar, until: int) -> int:
    """Working microseconds the clock did not count up to `until`; an open pause ends there.

    Pauses told late may overlap: what several cover counts once.
    """
    if not clock.pauses:
        return 0
    not_counted, reached = 0, clock.started_at
    for start, end in sorted(clock.pauses, key=_begin):
        begin, stop = max(start, reached), min(end if end is not None else until, until)
        if begin < stop:
            not_counted += calendar.between(begin, stop)
            reached = stop
    return not_counted


def _begin(pause: tuple[int, int | None]) -> int:
    return pause[0]


def elapsed(clock: Clock, calendar: Calendar, at: int) -> int:
    """Working microseconds counted from the start to `at`, pauses excluded."""
    return calendar.between(clock.started_at, at) - paused(clock, calendar, at)


class Schedule(msgspec.Struct, frozen=True):
    """When the clock is due, and what fires next: a warn point, or the breach with share 0."""

    due: int
    next_at: int
    share: int


def schedule(
    clock: Clock, plan: ClockPlan, target: Target, calendar: Calendar, now: int
) -> Schedule:
    """Due and next instant of a clock that counts at `now`.

    Due is the base moved by the working time paused so far. A warn point is a share of the working
    time between start and base due. The breach fires one microsecond after due, because an answer
    exactly at due is in time.
    """
    base = base_due(clock.started_at, target, calendar)
    not_counted = paused(clock, calendar, now)
    due = calendar.add(base, not_counted) if not_counted else base
    for share in plan.warn:
        if share > clock.warned:
            at = _warn_point(clock.started_at, base, share, not_counted, calendar)
            return Schedule(due, at, share)
    return Schedule(due, due + 1, 0)


def at_start(started_at: int, plan: ClockPlan, target: Target, calendar: Calendar) -> Schedule:
    """The schedule of a clock that has just started: nothing warned, nothing paused."""
    share = plan.warn[0] if plan.warn else 0
    if calendar.is_always and not target.workdays:  # most clocks: plain sums, and no calls
        due = started_at + target.duration
        at = started_at + target.duration * share // PERCENT if share else due + 1
        return Schedule(due, at, share)
    due = base_due(started_at, target, calendar)
    if not share:
        return Schedule(due, due + 1, 0)
    return Schedule(due, _warn_point(started_at, due, share, 0, calendar), share)


def _warn_point(start: int, base: int, share: int, not_counted: int, calendar: Calendar) -> int:
    total = calendar.between(start, base)
    return calendar.add(start, total * share // PERCENT + not_counted)
