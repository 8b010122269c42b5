"""Explains a decision: asks every rule of every stage again and keeps each condition's truth.

Pure, and by the reference semantics alone (`core.plans.predicate.holds`): which engine decided does
not matter. Words are explain_words.py's business.
"""

from collections.abc import Mapping, Sequence
from itertools import islice

import msgspec

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, holds
from routing_service.core.records.model import Facts, FactValue
from routing_service.core.steering.facts import surge_facts
from routing_service.rulebook.explanation import (
    PERSONAL,
    Clause,
    ClauseKind,
    DecisionKind,
    ExplainedRule,
    ExplainedStage,
    Explanation,
    Standing,
)
from routing_service.rulebook.merge import merge
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.rules import DEFAULT, HitPolicy, Outcome, Rule, StageRules


def explain_intake(rulebook: Rulebook, facts: Facts) -> Explanation:
    """Why `rulebook.intake(facts)` answers what it does."""
    return _Explainer(rulebook, facts).intake()


def explain_escalation(rulebook: Rulebook, facts: Facts) -> Explanation:
    """Why `rulebook.escalate(facts)` answers what it does."""
    return _Explainer(rulebook, facts).escalation()


def clause(condition: Condition, facts: Facts, personal: frozenset[str] = frozenset()) -> Clause:
    """The condition with the truth of each part; values of `personal` facts are not shown."""
    match condition:
        case Leaf(fact, op, values):
            actual = PERSONAL if fact in personal and fact in facts else facts.get(fact)
            return Clause(
                kind=ClauseKind.TEST,
                holds=holds(condition, facts),
                fact=fact,
                op=op,
                expected=values,
                actual=actual,
            )
        case All(asked):
            parts = tuple(clause(part, facts, personal) for part in asked)
            return Clause(kind=ClauseKind.ALL, holds=all(part.holds for part in parts), parts=parts)
        case Any(asked):
            parts = tuple(clause(part, facts, personal) for part in asked)
            first = next((number for number, part in enumerate(parts, 1) if part.holds), 0)
            return Clause(kind=ClauseKind.ANY, holds=first > 0, alternative=first, parts=parts)
        case Not(asked_not):
            part = clause(asked_not, facts, personal)
            return Clause(kind=ClauseKind.NOT, holds=not part.holds, parts=(part,))


def first_false(asked: Clause) -> Clause | None:
    """The first clause, in reading order, that keeps the whole from holding; None when it holds.

    Of alternatives that all fail it is the first one's; a `not` stands for itself.
    """
    if asked.holds:
        return None
    if asked.kind in (ClauseKind.ALL, ClauseKind.ANY):
        return next((first_false(part) for part in asked.parts if not part.holds), asked)
    return asked


def shortened(explanation: Explanation, most: int) -> Explanation:
    """The same with at most so many rules a stage that did not fire; `left_out` counts the rest."""
    stages = tuple(_shortened(stage, most) for stage in explanation.stages)
    return msgspec.structs.replace(explanation, stages=stages)


def _shortened(stage: ExplainedStage, most: int) -> ExplainedStage:
    losers = [rule for rule in stage.rules if rule.standing is not Standing.FIRED]
    if len(losers) <= most:
        return stage
    kept = {rule.id for rule in islice(losers, most)}
    rules = tuple(r for r in stage.rules if r.standing is Standing.FIRED or r.id in kept)
    return msgspec.structs.replace(
        stage, rules=rules, left_out=stage.left_out + len(losers) - len(kept)
    )


def _answered(decided: Outcome, surge: Outcome) -> Outcome:
    """With what the surge stage adds."""
    return msgspec.structs.replace(
        decided,
        queue=surge.queue or decided.queue,
        deflect=surge.deflect,
        offer=surge.offer,
        tell=surge.tell,
    )


class _Explainer:
    """One decision under way: the facts grow from stage to stage."""

    def __init__(self, rulebook: Rulebook, facts: Facts) -> None:
        self._rulebook = rulebook
        self._plan = rulebook.plan
        self._given = facts
        self._seen: dict[str, FactValue] = dict(facts)
        labels = rulebook.plan.labels.items()
        self._personal = frozenset(name for name, label in labels if label.pii)

    def intake(self) -> Explanation:
        """The stages of Rulebook.intake in their order, each seeing the ones before it."""
        classified, set_labels = self._stage("classify")
        classified = self._pass_on(classified, set_labels.labels)
        prioritised, urgency = self._stage("prioritise")
        prioritised = self._pass_on(prioritised, {"priority": urgency.priority})
        promised, _ = self._stage("sla")
        routed = self._named_queue(self._stage("route")[0])
        outcome = msgspec.structs.replace(
            routed.outcome,
            labels=classified.outcome.labels,
            priority=urgency.priority,
            clocks=promised.outcome.clocks,
        )
        deciding: tuple[ExplainedStage, ...] = (classified, prioritised, routed)
        stages: tuple[ExplainedStage, ...] = (classified, prioritised, promised, routed)
        facts = surge_facts(self._plan, self._seen, routed.outcome.queue, outcome.requirements)
        if facts is not None:
            self._seen = facts
            asked, _ = self._stage("surge")
            deciding, stages = (*deciding, asked), (*stages, asked)
            outcome = _answered(outcome, asked.outcome)
        return self._told(DecisionKind.INTAKE, stages, deciding, outcome)

    def escalation(self) -> Explanation:
        """The one stage that answers triggers."""
        asked, _ = self._stage("escalate")
        return self._told(DecisionKind.ESCALATION, (asked,), (asked,), asked.outcome)

    def _told(
        self,
        kind: DecisionKind,
        stages: Sequence[ExplainedStage],
        deciding: Sequence[ExplainedStage],
        outcome: Outcome,
    ) -> Explanation:
        return Explanation(
            kind=kind,
            digest=self._rulebook.digest,
            pack=self._plan.pack,
            version=self._plan.version,
            language=self._plan.language,
            facts=self._shown(self._given),
            stages=tuple(stage for stage in stages if stage.rules or stage.fired),
            fired=tuple(f"{stage.stage}/{rule}" for stage in deciding for rule in stage.fired),
            outcome=outcome,
        )

    def _stage(self, name: str) -> tuple[ExplainedStage, Outcome]:
        """The stage as it is shown, and its outcome with personal labels included."""
        stage = self._rulebook.stages.get(name) or StageRules(stage=name, hit=HitPolicy.FIRST)
        rules = self._rules(stage)
        fired = tuple(rule.id for rule in rules if rule.standing is Standing.FIRED)
        if not fired and stage.default is not None:
            fired, outcome = (DEFAULT,), stage.default
        else:
            outcome = merge([stage.by_id[rule].outcome for rule in fired], self._plan.priorities)
        shown = self._without_names(outcome)
        return ExplainedStage(
            stage=name, hit=stage.hit, fired=fired, outcome=shown, rules=rules
        ), outcome

    def _rules(self, stage: StageRules) -> tuple[ExplainedRule, ...]:
        explained = []
        settled = False
        for rule in stage.rules:
            asked = clause(rule.condition, self._seen, self._personal)
            explained.append(self._rule(rule, asked, outranked=settled))
            settled = settled or (asked.holds and stage.hit is HitPolicy.FIRST)
        return tuple(explained)

    def _rule(self, rule: Rule, asked: Clause, *, outranked: bool) -> ExplainedRule:
        standing = Standing.OUTRANKED if outranked else Standing.FIRED
        return ExplainedRule(
            id=rule.id,
            standing=standing if asked.holds else Standing.FALSE,
            why=rule.why,
            file=rule.place.file,
            line=rule.place.line,
            condition=asked,
            failed=first_false(asked),
            then=self._without_names(rule.outcome),
        )

    def _pass_on(self, stage: ExplainedStage, facts: Facts) -> ExplainedStage:
        """Later stages see these facts too."""
        self._seen.update(facts)
        return msgspec.structs.replace(stage, passed_on=self._shown(facts))

    def _named_queue(self, stage: ExplainedStage) -> ExplainedStage:
        """The queue that a label names, or the pack's fallback when it names none."""
        label = stage.outcome.queue_label
        if not label:
            return stage
        named = self._seen.get(label)
        known = isinstance(named, str) and named in self._plan.queues
        queue = str(named) if known else self._plan.fallback_queue
        outcome = msgspec.structs.replace(stage.outcome, queue=queue)
        return msgspec.structs.replace(stage, outcome=outcome, fallback=not known)

    def _without_names(self, outcome: Outcome) -> Outcome:
        return msgspec.structs.replace(outcome, labels=self._shown(outcome.labels))

    def _shown(self, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
        return {
            name: PERSONAL if name in self._personal else value for name, value in facts.items()
        }
