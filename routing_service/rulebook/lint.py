"""What is well formed and still cannot be meant: rules that never act or that contradict.

Works on compiled rules only, so that it sees what the matcher sees.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

from routing_service.core.plans.plan import ClockPlan, Plan
from routing_service.core.records.model import TriggerKind
from routing_service.rulebook.alternatives import MAX_ALTERNATIVES
from routing_service.rulebook.compile_surge import check_contacts, check_deflections
from routing_service.rulebook.earlier import Earlier
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.logic import (
    disjoint,
    implies,
    impossible_fact,
    required,
)
from routing_service.rulebook.planner import plan_stage
from routing_service.rulebook.rules import DEFAULT, HitPolicy, Rule, StageRules
from routing_service.rulebook.serving import check_ceilings

MAX_COMPARISONS = 100_000
"""Pairs of rules of one stage that are compared in depth: a few seconds at most."""


def lint(stages: Mapping[str, StageRules], plan: Plan, findings: Findings) -> None:
    """Note everything suspicious in the stages of a pack."""
    for stage in stages.values():
        _check_ids(stage.rules, findings)
        for rule in stage.rules:
            if fact := impossible_fact(rule.condition):
                findings.add("RB411", rule.place, fact=fact)
        if stage.hit is HitPolicy.FIRST:
            _check_reachable(stage.rules, findings)
        _check_engine(stage, findings)
    check_deflections(stages["surge"].rules, plan.loads, findings)
    if plan.correlation is None:
        check_contacts(stages["surge"].rules, findings)
    escalations = stages["escalate"].rules
    _check_labels(escalations, stages["classify"], findings)
    _check_queues(escalations, findings)
    check_ceilings(stages, plan.queues, findings)
    for rule in escalations:
        _check_warn_points(rule, plan.clocks, findings)
        _check_attempts(rule, plan, findings)


def trigger_kinds(rules: Sequence[Rule]) -> tuple[str, ...]:
    """The kinds of trigger that escalation rules answer, sorted."""
    kinds = {value for rule in rules for _, value in required(rule.condition).get("trigger", ())}
    return tuple(sorted(str(kind) for kind in kinds))


def _check_ids(rules: Sequence[Rule], findings: Findings) -> None:
    first: dict[str, int] = {}
    for rule in rules:
        if rule.id == DEFAULT:
            findings.add("RB403", rule.place)
        if rule.id in first:
            findings.add("RB401", rule.place, name=rule.id, first=first[rule.id])
        first.setdefault(rule.id, rule.place.line)


def _check_reachable(rules: Sequence[Rule], findings: Findings) -> None:
    """A rule behind one that holds whenever it does never acts under the hit policy FIRST."""
    needs = [required(rule.condition) for rule in rules]
    before = Earlier({fact for needed in needs for fact in needed})
    left = MAX_COMPARISONS
    for rule, needed in zip(rules, needs, strict=True):
        for earlier in before.implied_by(needed):
            left -= 1
            if implies(rule.condition, earlier.condition):
                findings.add("RB402", rule.place, name=earlier.id, first=earlier.place.line)
                break
        before.add(rule, needed)
        if left < 0:
            findings.add("RB412", rule.place)
            return


def _check_engine(stage: StageRules, findings: Findings) -> None:
    """A rule that the engine cannot take still holds, but each decision pays for it."""
    for left in plan_stage(stage).left:
        findings.add(left.code, stage.rules[left.rank].place, limit=MAX_ALTERNATIVES)


def _check_queues(rules: Sequence[Rule], findings: Findings) -> None:
    """Two rules that may answer one trigger must not name two queues."""
    for earlier, rule in combinations([rule for rule in rules if rule.outcome.queue], 2):
        queue = rule.outcome.queue
        if queue == earlier.outcome.queue or disjoint(earlier.condition, rule.condition):
            continue
        certain = implies(rule.condition, earlier.condition) or implies(
            earlier.condition, rule.condition
        )
        code = "RB405" if certain else "RB406"
        findings.add(code, rule.place, name=earlier.id, first=earlier.place.line, queue=queue)


def _check_labels(rules: Sequence[Rule], classify: StageRules, findings: Findings) -> None:
    """What both stages set would not be what an escalation left, once rules are asked again."""
    outcomes = [rule.outcome for rule in classify.rules]
    concluded = {name for each in (*outcomes, classify.default) if each for name in each.labels}
    for rule in rules:
        for name in sorted(concluded & rule.outcome.labels.keys()):
            findings.add("RB417", rule.place, name=name)


def _check_warn_points(rule: Rule, clocks: Mapping[str, ClockPlan], findings: Findings) -> None:
    """A rule at 80 % of a clock that never warns at 80 % would silently do nothing."""
    needs = required(rule.condition)
    named = [str(value) for _, value in sorted(needs.get("clock", ()), key=str)]
    for share in [value for _, value in needs.get("share", ())]:
        lacking = [name for name in named if name in clocks and share not in clocks[name].warn]
        if not named and not any(share in clock.warn for clock in clocks.values()):
            lacking = ["any"]
        for clock in lacking:
            findings.add("RB407", rule.place, clock=clock, name=f"{share}%")


def _check_attempts(rule: Rule, plan: Plan, findings: Findings) -> None:
    """A rule about unanswered items would silently do nothing where no queue bounds attempts."""
    asks = {value for _, value in required(rule.condition).get("trigger", ())}
    bounded = any(queue.offers.attempts for queue in plan.queues.values())
    if TriggerKind.UNANSWERED.value in asks and not bounded:
        findings.add("RB416", rule.place)
