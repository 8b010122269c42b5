"""Why the rules decided as they did: what an explanation says of each stage, rule and condition."""

from pathlib import Path

import pytest

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op
from routing_service.core.records.model import AlertOrder, Facts, Requirement
from routing_service.rulebook.explain import (
    clause,
    explain_escalation,
    explain_intake,
    first_false,
    shortened,
)
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
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.rules import HitPolicy, Outcome
from tests.unit.rulebook.packs import SMALL, changed, rulebook

FAULT = Leaf("topic", Op.EQ, ("fault",))
MANY = Leaf("users", Op.GT, (10,))
AREA = Leaf("area", Op.EXISTS)


@pytest.fixture(name="small", scope="module")
def small_rulebook() -> Rulebook:
    return load_pack(SMALL)


def stage(told: Explanation, name: str) -> ExplainedStage:
    (found,) = (each for each in told.stages if each.stage == name)
    return found


def rule(told: Explanation, name: str, of: str) -> ExplainedRule:
    (found,) = (each for each in stage(told, of).rules if each.id == name)
    return found


def test_test_tells_what_was_expected_and_what_was_there() -> None:
    asked = clause(MANY, {"users": 3})

    assert asked == Clause(
        kind=ClauseKind.TEST, holds=False, fact="users", op=Op.GT, expected=(10,), actual=3
    )


def test_missing_fact_has_no_actual_value() -> None:
    assert clause(FAULT, {}).actual is None


def test_alternative_that_holds_is_named_by_its_number() -> None:
    asked = clause(Any((FAULT, MANY, AREA)), {"users": 11, "area": "west"})

    assert (True, 2) == (asked.holds, asked.alternative)
    assert [False, True, True] == [part.holds for part in asked.parts]


def test_no_alternative_is_number_nought() -> None:
    asked = clause(Any((FAULT, MANY)), {})

    assert (False, 0) == (asked.holds, asked.alternative)


def test_all_parts_are_told_also_behind_a_false_one() -> None:
    asked = clause(All((FAULT, MANY)), {"users": 11})

    assert [False, True] == [part.holds for part in asked.parts]


def test_not_is_told_with_what_it_denies() -> None:
    asked = clause(Not(FAULT), {"topic": "fault"})

    assert (ClauseKind.NOT, False, True) == (asked.kind, asked.holds, asked.parts[0].holds)


@pytest.mark.parametrize(
    ("condition", "facts", "fact"),
    [
        (All((AREA, FAULT, MANY)), {"area": "west"}, "topic"),
        (All((AREA, Any((FAULT, MANY)))), {"area": "west"}, "topic"),
        (All((Any((FAULT, AREA)), MANY)), {"area": "west"}, "users"),
        (Any((All((AREA, FAULT)), MANY)), {"area": "west"}, "topic"),
    ],
)
def test_first_false_clause_is_the_first_one_read(
    condition: Condition, facts: Facts, fact: str
) -> None:
    found = first_false(clause(condition, facts))

    assert found is not None
    assert (ClauseKind.TEST, fact) == (found.kind, found.fact)


def test_not_that_fails_is_itself_the_first_false_clause() -> None:
    found = first_false(clause(All((AREA, Not(FAULT))), {"area": "west", "topic": "fault"}))

    assert found is not None
    assert (ClauseKind.NOT, "topic") == (found.kind, found.parts[0].fact)


def test_condition_that_holds_has_no_false_clause() -> None:
    assert first_false(clause(Any((FAULT, AREA)), {"area": "west"})) is None


def test_condition_without_parts_always_holds() -> None:
    asked = clause(All(()), {})

    assert (True, ()) == (asked.holds, asked.parts)


def test_each_stage_is_told_in_order_with_what_it_passes_on(small: Rulebook) -> None:
    told = explain_intake(small, {"channel": "phone", "topic": "fault", "vip": True})
    order = [(each.stage, each.fired, each.passed_on) for each in told.stages]

    assert order == [
        ("classify", ("fault",), {"kind": "incident"}),
        ("prioritise", ("incident",), {"priority": "urgent"}),
        ("sla", ("response", "solution"), {}),
        ("route", ("experts",), {}),
    ]


def test_whole_decision_is_the_verdict(small: Rulebook) -> None:
    facts: Facts = {"channel": "phone", "topic": "fault", "vip": True}
    told, verdict = explain_intake(small, facts), small.intake(facts)

    assert (DecisionKind.INTAKE, small.digest) == (told.kind, told.digest)
    assert ("small", "1", "en") == (told.pack, told.version, told.language)
    assert (verdict.fired, dict(facts)) == (told.fired, told.facts)
    assert told.outcome == Outcome(
        labels=verdict.labels,
        priority=verdict.priority,
        queue=verdict.queue,
        requirements=(Requirement("repair", 2),),
        clocks=verdict.clocks,
    )


def test_later_stages_are_asked_with_what_earlier_ones_found(small: Rulebook) -> None:
    told = explain_intake(small, {"channel": "phone", "topic": "fault", "vip": True})
    kind, priority = rule(told, "experts", "route").condition.parts

    assert ("kind", "incident") == (kind.fact, kind.actual)
    assert ("priority", "urgent") == (priority.fact, priority.actual)


def test_default_answers_when_no_rule_holds(small: Rulebook) -> None:
    told = explain_intake(small, {"channel": "email"})
    classify = stage(told, "classify")

    assert ("default",) == classify.fired
    assert {"kind": "request"} == classify.outcome.labels
    assert {Standing.FALSE} == {each.standing for each in classify.rules}


def test_loser_has_its_first_false_clause(small: Rulebook) -> None:
    told = explain_intake(small, {"channel": "email", "topic": "fault"})
    lost = rule(told, "incident", "prioritise")

    assert lost.failed == Clause(
        kind=ClauseKind.TEST, holds=False, fact="vip", op=Op.EQ, expected=(True,)
    )


def test_rule_behind_the_winner_that_holds_too_is_outranked(small: Rulebook) -> None:
    facts: Facts = {"channel": "email", "topic": "fault", "vip": True, "signal.angry": True}
    told = explain_intake(small, facts)
    behind = rule(told, "incident", "prioritise")

    assert ("angry", Standing.OUTRANKED, None) == (
        stage(told, "prioritise").winner,
        behind.standing,
        behind.failed,
    )


def test_rule_comes_with_its_reason_place_and_outcome(tmp_path: Path) -> None:
    told = explain_intake(
        load_pack(
            changed(tmp_path, "prioritise", "- id: angry", "- id: angry\n    why: 客户很生气")
        ),
        {"channel": "email"},
    )
    lost = rule(told, "angry", "prioritise")

    assert ("客户很生气", "prioritise.yaml", 3) == (lost.why, lost.file, lost.line)
    assert Outcome(priority="urgent") == lost.then


@pytest.mark.parametrize(
    ("area", "queue", "fallback"), [("experts",) * 2 + (False,), ("moon", "front", True)]
)
def test_queue_named_by_a_label_is_resolved(
    small: Rulebook, area: str, queue: str, fallback: bool
) -> None:
    route = stage(explain_intake(small, {"channel": "email", "area": area}), "route")

    assert ("area", queue, fallback) == (
        route.outcome.queue_label,
        route.outcome.queue,
        route.fallback,
    )


def test_every_escalation_rule_that_holds_fires_and_they_are_merged(tmp_path: Path) -> None:
    also = """
  - id: also
    trigger: {clock: response, at: breach}
    then: {alert: {to: sue, severity: warning}, boost: 5m}"""
    then = "alert: [{to: [owner, lead], severity: critical}], priority: urgent}"
    told = explain_escalation(
        load_pack(changed(tmp_path, "escalate", then, then + also)),
        {"trigger": "breached", "clock": "response"},
    )

    (asked,) = told.stages
    assert (DecisionKind.ESCALATION, HitPolicy.ALL) == (told.kind, asked.hit)
    assert (("breach", "also"), "urgent") == (asked.fired, told.outcome.priority)
    assert told.outcome.alerts == (
        AlertOrder(rule="breach", to=("owner", "lead"), severity="critical"),
        AlertOrder(rule="also", to=("sue",), severity="warning"),
    )


def test_trigger_that_no_rule_answers_comes_to_nothing(small: Rulebook) -> None:
    told = explain_escalation(small, {"trigger": "reopened", "count": 1})

    assert ((), Outcome()) == (told.fired, told.outcome)


def test_stage_the_pack_does_not_have_is_not_told(tmp_path: Path) -> None:
    folder = changed(tmp_path, "prioritise", "kind: incident, ", "")
    (folder / "classify.yaml").unlink()
    route = (folder / "route.yaml").read_text().replace("kind: incident, ", "")
    (folder / "route.yaml").write_text(route)
    sla = (folder / "sla.yaml").read_text().replace("    when: {kind: incident}\n", "")
    (folder / "sla.yaml").write_text(sla)
    told = explain_intake(load_pack(folder), {"channel": "email"})

    assert ["prioritise", "sla", "route"] == [each.stage for each in told.stages]


def test_personal_labels_show_no_more_than_that_they_are_there(tmp_path: Path) -> None:
    asks = """
stage: prioritise
rules:
  - id: reachable
    when: {phone: {exists: true}}
    then: {priority: urgent}
default: {priority: normal}
"""
    told = explain_intake(
        rulebook(tmp_path, prioritise=asks), {"channel": "email", "phone": "0815-4711"}
    )

    assert "0815" not in repr(told)
    assert PERSONAL == told.facts["phone"]
    assert (True, PERSONAL) == (
        rule(told, "reachable", "prioritise").condition.holds,
        rule(told, "reachable", "prioritise").condition.actual,
    )


def test_personal_label_that_is_missing_is_missing() -> None:
    asked = clause(Leaf("phone", Op.EXISTS), {}, frozenset({"phone"}))

    assert (False, None) == (asked.holds, asked.actual)


def test_shortened_explanation_keeps_winners_and_counts_the_rest(small: Rulebook) -> None:
    whole = explain_escalation(small, {"trigger": "declined", "count": 2})
    (short,) = shortened(whole, 1).stages

    assert ["near", "refused"] == [each.id for each in short.rules]
    assert 1 == short.left_out
    assert whole == shortened(whole, 2)
