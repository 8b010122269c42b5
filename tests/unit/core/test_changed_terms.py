"""Promises that come back, end or pause because the priority or the rulebook changed."""

from typing import Final

import pytest
from msgspec.structs import replace

from routing_service.core.journal.commands import ReportKind, RequestKind, Submit
from routing_service.core.journal.events import AnyEvent, ClockMoved
from routing_service.core.plans.plan import CalendarPlan, ClockPlan, Plan, Target
from routing_service.core.records.errors import WrongState
from routing_service.core.records.lifecycle import ClockState, ClockStep
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    RESOLUTION,
    clock_plan,
    plan,
    verdict,
)
from tests.desk import Desk, only

WAITING: Final = "waiting_customer"
URGENT_ONLY: Final = clock_plan(
    targets={"p1": Target(duration=HOUR), "p2": Target(duration=2 * HOUR)},
    pause=(WAITING,),
    warn=(),
)
"""p3 has no such promise."""


def desk_with(*clocks: ClockPlan) -> Desk:
    return Desk(plan(clocks=clocks))


def update(desk: Desk, item: str, priority: str) -> list[AnyEvent]:
    decided = verdict(priority=priority)
    return desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=decided))


def steps(events: list[AnyEvent]) -> list[ClockStep]:
    return [event.step for event in only(ClockMoved, events)]


def test_a_promise_the_priority_lost_comes_back_with_it_from_its_original_start() -> None:
    desk = desk_with(URGENT_ONLY)
    item = desk.open(priority="p1")
    desk.wait(10 * MINUTE)
    update(desk, item, "p3")
    desk.wait(10 * MINUTE)
    update(desk, item, "p1")
    clock = desk.clock(item)

    assert (clock.state, clock.started_at, clock.due) == (ClockState.RUNNING, NOON, NOON + HOUR)
    assert steps(desk.wait(HOUR)) == [ClockStep.BREACH]


def test_a_promise_that_comes_back_past_its_due_is_broken_by_the_policy() -> None:
    desk = desk_with(URGENT_ONLY)
    item = desk.open(priority="p1")
    update(desk, item, "p3")
    desk.wait(2 * HOUR)
    events = update(desk, item, "p1")

    assert steps(events) == [ClockStep.START, ClockStep.BREACH]
    assert desk.clock(item).by_policy_change


def test_a_promise_that_comes_back_keeps_the_pauses_it_had() -> None:
    desk = desk_with(URGENT_ONLY)
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    desk.wait(30 * MINUTE)
    desk.report(item, ReportKind.RESUMED)
    update(desk, item, "p3")
    update(desk, item, "p1")

    assert desk.clock(item).due == NOON + 90 * MINUTE


def test_a_promise_that_comes_back_while_the_item_is_pending_was_paused_all_the_while() -> None:
    desk = desk_with(URGENT_ONLY)
    item = desk.open(priority="p1")
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    for priority in ("p3", "p1"):
        desk.wait(DAY)
        update(desk, item, priority)
    paused = desk.clock(item).state
    desk.wait(DAY)
    desk.report(item, ReportKind.RESUMED)

    assert paused is ClockState.PAUSED
    assert desk.clock(item).due == NOON + 3 * DAY + HOUR


def test_a_promise_that_comes_back_after_the_pause_in_which_it_was_lost_counts_again() -> None:
    desk = desk_with(URGENT_ONLY)
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    desk.wait(10 * MINUTE)
    update(desk, item, "p3")
    desk.report(item, ReportKind.RESUMED)
    desk.wait(5 * MINUTE)
    update(desk, item, "p1")

    assert desk.clock(item).due == NOON + 70 * MINUTE


def test_a_broken_promise_that_a_rulebook_dropped_is_not_made_again() -> None:
    desk = desk_with(URGENT_ONLY)
    item = desk.open(priority="p1")
    desk.wait(2 * HOUR)
    desk.activate(plan(clocks=[]), "d2")
    desk.activate(plan(clocks=[URGENT_ONLY]), "d3")

    assert desk.clock(item).state is ClockState.CANCELLED
    assert desk.clock(item).breached_at == NOON + HOUR


def test_a_promise_kept_before_it_comes_back_is_not_made_again() -> None:
    desk = desk_with(URGENT_ONLY)
    item = desk.open(priority="p1")
    update(desk, item, "p3")
    desk.report(item, ReportKind.RESPONDED)
    update(desk, item, "p1")

    assert desk.clock(item).state is ClockState.CANCELLED


def test_a_clock_that_starts_while_the_item_is_pending_is_paused_at_once() -> None:
    desk = desk_with(replace(URGENT_ONLY, start="acknowledged"))
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    desk.wait(MINUTE)
    desk.report(item, ReportKind.ACKNOWLEDGED)
    desk.wait(DAY)
    desk.report(item, ReportKind.RESUMED)

    assert desk.clock(item).due == NOON + DAY + MINUTE + HOUR


def test_a_new_rulebook_stops_a_clock_whose_new_end_was_reached_already() -> None:
    desk = desk_with(URGENT_ONLY)
    item = desk.open(priority="p1")
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.ACKNOWLEDGED)
    desk.wait(10 * MINUTE)
    desk.activate(plan(clocks=[replace(URGENT_ONLY, stop="acknowledged")]), "d2")
    clock = desk.clock(item)

    assert (clock.state, clock.met_at) == (ClockState.MET, NOON + 10 * MINUTE)
    assert clock.elapsed == 10 * MINUTE


@pytest.mark.parametrize(("minutes", "state"), [(15, ClockState.MET), (5, ClockState.MET_LATE)])
def test_an_end_reached_already_is_judged_by_the_new_target(
    minutes: int, state: ClockState
) -> None:
    desk = desk_with(URGENT_ONLY)
    item = desk.open(priority="p1")
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.ACKNOWLEDGED)
    desk.wait(10 * MINUTE)
    new = replace(
        URGENT_ONLY, stop="acknowledged", targets={"p1": Target(duration=minutes * MINUTE)}
    )
    desk.activate(plan(clocks=[new]), "d2")

    assert desk.clock(item).state is state
    assert desk.clock(item).by_policy_change is (state is ClockState.MET_LATE)


def test_a_broken_promise_whose_new_end_was_reached_already_is_met_late() -> None:
    desk = desk_with(URGENT_ONLY)
    item = desk.open(priority="p1")
    desk.wait(2 * HOUR)
    desk.report(item, ReportKind.ACKNOWLEDGED)
    desk.activate(plan(clocks=[replace(URGENT_ONLY, stop="acknowledged")]), "d2")

    assert desk.clock(item).state is ClockState.MET_LATE


def test_a_pause_that_the_new_rulebook_does_not_have_ends_with_it() -> None:
    desk = desk_with(RESOLUTION)
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    desk.wait(DAY)
    desk.activate(plan(clocks=[replace(RESOLUTION, pause=())]), "d2")

    assert desk.clock(item, "resolution").state is ClockState.RUNNING
    assert desk.clock(item, "resolution").due == NOON + DAY + HOUR


def test_a_pause_that_only_the_new_rulebook_has_begins_with_it() -> None:
    desk = desk_with(replace(RESOLUTION, pause=()))
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    desk.wait(10 * MINUTE)
    desk.activate(plan(clocks=[RESOLUTION]), "d2")
    desk.wait(DAY)
    desk.report(item, ReportKind.RESUMED)

    assert desk.clock(item, "resolution").due == NOON + DAY + HOUR


def test_a_promise_that_only_the_new_rulebook_makes_begins_where_it_should_have() -> None:
    desk = desk_with()
    item = desk.open(priority="p1")
    desk.wait(MINUTE)
    desk.activate(plan(clocks=[URGENT_ONLY]), "d2")

    assert desk.clock(item).due == NOON + HOUR


ENDED: Final = CalendarPlan(
    name="always", zone="UTC", weekly=((),) * 7, overrides={"2024-05-15": ((0, 1440),)}
)
"""Its last working time is the day on which every desk begins."""


def ending(*clocks: ClockPlan) -> Plan:
    return plan(clocks=clocks, calendars={"always": ENDED})


@pytest.mark.parametrize("parked", [False, True])
def test_a_clock_that_the_new_calendar_cannot_time_ends_and_says_so(*, parked: bool) -> None:
    desk = desk_with(clock_plan(), replace(RESOLUTION, targets={"p1": Target(duration=DAY)}))
    item = desk.open(priority="p1")
    if parked:
        desk.report(item, ReportKind.PENDING, reason=WAITING)
    unpaused = replace(RESOLUTION, targets={"p1": Target(duration=DAY)}, pause=())
    events = desk.activate(ending(clock_plan(), unpaused), "d2")

    assert [(event.clock, event.reason) for event in only(ClockMoved, events)] == [
        ("resolution", "calendar_without_time")
    ]
    assert desk.clock(item).state is ClockState.RUNNING
    assert desk.clock(item, "resolution").state is ClockState.CANCELLED


def test_a_clock_that_a_calendar_could_not_time_comes_back_when_one_can() -> None:
    day_long = clock_plan(targets={"p1": Target(duration=DAY)})
    desk = desk_with(day_long)
    item = desk.open(priority="p1")
    desk.activate(ending(day_long), "d2")
    desk.activate(plan(clocks=[day_long]), "d3")

    assert desk.clock(item).due == NOON + DAY


def test_a_promise_that_no_calendar_can_time_is_refused() -> None:
    desk = Desk(ending(clock_plan(targets={"p1": Target(duration=DAY)})))
    with pytest.raises(WrongState) as refused:
        desk.open(priority="p1")

    assert refused.value.reason == "CALENDAR_WITHOUT_TIME"
    assert refused.value.details == {"calendar": "always"}
    assert desk.world.items == {}
