"""Room by channel: a maximum beside the units, and calls that interrupt what can wait."""

from typing import Any

import pytest

from routing_service.core.journal.commands import PutAgents
from routing_service.core.records.errors import Invalid
from tests.builders import SECOND, agent, plan
from tests.desk import Desk
from tests.property.life import Life

CHANNELS = {"phone": 2, "chat": 1, "email": 1}


def desk_of(interrupts: dict[str, tuple[str, ...]] | None = None, **profile: Any) -> Desk:
    desk = Desk(plan(channel_cost=CHANNELS, interrupts=interrupts or {}))
    desk.sign_in(agent(**profile))
    return desk


def taken(desk: Desk, channel: str) -> str:
    item = desk.open(channel=channel)
    if desk.offered_to(item):
        desk.accept(item)
    return item


def test_a_channel_has_a_maximum_beside_the_units() -> None:
    desk = desk_of(capacity=9, maximum={"chat": 2})
    chats = [taken(desk, "chat") for _ in range(3)]
    mail = taken(desk, "email")

    assert ["ann", "ann", ""] == [desk.item(chat).owner for chat in chats]
    assert "ann" == desk.item(mail).owner


def test_the_next_of_the_channel_comes_when_one_is_done() -> None:
    desk = desk_of(capacity=9, maximum={"chat": 1})
    first, second = taken(desk, "chat"), taken(desk, "chat")
    waits = desk.offered_to(second)
    desk.cancel(first)

    assert ("", "ann") == (waits, desk.offered_to(second))


def test_a_maximum_of_none_keeps_a_channel_from_him() -> None:
    desk = desk_of(capacity=9, maximum={"phone": 0})

    assert "" == desk.offered_to(desk.open(channel="phone"))


def test_a_call_always_fits_beside_what_it_may_interrupt() -> None:
    desk = desk_of({"phone": ("email",)}, capacity=2)
    mails = [taken(desk, "email") for _ in range(3)]
    call = taken(desk, "phone")

    assert ["ann", "ann", ""] == [desk.item(mail).owner for mail in mails]
    assert "ann" == desk.item(call).owner


def test_what_is_only_offered_or_not_interruptible_takes_its_room() -> None:
    desk = desk_of({"phone": ("email",)}, capacity=2)
    desk.open(channel="email")
    offered = desk.offered_to(desk.open(channel="phone"))
    other = desk_of({"phone": ("email",)}, capacity=2)
    taken(other, "chat")

    assert ("", "") == (offered, other.offered_to(other.open(channel="phone")))


def test_an_interrupted_agent_gets_nothing_more_that_waits_for_room() -> None:
    desk = desk_of({"phone": ("email",)}, capacity=2)
    taken(desk, "email")
    taken(desk, "phone")

    assert "" == desk.offered_to(desk.open(channel="email"))


def test_who_waits_is_served_when_another_plan_lets_him_interrupt() -> None:
    desk = desk_of(capacity=2)
    taken(desk, "email")
    taken(desk, "email")
    call = desk.open(channel="phone")
    waits = desk.offered_to(call)
    desk.activate(plan(channel_cost=CHANNELS, interrupts={"phone": ("email",)}))

    assert ("", "ann") == (waits, desk.offered_to(call))


def test_who_waits_is_served_when_the_maximum_is_lifted() -> None:
    desk = desk_of(capacity=9, maximum={"chat": 0})
    chat = desk.open(channel="chat")
    waits = desk.offered_to(chat)
    desk.do(PutAgents(agents=(agent(capacity=9),)))

    assert ("", "ann") == (waits, desk.offered_to(chat))


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ({"maximum": {"fax": 1}}, "CHANNEL_UNKNOWN"),
        ({"maximum": {"chat": -1}}, "FIELD_OUT_OF_RANGE"),
        ({"capacity": -1}, "FIELD_OUT_OF_RANGE"),
        ({"cap": 3}, "FIELD_OUT_OF_RANGE"),
        ({"cap": -1, "cap_window": SECOND}, "FIELD_OUT_OF_RANGE"),
    ],
)
def test_limits_that_cannot_be_are_refused(profile: dict[str, Any], reason: str) -> None:
    desk = desk_of()
    with pytest.raises(Invalid) as refused:
        desk.do(PutAgents(agents=(agent("ben", **profile),)))

    assert reason == refused.value.reason


def test_a_snapshot_knows_the_rooms() -> None:
    life = Life()
    life.do(PutAgents(agents=(agent("ann", capacity=9, maximum={"chat": 1}),)))
    life.accept(life.open(channel="chat"))
    life.check_journal()

    assert [] == life.refused
