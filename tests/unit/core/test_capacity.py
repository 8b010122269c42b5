"""Capacity: held from the offer to the end of the wrap-up, and never mixed with presence."""

import pytest

from routing_service.core.journal.commands import Complete, ConnectAgent, PutAgents, ReportKind
from routing_service.core.records.errors import Conflict, Invalid, NotFound, WrongState
from routing_service.core.records.lifecycle import HoldState, ItemState, Presence
from routing_service.core.records.model import Agent
from routing_service.core.staff.roster import held_units
from tests.builders import MINUTE, SECOND, agent, plan, queue_plan
from tests.desk import Desk


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.sign_in("ann")
    return desk


def test_an_offer_already_holds_capacity(desk: Desk) -> None:
    first, second = desk.open(), desk.open()

    assert desk.agent().holds[first].state is HoldState.RESERVED
    assert desk.offered_to(second) == ""


def test_capacity_is_held_to_the_end_of_the_wrap_up(desk: Desk) -> None:
    first, second = desk.open(), desk.open()
    desk.accept(first)
    handling = desk.agent().holds[first].state
    desk.complete(first, "ann")
    wrap_up = desk.agent().holds[first].state
    desk.wait(MINUTE - 1)
    held = desk.offered_to(second)
    desk.wait(1)

    assert (handling, wrap_up) == (HoldState.HANDLING, HoldState.WRAP_UP)
    assert (held, desk.offered_to(second)) == ("", "ann")


def test_completing_does_not_resolve(desk: Desk) -> None:
    item = desk.open()
    desk.accept(item)
    desk.complete(item, "ann")

    assert desk.item(item).state is ItemState.ASSIGNED


def test_a_queue_without_wrap_up_frees_at_once() -> None:
    desk = Desk(plan(queues={"service": queue_plan(wrap_up=0)}))
    desk.sign_in("ann")
    item = desk.open()
    desk.accept(item)
    desk.complete(item, "ann")

    assert desk.agent().holds == {}


def test_resolving_starts_the_wrap_up_by_itself(desk: Desk) -> None:
    item = desk.open()
    desk.accept(item)
    desk.report(item, ReportKind.RESOLVED)

    assert desk.agent().holds[item].state is HoldState.WRAP_UP


def test_resolving_after_completing_does_not_prolong_the_wrap_up(desk: Desk) -> None:
    item = desk.open()
    desk.accept(item)
    desk.complete(item, "ann")
    until = desk.agent().holds[item].until
    desk.wait(30 * SECOND)
    desk.report(item, ReportKind.RESOLVED)

    assert desk.agent().holds[item].until == until


def test_a_cancelled_item_frees_its_owner_without_wrap_up(desk: Desk) -> None:
    item = desk.open()
    desk.accept(item)
    desk.cancel(item)

    assert desk.agent().holds == {}


def test_only_the_agent_who_handles_the_item_can_complete_it(desk: Desk) -> None:
    item = desk.open()
    with pytest.raises(WrongState) as refused:
        desk.complete(item, "ann")

    assert refused.value.reason == "NOT_HANDLING"


def test_completing_from_an_earlier_work_stream_is_fenced(desk: Desk) -> None:
    desk.do(ConnectAgent(agent="ann"))
    desk.do(ConnectAgent(agent="ann"))
    item = desk.open()
    desk.accept(item)
    with pytest.raises(Conflict) as refused:
        desk.do(Complete(item=item, agent="ann", epoch=1))

    assert refused.value.reason == "STALE_EPOCH"


def test_a_channel_may_cost_more_than_one_unit() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", capacity=3))
    call, second_call, chat = (
        desk.open(channel="phone"),
        desk.open(channel="phone"),
        desk.open(channel="chat"),
    )

    assert [desk.offered_to(each) for each in (call, second_call, chat)] == ["ann", "", "ann"]
    assert held_units(desk.agent()) == 3


def test_presence_does_not_change_what_is_held(desk: Desk) -> None:
    item = desk.open()
    desk.accept(item)
    desk.presence("ann", Presence.AWAY)

    assert held_units(desk.agent()) == 1
    assert desk.world.roster.units("ann")[""] == 0


def test_a_new_profile_keeps_presence_and_what_is_held(desk: Desk) -> None:
    item = desk.open()
    desk.accept(item)
    desk.do(PutAgents(agents=(agent("ann", name="Ann", capacity=2),)))

    assert desk.agent().name == "Ann"
    assert desk.agent().presence is Presence.AVAILABLE
    assert held_units(desk.agent()) == 1
    assert desk.world.roster.units("ann")[""] == 1


def test_a_new_agent_is_offline_whatever_the_profile_says() -> None:
    desk = Desk()
    desk.do(PutAgents(agents=(agent("ann", presence=Presence.AVAILABLE, epoch=4),)))

    assert desk.agent().presence is Presence.OFFLINE
    assert desk.agent().epoch == 0


def test_a_larger_capacity_takes_more_at_once(desk: Desk) -> None:
    desk.open()
    second = desk.open()
    desk.do(PutAgents(agents=(agent("ann", capacity=2),)))

    assert desk.offered_to(second) == "ann"


def test_a_queue_named_twice_counts_once(desk: Desk) -> None:
    desk.do(PutAgents(agents=(agent("ann", queues=("second", "second")),)))
    desk.do(PutAgents(agents=(agent("ann", queues=("service",)),)))
    item, other = desk.open(), desk.open(queue="second")

    assert (desk.offered_to(item), desk.offered_to(other)) == ("ann", "")


@pytest.mark.parametrize(
    ("wrong", "error", "reason"),
    [
        (agent(""), Invalid, "FIELD_REQUIRED"),
        (agent("bob", capacity=0), Invalid, "FIELD_OUT_OF_RANGE"),
        (agent("bob", capacity=10_001), Invalid, "FIELD_OUT_OF_RANGE"),
        (agent("bob", skills={"hvac": 0}), Invalid, "FIELD_OUT_OF_RANGE"),
        (agent("bob", skills={"hvac": 11}), Invalid, "FIELD_OUT_OF_RANGE"),
        (agent("bob", queues=("nowhere",)), NotFound, "QUEUE_NOT_FOUND"),
        (agent("bob", team="nobody"), NotFound, "TEAM_NOT_FOUND"),
    ],
    ids=lambda value: value.reason if hasattr(value, "reason") else None,
)
def test_profiles_are_put_all_or_none(wrong: Agent, error: type[Exception], reason: str) -> None:
    desk = Desk()
    with pytest.raises(error) as refused:
        desk.do(PutAgents(agents=(agent("ann"), wrong)))

    assert getattr(refused.value, "reason", "") == reason
    assert desk.world.agents == {}
