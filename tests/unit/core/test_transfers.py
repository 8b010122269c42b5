"""Transfers: an item goes to another queue or agent, blind or warm, and loses none of its age."""

import pytest
from msgspec.structs import replace

from routing_service.core.journal.commands import (
    ConnectAgent,
    PutAgents,
    ReportKind,
    RequestKind,
    Submit,
    Transfer,
)
from routing_service.core.records.errors import Conflict, NotFound, WrongState
from routing_service.core.records.lifecycle import HoldState, ItemState, Presence
from tests.builders import MINUTE, SECOND, agent, needs, opened, plan, queue_plan
from tests.desk import Desk

BOTH = ("service", "second")


@pytest.fixture
def desk() -> Desk:
    """Ann has an item of queue `service` in hand; Ben and Cy serve both queues."""
    desk = Desk()
    desk.sign_in(agent("ann", queues=BOTH))
    return desk


def owned(desk: Desk, **changes: object) -> str:
    item = desk.open(**changes)
    desk.accept(item)
    return item


def transfer(desk: Desk, item: str, **changes: object) -> None:
    desk.do(replace(Transfer(item=item), **changes))


def refused(desk: Desk, error: type[Exception], item: str, **changes: object) -> str:
    before = desk.item(item)
    with pytest.raises(error) as caught:
        transfer(desk, item, **changes)

    assert desk.item(item) is before
    return str(getattr(caught.value, "reason", ""))


def test_a_blind_transfer_ends_the_handling_and_the_item_waits_in_the_other_queue(
    desk: Desk,
) -> None:
    item = owned(desk)
    transfer(desk, item, queue="second")

    assert ("second", ItemState.QUEUED, "") == (
        desk.item(item).queue,
        desk.item(item).state,
        desk.item(item).owner,
    )
    assert desk.agent().holds[item].state is HoldState.WRAP_UP


def test_a_transferred_item_keeps_its_age(desk: Desk) -> None:
    item = owned(desk)
    since = desk.item(item).enqueued_at
    desk.wait(5 * MINUTE)
    younger = desk.open(queue="second", requirements=needs(hvac=1))
    transfer(desk, item, queue="second")
    desk.sign_in(agent("ben", queues=("second",), skills={"hvac": 1}))

    assert since == desk.item(item).enqueued_at
    assert ("ben", "") == (desk.offered_to(item), desk.offered_to(younger))


def test_an_item_goes_to_the_agent_named_even_if_another_is_idle_longer(desk: Desk) -> None:
    item = owned(desk)
    desk.sign_in("ben", "cy")
    transfer(desk, item, agent="cy")

    assert "cy" == desk.offered_to(item)


def test_whoever_is_free_gets_it_when_the_agent_named_does_not_come_free_in_time(
    desk: Desk,
) -> None:
    item = owned(desk)
    desk.sign_in("ben", "cy")
    desk.presence("cy", Presence.BUSY)
    transfer(desk, item, agent="cy", wait=MINUTE)
    waits = desk.offered_to(item)
    desk.wait(MINUTE)

    assert ("", "ben") == (waits, desk.offered_to(item))


def test_an_unassigned_item_goes_back_with_its_age_and_past_its_owner(desk: Desk) -> None:
    desk.presence("ann", Presence.AVAILABLE)
    item = owned(desk)
    since = desk.item(item).enqueued_at
    desk.complete(item, "ann")
    desk.wait(2 * MINUTE)
    transfer(desk, item)
    at_once = desk.offered_to(item)
    desk.wait(30 * SECOND)

    assert ("", "ann") == (at_once, desk.offered_to(item))
    assert since == desk.item(item).enqueued_at


def test_a_warm_transfer_leaves_the_item_with_its_owner_until_the_second_accepts(
    desk: Desk,
) -> None:
    item = owned(desk)
    desk.sign_in(agent("ben", queues=("second",)))
    transfer(desk, item, queue="second", warm=True)
    meanwhile = (desk.item(item).owner, desk.agent().holds[item].state, desk.offered_to(item))
    desk.accept(item)

    assert ("ann", HoldState.HANDLING, "ben") == meanwhile
    assert ("ben", ItemState.ASSIGNED) == (desk.item(item).owner, desk.item(item).state)
    assert desk.agent().holds[item].state is HoldState.WRAP_UP
    assert desk.agent("ben").holds[item].state is HoldState.HANDLING


def test_the_owner_is_never_offered_what_he_hands_over(desk: Desk) -> None:
    desk.do(PutAgents(agents=(agent(capacity=5),)))
    item = owned(desk)
    transfer(desk, item, warm=True)
    desk.wait(MINUTE)

    assert "" == desk.offered_to(item)
    assert "ann" == desk.item(item).owner


def test_a_warm_transfer_that_nobody_accepts_ends_with_the_owner_in_the_old_queue(
    desk: Desk,
) -> None:
    item = owned(desk)
    transfer(desk, item, queue="second", warm=True, wait=MINUTE)
    desk.wait(MINUTE)

    assert ("ann", ItemState.ASSIGNED, "service", "nobody_accepted") == (
        desk.item(item).owner,
        desk.item(item).state,
        desk.item(item).queue,
        desk.item(item).reason,
    )
    assert desk.item(item).handover is None


def test_an_offer_of_a_warm_transfer_that_ends_too_late_is_the_last_one(desk: Desk) -> None:
    item = owned(desk)
    desk.sign_in("ben", "cy")
    transfer(desk, item, warm=True, wait=SECOND)
    desk.wait(31 * SECOND)

    assert ("", ItemState.ASSIGNED) == (desk.offered_to(item), desk.item(item).state)


def test_the_owner_may_resolve_what_he_is_handing_over(desk: Desk) -> None:
    item = owned(desk)
    desk.sign_in("ben")
    transfer(desk, item, queue="service", warm=True)
    desk.report(item, ReportKind.RESOLVED)

    assert (ItemState.RESOLVED, {}) == (desk.item(item).state, desk.agent("ben").holds)
    assert desk.agent().holds[item].state is HoldState.WRAP_UP


def test_a_caller_who_hangs_up_during_a_warm_transfer_frees_both(desk: Desk) -> None:
    item = owned(desk)
    desk.sign_in("ben")
    transfer(desk, item, warm=True)
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))

    assert ({}, {}) == (desk.agent().holds, desk.agent("ben").holds)
    assert desk.item(item).state is ItemState.ABANDONED


def test_the_rules_leave_a_transferred_item_where_people_put_it(desk: Desk) -> None:
    item = owned(desk)
    transfer(desk, item, queue="second")
    again = opened(queue="service").verdict
    desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=again))

    assert "second" == desk.item(item).queue


def test_rules_that_find_another_queue_than_before_move_a_transferred_item(desk: Desk) -> None:
    third = {name: queue_plan(name) for name in ("service", "second", "third")}
    desk = Desk(plan(queues=third))
    desk.sign_in("ann")
    item = owned(desk)
    transfer(desk, item, queue="second")
    again = opened(queue="third").verdict
    desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=again))

    assert "third" == desk.item(item).queue


def test_skills_may_be_dropped_with_a_transfer(desk: Desk) -> None:
    desk.sign_in(agent("dee", skills={"hvac": 2}))
    item = owned(desk, requirements=needs(hvac=2))
    able = refused(desk, WrongState, item, agent="ann")
    transfer(desk, item, agent="ann", drop_requirements=True)

    assert ("AGENT_CANNOT_SERVE", "ann") == (able, desk.offered_to(item))


def test_an_item_without_owner_cannot_be_handed_over(desk: Desk) -> None:
    desk.presence("ann", Presence.AWAY)
    item = desk.open()

    assert "ILLEGAL_TRANSITION" == refused(desk, WrongState, item, warm=True, queue="second")


def test_a_transfer_names_what_exists(desk: Desk) -> None:
    item = owned(desk)

    assert "QUEUE_NOT_FOUND" == refused(desk, NotFound, item, queue="nowhere")
    assert "AGENT_NOT_FOUND" == refused(desk, NotFound, item, agent="nobody")
    assert "VERSION_CONFLICT" == refused(desk, Conflict, item, version=99)


def test_only_the_owner_gives_away_in_his_own_name(desk: Desk) -> None:
    desk.sign_in("ben")
    item = owned(desk)
    desk.do(ConnectAgent(agent="ann"))
    desk.do(ConnectAgent(agent="ann"))

    assert "NOT_HANDLING" == refused(desk, WrongState, item, by="ben")
    assert "STALE_EPOCH" == refused(desk, Conflict, item, by="ann", epoch=1)


def test_what_was_handled_once_does_not_die_of_its_age_when_it_is_transferred() -> None:
    desk = Desk(plan(queues={"service": queue_plan(ttl=MINUTE)}))
    desk.sign_in("ann")
    item = owned(desk)
    desk.wait(5 * MINUTE)
    transfer(desk, item)
    desk.presence("ann", Presence.AWAY)
    desk.wait(5 * MINUTE)

    assert desk.item(item).state is ItemState.QUEUED
