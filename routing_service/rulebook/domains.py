"""What the rules of a stage can tell apart about a fact: a small number instead of the value.

Every constant of the rules becomes a code, numbers become the threshold points and the open
intervals between them. Truth of a test is core's alone; facts are read in projection.py.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum

import msgspec

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op
from routing_service.core.records.model import FactValue

MISSING, OTHER = 0, 1
"""Codes of a fact that is not there, and of a value that no rule names."""


class Types(IntEnum):
    """The types of the constants that a fact is compared with; fields come in this order."""

    TEXTS = 0
    NUMBERS = 1
    FLAGS = 2
    MIXED = 3


class Scalar(msgspec.Struct, frozen=True):
    """A fact compared with constants. Codes: MISSING, OTHER, words, flags, then numbers.

    `first_number` is the code of a number below every point; the point at place i has the code
    first_number + 2 * i + 1.
    """

    fact: str
    words: dict[str, int]
    flags: dict[bool, int]
    points: tuple[int, ...]
    first_number: int

    @property
    def size(self) -> int:
        """How many codes there are."""
        return self.first_number + (2 * len(self.points) + 1 if self.points else 0)

    @property
    def types(self) -> Types:
        """What rules compare the fact with."""
        if not self.flags and not self.points:
            return Types.TEXTS
        if not self.flags and not self.words:
            return Types.NUMBERS
        return Types.MIXED if self.words or self.points else Types.FLAGS

    def code(self, value: FactValue | None) -> int:
        """The code of a value; True is not 1, and no type stands for another."""
        if type(value) is int and self.points:
            below, upto = bisect_left(self.points, value), bisect_right(self.points, value)
            return self.first_number + below + upto
        if type(value) is bool:
            return self.flags.get(value, OTHER)
        if type(value) is str:
            return self.words.get(value, OTHER)
        return MISSING if value is None else OTHER


class Listed(msgspec.Struct, frozen=True):
    """A list fact and some of its elements: the code has the bit of each element it contains."""

    fact: str
    bits: dict[FactValue, int]

    @property
    def size(self) -> int:
        """How many codes there are."""
        return 1 << len(self.bits)

    def any_of(self, elements: Iterable[FactValue]) -> int:
        """The mask of the codes that contain at least one of the elements."""
        wanted = sum({self.bits[element] for element in elements if element in self.bits})
        return sum(1 << code for code in range(self.size) if code & wanted)


class Asked(msgspec.Struct, frozen=True):
    """A test that is asked as a whole: its codes are 0 (false) and 1 (true)."""

    leaf: Leaf

    @property
    def size(self) -> int:
        """How many codes there are."""
        return 2


Field = Scalar | Listed | Asked

MAX_ELEMENTS = 8
"""Elements of one Listed: it has two to this power codes."""


class Fields:
    """The fields that the conditions of a stage read, and which codes make a test true."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        """Collect the constants of these conditions."""
        compared: dict[str, list[Leaf]] = {}
        elements: dict[str, dict[FactValue, None]] = {}
        asked: dict[_Exactly, Leaf] = {}
        for leaf in (leaf for condition in conditions for leaf in _leaves(condition)):
            if leaf.op is Op.CONTAINS_ANY:
                elements.setdefault(leaf.fact, {}).update(dict.fromkeys(leaf.values))
            elif _is_odd(leaf):
                asked[_exactly(leaf)] = leaf
            else:
                compared.setdefault(leaf.fact, []).append(leaf)
        scalars = [_scalar(fact, tests) for fact, tests in compared.items()]
        scalars.sort(key=lambda scalar: scalar.types)
        listed = [part for fact, found in elements.items() for part in _listed(fact, list(found))]
        self.fields: tuple[Field, ...] = (*scalars, *listed, *map(Asked, asked.values()))
        self._scalars = {scalar.fact: place for place, scalar in enumerate(scalars)}
        self._listed: dict[str, list[tuple[int, Listed]]] = {}
        for place, part in enumerate(listed, len(scalars)):
            self._listed.setdefault(part.fact, []).append((place, part))
        self._asked = {test: place for place, test in enumerate(asked, len(scalars) + len(listed))}

    def everything(self, field: int) -> int:
        """The mask with all codes of a field."""
        return (1 << self.fields[field].size) - 1

    def tests(self, leaf: Leaf) -> list[tuple[int, int]]:
        """Fields, each with a mask of its codes: the test is true when one of them is."""
        if leaf.op is Op.CONTAINS_ANY:
            parts = self._listed.get(leaf.fact, [])
            return [(place, part.any_of(leaf.values)) for place, part in parts]
        if _is_odd(leaf):
            return [(self._asked[_exactly(leaf)], 0b10)]
        place = self._scalars[leaf.fact]
        field = self.fields[place]
        return [(place, _mask(field, leaf))] if isinstance(field, Scalar) else []


def bits(mask: int) -> list[int]:
    """The codes of a mask, ascending."""
    return [code for code, digit in enumerate(bin(mask)[:1:-1]) if digit == "1"]


def _leaves(condition: Condition) -> Iterator[Leaf]:
    match condition:
        case Leaf():
            yield condition
        case All(parts) | Any(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)


_Exactly = tuple[str, Op, tuple[tuple[type, FactValue], ...]]


def _exactly(leaf: Leaf) -> _Exactly:
    """A key under which True is not 1."""
    return leaf.fact, leaf.op, tuple((type(value), value) for value in leaf.values)


def _is_odd(leaf: Leaf) -> bool:
    """Whether the test compares whole lists, which no rule file can say."""
    return any(isinstance(value, tuple) for value in leaf.values)


def _listed(fact: str, elements: Sequence[FactValue]) -> Iterator[Listed]:
    for start in range(0, len(elements), MAX_ELEMENTS):
        part = elements[start : start + MAX_ELEMENTS]
        yield Listed(fact, {element: 1 << place for place, element in enumerate(part)})


def _scalar(fact: str, tests: Sequence[Leaf]) -> Scalar:
    values = [value for test in tests for value in test.values]
    words = sorted({value for value in values if type(value) is str})
    flags = sorted({value for value in values if type(value) is bool})
    points = sorted({value for value in values if type(value) is int})
    after_words = OTHER + 1 + len(words)
    return Scalar(
        fact=fact,
        words={word: OTHER + 1 + place for place, word in enumerate(words)},
        flags={flag: after_words + place for place, flag in enumerate(flags)},
        points=tuple(points),
        first_number=after_words + len(flags),
    )


def _mask(field: Scalar, leaf: Leaf) -> int:
    match leaf.op:
        case Op.EXISTS:
            return (1 << field.size) - 2
        case Op.EQ:
            return sum({1 << field.code(value) for value in leaf.values})
        case _:
            return _range(field, leaf.op, leaf.values[0])


def _range(field: Scalar, op: Op, bound: FactValue) -> int:
    """The codes of the numbers that an ordered test admits; none when the bound is no number."""
    if type(bound) is not int:
        return 0
    first, point, end = field.first_number, field.code(bound), field.size
    match op:
        case Op.GT:
            first = point + 1
        case Op.GTE:
            first = point
        case Op.LT:
            end = point
        case _:
            end = point + 1
    return (1 << end) - (1 << first)
