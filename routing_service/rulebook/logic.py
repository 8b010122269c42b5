"""What can be said about conditions without any facts: what they require, imply and exclude.

Sound but not complete: a yes is certain, a no means "not seen". Truth on facts is core's alone.
"""

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op
from routing_service.core.records.model import FactValue

TypedValue = tuple[type, FactValue]
"""A value with its type, since True is not 1."""


def required(condition: Condition) -> dict[str, set[TypedValue]]:
    """Facts that must equal one of these values for the condition to hold."""
    match condition:
        case Leaf(fact, Op.EQ, values):
            return {fact: {(type(value), value) for value in values}}
        case All(parts):
            merged: dict[str, set[TypedValue]] = {}
            for part in parts:
                for fact, keys in required(part).items():
                    merged[fact] = merged.get(fact, keys) & keys
            return merged
        case _:
            return {}


def facts_of(condition: Condition) -> frozenset[str]:
    """The facts that the condition asks about."""
    match condition:
        case Leaf(fact):
            return frozenset({fact})
        case Not(part):
            return facts_of(part)
        case _:
            return frozenset().union(*map(facts_of, condition.parts))


def impossible_fact(condition: Condition) -> str:
    """A fact that would need two values at once for the condition to hold; "" when none is seen."""
    return next((fact for fact, values in required(condition).items() if not values), "")


def disjoint(first: Condition, second: Condition) -> bool:
    """Whether no facts can satisfy both, as far as required values show."""
    needs = required(second)
    return any(
        not values & needs[fact] for fact, values in required(first).items() if fact in needs
    )


def implies(first: Condition, second: Condition) -> bool:
    """Whether the second holds whenever the first does."""
    if first == second:
        return True
    match first, second:
        case _, All(parts):
            return all(implies(first, part) for part in parts)
        case Any(parts), _:
            return all(implies(part, second) for part in parts)
        case Leaf(), Leaf():
            return _leaf_implies(first, second)
        case Not(one), Not(other):
            return implies(other, one)
        case _:
            return _part_implies(first, second)


def _part_implies(first: Condition, second: Condition) -> bool:
    """Whether one part of a conjunction, or of a disjunction, already settles it."""
    stronger = first.parts if isinstance(first, All) else ()
    weaker = second.parts if isinstance(second, Any) else ()
    return any(implies(part, second) for part in stronger) or any(
        implies(first, part) for part in weaker
    )


def _leaf_implies(first: Leaf, second: Leaf) -> bool:
    if first.fact != second.fact:
        return False
    if second.op is Op.EXISTS:
        return True
    if first.op is Op.EXISTS:
        return False
    if first.op is second.op and first.op in {Op.EQ, Op.CONTAINS_ANY}:
        return _typed(first) <= _typed(second)
    if second.op in {Op.EQ, Op.CONTAINS_ANY} or first.op is Op.CONTAINS_ANY:
        return False
    return _within(_bounds(first), _bounds(second))


def _typed(leaf: Leaf) -> set[TypedValue]:
    return {(type(value), value) for value in leaf.values}


_Bounds = tuple[float, float] | None


def _bounds(leaf: Leaf) -> _Bounds:
    """The closed range of integers the leaf admits; None when it is no range of integers."""
    numbers = [value for value in leaf.values if type(value) is int]
    if not numbers or len(numbers) != len(leaf.values):
        return None
    match leaf.op:
        case Op.EQ:
            return min(numbers), max(numbers)
        case Op.GT:
            return numbers[0] + 1, float("inf")
        case Op.GTE:
            return numbers[0], float("inf")
        case Op.LT:
            return float("-inf"), numbers[0] - 1
        case _:
            return float("-inf"), numbers[0]


def _within(inner: _Bounds, outer: _Bounds) -> bool:
    return inner is not None and outer is not None and outer[0] <= inner[0] and inner[1] <= outer[1]
