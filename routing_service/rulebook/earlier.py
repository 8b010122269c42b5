"""The rules before one, found by what they require: most pairs need no look at all.

A rule that requires a value which another excludes can never hold whenever that other does.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from routing_service.rulebook.logic import TypedValue
from routing_service.rulebook.rules import Rule

Needs = dict[str, set[TypedValue]]


class Earlier:
    """Rules in file order, by each fact: those that require one of its values, and the others."""

    def __init__(self, facts: Iterable[str]) -> None:
        self._with: dict[str, dict[TypedValue, list[int]]] = {
            fact: defaultdict(list) for fact in facts
        }
        self._without: dict[str, list[int]] = {fact: [] for fact in self._with}
        self._rules: list[tuple[Rule, Needs]] = []

    def add(self, rule: Rule, needs: Needs) -> None:
        """The next rule in file order."""
        place = len(self._rules)
        self._rules.append((rule, needs))
        for fact, without in self._without.items():
            if fact not in needs:
                without.append(place)
            for value in needs.get(fact, ()):
                self._with[fact][value].append(place)

    def implied_by(self, needs: Needs) -> Iterable[Rule]:
        """The rules, in file order, that may hold whenever one with these needs does."""
        for place in self._near(needs):
            rule, needed = self._rules[place]
            if all(needs[fact] <= values for fact, values in needed.items() if fact in needs):
                yield rule

    def _near(self, needs: Needs) -> Sequence[int]:
        """By the fact that leaves the fewest: it must admit any one value that is required."""
        fewest: Sequence[int] = range(len(self._rules))
        for fact, values in needs.items():
            if not values:
                continue
            admitted, free = self._with[fact][next(iter(values))], self._without[fact]
            if len(admitted) + len(free) < len(fewest):
                fewest = sorted([*admitted, *free])
        return fewest
