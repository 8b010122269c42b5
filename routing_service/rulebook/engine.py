"""Rules on the C engine of durable_rules: the only importer of its raw module.

The module is fast inside a narrow door (handle.py) and unsafe outside it. What the planner left out
and what a broken handle cannot answer, the plain matcher answers: a decision is never missing.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from routing_service.core.plans.predicate import holds
from routing_service.core.records.model import Facts
from routing_service.rulebook.handle import Broken, Raw, Shard
from routing_service.rulebook.matcher import Engine
from routing_service.rulebook.planner import StagePlan
from routing_service.rulebook.projection import Codes, Projection
from routing_service.rulebook.rules import HitPolicy, StageRules

try:
    import durable_rules_engine as _module
except ImportError:  # no compiler at the install, or Python 3.13, where it does not import
    _module = None

AVAILABLE = _module is not None
"""Whether the C module can be imported here."""

MAX_REBUILDS = 3
"""How often a stage is built anew: a broken handle is never freed, so each time costs memory."""


@dataclasses.dataclass(slots=True)
class EngineCounts:
    """How often what happened; `fallbacks` are decisions of the plain matcher in its place."""

    decisions: int = 0
    fallbacks: int = 0
    quarantined: int = 0
    rebuilt: int = 0


class _Stage:
    """One stage: its shards, and what is added to their answer."""

    def __init__(self, plan: StagePlan, rules: StageRules) -> None:
        self.plan = plan
        self.shards: tuple[Shard, ...] = ()
        self.is_ready = False
        self.is_quarantined = False
        self._gate = plan.gate
        self._asked: list[tuple[Shard, ...]] = []
        self.rebuilds_left = MAX_REBUILDS
        self.codes = Projection(plan.fields).codes
        self._left = [(left.rank, rules.rules[left.rank].condition) for left in plan.left]
        self._only_first = plan.hit is HitPolicy.FIRST

    def install(self, shards: tuple[Shard, ...]) -> None:
        """Put these to work, one for each shard of the plan; all of them are primed."""
        self.shards = shards
        self._asked = [tuple(shards[place] for place in asked) for asked in self.plan.asked]
        self.is_ready, self.is_quarantined = True, False

    def fired(self, codes: Codes, facts: Facts) -> tuple[str, ...]:
        """Ids of the rules that hold, in file order; at most one under FIRST."""
        found = [*self.plan.always]
        for shard in self._asked[codes[self._gate]] if self._gate >= 0 else self.shards:
            shard.match(codes, found)
        if self._left:
            self._add_left(found, facts)
        if not found:
            return ()
        ids = self.plan.ids
        if self._only_first:
            return (ids[min(found)],)
        return tuple([ids[rank] for rank in sorted(set(found))])

    def _add_left(self, found: list[int], facts: Facts) -> None:
        before = min(found, default=len(self.plan.ids)) if self._only_first else None
        for rank, condition in self._left:
            if before is not None and rank > before:
                return
            if holds(condition, facts):
                found.append(rank)
                if self._only_first:
                    return


class DurableEngine:
    """Engine over the C module; whatever it cannot answer safely the plain matcher answers."""

    def __init__(
        self,
        stages: Mapping[str, StageRules],
        plans: Sequence[StagePlan],
        reference: Engine,
        raw: Raw | None = None,
    ) -> None:
        """Nothing is compiled yet: run `build`. Until then the reference answers.

        `raw` stands in for the C module. ImportError without it where the module does not import.
        """
        if raw is None and _module is None:
            raise ImportError("durable_rules_engine does not import here")
        self.counts = EngineCounts()
        self.faults: dict[str, str] = {}
        """What was odd, by stage, for the log; the last one only."""
        self._raw: Raw = _module if raw is None else raw
        self._reference = reference
        self._is_closed = False
        self._stages = {plan.stage: _Stage(plan, stages[plan.stage]) for plan in plans}

    def build(self) -> Iterator[None]:
        """Compile all stages, a slice at each step, so that others may run between them."""
        for stage in self._stages.values():
            yield from self._build(stage)

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        asked = self._stages.get(stage)
        if asked is None:
            return ()
        if asked.is_ready:
            codes = asked.codes(facts)
            try:
                fired = asked.fired(codes, facts)
            except Exception as odd:  # noqa: BLE001 - whatever came out of C: the reference answers
                self._quarantine(asked, odd)
            else:
                self.counts.decisions += 1
                return fired
        self.counts.fallbacks += 1
        return self._reference.evaluate(stage, facts)

    @property
    def quarantined(self) -> tuple[str, ...]:
        """The stages that the reference answers because the C engine was odd."""
        return tuple(name for name, stage in self._stages.items() if stage.is_quarantined)

    @property
    def needs_rebuild(self) -> bool:
        """Whether `rebuild` has something to do."""
        return any(stage.is_quarantined and stage.rebuilds_left for stage in self._stages.values())

    def rebuild(self) -> Iterator[None]:
        """Compile anew, slice by slice, what is in quarantine; for the caller's background."""
        for stage in self._stages.values():
            if stage.is_quarantined and stage.rebuilds_left:
                stage.rebuilds_left -= 1
                yield from self._build(stage)
                self.counts.rebuilt += stage.is_ready

    def retire(self, stage: str) -> None:
        """Answer this stage from the reference for good: the C engine was seen to be wrong."""
        asked = self._stages[stage]
        asked.rebuilds_left = 0
        if asked.is_ready:
            self._quarantine(asked, Broken("another answer than the reference"))

    def close(self) -> None:
        """Free what is safe to free; later questions are answered by the reference."""
        self._is_closed = True
        for stage in self._stages.values():
            stage.is_ready = stage.is_quarantined = False
            self._discard(stage, stage.shards)

    def _build(self, stage: _Stage) -> Iterator[None]:
        """Shards that are still sound are kept; the others get a new handle."""
        made: list[Shard] = []
        kept = {shard.plan.rules: shard for shard in stage.shards if shard.is_sound}
        try:
            for plan in stage.plan.shards:
                if plan.rules not in kept:
                    made.append(Shard(plan, self._raw))
                    yield
                    made[-1].prime()
                    yield
        except Exception as odd:  # noqa: BLE001 - whatever came out of C: the reference answers
            self._discard(stage, made)
            self._quarantine(stage, odd)
        except GeneratorExit:
            self._discard(stage, made)
            raise
        else:
            if self._is_closed:
                self._discard(stage, made)
                return
            new = {shard.plan.rules: shard for shard in made}
            stage.install(tuple((kept | new)[plan.rules] for plan in stage.plan.shards))

    def _discard(self, stage: _Stage, shards: Sequence[Shard]) -> None:
        for shard in shards:
            self._close(stage, shard)

    def _close(self, stage: _Stage, shard: Shard) -> None:
        try:
            shard.close()
        except Exception as odd:  # noqa: BLE001 - the handle is left as it is; nothing depends on it
            self.faults[stage.plan.stage] = repr(odd)

    def _quarantine(self, stage: _Stage, odd: Exception) -> None:
        if self._is_closed:  # by another thread, between the question and its answer
            return
        stage.is_ready, stage.is_quarantined = False, True
        self.counts.quarantined += 1
        self.faults[stage.plan.stage] = repr(odd)
