"""A condition as alternatives: each a conjunction of fields that have one of some codes.

Negation is pushed to the tests and becomes the other codes; tests of one field join into one mask.
Pure; nothing here knows how a rule engine writes it down.
"""

from collections.abc import Iterable, Sequence

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not
from routing_service.rulebook.domains import Fields

MAX_ALTERNATIVES = 32
"""More are left to the plain matcher: `any` inside `all` multiplies."""

Conjunction = frozenset[tuple[int, int]]
"""(field, mask of codes) for each field that counts; an empty one is always true."""

ALWAYS: Conjunction = frozenset()


class TooManyAlternatives(Exception):
    """The condition needs more than MAX_ALTERNATIVES conjunctions."""


def alternatives(condition: Condition, fields: Fields) -> tuple[Conjunction, ...]:
    """The condition holds exactly when one of these does; none at all = never.

    TooManyAlternatives when it, or a part of it, has more than MAX_ALTERNATIVES.
    """
    return tuple(_Expansion(fields).expand(condition, wanted=True))


class _Expansion:
    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def expand(self, condition: Condition, *, wanted: bool) -> list[Conjunction]:
        match condition:
            case Leaf():
                return self._leaf(condition, wanted=wanted)
            case Not(part):
                return self.expand(part, wanted=not wanted)
            case All(parts) | Any(parts):
                expanded = [self.expand(part, wanted=wanted) for part in parts]
                return (
                    _every(expanded)
                    if isinstance(condition, All) is wanted
                    else self._one(expanded)
                )

    def _leaf(self, leaf: Leaf, *, wanted: bool) -> list[Conjunction]:
        tests = self._fields.tests(leaf)
        if wanted:
            return self._one([self._test(*test) for test in tests])
        others = [(field, self._fields.everything(field) ^ mask) for field, mask in tests]
        return _every([self._test(*test) for test in others])

    def _test(self, field: int, mask: int) -> list[Conjunction]:
        if mask == self._fields.everything(field):
            return [ALWAYS]
        return [frozenset({(field, mask)})] if mask else []

    def _one(self, parts: Iterable[Sequence[Conjunction]]) -> list[Conjunction]:
        """At least one part; single tests of one field join into one."""
        singles: dict[int, int] = {}
        others: dict[Conjunction, None] = {}
        for conjunction in (each for part in parts for each in part):
            if len(conjunction) == 1:
                ((field, mask),) = conjunction
                singles[field] = singles.get(field, 0) | mask
            else:
                others[conjunction] = None
        if ALWAYS in others or any(
            mask == self._fields.everything(f) for f, mask in singles.items()
        ):
            return [ALWAYS]
        return _bounded([*(frozenset({single}) for single in singles.items()), *others])


def _every(parts: Iterable[Sequence[Conjunction]]) -> list[Conjunction]:
    """All parts: each alternative of one with each of the others, the short ones first."""
    made = [ALWAYS]
    for part in sorted(parts, key=len):
        joined = (_both(first, second) for first in made for second in part)
        made = _bounded(list(dict.fromkeys(each for each in joined if each is not None)))
    return made


def _both(first: Conjunction, second: Conjunction) -> Conjunction | None:
    """Both conjunctions at once; None when a field would need two codes."""
    masks = dict(first)
    for field, mask in second:
        masks[field] = masks.get(field, mask) & mask
        if not masks[field]:
            return None
    return frozenset(masks.items())


def _bounded(made: list[Conjunction]) -> list[Conjunction]:
    if len(made) > MAX_ALTERNATIVES:
        raise TooManyAlternatives
    return made
