"""Milestones: reached once, in any open state, and a later one implies the earlier ones."""

from itertools import permutations
from typing import Final

import pytest

from routing_service.core.journal.commands import ReportKind, RequestKind, Submit
from routing_service.core.journal.events import MilestoneReached
from routing_service.core.records.errors import Invalid, NotFound, WrongState
from routing_service.core.records.lifecycle import ItemState
from routing_service.core.records.model import IMPLICATION, Milestone
from tests.builders import DAY, MINUTE, NOON, SECOND
from tests.desk import Desk, only

TOLD: Final = (
    (ReportKind.ACKNOWLEDGED, 3),
    (ReportKind.RESPONDED, 7),
    (ReportKind.ENGAGED, 5),
    (ReportKind.RESPONDED, 8),
)
"""With the minute: somebody was at work before the answer that was told first."""


@pytest.fixture
def desk() -> Desk:
    return Desk()


def reached(desk: Desk, item: str, kind: ReportKind) -> list[tuple[str, bool]]:
    events = only(MilestoneReached, desk.report(item, kind))
    return [(event.milestone.value, event.implied) for event in events]


def test_opening_is_the_first_milestone_at_the_sources_time(desk: Desk) -> None:
    item = desk.open(occurred_at=NOON - MINUTE)

    assert desk.item(item).milestones == {"opened": NOON - MINUTE}
    assert desk.item(item).received_at == NOON


def test_a_later_milestone_implies_the_unmet_earlier_ones_at_its_instant(desk: Desk) -> None:
    item = desk.open()
    desk.wait(MINUTE)
    desk.report(item, ReportKind.ACKNOWLEDGED)
    desk.wait(MINUTE)
    events = reached(desk, item, ReportKind.SOLUTION_OFFERED)

    assert events == [("responded", True), ("engaged", True), ("solution_offered", False)]
    assert desk.item(item).milestones == {
        "opened": NOON,
        "acknowledged": NOON + MINUTE,
        "responded": NOON + 2 * MINUTE,
        "engaged": NOON + 2 * MINUTE,
        "solution_offered": NOON + 2 * MINUTE,
    }


def test_a_milestone_is_reached_once(desk: Desk) -> None:
    item = desk.open()
    desk.report(item, ReportKind.RESPONDED)
    desk.wait(MINUTE)

    assert reached(desk, item, ReportKind.RESPONDED) == []
    assert desk.item(item).milestones["responded"] == NOON


def test_an_earlier_milestone_told_after_a_later_one_changes_nothing(desk: Desk) -> None:
    item = desk.open()
    desk.report(item, ReportKind.ENGAGED)
    desk.wait(MINUTE)

    assert reached(desk, item, ReportKind.ACKNOWLEDGED) == []


def test_an_implied_milestone_gives_way_to_the_report_of_an_earlier_instant(desk: Desk) -> None:
    item = desk.open()
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.RESPONDED)
    told = only(MilestoneReached, desk.report(item, ReportKind.ACKNOWLEDGED, ago=6 * MINUTE))

    assert [(event.milestone, event.implied) for event in told] == [("acknowledged", False)]
    assert desk.item(item).milestones["acknowledged"] == NOON + 4 * MINUTE
    assert desk.item(item).milestones["responded"] == NOON + 10 * MINUTE


@pytest.mark.parametrize("reports", list(permutations(TOLD)))
def test_milestones_are_the_same_in_whichever_order_they_are_told(
    desk: Desk, reports: tuple[tuple[ReportKind, int], ...]
) -> None:
    item = desk.open()
    desk.wait(10 * MINUTE)
    for kind, minute in reports:
        desk.report(item, kind, ago=(10 - minute) * MINUTE)
    reached = {name: (at - NOON) // MINUTE for name, at in desk.item(item).milestones.items()}

    assert reached == {"opened": 0, "acknowledged": 3, "responded": 5, "engaged": 5}


def test_the_customer_can_be_updated_again_and_again(desk: Desk) -> None:
    item = desk.open()
    desk.report(item, ReportKind.CUSTOMER_UPDATED)
    desk.wait(MINUTE)
    again = reached(desk, item, ReportKind.CUSTOMER_UPDATED)

    assert again == [("customer_updated", False)]
    assert desk.item(item).milestones["customer_updated"] == NOON + MINUTE


def test_updating_the_customer_implies_nothing(desk: Desk) -> None:
    item = desk.open()

    assert reached(desk, item, ReportKind.CUSTOMER_UPDATED) == [("customer_updated", False)]


def test_resolving_implies_all_before_it(desk: Desk) -> None:
    item = desk.open()
    desk.report(item, ReportKind.RESOLVED)
    named = [milestone.value for milestone in IMPLICATION if milestone is not Milestone.CONFIRMED]

    assert sorted(desk.item(item).milestones) == sorted(["opened", *named])


def test_a_confirmation_resolves_and_closes(desk: Desk) -> None:
    item = desk.open()
    desk.report(item, ReportKind.CONFIRMED)

    assert desk.item(item).state is ItemState.CLOSED
    assert desk.item(item).reason == "confirmed"
    assert {"resolved", "confirmed"} <= desk.item(item).milestones.keys()


def test_a_milestone_moves_no_state(desk: Desk) -> None:
    item = desk.open()
    desk.report(item, ReportKind.RESPONDED)

    assert desk.item(item).state is ItemState.QUEUED


@pytest.mark.parametrize("kind", ReportKind)
def test_nothing_can_be_reported_of_an_ended_item(desk: Desk, kind: ReportKind) -> None:
    item = desk.open()
    desk.cancel(item)
    with pytest.raises(WrongState) as refused:
        desk.report(item, kind, reason="waiting_customer")

    assert refused.value.reason == "ILLEGAL_TRANSITION"


@pytest.mark.parametrize("kind", [RequestKind.MESSAGE, RequestKind.UPDATED, RequestKind.ABANDONED])
def test_the_customer_cannot_change_an_ended_item(desk: Desk, kind: RequestKind) -> None:
    item = desk.open()
    desk.cancel(item)
    with pytest.raises(WrongState) as refused:
        desk.submit(Submit(kind=kind, item=item, occurred_at=0))

    assert refused.value.reason == "ILLEGAL_TRANSITION"


def test_an_unknown_item_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound) as refused:
        desk.report("it9", ReportKind.RESPONDED)

    assert refused.value.reason == "ITEM_NOT_FOUND"


def test_a_report_counts_from_the_instant_it_names(desk: Desk) -> None:
    item = desk.open()
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.RESPONDED, ago=3 * MINUTE)

    assert desk.item(item).milestones["responded"] == NOON + 7 * MINUTE


def test_a_source_a_little_ahead_of_us_counts_as_now(desk: Desk) -> None:
    item = desk.open()
    desk.report(item, ReportKind.RESPONDED, ago=-300 * SECOND)

    assert desk.item(item).milestones["responded"] == NOON


@pytest.mark.parametrize(
    ("ago", "reason"),
    [(-300 * SECOND - 1, "OCCURRED_IN_FUTURE"), (7 * DAY + 1, "OCCURRED_TOO_EARLY")],
)
def test_an_instant_out_of_reach_is_refused(desk: Desk, ago: int, reason: str) -> None:
    item = desk.open()
    with pytest.raises(Invalid) as refused:
        desk.report(item, ReportKind.RESPONDED, ago=ago)

    assert refused.value.reason == reason


def test_the_oldest_instant_the_rulebook_accepts_is_accepted(desk: Desk) -> None:
    item = desk.open(occurred_at=NOON - 7 * DAY)

    assert desk.item(item).opened_at == NOON - 7 * DAY
