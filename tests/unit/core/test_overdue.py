"""A promise due before now is broken, whatever is decided before its late timer fires."""

import pytest

from routing_service.core.journal.commands import ReportKind, RequestKind, Submit
from routing_service.core.journal.events import AnyEvent, ClockCorrected, ClockMoved
from routing_service.core.plans.plan import Plan, Target
from routing_service.core.records.lifecycle import ClockState, ClockStep
from tests.builders import (
    HOUR,
    MINUTE,
    NOON,
    RESOLUTION,
    FixedRules,
    alert,
    clock_plan,
    escalation,
    plan,
    verdict,
)
from tests.desk import Desk, alerts, only


def within(minutes: int) -> Plan:
    """One promise: an answer to p1 within these minutes, to p2 within ten hours."""
    targets = {"p1": Target(duration=minutes * MINUTE), "p2": Target(duration=10 * HOUR)}
    return plan(clocks=[clock_plan(targets=targets, warn=())])


def overdue(rules: FixedRules | None = None) -> tuple[Desk, str]:
    """Due at 10 minutes, it is 30 minutes now, and the timer has not fired."""
    desk = Desk(within(10), rules)
    item = desk.open(priority="p1")
    desk.now = NOON + 30 * MINUTE
    return desk, item


def update(desk: Desk, item: str, priority: str) -> list[AnyEvent]:
    decided = verdict(priority=priority)
    return desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=decided))


def breaches(events: list[AnyEvent]) -> list[ClockMoved]:
    return [event for event in only(ClockMoved, events) if event.step is ClockStep.BREACH]


def test_a_milder_priority_does_not_forgive_it() -> None:
    desk, item = overdue()
    (breach,) = breaches(update(desk, item, "p2"))

    assert (breach.at, breach.due) == (NOON + 10 * MINUTE, NOON + 10 * MINUTE)
    assert breach.elapsed == 10 * MINUTE
    assert not breach.by_policy_change


def test_a_priority_without_this_promise_does_not_forgive_it() -> None:
    desk, item = overdue()
    update(desk, item, "p3")

    assert desk.clock(item).state is ClockState.BREACHED
    assert desk.clock(item).breached_at == NOON + 10 * MINUTE


@pytest.mark.parametrize("new", [within(600), plan(clocks=[])], ids=["milder", "without"])
def test_a_new_rulebook_does_not_forgive_it(new: Plan) -> None:
    desk, item = overdue(FixedRules(escalations={"breached": escalation(alert("supervisor"))}))
    events = desk.activate(new, "d2")
    (breach,) = breaches(events)

    assert (breach.at, breach.by_policy_change) == (NOON + 10 * MINUTE, False)
    assert [raised.trigger.due for raised in alerts(events)] == [NOON + 10 * MINUTE]
    assert desk.clock(item).breached_at == NOON + 10 * MINUTE


def test_a_stop_in_a_pause_that_began_in_time_is_in_time() -> None:
    desk = Desk(plan(clocks=[RESOLUTION]))
    item = desk.open(priority="p1")
    desk.now = NOON + 2 * HOUR
    desk.report(item, ReportKind.PENDING, ago=61 * MINUTE, reason="waiting_customer")
    desk.report(item, ReportKind.RESOLVED)

    assert desk.clock(item, "resolution").state is ClockState.MET


def answered_late(*, within_minutes: int = 10) -> tuple[Desk, str]:
    """Broken; an answer at 15 minutes implied that it was acknowledged only then."""
    desk = Desk(
        plan(
            clocks=[
                clock_plan(
                    stop="acknowledged",
                    warn=(),
                    targets={"p1": Target(duration=within_minutes * MINUTE)},
                )
            ]
        )
    )
    item = desk.open(priority="p1")
    desk.wait(15 * MINUTE)
    desk.report(item, ReportKind.RESPONDED)
    return desk, item


def test_a_promise_met_late_by_what_was_implied_is_corrected_by_what_is_told() -> None:
    desk, item = answered_late()
    told = desk.report(item, ReportKind.ACKNOWLEDGED, ago=10 * MINUTE)
    (correction,) = only(ClockCorrected, told)

    assert (correction.at, correction.elapsed) == (NOON + 5 * MINUTE, 5 * MINUTE)
    assert desk.clock(item).state is ClockState.MET_LATE  # what was told stays told
    assert desk.clock(item).corrected_at == NOON + 5 * MINUTE


def test_a_promise_met_late_is_corrected_once() -> None:
    desk, item = answered_late()
    desk.report(item, ReportKind.ACKNOWLEDGED, ago=10 * MINUTE)

    assert only(ClockCorrected, desk.report(item, ReportKind.ACKNOWLEDGED, ago=11 * MINUTE)) == []


def test_what_is_told_of_an_instant_after_due_corrects_nothing() -> None:
    desk, item = answered_late()

    assert only(ClockCorrected, desk.report(item, ReportKind.ACKNOWLEDGED, ago=4 * MINUTE)) == []


def test_a_promise_kept_stays_kept_when_it_is_told_to_have_been_earlier() -> None:
    desk, item = answered_late(within_minutes=20)

    assert only(ClockMoved, desk.report(item, ReportKind.ACKNOWLEDGED, ago=4 * MINUTE)) == []
    assert desk.clock(item).state is ClockState.MET
