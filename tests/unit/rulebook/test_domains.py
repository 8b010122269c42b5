"""Values become codes: what rules can tell apart, and nothing else."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_service.core.plans.predicate import Condition, Leaf, Not, Op, holds
from routing_service.core.records.model import Facts, FactValue
from routing_service.rulebook.domains import MISSING, OTHER, Fields
from routing_service.rulebook.projection import Projection
from tests.property.test_rules import conditions, facts
from tests.unit.rulebook.staged import at_least, equal, every


def codes(condition: Condition, seen: Facts) -> tuple[int, ...]:
    return Projection(Fields([condition]).fields).codes(seen)


def code(condition: Condition, value: FactValue) -> int:
    (found,) = codes(condition, {"x": value})
    return found


def test_missing_fact_and_unknown_value_have_codes_of_their_own() -> None:
    asked = equal("x", "a", "b")

    assert [MISSING, OTHER] == [*codes(asked, {}), code(asked, "c")]


def test_true_is_not_one_and_five_is_not_its_text() -> None:
    asked = equal("x", 1, 5, True, "5", "")

    assert 5 == len({code(asked, value) for value in (1, 5, True, "5", "")})


def test_number_is_known_by_the_points_it_lies_between() -> None:
    asked = every(at_least("x", 10), at_least("x", 20))
    ranges = [[-(2**70), 0, 9], [10], [11, 19], [20], [21, 2**70]]
    found = [{code(asked, number) for number in numbers} for numbers in ranges]

    assert 5 == len(set().union(*found)) == sum(map(len, found))


@pytest.mark.parametrize("value", ["10", 10.5, True, ("10",)])
def test_what_is_no_number_has_no_place_between_points(value: FactValue) -> None:
    assert OTHER == code(at_least("x", 10), value)


def test_text_of_a_class_of_its_own_is_no_text() -> None:
    class Word(StrEnum):
        A = "a"

    asked = equal("x", "a")

    assert holds(asked, {"x": Word.A}) is False
    assert OTHER == code(asked, Word.A)


def test_list_is_known_by_the_elements_that_rules_name() -> None:
    asked = Leaf("x", Op.CONTAINS_ANY, ("a", "b"))
    seen = [(), ("c",), ("a",), ("a", "c"), ("b",), ("b", "a")]

    assert [0, 0, 1, 1, 2, 3] == [code(asked, value) for value in seen]


def test_fact_that_no_rule_reads_changes_nothing() -> None:
    asked = equal("x", "a")

    assert codes(asked, {"x": "a"}) == codes(asked, {"x": "a", "y": "b" * 65_536})


@given(st.lists(conditions, min_size=1, max_size=4), st.lists(facts, min_size=2, max_size=12))
def test_facts_with_equal_codes_are_treated_alike(
    asked: list[Condition], many: list[Facts]
) -> None:
    projection = Projection(Fields(asked).fields)
    alike: dict[tuple[int, ...], list[bool]] = {}

    for seen in many:
        truths = [holds(condition, seen) for condition in asked]
        assert truths == alike.setdefault(projection.codes(seen), truths)


@given(conditions, facts)
def test_masks_say_when_a_test_is_true(condition: Condition, seen: Facts) -> None:
    fields = Fields([condition])
    found = Projection(fields.fields).codes(seen)

    for leaf in leaves(condition):
        claimed = any(mask >> found[field] & 1 for field, mask in fields.tests(leaf))
        assert holds(leaf, seen) == claimed


def leaves(condition: Condition) -> list[Leaf]:
    match condition:
        case Leaf():
            return [condition]
        case Not(part):
            return leaves(part)
        case _:
            return [leaf for part in condition.parts for leaf in leaves(part)]
