"""Typed conditions over facts and their one evaluator.

Two-valued: a positive test on a missing fact is false, every `not` is its exact complement, no
coercion. The rule matcher and explanations use this evaluator. No parsing here.
"""

from enum import StrEnum

import msgspec

from routing_service.core.model import Facts, FactValue


class Op(StrEnum):
    """A comparison of one fact with a constant."""

    EQ = "eq"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    EXISTS = "exists"
    CONTAINS_ANY = "contains_any"


class Leaf(msgspec.Struct, frozen=True, tag="leaf"):
    """`fact op values`; several values mean "any of" (EQ, CONTAINS_ANY), else exactly one."""

    fact: str
    op: Op
    values: tuple[FactValue, ...] = ()


class All(msgspec.Struct, frozen=True, tag="all"):
    """True when every part is; an empty one is true."""

    parts: "tuple[Condition, ...]"


class Any(msgspec.Struct, frozen=True, tag="any"):
    """True when at least one part is."""

    parts: "tuple[Condition, ...]"


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The exact complement."""

    part: "Condition"


Condition = Leaf | All | Any | Not


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether the condition is true of the facts."""
    match condition:
        case Leaf():
            return _leaf(condition, facts)
        case All(parts):
            return all(holds(part, facts) for part in parts)
        case Any(parts):
            return any(holds(part, facts) for part in parts)
        case Not(part):
            return not holds(part, facts)


def _leaf(leaf: Leaf, facts: Facts) -> bool:
    fact = facts.get(leaf.fact)
    if fact is None:
        return False
    match leaf.op:
        case Op.EXISTS:
            return True
        case Op.EQ:
            return any(_same(fact, value) for value in leaf.values)
        case Op.CONTAINS_ANY:
            return isinstance(fact, tuple) and any(value in fact for value in leaf.values)
        case _:
            return _ordered(leaf.op, fact, leaf.values[0])


def _same(fact: FactValue, value: FactValue) -> bool:
    """Equality without coercion: True is not 1."""
    return type(fact) is type(value) and fact == value


def _ordered(op: Op, fact: FactValue, bound: FactValue) -> bool:
    """Order of integers only; anything else is false."""
    if type(fact) is not int or type(bound) is not int:
        return False
    match op:
        case Op.GT:
            return fact > bound
        case Op.GTE:
            return fact >= bound
        case Op.LT:
            return fact < bound
        case _:
            return fact <= bound
