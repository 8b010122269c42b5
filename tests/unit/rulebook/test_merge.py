"""How the outcomes of several rules become one."""

from routing_service.core.records.model import AlertOrder, Requirement
from routing_service.rulebook.merge import merge
from routing_service.rulebook.rules import Outcome

PRIORITIES = ("urgent", "normal")


def alert(rule: str, *to: str) -> AlertOrder:
    return AlertOrder(rule=rule, to=to, severity="warning")


def test_nothing_merges_to_nothing() -> None:
    assert Outcome() == merge([], PRIORITIES)


def test_most_urgent_priority_wins() -> None:
    merged = merge([Outcome(priority="normal"), Outcome(), Outcome(priority="urgent")], PRIORITIES)

    assert "urgent" == merged.priority


def test_each_skill_is_required_at_its_highest_level() -> None:
    one = Outcome(requirements=(Requirement("hvac", 2), Requirement("english", 1)))
    other = Outcome(requirements=(Requirement("hvac", 5),))

    assert (Requirement("english", 1), Requirement("hvac", 5)) == merge(
        [one, other], PRIORITIES
    ).requirements


def test_same_alert_of_two_rules_is_raised_once_under_the_first() -> None:
    first, second = (
        Outcome(alerts=(alert("a", "lead"),)),
        Outcome(alerts=(alert("b", "lead"), alert("b", "owner"))),
    )

    assert (alert("a", "lead"), alert("b", "owner")) == merge([first, second], PRIORITIES).alerts


def test_largest_boost_and_first_queue_win() -> None:
    merged = merge([Outcome(boost=5), Outcome(queue="x", boost=3), Outcome(queue="y")], PRIORITIES)

    assert (5, "x") == (merged.boost, merged.queue)


def test_each_label_is_as_the_first_rule_sets_it() -> None:
    merged = merge([Outcome(labels={"a": 1, "b": 1}), Outcome(labels={"c": 2, "a": 2})], PRIORITIES)

    assert {"a": 1, "b": 1, "c": 2} == merged.labels
