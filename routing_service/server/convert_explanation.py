"""Explanations as messages of the wire and back: total functions, nothing is left out either way.

The command line shows what a service tells as it shows what it finds itself, so it reads them here.
"""

from collections.abc import Mapping

from google.protobuf.duration_pb2 import Duration

from routing_service.core.plans.predicate import Op
from routing_service.core.records.kinds import LinkOrder
from routing_service.core.records.model import AlertOrder, FactValue, Requirement
from routing_service.pb.routing.v1 import explanation_pb2 as pb
from routing_service.pb.routing.v1 import work_item_pb2
from routing_service.rulebook.explanation import (
    Clause,
    ClauseKind,
    DecisionKind,
    ExplainedRule,
    ExplainedStage,
    Explanation,
    Standing,
)
from routing_service.rulebook.rules import HitPolicy, Outcome
from routing_service.server import convert, wire

DECISION_KIND = wire.pairs(DecisionKind, pb.DecisionKind, "DECISION_KIND")
HIT_POLICY = wire.pairs(HitPolicy, pb.HitPolicy, "HIT_POLICY")
STANDING = wire.pairs(Standing, pb.RuleStanding, "RULE_STANDING")
CLAUSE_KIND = wire.pairs(ClauseKind, pb.ClauseKind, "CLAUSE_KIND")
CLAUSE_OP = wire.pairs(Op, pb.ClauseOp, "CLAUSE_OP")
_DECISION_KIND = wire.inverse(DECISION_KIND)
_HIT_POLICY = wire.inverse(HIT_POLICY)
_STANDING = wire.inverse(STANDING)
_CLAUSE_KIND = wire.inverse(CLAUSE_KIND)
_CLAUSE_OP = wire.inverse(CLAUSE_OP)


def to_wire(told: Explanation) -> pb.Explanation:
    """The whole explanation."""
    return pb.Explanation(
        kind=DECISION_KIND[told.kind],
        decided_at=wire.stamp_if(told.at),
        digest=told.digest,
        pack=told.pack,
        version=told.version,
        language=told.language,
        facts=convert.labels(told.facts),
        stages=map(_stage, told.stages),
        fired_rules=told.fired,
        outcome=_outcome(told.outcome),
        agrees=told.agrees,
        failed=told.failed,
    )


def _stage(stage: ExplainedStage) -> pb.StageExplanation:
    return pb.StageExplanation(
        stage=stage.stage,
        hit=HIT_POLICY[stage.hit],
        fired=stage.fired,
        outcome=_outcome(stage.outcome),
        fallback=stage.fallback,
        passed_on=convert.labels(stage.passed_on),
        rules=map(_rule, stage.rules),
        left_out=stage.left_out,
    )


def _rule(rule: ExplainedRule) -> pb.RuleExplanation:
    return pb.RuleExplanation(
        id=rule.id,
        standing=STANDING[rule.standing],
        why=rule.why,
        file=rule.file,
        line=rule.line,
        condition=_clause(rule.condition),
        failed=None if rule.failed is None else _clause(rule.failed),
        then=_outcome(rule.then),
    )


def _clause(clause: Clause) -> pb.Clause:
    return pb.Clause(
        kind=CLAUSE_KIND[clause.kind],
        holds=clause.holds,
        fact=clause.fact,
        op=None if clause.op is None else CLAUSE_OP[clause.op],
        expected=map(convert.label_value, clause.expected),
        actual=None if clause.actual is None else convert.label_value(clause.actual),
        alternative=clause.alternative,
        parts=map(_clause, clause.parts),
    )


def _outcome(outcome: Outcome) -> pb.DecisionOutcome:
    return pb.DecisionOutcome(
        labels=convert.labels(outcome.labels),
        priority=outcome.priority,
        queue=outcome.queue,
        queue_label=outcome.queue_label,
        requirements=convert.requirements(outcome.requirements),
        clocks=outcome.clocks,
        alerts=[
            pb.OrderedAlert(rule=alert.rule, to=alert.to, severity=alert.severity)
            for alert in outcome.alerts
        ],
        boost=wire.span(outcome.boost) if outcome.boost else None,
        opens=[
            pb.OrderedItem(kind=wire.ITEM_KIND[order.kind], role=order.role)
            for order in outcome.opens
        ],
        deflect=outcome.deflect,
        offer=outcome.offer,
        tell=outcome.tell,
    )


def from_wire(told: pb.Explanation) -> Explanation:
    """The same again; what a newer service names and this program does not know is a KeyError."""
    return Explanation(
        kind=_DECISION_KIND[told.kind],
        at=told.decided_at.ToMicroseconds(),
        digest=told.digest,
        pack=told.pack,
        version=told.version,
        language=told.language,
        facts=_facts(told.facts),
        stages=tuple(map(_stage_of, told.stages)),
        fired=tuple(told.fired_rules),
        outcome=_outcome_of(told.outcome),
        agrees=told.agrees,
        failed=told.failed,
    )


def _stage_of(stage: pb.StageExplanation) -> ExplainedStage:
    return ExplainedStage(
        stage=stage.stage,
        hit=_HIT_POLICY[stage.hit],
        fired=tuple(stage.fired),
        outcome=_outcome_of(stage.outcome),
        fallback=stage.fallback,
        passed_on=_facts(stage.passed_on),
        rules=tuple(map(_rule_of, stage.rules)),
        left_out=stage.left_out,
    )


def _rule_of(rule: pb.RuleExplanation) -> ExplainedRule:
    return ExplainedRule(
        id=rule.id,
        standing=_STANDING[rule.standing],
        why=rule.why,
        file=rule.file,
        line=rule.line,
        condition=_clause_of(rule.condition),
        failed=_clause_of(rule.failed) if rule.HasField("failed") else None,
        then=_outcome_of(rule.then),
    )


def _clause_of(clause: pb.Clause) -> Clause:
    return Clause(
        kind=_CLAUSE_KIND[clause.kind],
        holds=clause.holds,
        fact=clause.fact,
        op=_CLAUSE_OP[clause.op] if clause.op else None,
        expected=tuple(map(_value, clause.expected)),
        actual=_value(clause.actual) if clause.HasField("actual") else None,
        alternative=clause.alternative,
        parts=tuple(map(_clause_of, clause.parts)),
    )


def _outcome_of(outcome: pb.DecisionOutcome) -> Outcome:
    return Outcome(
        labels=_facts(outcome.labels),
        priority=outcome.priority,
        queue=outcome.queue,
        queue_label=outcome.queue_label,
        requirements=tuple(Requirement(need.skill, need.level) for need in outcome.requirements),
        clocks=tuple(outcome.clocks),
        alerts=tuple(
            AlertOrder(rule=alert.rule, to=tuple(alert.to), severity=alert.severity)
            for alert in outcome.alerts
        ),
        boost=_micros(outcome.boost),
        opens=tuple(
            LinkOrder(kind=wire.ITEM_KIND_OF[order.kind], role=order.role)
            for order in outcome.opens
        ),
        deflect=outcome.deflect,
        offer=outcome.offer,
        tell=outcome.tell,
    )


def _micros(span: Duration) -> int:
    return span.seconds * wire.MICRO + span.nanos // 1000


def _facts(values: Mapping[str, work_item_pb2.LabelValue]) -> dict[str, FactValue]:
    """By name: a map of the wire has no order of its own."""
    return {name: _value(values[name]) for name in sorted(values)}


def _value(told: work_item_pb2.LabelValue) -> FactValue:
    match told.WhichOneof("kind"):
        case "boolean":
            return told.boolean
        case "integer":
            return told.integer
        case "list":
            return tuple(told.list.values)
        case _:
            return told.text
