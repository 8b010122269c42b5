"""Arithmetic of promises: due, warning and elapsed instants of one clock. It decides nothing.

A clock stores instants only (start, pauses); everything else is recomputed from them, so a new
target or calendar needs no migration (design §7).
"""

from routing_service.core.calendar import Calendar
from routing_service.core.model import Clock
from routing_service.core.plan import ClockPlan, Target

PERCENT = 100


def base_due(started_at: int, target: Target, calendar: Calendar) -> int:
    """The due instant if nothing pauses the clock."""
    if target.workdays:
        return calendar.add_workdays(started_at, target.workdays, end_of_day=target.end_of_day)
    return calendar.add(started_at, target.duration)


def paused(clock: Clock, calendar: Calendar, until: int) -> int:
    """Working microseconds the clock did not count up to `until`; an open pause ends there."""
    return sum(
        calendar.between(start, min(end if end is not None else until, until))
        for start, end in clock.pauses
    )


def elapsed(clock: Clock, calendar: Calendar, at: int) -> int:
    """Working microseconds counted from the start to `at`, pauses excluded."""
    return calendar.between(clock.started_at, at) - paused(clock, calendar, at)


def due_at(clock: Clock, target: Target, calendar: Calendar, now: int) -> int:
    """The due instant under this target: the base moved by the working time paused up to `now`."""
    base = base_due(clock.started_at, target, calendar)
    not_counted = paused(clock, calendar, now)
    return calendar.add(base, not_counted) if not_counted else base


def next_at(
    clock: Clock, plan: ClockPlan, target: Target, calendar: Calendar, now: int
) -> tuple[int, int]:
    """(instant, share) of the next thing to fire: a warn point, or the breach with share 0.

    A warn point is a share of the working time between start and base due. The breach fires one
    microsecond after due, because an answer exactly at due is in time.
    """
    base = base_due(clock.started_at, target, calendar)
    not_counted = paused(clock, calendar, now)
    total = calendar.between(clock.started_at, base)
    for share in plan.warn:
        if share > clock.warned:
            return calendar.add(clock.started_at, total * share // PERCENT + not_counted), share
    return (calendar.add(base, not_counted) if not_counted else base) + 1, 0
