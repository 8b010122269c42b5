"""Facts drawn from what a stage's rules ask: their constants, each threshold and its neighbours.

Made to show an engine every branch of the rules, so values may also be missing or of another type.
The same seed gives the same facts. No item of a real desk enters here.
"""

import itertools
import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op, holds
from routing_service.core.records.model import FactValue
from routing_service.rulebook.rules import StageRules

Drawn = dict[str, FactValue]

UNNAMED = "named-by-no-rule"
"""A text that stands for all that the rules do not name."""

ODD: tuple[FactValue, ...] = ("", 2**53, ())
"""Values that engines have taken for others."""

_LOOK_ALIKE, _FITTING, _DISTURBED = 0.05, 0.4, 0.7
"""Up to these shares: facts made for one rule but for a type, made for it, spoiled in one place."""
_MISSING = 0.35
_TRIED, _OTHERS, _DIGITS = 100, 2, 19


class Samples:
    """Draws facts for one stage."""

    def __init__(self, rules: StageRules, draw: random.Random) -> None:
        """Collect what the rules ask; `draw` decides everything else."""
        self._conditions = [rule.condition for rule in rules.rules]
        self._draw = draw
        self._beside: dict[int, list[FactValue]] = {}
        self.values = _values(self._conditions)
        self._wide = {fact: _widened(values) for fact, values in self.values.items()}

    @property
    def combinations(self) -> int:
        """How many facts `every` gives."""
        return math.prod(len(values) for values in self._wide.values())

    def every(self) -> Iterator[Drawn]:
        """All facts there are: each value, one of another type or none, with each of the others."""
        for combined in itertools.product(*self._wide.values()):
            pairs = zip(self._wide, combined, strict=True)
            yield {fact: value for fact, value in pairs if value is not None}

    def facts(self) -> Drawn:
        """Facts near one of the rules, or any at all."""
        chance = self._draw.random()
        if not self._conditions or chance > _DISTURBED:
            return self.anything()
        drawn = self.fitting(self._draw.choice(self._conditions))
        if drawn and chance < _LOOK_ALIKE:
            fact = self._draw.choice(list(drawn))
            drawn[fact] = self._draw.choice((*_look_alikes(drawn[fact]), *ODD))
        elif chance > _FITTING:
            self._disturb(drawn)
        return drawn

    def anything(self) -> Drawn:
        """Each fact has any of its values, or is missing."""
        draw = self._draw
        return {
            fact: self._any_of(values)
            for fact, values in self.values.items()
            if draw.random() > _MISSING
        }

    def fitting(self, condition: Condition, wanted: bool = True) -> Drawn:
        """Facts made so that the condition holds, or not; parts may contradict each other."""
        drawn = self.anything()
        self._make(condition, wanted, drawn)
        return drawn

    def broadest(self) -> Drawn:
        """Facts under which most tests of all rules are true at once: the hardest for an engine."""
        asked: dict[str, list[tuple[Leaf, bool]]] = defaultdict(list)
        for condition in self._conditions:
            for leaf, wanted in _leaves(condition):
                asked[leaf.fact].append((leaf, wanted))
        drawn: Drawn = {}
        for fact, values in self.values.items():
            tried = values if len(values) <= _TRIED else self._draw.sample(values, _TRIED)
            drawn[fact] = max(tried, key=lambda value: _true_of(asked[fact], fact, value))
        return drawn

    def _make(self, condition: Condition, wanted: bool, drawn: Drawn) -> None:
        match condition:
            case Leaf():
                self._set(condition, wanted, drawn)
            case Not(part):
                self._make(part, not wanted, drawn)
            case All(parts) | Any(parts):
                every = isinstance(condition, All) is wanted
                for part in parts if every or not parts else (self._draw.choice(parts),):
                    self._make(part, wanted, drawn)

    def _set(self, leaf: Leaf, wanted: bool, drawn: Drawn) -> None:
        """Give the leaf's fact a value under which it is as wanted; missing makes it false."""
        if not wanted and self._draw.random() < _MISSING:
            drawn.pop(leaf.fact, None)
        elif fitting := self._fitting_values(leaf, wanted):
            drawn[leaf.fact] = self._any_of(fitting)
        elif not wanted:
            drawn.pop(leaf.fact, None)

    def _fitting_values(self, leaf: Leaf, wanted: bool) -> list[FactValue]:
        """Values beside the leaf's own constants, and a few of other rules."""
        values = self.values[leaf.fact]
        near = self._beside.get(id(leaf))  # not by value: a test for 1 equals the one for True
        if near is None:
            near = self._beside[id(leaf)] = list(_beside(leaf))
        tried = [*near, *(self._any_of(values) for _ in range(_OTHERS))]
        return [value for value in tried if holds(leaf, {leaf.fact: value}) is wanted]

    def _disturb(self, drawn: Drawn) -> None:
        """One fact is missing, another value, or one more or less."""
        if not drawn:
            return
        fact = self._draw.choice(list(drawn))
        value = drawn[fact]
        if self._draw.random() < _MISSING:
            del drawn[fact]
        elif type(value) is int:
            drawn[fact] = value + self._draw.choice((-1, 1))
        else:
            drawn[fact] = self._any_of(self.values[fact])

    def _any_of(self, values: Sequence[FactValue]) -> FactValue:
        return values[int(self._draw.random() * len(values))]  # choice() costs three times as much


def _leaves(condition: Condition, wanted: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Every leaf, and whether the condition wants it true (an odd number of `not` turns it)."""
    match condition:
        case Leaf():
            yield condition, wanted
        case Not(part):
            yield from _leaves(part, not wanted)
        case All(parts) | Any(parts):
            for part in parts:
                yield from _leaves(part, wanted)


def _true_of(asked: list[tuple[Leaf, bool]], fact: str, value: FactValue) -> int:
    return sum(holds(leaf, {fact: value}) is wanted for leaf, wanted in asked)


def _values(conditions: Sequence[Condition]) -> dict[str, list[FactValue]]:
    """The values worth trying by fact, in a fixed order."""
    found: dict[str, dict[tuple[type, FactValue], FactValue]] = {}
    for condition in conditions:
        for leaf, _ in _leaves(condition):
            known = found.setdefault(leaf.fact, {})
            known.update(((type(value), value), value) for value in _beside(leaf))
    return {fact: list(known.values()) for fact, known in found.items()}


def _widened(values: Sequence[FactValue]) -> list[FactValue | None]:
    """The values, what looks like them, the odd ones, and None for a missing fact."""
    alike = (like for value in values for like in _look_alikes(value))
    wide = {(type(value), value): value for value in (*values, *alike, *ODD)}
    return [*wide.values(), None]


def _beside(leaf: Leaf) -> Iterator[FactValue]:
    """The leaf's constants and what lies next to them."""
    if leaf.op is Op.EXISTS:
        yield UNNAMED
    elif leaf.op is Op.CONTAINS_ANY:
        texts = tuple(value for value in leaf.values if isinstance(value, str))
        yield from ((), (UNNAMED,), texts, *((text,) for text in texts))
        yield (UNNAMED, *texts[-1:], UNNAMED)
    else:
        for value in leaf.values:
            yield from _around(value)


def _look_alikes(value: FactValue) -> tuple[FactValue, ...]:
    """Values of other types that a careless engine would take for this one."""
    match value:
        case bool():
            return int(value), str(value).lower()
        case int():
            return str(value), bool(value)
        case str():
            return int(value) if value.isdecimal() and len(value) < _DIGITS else 0, (value,)
        case _:
            return value[:1] or ("",)


def _around(value: FactValue) -> Iterator[FactValue]:
    if isinstance(value, bool):
        yield from (True, False)
    elif isinstance(value, int):
        yield from (value - 1, value, value + 1)
    else:
        yield from (value, UNNAMED)
