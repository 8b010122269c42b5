"""Conditions written out: negation at the tests, one conjunction for each way to be true."""

import pytest
from hypothesis import given

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op, holds
from routing_service.core.records.model import Facts
from routing_service.rulebook.alternatives import (
    ALWAYS,
    MAX_ALTERNATIVES,
    TooManyAlternatives,
    alternatives,
)
from routing_service.rulebook.domains import Fields
from routing_service.rulebook.projection import Projection
from tests.property.test_rules import conditions, facts
from tests.unit.rulebook.staged import at_least, equal, every

VIP, SAFE, LATE = equal("vip", True), equal("safe", True), equal("late", True)


def count(condition: Condition) -> int:
    return len(alternatives(condition, Fields([condition])))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (VIP, 1),
        (Any((VIP, SAFE)), 2),
        (Not(All((VIP, SAFE))), 2),
        (Not(Any((VIP, SAFE))), 1),
        (every(Any((VIP, SAFE)), Any((LATE, SAFE))), 4),
        (Any((equal("topic", "a"), equal("topic", "b"), at_least("topic", 3))), 1),
        (every(equal("topic", "a", "b"), Not(equal("topic", "b"))), 1),
        (every(equal("topic", "a"), equal("topic", "b")), 0),
        (every(VIP, Not(VIP)), 0),
        (Any((VIP, Not(VIP))), 1),
        (Any(()), 0),
        (All(()), 1),
        (Not(Leaf("topic", Op.CONTAINS_ANY, ("a", "b"))), 1),
    ],
)
def test_tests_of_one_fact_join(condition: Condition, expected: int) -> None:
    assert expected == count(condition)


@pytest.mark.parametrize("condition", [All(()), Not(Any(())), Any((VIP, Not(VIP)))])
def test_what_is_always_true_asks_nothing(condition: Condition) -> None:
    assert (ALWAYS,) == alternatives(condition, Fields([condition]))


def test_as_many_alternatives_as_allowed_are_written_out() -> None:
    five = every(*(Any((equal(f"a{n}", True), equal(f"b{n}", True))) for n in range(5)))

    assert MAX_ALTERNATIVES == count(five)


def test_one_more_is_too_many() -> None:
    many = Any(tuple(equal(f"a{n}", True) for n in range(MAX_ALTERNATIVES + 1)))

    with pytest.raises(TooManyAlternatives):
        count(many)


@given(conditions, facts)
def test_condition_holds_exactly_when_an_alternative_does(
    condition: Condition, seen: Facts
) -> None:
    fields = Fields([condition])
    codes = Projection(fields.fields).codes(seen)
    claimed = any(
        all(mask >> codes[field] & 1 for field, mask in conjunction)
        for conjunction in alternatives(condition, fields)
    )

    assert holds(condition, seen) == claimed
