"""Remembers which rules fired for facts that no rule can tell apart.

The key is what the rules of the stage can see of the facts (domains.py), the value rule ids only;
one memo belongs to one rulebook. One answer in a hundred is decided again by the plain matcher.
"""

import dataclasses
from collections.abc import Callable, Mapping

from routing_service.core.records.model import Facts
from routing_service.rulebook.domains import Fields
from routing_service.rulebook.matcher import Engine
from routing_service.rulebook.projection import Codes, Projection
from routing_service.rulebook.rules import StageRules

Fired = tuple[str, ...]
"""Ids of the rules that fired."""

SIZE = 16_384
"""Answers kept for each stage, at most: about 5 MB when all are used."""
SHADOW_EVERY = 100


@dataclasses.dataclass(slots=True, frozen=True)
class MemoCounts:
    """How often what happened; `shadowed` answers were compared with the reference's."""

    hits: int = 0
    misses: int = 0
    shadowed: int = 0
    diverged: int = 0


class _Kept:
    """What is remembered of one stage, in two halves: what was not asked for a while goes first.

    A hit in the young half moves nothing, which is what makes it cheap. Hits and misses are counted
    by stage: stages are asked in turn, so every hundredth of all hits would be of the same stage.
    """

    __slots__ = ("codes", "hits", "misses", "old", "young")

    def __init__(self, rules: StageRules) -> None:
        fields = Fields(rule.condition for rule in rules.rules)
        self.codes: Callable[[Facts], Codes] = Projection(fields.fields).codes
        self.young: dict[Codes, Fired] = {}
        self.old: dict[Codes, Fired] = {}
        self.hits = self.misses = 0

    def put(self, codes: Codes, answer: Fired, size: int) -> None:
        """Remember; when the young half is full it becomes the old one, and that is forgotten."""
        if len(self.young) >= size // 2:
            self.old, self.young = self.young, {}
        self.young[codes] = answer

    def forget(self) -> None:
        """Everything."""
        self.young, self.old = {}, {}


class Memo:
    """An engine in front of another, with a bounded memory."""

    def __init__(
        self,
        engine: Engine,
        stages: Mapping[str, StageRules],
        reference: Engine,
        *,
        size: int = SIZE,
        shadow_every: int = SHADOW_EVERY,
    ) -> None:
        """Remember `size` answers a stage, compare each `shadow_every`th of its hits and misses."""
        self.engine = engine
        self.on_divergence: Callable[[str], None] | None = None
        """Told the stage whose answer was not the reference's."""
        self._reference = reference
        self._size = size
        self._shadow_every = shadow_every
        self._shadowed = self._diverged = 0
        self._stages = {name: _Kept(stage) for name, stage in stages.items()}

    @property
    def counts(self) -> MemoCounts:
        """What happened until now, in all stages."""
        stages = self._stages.values()
        return MemoCounts(
            hits=sum(kept.hits for kept in stages),
            misses=sum(kept.misses for kept in stages),
            shadowed=self._shadowed,
            diverged=self._diverged,
        )

    def evaluate(self, stage: str, facts: Facts) -> Fired:
        """See Engine."""
        kept = self._stages.get(stage)
        if kept is None:
            return ()
        codes = kept.codes(facts)
        answer = kept.young.get(codes)
        if answer is None:
            answer = kept.old.pop(codes, None)
            if answer is None:
                return self._missed(kept, codes, stage, facts)
            kept.put(codes, answer, self._size)
        kept.hits += 1
        if kept.hits % self._shadow_every:
            return answer
        return self._compared(answer, stage, facts)

    def close(self) -> None:
        """Forget everything and close the engine behind."""
        self._forget()
        self.engine.close()

    def _missed(self, kept: _Kept, codes: Codes, stage: str, facts: Facts) -> Fired:
        kept.misses += 1
        answer = self.engine.evaluate(stage, facts)
        if kept.misses % self._shadow_every == 0:
            answer = self._compared(answer, stage, facts)
        kept.put(codes, answer, self._size)
        return answer

    def _compared(self, answer: Fired, stage: str, facts: Facts) -> Fired:
        """The reference's answer; when it is another one, nothing that is remembered counts."""
        self._shadowed += 1
        expected = self._reference.evaluate(stage, facts)
        if expected != answer:
            self._diverged += 1
            self._forget()
            if self.on_divergence is not None:
                self.on_divergence(stage)
        return expected

    def _forget(self) -> None:
        for kept in self._stages.values():
            kept.forget()
