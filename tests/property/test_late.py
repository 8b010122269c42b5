"""A desk with more due than it can fire at once: no command hides a deadline that passed."""

from routing_service.core.journal.commands import ReportKind
from routing_service.core.journal.events import ClockMoved
from routing_service.core.records.lifecycle import ClockState, ClockStep
from tests.builders import HOUR, MINUTE, NOON
from tests.desk import Desk, only


def test_a_pause_after_due_does_not_hide_the_breach() -> None:
    desk = Desk()
    item = desk.open(priority="p1")
    desk.now += HOUR + MINUTE

    desk.report(item, ReportKind.PENDING, reason="waiting_customer")

    assert ClockState.BREACHED is desk.clock(item, "resolution").state
    assert NOON + HOUR == desk.clock(item, "resolution").breached_at


def test_a_pause_that_began_in_time_counts_though_it_is_told_after_due() -> None:
    desk = Desk()
    item = desk.open(priority="p1")
    desk.now += HOUR + MINUTE

    desk.report(item, ReportKind.PENDING, ago=MINUTE, reason="waiting_customer")

    assert ClockState.PAUSED is desk.clock(item, "resolution").state


def test_cancelling_after_due_does_not_hide_the_breach() -> None:
    desk = Desk()
    item = desk.open(priority="p1")
    desk.now += HOUR + MINUTE

    events = desk.cancel(item)

    steps = [event.step for event in only(ClockMoved, events) if event.clock == "resolution"]
    assert [ClockStep.BREACH, ClockStep.CANCEL] == steps


def test_an_event_told_late_cannot_be_paused_out_of_its_breach() -> None:
    desk = Desk()
    item = desk.open(priority="p1", occurred_at=NOON - 2 * HOUR)

    desk.report(item, ReportKind.PENDING, reason="waiting_customer")

    assert ClockState.BREACHED is desk.clock(item, "resolution").state
