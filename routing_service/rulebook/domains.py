"""What the rules of a stage can tell apart about a fact: a small number instead of the value.

Every constant of the rules becomes a code, numbers become the threshold points and the open
intervals between them. No value of a request goes further than this module: the rule engine and
the memo see codes only. Truth of a test is core's alone.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from routing_service.core.model import Facts, FactValue
from routing_service.core.predicate import All, Any, Condition, Leaf, Not, Op, holds

Codes = tuple[int, ...]
"""One code per field, in the order of the fields."""

MISSING, OTHER = 0, 1
"""Codes of a fact that is not there, and of a value that no rule names."""


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

    def code(self, value: FactValue | None) -> int:
        """The code of a value; True is not 1, and no type stands for another."""
        if value is None:
            return MISSING
        if type(value) is bool:
            return self.flags.get(value, OTHER)
        if type(value) is str:
            return self.words.get(value, OTHER)
        if type(value) is int and self.points:
            place = bisect_left(self.points, value)
            exact = place < len(self.points) and self.points[place] == value
            return self.first_number + 2 * place + exact
        return OTHER


class Asked(msgspec.Struct, frozen=True):
    """A test that is asked as a whole: its codes are 0 (false) and 1 (true)."""

    leaf: Leaf

    @property
    def size(self) -> int:
        """How many codes there are."""
        return 2


Field = Scalar | Asked


class Fields:
    """The fields that the conditions of a stage read, and which codes make a test true."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        """Collect the constants of these conditions."""
        leaves = [leaf for condition in conditions for leaf in _leaves(condition)]
        whole = {_exactly(leaf): leaf for leaf in leaves if _is_whole(leaf)}
        by_fact: dict[str, list[Leaf]] = {}
        for leaf in leaves:
            if not _is_whole(leaf):
                by_fact.setdefault(leaf.fact, []).append(leaf)
        scalars = [_scalar(fact, tests) for fact, tests in sorted(by_fact.items())]
        self.fields: tuple[Field, ...] = (*scalars, *(Asked(leaf) for leaf in whole.values()))
        self._scalars = {scalar.fact: place for place, scalar in enumerate(scalars)}
        self._asked = {test: len(scalars) + place for place, test in enumerate(whole)}

    def everything(self, field: int) -> int:
        """The mask with all codes of a field."""
        return (1 << self.fields[field].size) - 1

    def test(self, leaf: Leaf) -> tuple[int, int]:
        """The field that a test reads and the mask of the codes that make it true."""
        if _is_whole(leaf):
            return self._asked[_exactly(leaf)], 0b10
        place = self._scalars[leaf.fact]
        field = self.fields[place]
        assert isinstance(field, Scalar)  # noqa: S101 - by construction; tells the type checker
        return place, _mask(field, leaf)


class Projection:
    """Facts -> codes. Equal codes = no rule of the stage can tell the facts apart."""

    def __init__(self, fields: Sequence[Field]) -> None:
        """Read these fields."""
        self._scalars = [(field.fact, field.words, field.code) for field in _scalars(fields)]
        self._tests = [_tester(field.leaf) for field in fields if isinstance(field, Asked)]

    def codes(self, facts: Facts) -> Codes:
        """The code of each field; on the path of every decision, so written for speed."""
        get = facts.get
        found = [
            words.get(value, OTHER) if type(value := get(fact)) is str else code(value)
            for fact, words, code in self._scalars
        ]
        if self._tests:
            found += [test(facts) for test in self._tests]
        return tuple(found)


def bits(mask: int) -> Iterator[int]:
    """The codes of a mask, ascending."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _scalars(fields: Sequence[Field]) -> list[Scalar]:
    return [field for field in fields if isinstance(field, Scalar)]


def _leaves(condition: Condition) -> Iterator[Leaf]:
    match condition:
        case Leaf():
            yield condition
        case All(parts) | Any(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)


def _exactly(leaf: Leaf) -> tuple[str, Op, tuple[tuple[type, FactValue], ...]]:
    """A key under which True is not 1."""
    return leaf.fact, leaf.op, tuple((type(value), value) for value in leaf.values)


def _is_whole(leaf: Leaf) -> bool:
    """Whether the test looks into a list, of which there are too many to give each a code."""
    return leaf.op is Op.CONTAINS_ANY or any(isinstance(value, tuple) for value in leaf.values)


def _tester(leaf: Leaf) -> Callable[[Facts], bool]:
    if leaf.op is not Op.CONTAINS_ANY:
        return lambda facts: holds(leaf, facts)
    fact, is_apart = leaf.fact, frozenset(leaf.values).isdisjoint

    def contains(facts: Facts) -> bool:
        value = facts.get(fact)
        return isinstance(value, tuple) and not is_apart(value)

    return contains


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
