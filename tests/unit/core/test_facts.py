"""What rules are shown of an item: its labels, its channel, and the signals found in its text."""

from routing_service.core.journal.commands import RequestKind, Submit
from routing_service.core.plans.plan import LabelPlan, LabelType
from routing_service.core.records.model import Trigger, TriggerKind
from routing_service.core.steering.facts import escalation_facts, submit_facts
from tests.builders import plan, verdict
from tests.desk import Desk

OF_A_REQUEST = {"contacts": 1, "item_kind": "request"}


def said(item: str, kind: RequestKind, *signals: str) -> Submit:
    """The customer wrote again, and this was found in it."""
    return Submit(kind=kind, item=item, occurred_at=0, signals=signals, verdict=verdict())


def test_a_new_item_shows_its_labels_channel_and_signals() -> None:
    desk = Desk()
    facts = submit_facts(desk.world, "chat", {"type": "fault", "vip": True}, ["angry"])

    assert facts == {
        "type": "fault", "vip": True, "channel": "chat", "signal.angry": True, **OF_A_REQUEST
    }  # fmt: skip


def test_an_updated_item_keeps_its_labels_unless_they_are_sent_anew() -> None:
    desk = Desk()
    item = desk.open(channel="phone", labels={}, verdict=verdict(labels={"type": "x", "a": 1}))
    facts = submit_facts(desk.world, "", {"type": "fault"}, [], item)

    assert facts == {"type": "fault", "a": 1, "channel": "phone", **OF_A_REQUEST}


def test_what_the_rules_concluded_is_concluded_anew() -> None:
    declared = {"group": LabelPlan(type=LabelType.TEXT, derived=True)}
    desk = Desk(plan(labels=declared))
    item = desk.open(labels={"type": "fault"}, verdict=verdict(labels={"group": "tech"}))
    facts = submit_facts(desk.world, "", {"type": "praise"}, [], item)
    new = {"labels": {"type": "praise"}, "verdict": verdict()}
    desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, **new))

    assert facts == {"type": "praise", "channel": "web", **OF_A_REQUEST}
    assert desk.item(item).labels == {"type": "praise"}


def test_what_was_once_found_in_the_text_is_shown_at_every_later_look() -> None:
    desk = Desk()
    item = desk.open(signals=("angry",))
    desk.submit(said(item, RequestKind.MESSAGE, "urgent", "angry"))
    desk.submit(said(item, RequestKind.UPDATED, "legal"))
    facts = submit_facts(desk.world, "", {}, ["threat"], item)

    assert desk.item(item).signals == ("angry", "legal", "urgent")
    assert {name for name in facts if name.startswith("signal.")} == {
        "signal.angry",
        "signal.legal",
        "signal.threat",
        "signal.urgent",
    }


def test_labels_set_by_the_rules_win_over_those_sent() -> None:
    desk = Desk()
    item = desk.open(labels={"type": "x"}, verdict=verdict(labels={"type": "fault"}))

    assert desk.item(item).labels == {"type": "fault"}


def test_an_escalation_names_the_owner_only_where_there_is_one() -> None:
    desk = Desk()
    item = desk.open()
    trigger = Trigger(kind=TriggerKind.DECLINED, item=item, count=2)
    facts = escalation_facts(desk.world, trigger)

    assert facts["count"] == 2
    assert "owner" not in facts
    assert "clock" not in facts


def test_an_escalation_sees_how_many_wait_in_the_items_queue() -> None:
    desk = Desk()
    item, _, other = desk.open(), desk.open(), desk.open(queue="second")
    seen = [
        escalation_facts(desk.world, Trigger(kind=TriggerKind.WARNED, item=each))["waiting"]
        for each in (item, other)
    ]

    assert seen == [2, 1]


def test_facts_are_plain_values_that_a_rule_can_compare() -> None:
    desk = Desk()
    item = desk.open()
    facts = escalation_facts(desk.world, Trigger(kind=TriggerKind.WARNED, item=item))

    assert {type(value) for value in facts.values()} <= {str, int, bool, tuple}
