"""Escalations that ask for what is so already: said again, they change nothing again."""

from routing_service.core.journal.events import ItemClassified
from routing_service.core.records.lifecycle import ItemState
from tests.builders import HOUR, MINUTE, FixedRules, escalation
from tests.desk import Desk, only


def test_the_priority_and_queue_an_item_has_are_not_put_on_it_again() -> None:
    same = escalation(priority="p1", queue="service", fired=("escalate/watch",))
    desk = Desk(rules=FixedRules(escalations={"warned": same}))
    item = desk.open(priority="p1")
    before = desk.item(item)
    events = desk.wait(9 * MINUTE)  # past 50 % and 80 %

    assert only(ItemClassified, events) == []
    assert (desk.item(item).version, desk.item(item).fired) == (before.version, before.fired)


def test_a_boost_counts_though_the_priority_is_there_already() -> None:
    boosted = escalation(priority="p1", boost=MINUTE)
    desk = Desk(rules=FixedRules(escalations={"warned": boosted}))
    item = desk.open(priority="p1")
    desk.wait(5 * MINUTE)

    assert desk.item(item).boost == MINUTE


def test_a_rule_that_fired_twice_is_named_once() -> None:
    later, late = (
        escalation(priority=priority, fired=("escalate/watch",)) for priority in ("p2", "p1")
    )
    desk = Desk(rules=FixedRules(escalations={"warned": later, "breached": late}))
    item = desk.open(priority="p3")
    desk.wait(4 * HOUR + MINUTE)

    assert desk.item(item).priority == "p1"
    assert desk.item(item).fired == ("route/default", "escalate/watch")
    assert desk.item(item).state is ItemState.QUEUED
