"""The rulebook: a desk's rules, loaded together, frozen, and asked with facts.

Pure for the caller: no I/O, no clock, no World. Loading is loader.py's business.
"""

import dataclasses
from collections.abc import Mapping

from routing_service.core.plans.plan import Plan
from routing_service.core.records.model import (
    EscalationVerdict,
    Facts,
    FactValue,
    Requirement,
    Verdict,
)
from routing_service.core.records.surge import SurgeAnswer
from routing_service.core.staff.green import is_green
from routing_service.core.steering.facts import SURGE, surge_facts
from routing_service.rulebook.findings import Finding, RulebookInvalid
from routing_service.rulebook.logic import required
from routing_service.rulebook.matcher import Engine
from routing_service.rulebook.merge import merge
from routing_service.rulebook.rules import DEFAULT, Outcome, StageOutcome, StageRules
from routing_service.rulebook.signals import SignalSet

__all__ = ["Finding", "Rulebook", "RulebookInvalid", "StageOutcome"]


MERGED_KEPT = 4_096


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What a rule pack compiles to.

    `digest` names it; `plan` is what core needs; `source` is the bundle from which
    `loader.load_source` makes the same rulebook again; `warnings` did not refuse it.
    """

    digest: str
    plan: Plan
    source: bytes
    stages: Mapping[str, StageRules]
    engine: Engine
    signal_set: SignalSet
    warnings: tuple[Finding, ...] = ()
    merged: dict[tuple[str, tuple[str, ...]], StageOutcome] = dataclasses.field(
        default_factory=dict, compare=False, repr=False
    )
    """What rules that fired together decide: merging is the same each time."""

    def signals(self, text: str) -> tuple[str, ...]:
        """Names of the signals that match the customer's text, sorted."""
        return self.signal_set.matching(text)

    def evaluate(self, stage: str, facts: Facts) -> StageOutcome:
        """Ask one stage. `fired` are rule ids of that stage; "default" when its default answers.

        A stage the pack does not have decides nothing.
        """
        rules = self.stages.get(stage)
        if rules is None:
            return StageOutcome(stage=stage)
        fired = self.engine.evaluate(stage, facts)
        if not fired and rules.default is not None:
            return StageOutcome(stage=stage, fired=(DEFAULT,), outcome=rules.default)
        known = self.merged.get((stage, fired))
        if known is None:
            outcomes = [rules.by_id[name].outcome for name in fired]
            known = StageOutcome(
                stage=stage, fired=fired, outcome=merge(outcomes, self.plan.priorities)
            )
            if len(self.merged) < MERGED_KEPT:
                self.merged[stage, fired] = known
        return known

    def intake(self, facts: Facts) -> Verdict:
        """Classify, prioritise, choose clocks and route, each stage seeing the ones before it."""
        seen: dict[str, FactValue] = dict(facts)
        classified = self.evaluate("classify", seen)
        seen.update(classified.outcome.labels)
        prioritised = self.evaluate("prioritise", seen)
        seen["priority"] = prioritised.outcome.priority
        promised = self.evaluate("sla", seen)
        routed = self.evaluate("route", seen)
        queue = self._queue(routed.outcome, seen)
        surge = self._surge(seen, queue, routed.outcome.requirements) if self.plan.loads else None
        return Verdict(
            digest=self.digest,
            fired=_named(classified, prioritised, routed, *([surge[1]] if surge else [])),
            labels=classified.outcome.labels,
            priority=prioritised.outcome.priority,
            queue=queue,
            requirements=routed.outcome.requirements,
            clocks=promised.outcome.clocks,
            green=is_green(self.plan, seen, prioritised.outcome.priority),
            surge=surge[0] if surge else None,
        )

    def _surge(
        self, seen: Facts, queue: str, requirements: tuple[Requirement, ...]
    ) -> tuple[SurgeAnswer, StageOutcome] | None:
        """What the surge stage says; it is asked while a load that the item meets is at a level."""
        facts = surge_facts(self.plan, seen, queue, requirements)
        if facts is None:
            return None
        asked = self.evaluate("surge", facts)
        load = self._answered(facts, asked)
        answer = SurgeAnswer(
            load=load,
            level=str(facts[f"{SURGE}{load}"]),
            deflect=asked.outcome.deflect,
            queue=asked.outcome.queue,
            offer=asked.outcome.offer,
            tell=asked.outcome.tell,
        )
        return answer, asked

    def _answered(self, facts: Facts, asked: StageOutcome) -> str:
        """The load that the rule is about; the first that the item meets when it names none."""
        met = [name for name in self.plan.loads if f"{SURGE}{name}" in facts]
        rule = self.stages["surge"].by_id.get(asked.fired[0]) if asked.fired else None
        named = required(rule.condition) if rule else {}
        return next((name for name in met if f"{SURGE}{name}" in named), met[0])

    def escalate(self, facts: Facts) -> EscalationVerdict:
        """What the escalation rules answer to one trigger; all that hold are merged."""
        asked = self.evaluate("escalate", facts)
        return EscalationVerdict(
            digest=self.digest,
            fired=_named(asked),
            labels=asked.outcome.labels,
            alerts=asked.outcome.alerts,
            boost=asked.outcome.boost,
            priority=asked.outcome.priority,
            queue=asked.outcome.queue,
            opens=asked.outcome.opens,
        )

    def fallback(self) -> Verdict:
        """The verdict for an item the rules could not be asked about: visible, and never lost."""
        return Verdict(
            digest=self.digest,
            priority=self.plan.fallback_priority,
            queue=self.plan.fallback_queue,
            clocks=tuple(self.plan.clocks),
            failed=True,
        )

    def warned(self, warnings: tuple[Finding, ...]) -> "Rulebook":
        """The same rulebook with these warnings."""
        return dataclasses.replace(self, warnings=warnings)

    def close(self) -> None:
        """Let go of what the engine holds, when no more questions are expected."""
        self.engine.close()

    def _queue(self, outcome: Outcome, facts: Facts) -> str:
        """The queue, resolved through the label where the rule names one; else the fallback."""
        if not outcome.queue_label:
            return outcome.queue
        named = facts.get(outcome.queue_label)
        known = isinstance(named, str) and named in self.plan.queues
        return str(named) if known else self.plan.fallback_queue


def _named(*outcomes: StageOutcome) -> tuple[str, ...]:
    return tuple(f"{outcome.stage}/{name}" for outcome in outcomes for name in outcome.fired)
