"""Conditions are two-valued: a missing fact fails every test, `not` is the exact complement."""

import pytest

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op, holds
from routing_service.core.records.model import FactValue

FACTS: dict[str, FactValue] = {
    "type": "fault",
    "vip": True,
    "users": 3,
    "tags": ("refund", "parts"),
}


def leaf(fact: str, op: Op, *values: FactValue) -> Leaf:
    return Leaf(fact, op, values)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (leaf("type", Op.EQ, "fault"), True),
        (leaf("type", Op.EQ, "usage", "fault"), True),
        (leaf("type", Op.EQ, "Fault"), False),
        (leaf("vip", Op.EQ, True), True),
        (leaf("vip", Op.EQ, 1), False),
        (leaf("users", Op.EQ, 3), True),
        (leaf("users", Op.EQ, "3"), False),
        (leaf("users", Op.GT, 3), False),
        (leaf("users", Op.GT, 2), True),
        (leaf("users", Op.GTE, 3), True),
        (leaf("users", Op.LT, 3), False),
        (leaf("users", Op.LT, 4), True),
        (leaf("users", Op.LTE, 3), True),
        (leaf("vip", Op.GTE, 1), False),
        (leaf("type", Op.GT, 0), False),
        (leaf("tags", Op.CONTAINS_ANY, "parts", "other"), True),
        (leaf("tags", Op.CONTAINS_ANY, "other"), False),
        (leaf("type", Op.CONTAINS_ANY, "fault"), False),
        (leaf("vip", Op.EXISTS), True),
        (leaf("nowhere", Op.EXISTS), False),
    ],
    ids=str,
)
def test_a_comparison_never_coerces(condition: Leaf, expected: bool) -> None:
    assert holds(condition, FACTS) is expected
    assert holds(Not(condition), FACTS) is not expected


@pytest.mark.parametrize("op", Op)
def test_every_positive_test_of_a_missing_fact_is_false(op: Op) -> None:
    assert holds(leaf("nowhere", op, 1), FACTS) is False
    assert holds(Not(leaf("nowhere", op, 1)), FACTS) is True


YES, NO = leaf("vip", Op.EQ, True), leaf("vip", Op.EQ, False)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (All(()), True),
        (All((YES, YES)), True),
        (All((YES, NO)), False),
        (Any(()), False),
        (Any((NO, YES)), True),
        (Any((NO, NO)), False),
        (Not(All((YES, Any((NO, Not(YES)))))), True),
    ],
    ids=str,
)
def test_conditions_nest(condition: Condition, expected: bool) -> None:
    assert holds(condition, FACTS) is expected
