"""Conjunctions of codes -> conditions on properties with names of our own, in one order.

Decides which property stands for which codes; every condition compares integers that we made.
"""

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

import msgspec

from routing_service.rulebook.alternatives import Conjunction
from routing_service.rulebook.domains import OTHER, Asked, Field, Listed, Scalar, bits
from routing_service.rulebook.names import name_all
from routing_service.rulebook.trie import Term

WIDE = 32
"""A field of more codes is compared in two steps: the engine goes through values one by one."""
MAX_EXCEPTIONS = 2
"""Codes that are excluded one by one."""

SPREADS = (16, 4, 1)
"""Rules of the engine for one conjunction, at most: the first that does not make too many."""

EQUAL, FLAG, RANGE = 0, 1, 2
"""Kinds of property, in the order in which their conditions stand."""


class Property(msgspec.Struct, frozen=True, order=True, cache_hash=True):
    """A property of the fact that the engine is told, made of one field.

    For a code c it is worth c // divide % modulo, a flag 1. `mask` tells flags of a field apart.
    """

    kind: int
    field: int
    divide: int = 1
    modulo: int = 1
    mask: int = 0

    def value(self, code: int) -> int:
        """What is written for a code."""
        return 1 if self.kind == FLAG else code // self.divide % self.modulo


class Part(msgspec.Struct, frozen=True, order=True, cache_hash=True):
    """One condition `property op value`, and the codes at which it is true and written."""

    property: Property
    op: str
    value: int
    codes: int


Written = tuple[Part, ...]
Ranks = tuple[int, ...]
"""Places of rules in their stage, ascending."""


class Layout:
    """Conjunctions as conditions, each with the ranks of its rules, and the names of properties."""

    def __init__(
        self, rules: Sequence[tuple[Written, Ranks]], names: Mapping[Property, str]
    ) -> None:
        """The rules in an order in which like ones are neighbours."""
        self.rules = rules
        self.names = names
        self._tests: dict[Part, Term] = {}

    def tests(self, written: Written) -> tuple[Term, ...]:
        """The conditions as the engine has them."""
        return tuple([self._tests.get(part) or self._test(part) for part in written])

    def _test(self, part: Part) -> Term:
        test = Term(self.names[part.property], part.op, part.value)
        self._tests[part] = test
        return test


def lay_out(
    wanted: Mapping[Conjunction, Sequence[int]], fields: Sequence[Field], most: int
) -> Layout:
    """Write each conjunction as one or more rules of the engine.

    With more than `most` rules, alternatives become flags instead.
    """
    rules = _spread(wanted, fields, SPREADS[0])
    for spread in SPREADS[1:]:
        if len(rules) > most:
            rules = _spread(wanted, fields, spread)
    return _ordered(rules)


def _spread(
    wanted: Mapping[Conjunction, Sequence[int]], fields: Sequence[Field], spread: int
) -> dict[frozenset[Part], set[int]]:
    """Rules of the engine, at most `spread` for each conjunction, with their ranks."""
    choices = functools.cache(lambda field, mask: _choices(field, mask, fields[field]))
    rules: dict[frozenset[Part], set[int]] = {}
    for conjunction, ranks in wanted.items():
        for written in _written(conjunction, choices, spread):
            rules.setdefault(written, set()).update(ranks)
    return rules


def _ordered(rules: Mapping[frozenset[Part], set[int]]) -> Layout:
    """One order of conditions for all: equalities, flags, ranges, the most used first."""
    used = Counter(part for written in rules for part in written)
    uses, values = Counter[Property](), Counter(part.property for part in used)
    for part, count in used.items():
        uses[part.property] += count

    def order(part: Part) -> tuple[int, int, int, Part]:
        kind = RANGE if part.op else part.property.kind
        return kind, -uses[part.property], values[part.property], part

    places = {part: place for place, part in enumerate(sorted(used, key=order))}
    ordered = [
        (tuple(sorted(written, key=places.__getitem__)), tuple(sorted(ranks)))
        for written, ranks in rules.items()
    ]
    ordered.sort(key=lambda rule: [places[part] for part in rule[0]])
    return Layout(ordered, name_all(values))


def _written(
    conjunction: Conjunction, choices: Callable[[int, int], list[list[Part]]], spread: int
) -> Iterator[frozenset[Part]]:
    """The conjunction as at most `spread` others that are true together exactly when it is."""
    chosen: list[list[list[Part]]] = []
    tests = [(choices(field, mask), field, mask) for field, mask in conjunction]
    for parts, field, mask in sorted(tests, key=lambda test: len(test[0])):
        fits = len(parts) <= spread
        spread = spread // len(parts) if fits else spread
        chosen.append(parts if fits else [[_flag(field, mask)]])
    for each in product(*chosen):
        yield frozenset(part for parts in each for part in parts)


def _choices(number: int, mask: int, field: Field) -> list[list[Part]]:
    """The alternatives of one test, each a list of conditions."""
    match field:
        case Listed():
            return _contained(number, mask, field)
        case Asked():
            return [[_flag(number, mask)]]
        case Scalar():
            return _compared(number, mask, field)


def _compared(number: int, mask: int, field: Scalar) -> list[list[Part]]:
    if mask.bit_count() == 1:
        return [_equal(number, mask, field.size)]
    if within := _within(number, mask, field):
        return [within]
    if not mask >> OTHER & 1:
        return [_equal(number, 1 << code, field.size) for code in bits(mask)]
    exceptions = ~mask & ((1 << field.size) - 1)
    if exceptions.bit_count() <= MAX_EXCEPTIONS:
        return [[_other(number, code, field.size) for code in bits(exceptions)]]
    return [[_flag(number, mask)]]


def _equal(number: int, mask: int, size: int) -> list[Part]:
    """The field has the only code of the mask."""
    code = mask.bit_length() - 1
    if size <= WIDE:
        properties = [Property(EQUAL, number, 1, size)]
    else:
        step = int(size**0.5) + 1
        properties = [Property(EQUAL, number, step, size), Property(EQUAL, number, 1, step)]
    return [Part(each, "", each.value(code), mask) for each in properties]


def _other(number: int, code: int, size: int) -> Part:
    """The field has any code but this one."""
    others = ((1 << size) - 1) ^ (1 << code)
    return Part(Property(EQUAL, number, 1, size), "$neq", code, others)


def _flag(number: int, mask: int) -> Part:
    """The field has a code of the mask: written with those codes only."""
    return Part(Property(FLAG, number, mask=mask), "", 1, mask)


def _within(number: int, mask: int, field: Scalar) -> list[Part]:
    """The bounds of an unbroken range of numbers; none for anything else, or without bound."""
    if not field.points or mask & ((1 << field.first_number) - 1):
        return []
    low, high = (mask & -mask).bit_length() - 1, mask.bit_length() - 1
    if mask != (1 << (high + 1)) - (1 << low):
        return []
    ends = [("$gte", low)] * (low > field.first_number) + [("$lte", high)] * (high < field.size - 1)
    return [Part(Property(RANGE, number, 1, field.size), op, code, mask) for op, code in ends]


def _contained(number: int, mask: int, field: Listed) -> list[list[Part]]:
    """A list that contains one of some elements: an alternative for each of them."""
    containing = [field.any_of([element]) for element in field.bits]
    within = [having for having in containing if not having & ~mask]
    covered = 0
    for having in within:
        covered |= having
    return [[_flag(number, each)] for each in (within if covered == mask else [mask])]
