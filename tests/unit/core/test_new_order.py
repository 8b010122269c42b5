"""Who waits has the place that the rulebook in force gives him, whenever he came."""

from typing import Final

from routing_service.core.journal.events import ItemQueued
from routing_service.core.plans.plan import Order
from routing_service.core.records.lifecycle import Presence
from tests.builders import HOUR, MINUTE, NOON, SECOND, FixedRules, escalation, plan, queue_plan
from tests.desk import Desk, only

STRICT: Final = plan(
    boost={},
    queues={name: queue_plan(name, order=Order.STRICT) for name in ("service", "second")},
)
BY_AGE: Final = plan(boost={})


def positions(desk: Desk, *items: str) -> list[int | None]:
    return [desk.world.waiting.position(desk.item(item)) for item in items]


def test_who_waits_is_ranked_by_the_new_rulebook() -> None:
    desk = Desk(BY_AGE)
    mild = desk.open(priority="p3")
    desk.wait(MINUTE)
    desk.activate(STRICT, "d2")
    urgent = desk.open(priority="p1")
    strict = positions(desk, urgent, mild)
    desk.activate(BY_AGE, "d3")

    assert strict == [1, 2]
    assert positions(desk, mild, urgent) == [1, 2]


def test_an_offered_item_that_comes_back_has_its_place_in_the_new_order() -> None:
    desk = Desk(BY_AGE)
    desk.sign_in("ann")
    mild = desk.open(priority="p3")
    desk.activate(STRICT, "d2")
    urgent = desk.open(priority="p1")
    desk.presence("ann", Presence.AWAY)
    desk.wait(30 * SECOND + 1)

    assert positions(desk, urgent, mild) == [1, 2]


def test_an_item_keeps_what_an_escalation_gave_it_under_a_new_rulebook() -> None:
    desk = Desk(BY_AGE, FixedRules(escalations={"warned": escalation(boost=HOUR)}))
    item = desk.open(priority="p1")
    desk.wait(5 * MINUTE)
    desk.activate(plan(), "d2")

    assert desk.item(item).rank == NOON - HOUR - 10 * MINUTE


def test_a_rulebook_with_the_same_order_moves_nobody() -> None:
    desk = Desk()
    desk.open(priority="p1")

    assert only(ItemQueued, desk.activate(plan(), "d2")) == []
