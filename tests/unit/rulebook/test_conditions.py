"""From written conditions to the typed AST."""

import pytest

from routing_service.core.plans.plan import LabelPlan, LabelType
from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op
from routing_service.rulebook.conditions import parse
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.reading import read
from routing_service.rulebook.vocabulary import Names, vocabulary

NAMES = Names(
    priorities=("urgent", "normal"),
    queues=("front",),
    calendars=("always",),
    clocks=("response",),
    signals=("angry",),
    pending=(),
    channels=("phone",),
    labels={
        "topic": LabelPlan(type=LabelType.TEXT),
        "users": LabelPlan(type=LabelType.INTEGER),
        "vip": LabelPlan(type=LabelType.BOOLEAN),
        "tags": LabelPlan(type=LabelType.LIST),
    },
)


def condition(text: str, stage: str = "route") -> Condition:
    found = Findings()
    tree = read(text.encode(), "file.yaml", found)
    parsed = parse(tree, vocabulary(stage, NAMES), found)
    assert found.told("en") == ()
    return parsed


def leaf(fact: str, op: Op, *values: str | int | bool) -> Leaf:
    return Leaf(fact, op, values)


@pytest.mark.parametrize(
    ("text", "ast"),
    [
        ("topic: fault", leaf("topic", Op.EQ, "fault")),
        ("topic: [fault, question]", leaf("topic", Op.EQ, "fault", "question")),
        ("vip: false", leaf("vip", Op.EQ, False)),
        ("{topic: a, users: 3}", All((leaf("topic", Op.EQ, "a"), leaf("users", Op.EQ, 3)))),
        ("users: {gt: 3}", leaf("users", Op.GT, 3)),
        ("users: {gte: 3, lt: 9}", All((leaf("users", Op.GTE, 3), leaf("users", Op.LT, 9)))),
        ("users: {lte: 3}", leaf("users", Op.LTE, 3)),
        ("topic: {exists: true}", leaf("topic", Op.EXISTS)),
        ("topic: {exists: false}", Not(leaf("topic", Op.EXISTS))),
        ("topic: {not: fault}", Not(leaf("topic", Op.EQ, "fault"))),
        ("topic: {not: [a, b]}", Not(leaf("topic", Op.EQ, "a", "b"))),
        ("tags: {contains_any: [a, b]}", leaf("tags", Op.CONTAINS_ANY, "a", "b")),
        ("not: {vip: true}", Not(leaf("vip", Op.EQ, True))),
        (
            "any: [{vip: true}, {users: 1}]",
            Any((leaf("vip", Op.EQ, True), leaf("users", Op.EQ, 1))),
        ),
        ("all: [{vip: true}]", All((leaf("vip", Op.EQ, True),))),
        ("signal.angry: true", leaf("signal.angry", Op.EQ, True)),
        ("priority: urgent", leaf("priority", Op.EQ, "urgent")),
        ("{}", All(())),
    ],
)
def test_condition_is_read(text: str, ast: Condition) -> None:
    assert ast == condition(text)


def test_conditions_nest() -> None:
    ast = condition("any: [{not: {all: [{vip: true}, {topic: {not: a}}]}}, {users: {gt: 1}}]")

    inner = All((leaf("vip", Op.EQ, True), Not(leaf("topic", Op.EQ, "a"))))
    assert Any((Not(inner), leaf("users", Op.GT, 1))) == ast


def test_a_stage_knows_the_outcomes_before_it_only() -> None:
    later = {stage: vocabulary(stage, NAMES).elsewhere for stage in ("prioritise", "route")}

    assert "priority" in later["prioritise"]
    assert "priority" not in later["route"]
    assert "queue" in later["route"]


def test_escalation_knows_item_and_trigger() -> None:
    known = vocabulary("escalate", NAMES).facts

    assert {"topic", "queue", "state", "owner", "clock", "share", "count"} <= known.keys()
    assert "waiting" in known
    assert "signal.angry" not in known
