"""Conjunctions of codes -> conditions on properties with names of our own, in one order.

Decides which property stands for which codes; every condition compares integers that we made.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from routing_service.rulebook.alternatives import Conjunction
from routing_service.rulebook.domains import Field, Scalar
from routing_service.rulebook.trie import Test

PRIME = "zprime"
"""The property of the engine's own first fact."""
RESERVED = ("id", "sid", "$s", PRIME)
"""Names that the engine or we use otherwise."""
WIDE = 32
"""A field of more codes is compared in two steps: the engine goes through values one by one."""

_FNV_PRIME, _FNV_OFFSET = 16_777_619, 2_166_136_261  # http://www.isthe.com/chongo/tech/comp/fnv/


EQUAL, FLAG, RANGE = 0, 1, 2
"""Kinds of property, in the order in which their conditions stand."""


class Property(msgspec.Struct, frozen=True, order=True):
    """A property of the fact that the engine is told, made of one field.

    For a code c it is worth c // divide % modulo, a flag 1. `kind` orders conditions.
    """

    kind: int
    name: str
    field: int
    divide: int
    modulo: int

    def value(self, code: int) -> int:
        """What is written for a code."""
        return 1 if self.kind == FLAG else code // self.divide % self.modulo


class Part(msgspec.Struct, frozen=True):
    """One condition of a conjunction and the mask of the codes at which its property is written."""

    property: Property
    test: Test
    codes: int


Written = tuple[Part, ...]


def hash32(name: str) -> int:
    """FNV-1a of 32 bits: the engine compares names by this number alone."""
    value = _FNV_OFFSET
    for byte in name.encode("utf-8"):
        value = (value ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return value


def write(
    conjunctions: Iterable[Conjunction], fields: Sequence[Field]
) -> list[tuple[Conjunction, Written]]:
    """Every conjunction with its conditions; those that share their first ones are neighbours.

    The order of conditions is one for all: equalities, flags, ranges, the most used first.
    """
    names = _Names(fields)
    parts = {each: [part for test in each for part in names.parts(*test)] for each in conjunctions}
    uses = Counter(part.property for written in parts.values() for part in written)

    def order(part: Part) -> tuple[int, int, Test]:
        return part.property.kind, -uses[part.property], part.test

    ordered = [(each, tuple(sorted(written, key=order))) for each, written in parts.items()]
    return sorted(ordered, key=lambda pair: [order(part) for part in pair[1]])


class _Names:
    """The properties that stand for fields; no two names have the same hash."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._taken = {hash32(name) for name in RESERVED}
        self._made: dict[tuple[str, int, int], Property] = {}

    def parts(self, field: int, mask: int) -> list[Part]:
        """The conditions that are true together exactly when the field has a code of the mask."""
        if mask.bit_count() == 1:
            return self._equal(field, mask)
        if ends := _ends(mask, _numbers(self._fields[field])):
            number = self._property(("n", field, 0), RANGE, 1, self._fields[field].size)
            return [Part(number, Test(number.name, op, code), mask) for op, code in ends]
        flag = self._property(("g", field, mask), FLAG, 1, 1)
        return [Part(flag, Test(flag.name, "", 1), mask)]

    def _equal(self, field: int, mask: int) -> list[Part]:
        size, code = self._fields[field].size, mask.bit_length() - 1
        if size <= WIDE:
            properties = [self._property(("e", field, 0), EQUAL, 1, size)]
        else:
            step = int(size**0.5) + 1
            properties = [
                self._property(("c", field, 0), EQUAL, step, size),
                self._property(("d", field, 0), EQUAL, 1, step),
            ]
        return [Part(each, Test(each.name, "", each.value(code)), mask) for each in properties]

    def _property(self, key: tuple[str, int, int], kind: int, divide: int, modulo: int) -> Property:
        """The property of this letter, field and mask."""
        if key not in self._made:
            name = self._name(key[0], len(self._made))
            self._made[key] = Property(kind, name, key[1], divide, modulo)
        return self._made[key]

    def _name(self, letter: str, number: int) -> str:
        name = f"{letter}{number}"
        while hash32(name) in self._taken:
            name += "x"
        self._taken.add(hash32(name))
        return name


def _numbers(field: Field) -> int:
    """The mask of the codes that are numbers."""
    if not isinstance(field, Scalar) or not field.points:
        return 0
    return (1 << field.size) - (1 << field.first_number)


def _ends(mask: int, numbers: int) -> list[tuple[str, int]]:
    """The bounds of an unbroken range of numbers; none for anything else, or without bound."""
    if mask & ~numbers:
        return []
    low, high = (mask & -mask).bit_length() - 1, mask.bit_length() - 1
    if mask != (1 << (high + 1)) - (1 << low):
        return []
    first, last = (numbers & -numbers).bit_length() - 1, numbers.bit_length() - 1
    return [("$gte", low)] * (low > first) + [("$lte", high)] * (high < last)
