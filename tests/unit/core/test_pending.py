"""Pending: capacity released or held as the pack says; on resuming the owner comes first."""

import pytest

from routing_service.core.journal.commands import ReportKind, RequestKind, Submit
from routing_service.core.records.errors import Invalid, WrongState
from routing_service.core.records.lifecycle import HoldState, ItemState, Presence
from routing_service.core.records.model import Verdict
from tests.builders import MINUTE, NOON, agent, needs, plan, queue_plan, verdict
from tests.desk import Desk


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.sign_in("ann")
    return desk


def assigned(desk: Desk) -> str:
    item = desk.open()
    desk.accept(item)
    return item


def pend(desk: Desk, item: str, reason: str = "waiting_customer") -> None:
    desk.report(item, ReportKind.PENDING, reason=reason)


def test_pending_gives_the_owner_room_for_another_item(desk: Desk) -> None:
    item, other = assigned(desk), desk.open()
    pend(desk, item)

    assert desk.item(item).state is ItemState.PENDING
    assert desk.item(item).pending_reason == "waiting_customer"
    assert desk.offered_to(other) == "ann"


def test_pending_keeps_the_capacity_where_the_pack_says_hold(desk: Desk) -> None:
    item, other = assigned(desk), desk.open()
    pend(desk, item, "waiting_parts")

    assert desk.agent().holds[item].state is HoldState.HANDLING
    assert desk.offered_to(other) == ""


def test_a_held_item_goes_on_with_its_owner_without_a_new_offer(desk: Desk) -> None:
    item = assigned(desk)
    pend(desk, item, "waiting_parts")
    desk.report(item, ReportKind.RESUMED)

    assert desk.item(item).state is ItemState.ASSIGNED
    assert desk.item(item).owner == "ann"


def test_changing_from_a_held_reason_to_another_releases_the_capacity(desk: Desk) -> None:
    item = assigned(desk)
    pend(desk, item, "waiting_parts")
    pend(desk, item, "waiting_customer")

    assert desk.agent().holds == {}
    assert desk.item(item).pending_reason == "waiting_customer"


def test_a_resumed_item_is_offered_to_its_owner_first(desk: Desk) -> None:
    item = assigned(desk)
    pend(desk, item)
    desk.sign_in("bob")
    desk.wait(MINUTE)
    desk.report(item, ReportKind.RESUMED)

    assert desk.offered_to(item) == "ann"


def test_a_resumed_item_waits_for_its_busy_owner_and_then_goes_to_the_queue(desk: Desk) -> None:
    item, other = assigned(desk), desk.open()
    pend(desk, item)
    desk.accept(other)
    desk.sign_in("bob")
    desk.report(item, ReportKind.RESUMED)
    at_once = desk.offered_to(item)
    desk.wait(2 * MINUTE - 1)
    just_before = desk.offered_to(item)
    desk.wait(1)

    assert (at_once, just_before, desk.offered_to(item)) == ("", "", "bob")


def test_an_owner_who_comes_free_in_time_gets_his_item_back(desk: Desk) -> None:
    item = assigned(desk)
    pend(desk, item)
    desk.presence("ann", Presence.AWAY)
    desk.sign_in("bob")
    desk.report(item, ReportKind.RESUMED)
    desk.wait(MINUTE)
    desk.presence("ann", Presence.AVAILABLE)

    assert desk.offered_to(item) == "ann"


def test_an_owner_who_declines_is_not_waited_for(desk: Desk) -> None:
    item = assigned(desk)
    pend(desk, item)
    desk.sign_in("bob")
    desk.report(item, ReportKind.RESUMED)
    desk.decline(item)

    assert desk.offered_to(item) == "bob"


def test_without_owner_wait_the_whole_queue_is_asked_at_once() -> None:
    desk = Desk(plan(queues={"service": queue_plan(owner_wait=0)}))
    desk.sign_in("ann")
    item, other = assigned(desk), desk.open()
    pend(desk, item)
    desk.accept(other)
    desk.sign_in("bob")
    desk.report(item, ReportKind.RESUMED)

    assert desk.offered_to(item) == "bob"


def test_an_offered_item_can_become_pending(desk: Desk) -> None:
    item = desk.open()
    pend(desk, item)

    assert desk.item(item).state is ItemState.PENDING
    assert desk.agent().holds == {}


def test_an_item_nobody_owns_resumes_at_its_old_place(desk: Desk) -> None:
    desk.presence("ann", Presence.AWAY)
    item = desk.open()
    desk.wait(MINUTE)
    pend(desk, item)
    desk.wait(MINUTE)
    desk.report(item, ReportKind.RESUMED)

    assert desk.item(item).enqueued_at == NOON
    assert desk.item(item).preferred == ""


def test_an_unknown_reason_is_refused_and_the_known_ones_are_named(desk: Desk) -> None:
    item = assigned(desk)
    with pytest.raises(Invalid, match="waiting_customer, waiting_parts") as refused:
        pend(desk, item, "lunch")

    assert refused.value.reason == "REASON_UNKNOWN"
    assert desk.item(item).state is ItemState.ASSIGNED


def test_only_a_pending_item_resumes(desk: Desk) -> None:
    item = assigned(desk)
    with pytest.raises(WrongState) as refused:
        desk.report(item, ReportKind.RESUMED)

    assert refused.value.reason == "ILLEGAL_TRANSITION"


def test_an_item_routed_away_from_its_owner_has_none(desk: Desk) -> None:
    item = assigned(desk)
    desk.submit(
        Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=verdict(queue="second"))
    )

    assert desk.item(item).state is ItemState.QUEUED
    assert desk.item(item).owner == ""
    assert desk.agent().holds == {}


def test_a_resumed_item_does_not_wait_for_an_owner_it_was_routed_away_from(desk: Desk) -> None:
    item = assigned(desk)
    desk.submit(
        Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=verdict(queue="second"))
    )
    pend(desk, item)
    desk.report(item, ReportKind.RESUMED)

    assert desk.item(item).preferred == ""


def test_an_item_routed_away_while_it_waits_does_not_wait_for_its_owner_again(desk: Desk) -> None:
    item = assigned(desk)
    desk.sign_in(agent("bob", queues=("second",)))
    pend(desk, item)
    desk.submit(
        Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=verdict(queue="second"))
    )
    desk.report(item, ReportKind.RESUMED)

    assert desk.offered_to(item) == "bob"


@pytest.mark.parametrize("moved_to", [verdict(queue="second"), verdict(requirements=needs(hvac=3))])
def test_an_item_routed_away_while_its_owner_holds_capacity_gives_it_back(
    desk: Desk, moved_to: Verdict
) -> None:
    item, other = assigned(desk), desk.open()
    pend(desk, item, "waiting_parts")
    desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=moved_to))

    assert desk.item(item).state is ItemState.PENDING
    assert desk.offered_to(other) == "ann"


def test_an_item_routed_away_while_its_owner_holds_capacity_resumes_in_its_new_queue(
    desk: Desk,
) -> None:
    item = assigned(desk)
    pend(desk, item, "waiting_parts")
    decided = verdict(queue="second")
    desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=decided))
    desk.report(item, ReportKind.RESUMED)

    assert (desk.item(item).state, desk.item(item).queue) == (ItemState.QUEUED, "second")
