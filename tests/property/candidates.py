"""Engines to be compared: the durable one as it is, and copies of it with one seeded bug each.

Most bugs are changes of the plan, which is plain data: what a slip in the planner would make.
"""

import json
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from routing_service.core.plans.predicate import All, Any, Condition, Not
from routing_service.core.records.model import Facts
from routing_service.rulebook.domains import MISSING, Field, Fields, Scalar
from routing_service.rulebook.engine import DurableEngine
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.memo import Memo
from routing_service.rulebook.planner import ShardPlan, StagePlan, Writer, plan_stage
from routing_service.rulebook.projection import Projection
from routing_service.rulebook.rules import StageRules, stage_rules
from routing_service.rulebook.trial import Candidate

Stages = Mapping[str, StageRules]


class Compared:
    """The durable engine, built; its plans changed before that by `change`."""

    def __init__(self, stages: Stages, change: "Change | None" = None) -> None:
        plans = [change(rules) if change else plan_stage(rules) for rules in stages.values()]
        self.left = sum(len(plan.left) for plan in plans)
        self.engine = DurableEngine(stages, plans, ReferenceEngine(stages))
        for _ in self.engine.build():
            pass

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        return self.engine.evaluate(stage, facts)

    @property
    def gave_up(self) -> bool:
        """Whether the reference answered in its place: equal answers would prove nothing."""
        counts = self.engine.counts
        return counts.fallbacks > 0 or counts.quarantined > 0

    def close(self) -> None:
        """Free it."""
        self.engine.close()


class Remembering(Compared):
    """The durable engine behind its memo; each question is asked twice, the second is a hit."""

    def __init__(self, stages: Stages) -> None:
        super().__init__(stages)
        never = sys.maxsize  # the shadow check would put right what is to be seen
        self.memo = Memo(self.engine, stages, ReferenceEngine(stages), shadow_every=never)

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        self.memo.evaluate(stage, facts)
        return self.memo.evaluate(stage, facts)


Change = Callable[[StageRules], StagePlan]


def _in_fields(change: Callable[[Scalar], Scalar]) -> Change:
    def changed(rules: StageRules) -> StagePlan:
        plan = plan_stage(rules)
        fields: Sequence[Field] = [
            change(field) if isinstance(field, Scalar) else field for field in plan.fields
        ]
        return replace(plan, fields=tuple(fields))

    return changed


def _in_shards(change: Callable[[ShardPlan, StagePlan], ShardPlan]) -> Change:
    def changed(rules: StageRules) -> StagePlan:
        plan = plan_stage(rules)
        return replace(plan, shards=tuple(change(shard, plan) for shard in plan.shards))

    return changed


def _threshold(field: Scalar) -> Scalar:
    return replace(field, points=tuple(point + 1 for point in field.points))


def _flag(field: Scalar) -> Scalar:
    return replace(field, flags={not flag: code for flag, code in field.flags.items()})


def _coerced(field: Scalar) -> Scalar:
    texts = {str(point): field.code(point) for point in field.points}
    return replace(field, words=texts | field.words)


def _truth_is_one(field: Scalar) -> Scalar:
    flags = {True: field.code(1), False: field.code(0)} if field.points else {}
    return replace(field, flags=flags | field.flags)


def _normalised(field: Scalar) -> Scalar:
    words = {unicodedata.normalize("NFC", word): code for word, code in field.words.items()}
    return replace(field, words=words)


def _without_not(rules: StageRules) -> StagePlan:
    changed = [replace(rule, condition=_affirmed(rule.condition)) for rule in rules.rules]
    return plan_stage(stage_rules(rules.stage, rules.hit, changed, rules.default))


def _affirmed(condition: Condition) -> Condition:
    match condition:
        case Not(part):
            return part
        case All(parts):
            return All(tuple(_affirmed(part) for part in parts))
        case Any(parts):
            return Any(tuple(_affirmed(part) for part in parts))
        case _:
            return condition


def _fewer_alternatives(shard: ShardPlan, _: StagePlan) -> ShardPlan:
    rules, seen = json.loads(shard.rules), set[tuple[int, ...]]()
    for name, ranks in shard.ranks.items():
        if ranks in seen:
            del rules[name]
        seen.add(ranks)
    return replace(shard, rules=json.dumps(rules))


def _one_of_duplicates(shard: ShardPlan, _: StagePlan) -> ShardPlan:
    return replace(shard, ranks={name: ranks[:1] for name, ranks in shard.ranks.items()})


def _missing_is_false(shard: ShardPlan, plan: StagePlan) -> ShardPlan:
    return replace(shard, writers=tuple(_written(each, plan) for each in shard.writers))


def _written(writer: Writer, plan: StagePlan) -> Writer:
    field = plan.fields[writer.field]
    false = field.flags.get(False) if isinstance(field, Scalar) else None
    if false is None or false >= len(writer.texts):
        return writer
    texts = list(writer.texts)
    texts[MISSING] = texts[false]
    return replace(writer, texts=tuple(texts))


def _nothing_left(rules: StageRules) -> StagePlan:
    return replace(plan_stage(rules), left=())


def _facts_swapped(rules: StageRules) -> StagePlan:
    plan = plan_stage(rules)
    scalars = [field for field in plan.fields if isinstance(field, Scalar)]
    if len(scalars) < 2:
        return plan
    first, second = scalars[0].fact, scalars[1].fact
    names = {first: second, second: first}
    fields = [
        replace(field, fact=names.get(field.fact, field.fact))
        if isinstance(field, Scalar)
        else field
        for field in plan.fields
    ]
    return replace(plan, fields=tuple(fields))


class Backwards(Compared):
    """Several rules come in the wrong order."""

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        return super().evaluate(stage, facts)[::-1]


class Forgetful(Compared):
    """What was asked before is still there: facts are not taken back."""

    def __init__(self, stages: Stages) -> None:
        super().__init__(stages)
        self._kept: dict[str, Facts] = {}

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        told = {**self._kept.get(stage, {}), **facts}
        self._kept[stage] = facts
        return super().evaluate(stage, told)


class ShortKey(Remembering):
    """The memo's key lacks one fact."""

    def __init__(self, stages: Stages) -> None:
        super().__init__(stages)
        for rules in stages.values():
            fields = Fields(rule.condition for rule in rules.rules).fields
            self.memo._stages[rules.stage].codes = Projection(fields[:-1]).codes


def _seeded(change: Change) -> Callable[[Stages], Candidate]:
    return lambda stages: Compared(stages, change)


BUGS: dict[str, Callable[[Stages], Candidate]] = {
    "a threshold is off by one": _seeded(_in_fields(_threshold)),
    "a negation is dropped": _seeded(_without_not),
    "a flag has the wrong sense": _seeded(_in_fields(_flag)),
    "an alternative is lost": _seeded(_in_shards(_fewer_alternatives)),
    "rules come in the wrong order": Backwards,
    "a stale fact is kept": Forgetful,
    "merged duplicates answer for one rule": _seeded(_in_shards(_one_of_duplicates)),
    "a text of digits is taken for a number": _seeded(_in_fields(_coerced)),
    "true is taken for 1": _seeded(_in_fields(_truth_is_one)),
    "a missing fact counts as false": _seeded(_in_shards(_missing_is_false)),
    "texts are normalised": _seeded(_in_fields(_normalised)),
    "rules left to the plain matcher are forgotten": _seeded(_nothing_left),
    "two facts are mixed up": _seeded(_facts_swapped),
    "the key of the memo lacks a fact": ShortKey,
}
"""Each a copy of the engine with this one bug."""
