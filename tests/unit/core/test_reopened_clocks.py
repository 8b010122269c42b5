"""Promises that begin where an item is resolved: a re-opening undoes that beginning."""

from routing_service.core.journal.commands import ReportKind, RequestKind, Submit
from routing_service.core.plans.plan import OnReopen, Target
from routing_service.core.records.lifecycle import ClockState
from routing_service.core.records.model import Clock
from tests.builders import DAY, HOUR, MINUTE, clock_plan, plan, verdict
from tests.desk import Desk


def desk_of(on_reopen: OnReopen, stop: str = "confirmed") -> Desk:
    """A call-back is owed within a day of the solution."""
    callback = clock_plan(
        "callback",
        start="resolved",
        stop=stop,
        targets=dict.fromkeys(("p1", "p2", "p3"), Target(duration=DAY)),
        warn=(50,),
        on_reopen=on_reopen,
    )
    return Desk(plan(clocks=(callback,)))


def callback(desk: Desk, item: str) -> Clock:
    return desk.clock(item, "callback")


def resolved(desk: Desk) -> str:
    item = desk.open(verdict=verdict(clocks=("callback",)))
    desk.report(item, ReportKind.RESOLVED)
    return item


def reopened(desk: Desk, item: str, after: int = HOUR) -> None:
    desk.wait(after)
    desk.report(item, ReportKind.REOPENED)


def test_it_is_owed_from_the_next_solution_on_when_it_restarts() -> None:
    desk = desk_of(OnReopen.RESTART)
    item = resolved(desk)
    reopened(desk, item)
    meanwhile = callback(desk, item).state
    desk.wait(HOUR)
    desk.report(item, ReportKind.RESOLVED)

    assert ClockState.CANCELLED is meanwhile
    assert (ClockState.RUNNING, desk.now, desk.now + DAY) == (
        callback(desk, item).state,
        callback(desk, item).started_at,
        callback(desk, item).due,
    )


def test_nothing_is_told_of_it_while_the_item_is_worked_on_again() -> None:
    desk = desk_of(OnReopen.RESTART)
    item = resolved(desk)
    reopened(desk, item)
    desk.wait(3 * DAY)

    assert (ClockState.CANCELLED, 0, None) == (
        callback(desk, item).state,
        callback(desk, item).warned,
        callback(desk, item).breached_at,
    )


def test_an_update_meanwhile_does_not_start_it() -> None:
    desk = desk_of(OnReopen.RESTART)
    item = resolved(desk)
    reopened(desk, item)
    again = verdict(priority="p1", clocks=("callback",))
    desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=again))

    assert ClockState.CANCELLED is callback(desk, item).state


def test_what_was_broken_before_the_reopening_stays_told_and_is_promised_anew() -> None:
    desk = desk_of(OnReopen.RESTART)
    item = resolved(desk)
    reopened(desk, item, after=2 * DAY)
    broken = callback(desk, item).breached_at
    desk.wait(MINUTE)
    desk.report(item, ReportKind.RESOLVED)

    assert broken is not None
    assert (ClockState.RUNNING, None) == (
        callback(desk, item).state,
        callback(desk, item).breached_at,
    )


def test_what_was_kept_is_owed_again() -> None:
    desk = desk_of(OnReopen.RESTART, stop="customer_updated")
    item = resolved(desk)
    desk.report(item, ReportKind.CUSTOMER_UPDATED)
    met = callback(desk, item).state
    reopened(desk, item)
    desk.wait(MINUTE)
    desk.report(item, ReportKind.RESOLVED)

    assert (ClockState.MET, ClockState.RUNNING) == (met, callback(desk, item).state)
    assert desk.now + DAY == callback(desk, item).due


def test_it_keeps_its_due_unless_the_pack_says_otherwise() -> None:
    desk = desk_of(OnReopen.KEEP)
    item = resolved(desk)
    due = callback(desk, item).due
    reopened(desk, item)
    desk.report(item, ReportKind.RESOLVED)

    assert due == callback(desk, item).due
