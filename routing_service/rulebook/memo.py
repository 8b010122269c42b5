"""Remembers which rules fired for facts that no rule can tell apart.

The key is what the rules of the stage can see of the facts (domains.py), the value rule ids only;
one memo belongs to one rulebook. One answer in a hundred is decided again by the plain matcher.
"""

import dataclasses
from collections import OrderedDict
from collections.abc import Callable, Mapping

from routing_service.core.model import Facts
from routing_service.rulebook.domains import Fields
from routing_service.rulebook.matcher import Engine
from routing_service.rulebook.projection import Codes, Projection
from routing_service.rulebook.rules import StageRules

SIZE = 8_192
"""Answers kept for each stage: about 3 MB when all are used."""
SHADOW_EVERY = 100


@dataclasses.dataclass(slots=True)
class MemoCounts:
    """How often what happened; `shadowed` answers were compared with the reference's."""

    hits: int = 0
    misses: int = 0
    shadowed: int = 0
    diverged: int = 0


class _Kept:
    """What is remembered of one stage, the least recently used first."""

    def __init__(self, rules: StageRules) -> None:
        fields = Fields(rule.condition for rule in rules.rules)
        self.codes: Callable[[Facts], Codes] = Projection(fields.fields).codes
        self.answers: OrderedDict[Codes, tuple[str, ...]] = OrderedDict()


class Memo:
    """An engine in front of another: a bounded memory, least recently used goes first."""

    def __init__(
        self,
        engine: Engine,
        stages: Mapping[str, StageRules],
        reference: Engine,
        *,
        size: int = SIZE,
        shadow_every: int = SHADOW_EVERY,
    ) -> None:
        """Remember `size` answers a stage; compare each `shadow_every`th hit, and miss."""
        self.engine = engine
        self.counts = MemoCounts()
        self.on_divergence: Callable[[str], None] | None = None
        """Told the stage whose answer was not the reference's."""
        self._reference = reference
        self._size = size
        self._shadow_every = shadow_every
        self._stages = {name: _Kept(stage) for name, stage in stages.items()}

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        kept = self._stages.get(stage)
        if kept is None:
            return ()
        codes = kept.codes(facts)
        answer = kept.answers.get(codes)
        if answer is None:
            return self._missed(kept, codes, stage, facts)
        kept.answers.move_to_end(codes)
        counts = self.counts
        counts.hits += 1
        if counts.hits % self._shadow_every:
            return answer
        return self._compared(answer, stage, facts)

    def close(self) -> None:
        """Forget everything and close the engine behind."""
        self._forget()
        self.engine.close()

    def _missed(self, kept: _Kept, codes: Codes, stage: str, facts: Facts) -> tuple[str, ...]:
        self.counts.misses += 1
        answer = self.engine.evaluate(stage, facts)
        if self.counts.misses % self._shadow_every == 0:
            answer = self._compared(answer, stage, facts)
        kept.answers[codes] = answer
        if len(kept.answers) > self._size:
            kept.answers.popitem(last=False)
        return answer

    def _compared(self, answer: tuple[str, ...], stage: str, facts: Facts) -> tuple[str, ...]:
        """The reference's answer; when it is another one, nothing that is remembered counts."""
        self.counts.shadowed += 1
        expected = self._reference.evaluate(stage, facts)
        if expected != answer:
            self.counts.diverged += 1
            self._forget()
            if self.on_divergence is not None:
                self.on_divergence(stage)
        return expected

    def _forget(self) -> None:
        for kept in self._stages.values():
            kept.answers.clear()
