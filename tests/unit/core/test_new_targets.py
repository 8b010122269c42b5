"""New terms for running clocks: another priority, another rulebook, an item opened again."""

from typing import Final

import pytest

from routing_service.core.journal.commands import ReportKind, RequestKind, Submit
from routing_service.core.journal.events import AnyEvent, ClockCorrected, ClockMoved
from routing_service.core.plans.plan import OnReopen, Plan, Target
from routing_service.core.records.errors import WrongState
from routing_service.core.records.lifecycle import ClockState, ClockStep, ItemState
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    FixedRules,
    alert,
    clock_plan,
    escalation,
    plan,
    queue_plan,
    verdict,
)
from tests.desk import Desk, alerts, only

WAITING: Final = "waiting_customer"


def update(desk: Desk, item: str, **decided: object) -> list[AnyEvent]:
    """The item's labels changed and the rules decided anew."""
    return desk.submit(
        Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=verdict(**decided))
    )


def moved(events: list[AnyEvent], clock: str = "response") -> list[ClockMoved]:
    return [event for event in only(ClockMoved, events) if event.clock == clock]


def test_another_priority_gives_the_clock_its_target_from_the_original_start() -> None:
    desk = Desk()
    item = desk.open(priority="p3")
    desk.wait(20 * MINUTE)
    update(desk, item, priority="p2")

    assert desk.clock(item).due == NOON + HOUR
    assert desk.clock(item).started_at == NOON


def test_a_milder_priority_gives_time_back() -> None:
    desk = Desk()
    item = desk.open(priority="p1")
    desk.wait(9 * MINUTE)
    update(desk, item, priority="p2")

    assert moved(desk.wait(20 * MINUTE)) == []
    assert desk.clock(item).due == NOON + HOUR


def test_a_new_target_already_past_is_broken_now_and_says_that_the_policy_did_it() -> None:
    desk = Desk()
    item = desk.open(priority="p3")
    desk.wait(30 * MINUTE)
    (breach,) = moved(update(desk, item, priority="p1"))

    assert (breach.step, breach.at) == (ClockStep.BREACH, NOON + 30 * MINUTE)
    assert breach.by_policy_change
    assert desk.clock(item).by_policy_change


def test_a_new_target_due_this_very_instant_is_not_broken_yet() -> None:
    desk = Desk()
    item = desk.open(priority="p3")
    desk.wait(10 * MINUTE)
    update(desk, item, priority="p1")
    before = desk.clock(item).state
    desk.wait(1)

    assert (before, desk.clock(item).state) == (ClockState.RUNNING, ClockState.BREACHED)
    assert not desk.clock(item).by_policy_change


def test_a_breach_by_an_earlier_priority_stays() -> None:
    desk = Desk()
    item = desk.open(priority="p1")
    desk.wait(11 * MINUTE)
    update(desk, item, priority="p3")

    assert desk.clock(item).state is ClockState.BREACHED


def test_a_breach_by_policy_is_corrected_by_an_earlier_answer() -> None:
    desk = Desk()
    item = desk.open(priority="p3")
    desk.wait(30 * MINUTE)
    update(desk, item, priority="p1")
    events = desk.report(item, ReportKind.RESPONDED, ago=25 * MINUTE)

    assert len(only(ClockCorrected, events)) == 1


def test_a_paused_clock_past_its_new_target_is_broken_now() -> None:
    desk = Desk()
    item = desk.open(priority="p3")
    desk.wait(2 * HOUR)
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    update(desk, item, priority="p1")

    assert desk.clock(item, "resolution").state is ClockState.BREACHED
    assert desk.clock(item, "resolution").by_policy_change


def test_a_paused_clock_resumes_under_its_new_target() -> None:
    desk = Desk()
    item = desk.open(priority="p3")
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.PENDING, reason=WAITING)
    update(desk, item, priority="p1")
    desk.wait(DAY)
    desk.report(item, ReportKind.RESUMED)

    assert desk.clock(item, "resolution").due == NOON + DAY + HOUR


def test_a_warn_point_that_a_new_target_puts_in_the_past_is_due_now() -> None:
    rules = FixedRules(escalations={"warned": escalation(alert("supervisor"))})
    desk = Desk(plan(clocks=[clock_plan(warn=(50,))]), rules)
    item = desk.open(priority="p2")
    desk.wait(8 * MINUTE)
    update(desk, item, priority="p1")
    (raised,) = alerts(desk.tick())

    assert raised.trigger.due == NOON + 8 * MINUTE


def test_a_new_rulebook_moves_the_warn_points_of_running_clocks() -> None:
    desk = Desk(plan(clocks=[clock_plan(warn=(50,))]))
    desk.open(priority="p1")
    desk.activate(plan(clocks=[clock_plan(warn=(60,))]), "d2")
    (warned, _) = moved(desk.wait(HOUR))

    assert (warned.share, warned.at) == (60, NOON + 6 * MINUTE)


def test_a_new_rulebook_with_the_same_terms_moves_nothing() -> None:
    desk = Desk()
    desk.open(priority="p1")
    desk.wait(6 * MINUTE)

    assert only(ClockMoved, desk.activate(plan(), "d2")) == []


def test_a_clock_that_only_the_new_priority_has_starts_where_it_should_have() -> None:
    urgent_only = clock_plan("call_back", targets={"p1": Target(duration=HOUR)})
    clocks = ("call_back",)
    desk = Desk(plan(clocks=[urgent_only]))
    item = desk.open(priority="p3", verdict=verdict(clocks=clocks))
    desk.wait(20 * MINUTE)
    update(desk, item, priority="p1", clocks=clocks)

    assert desk.clock(item, "call_back").started_at == NOON
    assert desk.clock(item, "call_back").due == NOON + HOUR


def test_a_clock_that_starts_past_its_due_is_broken_by_the_policy() -> None:
    urgent_only = clock_plan("call_back", targets={"p1": Target(duration=HOUR)})
    clocks = ("call_back",)
    desk = Desk(plan(clocks=[urgent_only]))
    item = desk.open(priority="p3", verdict=verdict(clocks=clocks))
    desk.wait(2 * HOUR)
    events = moved(update(desk, item, priority="p1", clocks=clocks), "call_back")

    assert [event.step for event in events] == [ClockStep.START, ClockStep.BREACH]
    assert desk.clock(item, "call_back").by_policy_change


def test_a_clock_the_new_priority_does_not_have_ends_without_a_verdict() -> None:
    desk = Desk(plan(clocks=[clock_plan(targets={"p1": Target(duration=HOUR)})]))
    item = desk.open(priority="p1")
    update(desk, item, priority="p2")

    assert desk.clock(item).state is ClockState.CANCELLED
    assert moved(desk.wait(DAY)) == []


def with_target(duration: int) -> Plan:
    return plan(clocks=[clock_plan(targets={"p3": Target(duration=duration)}, warn=())])


def test_a_new_rulebook_gives_open_items_its_targets() -> None:
    desk = Desk(with_target(4 * HOUR))
    item = desk.open()
    desk.wait(MINUTE)
    desk.activate(with_target(2 * HOUR), "d2")

    assert desk.clock(item).due == NOON + 2 * HOUR


def test_a_new_rulebook_breaks_promises_that_it_puts_in_the_past() -> None:
    desk = Desk(with_target(4 * HOUR))
    item = desk.open()
    desk.wait(3 * HOUR)
    desk.activate(with_target(2 * HOUR), "d2")

    assert desk.clock(item).state is ClockState.BREACHED
    assert desk.clock(item).by_policy_change


@pytest.mark.parametrize("paused", [False, True])
def test_a_clock_that_the_new_rulebook_lacks_ends_without_a_verdict(*, paused: bool) -> None:
    desk = Desk()
    item = desk.open(priority="p1")
    if paused:
        desk.report(item, ReportKind.PENDING, reason=WAITING)
    desk.activate(plan(clocks=[]), "d2")
    fired = only(ClockMoved, desk.wait(5 * DAY))

    assert fired == []
    assert {clock.state for clock in desk.item(item).clocks.values()} == {ClockState.CANCELLED}


def test_a_broken_promise_that_the_new_rulebook_lacks_is_not_overdue_for_ever() -> None:
    desk = Desk()
    item = desk.open(priority="p1")
    desk.wait(11 * MINUTE)
    desk.activate(plan(clocks=[]), "d2")

    assert desk.clock(item).state is ClockState.CANCELLED
    assert desk.clock(item).breached_at == NOON + 10 * MINUTE


@pytest.mark.parametrize(
    "lacking",
    [plan(queues={"second": queue_plan("second")}), plan(priorities=("p1", "p2"))],
    ids=["queue", "priority"],
)
def test_a_rulebook_that_would_strand_open_items_is_refused(lacking: Plan) -> None:
    desk = Desk()
    desk.open(priority="p3", queue="service")
    with pytest.raises(WrongState) as refused:
        desk.activate(lacking, "d2")

    assert refused.value.reason == "QUEUE_IN_USE"
    assert desk.world.digest == "d1"


def test_ended_items_strand_nobody() -> None:
    desk = Desk()
    desk.cancel(desk.open(priority="p3"))
    desk.activate(plan(priorities=("p1", "p2")), "d2")

    assert desk.world.digest == "d2"


def reopened(on_reopen: OnReopen, answered_after: int = 10 * MINUTE) -> tuple[Desk, str]:
    """A p1 item (an hour to resolve), resolved, and opened again half an hour later."""
    clock = clock_plan(
        "resolution", stop="resolved", on_reopen=on_reopen,
        targets={"p1": Target(duration=HOUR)}, warn=(80,),
    )  # fmt: skip
    desk = Desk(plan(clocks=[clock]))
    item = desk.open(priority="p1")
    desk.wait(answered_after)
    desk.report(item, ReportKind.RESOLVED)
    desk.wait(30 * MINUTE)
    desk.report(item, ReportKind.REOPENED)
    return desk, item


def test_a_reopened_item_waits_again() -> None:
    desk, item = reopened(OnReopen.KEEP)

    assert desk.item(item).state is ItemState.QUEUED
    assert desk.item(item).reopens == 1
    assert desk.item(item).enqueued_at == NOON + 40 * MINUTE
    assert "resolved" not in desk.item(item).milestones


def test_a_clock_may_keep_its_verdict_over_a_reopening() -> None:
    desk, item = reopened(OnReopen.KEEP)

    assert desk.clock(item, "resolution").state is ClockState.MET


def test_a_clock_may_go_on_where_it_stopped() -> None:
    desk, item = reopened(OnReopen.RESUME)

    assert desk.clock(item, "resolution").state is ClockState.RUNNING
    assert desk.clock(item, "resolution").due == NOON + HOUR + 30 * MINUTE


def test_a_clock_may_start_again() -> None:
    desk, item = reopened(OnReopen.RESTART)

    assert desk.clock(item, "resolution").due == NOON + 40 * MINUTE + HOUR
    assert desk.clock(item, "resolution").warned == 0


@pytest.mark.parametrize(
    ("on_reopen", "state", "due"),
    [
        (OnReopen.KEEP, ClockState.MET, None),
        (OnReopen.RESUME, ClockState.RUNNING, NOON + 45 * MINUTE),
        (OnReopen.RESTART, ClockState.RUNNING, NOON + 55 * MINUTE),
    ],
)
def test_an_answer_is_owed_again_when_its_clock_says_so(
    on_reopen: OnReopen, state: ClockState, due: int | None
) -> None:
    clock = clock_plan(
        "response", on_reopen=on_reopen, targets={"p1": Target(duration=15 * MINUTE)}
    )
    desk = Desk(plan(clocks=[clock]))
    item = desk.open(priority="p1")
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.RESOLVED)
    desk.wait(30 * MINUTE)
    desk.report(item, ReportKind.REOPENED)
    reopened_clock = desk.clock(item, "response")
    desk.report(item, ReportKind.RESPONDED)

    assert reopened_clock.state is state
    assert due is None or reopened_clock.due == due
    assert desk.clock(item, "response").state is ClockState.MET


def test_a_resumed_clock_stops_again_with_what_it_counted_in_all() -> None:
    desk, item = reopened(OnReopen.RESUME)
    desk.wait(5 * MINUTE)
    (stop,) = moved(desk.report(item, ReportKind.RESOLVED), "resolution")

    assert (stop.state, stop.elapsed) == (ClockState.MET, 15 * MINUTE)


@pytest.mark.parametrize("on_reopen", [OnReopen.RESUME, OnReopen.RESTART])
def test_a_promise_once_broken_stays_broken_after_a_reopening(on_reopen: OnReopen) -> None:
    desk, item = reopened(on_reopen, answered_after=2 * HOUR)
    again = desk.clock(item, "resolution").state
    desk.wait(MINUTE)
    events = desk.report(item, ReportKind.RESOLVED)

    assert again is ClockState.BREACHED
    assert desk.clock(item, "resolution").state is ClockState.MET_LATE
    assert only(ClockCorrected, events) == []


@pytest.mark.parametrize("on_reopen", [OnReopen.RESUME, OnReopen.RESTART])
def test_a_promised_solution_is_owed_again_after_a_reopening(on_reopen: OnReopen) -> None:
    solution = clock_plan("resolution", stop="solution_offered", on_reopen=on_reopen)
    desk = Desk(plan(clocks=[solution]))
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.RESOLVED)
    desk.report(item, ReportKind.REOPENED)
    again = desk.clock(item, "resolution").state
    desk.report(item, ReportKind.SOLUTION_OFFERED)

    assert again is ClockState.RUNNING
    assert desk.clock(item, "resolution").state is ClockState.MET


def test_a_response_given_stays_given_after_a_reopening() -> None:
    desk = Desk()
    item = desk.open(priority="p1")
    desk.report(item, ReportKind.RESOLVED)
    desk.report(item, ReportKind.REOPENED)

    assert desk.clock(item, "response").state is ClockState.MET
    assert desk.clock(item, "resolution").state is ClockState.RUNNING


def test_a_reopened_item_is_offered_to_its_owner_first() -> None:
    desk = Desk()
    desk.sign_in("ann")
    item = desk.open()
    desk.accept(item)
    desk.sign_in("bob")
    desk.report(item, ReportKind.RESOLVED)
    desk.wait(61 * 1_000_000)
    desk.report(item, ReportKind.REOPENED)

    assert desk.offered_to(item) == "ann"


def test_an_item_reopened_in_its_owners_wrap_up_ends_the_wrap_up() -> None:
    desk = Desk(plan(queues={"service": queue_plan(wrap_up=10 * MINUTE)}))
    desk.sign_in("ann")
    item = desk.open()
    desk.accept(item)
    desk.report(item, ReportKind.RESOLVED)
    desk.report(item, ReportKind.REOPENED)
    waiting = desk.offered_to(item)
    desk.wait(2 * MINUTE)
    desk.sign_in("bob")

    assert waiting == ""  # she has no room besides the wrap-up
    assert desk.offered_to(item) == "bob"


@pytest.mark.parametrize("state", [ItemState.QUEUED, ItemState.PENDING])
def test_only_a_resolved_item_opens_again(state: ItemState) -> None:
    desk = Desk()
    item = desk.open()
    if state is ItemState.PENDING:
        desk.report(item, ReportKind.PENDING, reason=WAITING)
    with pytest.raises(WrongState) as refused:
        desk.report(item, ReportKind.REOPENED)

    assert refused.value.reason == "ILLEGAL_TRANSITION"
    assert desk.item(item).state is state
