"""The index of waiting items: what an agent has no room for is not even looked at."""

from typing import Final

from routing_service.core.queues.waiting import Signature, Waiting
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Item
from tests.builders import agent, plan
from tests.desk import Desk

CALL: Final = Signature("service", (), 2)


def waiting_call() -> tuple[Waiting, Item]:
    waiting = Waiting()
    item = Item(
        id="it1", number="C1", channel="phone", customer="c", labels={}, sealed=b"",
        opened_at=0, received_at=0, queue="service",
    )  # fmt: skip
    waiting.add(item, waiting.number(CALL)[0], item.rank)
    return waiting, item


def test_items_that_need_more_units_than_are_free_are_not_looked_at() -> None:
    waiting, _ = waiting_call()
    asked: list[str] = []

    def wanted(item: str) -> bool:
        asked.append(item)
        return True

    assert waiting.best((1,), "ann", ({"": 1}, {"": 1}), wanted) is None
    assert asked == []


def test_with_enough_units_free_the_item_is_found() -> None:
    waiting, item = waiting_call()

    assert waiting.best((1,), "ann", ({"": 2}, {"": 2}), lambda _: True) == item.id


def test_a_call_that_costs_less_under_a_new_rulebook_reaches_who_has_less_room() -> None:
    desk = Desk(plan(channel_cost={"phone": 3}))
    desk.sign_in(agent("ann", capacity=2))
    first, second = desk.open(channel="phone"), desk.open(channel="phone")
    desk.activate(plan(channel_cost={"phone": 2}))

    assert [desk.offered_to(item) for item in (first, second)] == ["ann", ""]


def test_a_call_that_costs_more_under_a_new_rulebook_waits_for_more_room() -> None:
    desk = Desk(plan(channel_cost={}))
    call = desk.open(channel="phone")
    desk.activate(plan(channel_cost={"phone": 2}))
    desk.sign_in(agent("ann", capacity=1))
    too_little = desk.offered_to(call)
    desk.sign_in(agent("bob", capacity=2))
    desk.presence("ann", Presence.AWAY)

    assert (too_little, desk.offered_to(call)) == ("", "bob")
