"""Clocks: warned at shares of the target, broken only after due, never counting a pause."""

from typing import Final

import pytest

from routing_service.core.journal.commands import ReportKind, RequestKind, Submit
from routing_service.core.journal.events import AnyEvent, ClockCorrected, ClockMoved
from routing_service.core.plans.plan import Target
from routing_service.core.records.lifecycle import ClockState, ClockStep
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    at,
    clock_plan,
    plan,
    verdict,
)
from tests.desk import Desk, only

WAITING: Final = "waiting_customer"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def steps(events: list[AnyEvent], clock: str = "response") -> list[tuple[ClockStep, int]]:
    return [
        (event.step, event.at - NOON) for event in only(ClockMoved, events) if event.clock == clock
    ]


def test_a_clock_starts_with_the_sources_time_and_knows_its_due(desk: Desk) -> None:
    item = desk.open(priority="p1", occurred_at=NOON - MINUTE)
    clock = desk.clock(item)

    assert (clock.state, clock.started_at, clock.due) == (
        ClockState.RUNNING,
        NOON - MINUTE,
        NOON + 9 * MINUTE,
    )


def test_warnings_and_the_breach_fire_exactly_in_their_order(desk: Desk) -> None:
    desk.open(priority="p1")
    fired = steps(desk.wait(HOUR))

    assert fired == [
        (ClockStep.WARN, 5 * MINUTE),
        (ClockStep.WARN, 8 * MINUTE),
        (ClockStep.BREACH, 10 * MINUTE),
    ]


def test_a_warning_carries_its_share(desk: Desk) -> None:
    desk.open(priority="p1")
    warned = [event.share for event in only(ClockMoved, desk.wait(9 * MINUTE))]

    assert warned == [50, 80]


def test_nothing_is_broken_at_due_itself(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.wait(10 * MINUTE)
    at_due = desk.clock(item).state
    desk.wait(1)

    assert (at_due, desk.clock(item).state) == (ClockState.RUNNING, ClockState.BREACHED)
    assert desk.clock(item).breached_at == NOON + 10 * MINUTE


def test_an_answer_exactly_at_due_keeps_the_promise(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.RESPONDED)

    assert desk.clock(item).state is ClockState.MET


def test_a_met_clock_fires_no_more(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.RESPONDED)

    assert steps(desk.wait(HOUR)) == []
    assert desk.clock(item).next_at is None


def test_an_answer_after_the_breach_is_met_late(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.wait(11 * MINUTE)
    desk.report(item, ReportKind.RESPONDED)

    assert desk.clock(item).state is ClockState.MET_LATE
    assert desk.clock(item).met_at == NOON + 11 * MINUTE


def test_a_late_answer_is_a_breach_even_if_the_timer_has_not_fired_yet(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.now = NOON + 11 * MINUTE  # as after a stop of the service
    events = desk.report(item, ReportKind.RESPONDED)

    assert steps(events) == [(ClockStep.BREACH, 10 * MINUTE), (ClockStep.MEET, 11 * MINUTE)]
    assert desk.clock(item).state is ClockState.MET_LATE


def test_an_answer_in_time_told_before_the_late_timer_keeps_the_promise(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.now = NOON + 11 * MINUTE
    desk.report(item, ReportKind.RESPONDED, ago=2 * MINUTE)

    assert desk.clock(item).state is ClockState.MET


def test_deadlines_missed_in_a_stop_fire_late_with_their_own_instants(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.now = NOON + HOUR
    fired = []
    while (due := desk.world.next_due()) is not None and due <= desk.now:
        fired += steps(desk.tick())

    assert [step for step, _ in fired] == [ClockStep.WARN, ClockStep.WARN, ClockStep.BREACH]
    assert desk.clock(item).breached_at == NOON + 10 * MINUTE


def test_a_report_that_tells_an_answer_in_time_corrects_the_breach(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.wait(12 * MINUTE)
    events = desk.report(item, ReportKind.RESPONDED, ago=3 * MINUTE)
    (correction,) = only(ClockCorrected, events)

    assert (correction.clock, correction.at) == ("response", NOON + 9 * MINUTE)
    assert correction.elapsed == 9 * MINUTE
    assert desk.clock(item).state is ClockState.MET_LATE  # what was told stays told
    assert desk.clock(item).corrected_at == NOON + 9 * MINUTE


def test_a_report_of_a_late_answer_corrects_nothing(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.wait(12 * MINUTE)

    assert only(ClockCorrected, desk.report(item, ReportKind.RESPONDED, ago=MINUTE)) == []


def test_the_breach_and_the_stop_tell_the_working_time_counted(desk: Desk) -> None:
    item = desk.open(priority="p1")
    breach = only(ClockMoved, desk.wait(12 * MINUTE))[-1]
    stop = only(ClockMoved, desk.report(item, ReportKind.RESPONDED))[0]

    assert (breach.elapsed, stop.elapsed) == (10 * MINUTE, 12 * MINUTE)
    assert desk.clock(item).elapsed == 12 * MINUTE


def test_a_stopped_clock_still_tells_when_it_was_due(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.RESPONDED)

    assert desk.clock(item).due == NOON + 10 * MINUTE


def test_a_pause_moves_the_due_and_the_warnings(desk: Desk) -> None:
    item = desk.open(priority="p1")  # resolution within an hour, warned at 48 minutes
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    paused = desk.clock(item, "resolution")
    desk.wait(DAY)
    desk.report(item, ReportKind.RESUMED)
    resumed = desk.clock(item, "resolution")

    assert (paused.state, paused.next_at) == (ClockState.PAUSED, None)
    assert resumed.due == NOON + DAY + HOUR
    assert resumed.next_at == NOON + DAY + 48 * MINUTE


def test_a_paused_clock_is_neither_warned_nor_broken(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.PENDING, reason=WAITING)

    assert steps(desk.wait(5 * DAY), "resolution") == []


def test_a_clock_counts_on_for_reasons_that_do_not_pause_it(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.PENDING, reason="waiting_parts")

    assert desk.clock(item, "resolution").state is ClockState.RUNNING
    assert desk.clock(item, "response").state is ClockState.RUNNING


def test_another_reason_can_end_the_pause(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    desk.wait(MINUTE)
    desk.report(item, ReportKind.PENDING, reason="waiting_parts")

    assert desk.clock(item, "resolution").state is ClockState.RUNNING
    assert desk.clock(item, "resolution").due == NOON + MINUTE + HOUR


def test_several_pauses_add_up(desk: Desk) -> None:
    item = desk.open(priority="p1")
    for _ in range(3):
        desk.report(item, ReportKind.PENDING, reason=WAITING)
        desk.wait(20 * MINUTE)
        desk.report(item, ReportKind.RESUMED)
        desk.wait(5 * MINUTE)

    assert desk.clock(item, "resolution").due == NOON + 2 * HOUR


def test_a_stop_in_a_pause_counts_what_ran_before_it(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    desk.wait(DAY)
    events = desk.report(item, ReportKind.RESOLVED)
    (stop,) = [event for event in only(ClockMoved, events) if event.clock == "resolution"]

    assert (stop.state, stop.elapsed) == (ClockState.MET, 10 * MINUTE)


def test_a_pause_told_late_counts_from_the_instant_it_names(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.wait(30 * MINUTE)
    desk.report(item, ReportKind.PENDING, ago=20 * MINUTE, reason=WAITING)
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.RESUMED)

    assert desk.clock(item, "resolution").due == NOON + HOUR + 30 * MINUTE


def test_a_pause_never_ends_before_it_began(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.wait(30 * MINUTE)
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    desk.report(item, ReportKind.RESUMED, ago=10 * MINUTE)

    assert desk.clock(item, "resolution").pauses == ((NOON + 30 * MINUTE, NOON + 30 * MINUTE),)
    assert desk.clock(item, "resolution").due == NOON + HOUR


def test_a_broken_promise_is_not_paused(desk: Desk) -> None:
    item = desk.open(priority="p1")
    desk.wait(2 * HOUR)
    desk.report(item, ReportKind.PENDING, reason=WAITING)

    assert desk.clock(item, "resolution").state is ClockState.BREACHED


def test_clocks_count_working_time_of_their_calendar() -> None:
    office = clock_plan(
        targets={"p1": Target(duration=2 * HOUR)}, calendars={"p1": "office"}, warn=(50,)
    )
    desk = Desk(plan(clocks=[office]))
    desk.wait_until(at("2024-05-17T16:30+00:00"))  # Friday, half an hour before closing time
    item = desk.open(priority="p1")

    assert desk.clock(item).due == at("2024-05-20T10:30+00:00")
    assert desk.clock(item).next_at == at("2024-05-20T09:30+00:00")


def test_a_pause_over_the_weekend_counts_no_working_time() -> None:
    office = clock_plan(
        targets={"p1": Target(duration=2 * HOUR)}, calendars={"p1": "office"}, pause=(WAITING,)
    )
    desk = Desk(plan(clocks=[office]))
    desk.wait_until(at("2024-05-17T16:30+00:00"))
    item = desk.open(priority="p1")
    desk.wait_until(at("2024-05-17T17:30+00:00"))
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    desk.wait_until(at("2024-05-20T08:00+00:00"))
    desk.report(item, ReportKind.RESUMED)

    assert desk.clock(item).due == at("2024-05-20T10:30+00:00")


def test_a_priority_without_target_has_no_such_clock() -> None:
    desk = Desk(plan(clocks=[clock_plan(targets={"p1": Target(duration=HOUR)})]))

    assert desk.item(desk.open(priority="p2")).clocks == {}
    assert list(desk.item(desk.open(priority="p1")).clocks) == ["response"]


def test_a_clock_the_rules_did_not_name_does_not_run(desk: Desk) -> None:
    item = desk.open(verdict=verdict(clocks=("resolution",)))

    assert list(desk.item(item).clocks) == ["resolution"]


def test_a_clock_may_start_at_a_later_milestone() -> None:
    first_touch = clock_plan("touch", start="assigned", stop="responded")
    desk = Desk(plan(clocks=[first_touch]))
    desk.sign_in("ann")
    item = desk.open(priority="p1", verdict=verdict(priority="p1", clocks=("touch",)))
    before = dict(desk.item(item).clocks)
    desk.wait(20 * 1_000_000)
    desk.accept(item)

    assert before == {}
    assert desk.clock(item, "touch").started_at == NOON + 20 * 1_000_000


@pytest.mark.parametrize("end", ["cancelled", "abandoned", "closed"])
def test_clocks_of_an_item_that_ends_unmet_get_no_verdict(end: str) -> None:
    desk = Desk(plan(clocks=[clock_plan("closing", stop="confirmed")]))
    item = desk.open(priority="p1", verdict=verdict(priority="p1", clocks=("closing",)))
    if end == "closed":
        desk.report(item, ReportKind.RESOLVED)
        desk.report(item, ReportKind.CLOSED)
    elif end == "abandoned":
        desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))
    else:
        desk.cancel(item)

    assert desk.item(item).state.value == end
    assert desk.clock(item, "closing").state is ClockState.CANCELLED
    assert desk.clock(item, "closing").next_at is None
