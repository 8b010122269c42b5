"""Facts -> the codes of their values: the step before every decision, so written for speed.

No value of a request goes further than this: the rule engine and the memo see codes only.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile

from routing_service.core.plans.predicate import holds
from routing_service.core.records.model import Facts, FactValue
from routing_service.rulebook.domains import MISSING, OTHER, Asked, Field, Listed, Scalar, Types

Codes = tuple[int, ...]
"""One code per field, in the order of the fields."""


class Projection:
    """Reads facts. Equal codes = no rule of the stage can tell the facts apart."""

    def __init__(self, fields: Sequence[Field]) -> None:
        """Read these fields; most are texts, then numbers, as `Fields` orders them."""
        texts = _leading(fields, Types.TEXTS)
        numbers = _leading(fields[len(texts) :], Types.NUMBERS)
        self._texts = [(field.fact, field.words) for field in texts]
        self._numbers = [(field.fact, field.points, field.first_number) for field in numbers]
        self._others = [_reader(field) for field in fields[len(texts) + len(numbers) :]]

    def codes(self, facts: Facts) -> Codes:
        """The code of each field; on 3.11 a comprehension would cost a call of its own."""
        get = facts.get
        found: list[int] = []
        for fact, words in self._texts:
            value = get(fact)
            if type(value) is str:
                found.append(words.get(value, OTHER))
            else:
                found.append(MISSING if value is None else OTHER)
        for fact, points, first in self._numbers:
            value = get(fact)
            if type(value) is int:
                found.append(first + bisect_left(points, value) + bisect_right(points, value))
            else:
                found.append(MISSING if value is None else OTHER)
        for read in self._others:
            found.append(read(facts))  # noqa: PERF401 - as above
        return tuple(found)


def _leading(fields: Sequence[Field], types: Types) -> list[Scalar]:
    """The first fields, as long as they are of this kind."""
    first = takewhile(lambda field: isinstance(field, Scalar) and field.types is types, fields)
    return [field for field in first if isinstance(field, Scalar)]


def _reader(field: Field) -> Callable[[Facts], int]:
    """Facts -> the code of a field."""
    match field:
        case Asked(leaf):
            return lambda facts: holds(leaf, facts)
        case Scalar(fact) if field.types is Types.FLAGS:
            return _flag_reader(fact, field.flags)
        case Listed(fact):
            return _list_reader(fact, field.bits)
        case Scalar(fact):
            code = field.code
            return lambda facts: code(facts.get(fact))


def _flag_reader(fact: str, flags: Mapping[bool, int]) -> Callable[[Facts], int]:
    true, false = flags.get(True, OTHER), flags.get(False, OTHER)

    def read(facts: Facts) -> int:
        value = facts.get(fact)
        if value is True:
            return true
        if value is False:
            return false
        return MISSING if value is None else OTHER

    return read


def _list_reader(fact: str, bits: Mapping[FactValue, int]) -> Callable[[Facts], int]:
    bit = bits.get

    def read(facts: Facts) -> int:
        value = facts.get(fact)
        found = 0
        if isinstance(value, tuple):
            for element in value:
                found |= bit(element, 0)
        return found

    return read
