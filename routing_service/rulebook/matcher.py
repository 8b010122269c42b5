"""Which rules fire for some facts: the seam to rule engines and the reference engine.

The only semantics is `core.plans.predicate.holds`; the reference engine merely skips rules that it
can see must be false. Merging of outcomes is not the matcher's business.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from routing_service.core.plans.predicate import holds
from routing_service.core.records.model import Facts
from routing_service.rulebook.logic import TypedValue, required
from routing_service.rulebook.rules import HitPolicy, Rule, StageRules

_MIN_INDEXED = 8


class Engine(Protocol):
    """Answers which rules fire; one per rulebook, used from one thread at a time."""

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """Ids of the rules that fire, in file order; at most one under the hit policy FIRST.

        A stage without rules, or where no rule holds, gives ().
        """
        ...

    def close(self) -> None:
        """Let go of what the engine holds; it may still be asked."""
        ...


class ReferenceEngine:
    """The plain matcher: the oracle in tests, and the fallback of any faster engine."""

    def __init__(self, stages: Mapping[str, StageRules]) -> None:
        """Index the stages; the rules are used as they are."""
        self._stages = {name: _IndexedStage(stage) for name, stage in stages.items()}

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        indexed = self._stages.get(stage)
        if indexed is None:
            return ()
        return scan(indexed.candidates(facts), indexed.hit, facts)

    def close(self) -> None:
        """See Engine; there is nothing to let go of."""


def scan(rules: Sequence[Rule], hit: HitPolicy, facts: Facts) -> tuple[str, ...]:
    """The definition: ask every rule in order, stop at the first one that holds under FIRST."""
    if hit is HitPolicy.ALL:
        return tuple(rule.id for rule in rules if holds(rule.condition, facts))
    for rule in rules:
        if holds(rule.condition, facts):
            return (rule.id,)
    return ()


class _IndexedStage:
    """A stage's rules by the value of one fact that many of them require.

    A rule that requires `fact = v` cannot hold when the fact has another value or is missing, so
    leaving it out changes nothing. Rules without such a part are always candidates.
    """

    def __init__(self, stage: StageRules) -> None:
        self.hit = stage.hit
        self._rules = stage.rules
        self._fact = _index_fact(stage.rules)
        self._by_value: dict[TypedValue, tuple[Rule, ...]] = {}
        self._others: tuple[Rule, ...] = stage.rules
        if self._fact:
            self._index(self._fact)

    def candidates(self, facts: Facts) -> Sequence[Rule]:
        """The rules that may hold, in file order."""
        value = facts.get(self._fact) if self._fact else None
        if value is None:
            return self._others
        return self._by_value.get((type(value), value), self._others)

    def _index(self, fact: str) -> None:
        needed = [required(rule.condition).get(fact) for rule in self._rules]
        pairs = list(zip(self._rules, needed, strict=True))
        self._others = tuple(rule for rule, values in pairs if values is None)
        for key in {key for values in needed if values for key in values}:
            self._by_value[key] = tuple(
                rule for rule, values in pairs if values is None or key in values
            )


def _index_fact(rules: Sequence[Rule]) -> str:
    """The fact whose index leaves the fewest candidates on average; "" when none helps."""
    buckets: dict[str, dict[TypedValue, int]] = defaultdict(lambda: defaultdict(int))
    users: dict[str, int] = defaultdict(int)
    for rule in rules:
        for fact, keys in required(rule.condition).items():
            users[fact] += 1
            for key in keys:
                buckets[fact][key] += 1
    best, fewest = "", float(len(rules))
    for fact in sorted(buckets):
        sizes = buckets[fact].values()
        candidates = len(rules) - users[fact] + sum(sizes) / len(sizes)
        if candidates < fewest:
            best, fewest = fact, candidates
    return best if len(rules) >= _MIN_INDEXED else ""
