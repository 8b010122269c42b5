"""How a clock changes by one of its steps: a pure function shared by decide and apply."""

from typing import assert_never

from msgspec.structs import replace

from routing_service.core.journal.events import ClockMoved
from routing_service.core.records.lifecycle import CLOCK, ClockState, ClockStep, advance
from routing_service.core.records.model import Clock


def evolve_clock(clock: Clock | None, event: ClockMoved) -> Clock:
    """The clock after the event; None = the clock was idle."""
    before = (
        clock
        if clock is not None
        else Clock(name=event.clock, state=ClockState.IDLE, started_at=event.at)
    )
    state = advance(CLOCK, before.state, event.step, event.clock)
    moved = replace(before, state=state, due=event.due, next_at=event.next_at)
    match event.step:
        case ClockStep.START | ClockStep.RETARGET:
            return _started(moved, event)
        case ClockStep.WARN:
            return replace(moved, warned=event.share)
        case ClockStep.PAUSE:
            return replace(moved, pauses=(*before.pauses, (event.at, None)))
        case ClockStep.RESUME | ClockStep.CANCEL:
            return replace(moved, pauses=_closed_pauses(before, event.at))
        case ClockStep.MEET:
            return replace(
                moved,
                due=before.due,
                met_at=event.at,
                elapsed=event.elapsed,
                pauses=_closed_pauses(before, event.at),
            )
        case ClockStep.BREACH:
            return replace(
                moved,
                breached_at=event.at,
                elapsed=event.elapsed,
                by_policy_change=event.by_policy_change,
                pauses=_closed_pauses(before, event.at),
            )
        case ClockStep.REOPEN:
            return _clock_reopened(before, moved, event)
        case _:
            assert_never(event.step)


def _started(moved: Clock, event: ClockMoved) -> Clock:
    """At another instant than before it is a promise of its own: nothing of the last one counts."""
    if event.step is ClockStep.RETARGET or event.at == moved.started_at:
        return moved
    return Clock(
        name=moved.name,
        state=moved.state,
        started_at=event.at,
        due=event.due,
        next_at=event.next_at,
    )


def _closed_pauses(clock: Clock, at: int) -> tuple[tuple[int, int | None], ...]:
    return tuple((start, at if end is None else end) for start, end in clock.pauses)


def _clock_reopened(before: Clock, moved: Clock, event: ClockMoved) -> Clock:
    """Resumed: the time since it was met counts as a pause. Restarted: `reason` says so."""
    if event.reason == "restart":
        return replace(moved, started_at=event.at, pauses=(), warned=0, met_at=None)
    gap = (before.met_at if before.met_at is not None else event.at, event.at)
    return replace(moved, pauses=(*before.pauses, gap), met_at=None)
