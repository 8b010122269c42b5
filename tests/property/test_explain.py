"""Explanations: each truth in one is what `holds` says, and its winners are the engine's answer."""

import dataclasses
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, holds
from routing_service.core.records.model import AlertOrder, Facts, Requirement
from routing_service.rulebook.engine import AVAILABLE
from routing_service.rulebook.engines import Kind, equip
from routing_service.rulebook.explain import (
    clause,
    explain_escalation,
    explain_intake,
    first_false,
    shortened,
)
from routing_service.rulebook.explain_words import Branch, tree
from routing_service.rulebook.explanation import Clause, ClauseKind, ExplainedStage, Explanation
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.rules import HitPolicy, Outcome, Rule, StageRules, stage_rules
from routing_service.rulebook.tree import Place
from routing_service.server.convert_explanation import from_wire, to_wire
from tests.property import random_rules
from tests.property.test_rules import conditions, facts

SMALL = load_pack(Path(__file__).parents[1] / "golden" / "small_pack")
RULEBOOKS, FACTS = 40, 25

outcomes = {
    "classify": st.builds(
        lambda name, value: Outcome(labels={name: value}),
        st.sampled_from("abc"),
        st.sampled_from(["x", 1, True]),
    ),
    "prioritise": st.builds(
        lambda name: Outcome(priority=name), st.sampled_from(["urgent", "normal"])
    ),
    "sla": st.builds(
        lambda name: Outcome(clocks=(name,)), st.sampled_from(["response", "solution"])
    ),
    "route": st.builds(
        lambda queue, level: Outcome(queue=queue, requirements=(Requirement("repair", level),)),
        st.sampled_from(["front", "experts"]),
        st.integers(1, 3),
    )
    | st.builds(lambda label: Outcome(queue_label=label), st.sampled_from("abc")),
    "escalate": st.builds(
        lambda to, boost, priority, late: Outcome(
            labels={"late": late} if late else {},
            alerts=(AlertOrder(rule="r", to=(to,), severity="warning"),),
            boost=boost,
            priority=priority,
        ),
        st.sampled_from(["lead", "owner"]),
        st.integers(0, 3),
        st.sampled_from(["", "urgent", "normal"]),
        st.integers(0, 2),
    ),
}


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """The small pack with other rules in every stage."""
    stages = {name: _stage(draw, name) for name in outcomes}
    return dataclasses.replace(SMALL, stages=stages, engine=ReferenceEngine(stages), merged={})


def _stage(draw: st.DrawFn, name: str) -> StageRules:
    hit = HitPolicy.ALL if name in ("sla", "escalate") else HitPolicy.FIRST
    asked = draw(st.lists(st.tuples(conditions, outcomes[name]), max_size=10))
    rules = [
        Rule(id=f"r{number}", condition=condition, outcome=outcome, place=Place("f"))
        for number, (condition, outcome) in enumerate(asked)
    ]
    return stage_rules(name, hit, rules, draw(outcomes[name]) if hit is HitPolicy.FIRST else None)


def pairs(condition: Condition, told: Clause) -> Iterator[tuple[Condition, Clause]]:
    """Every part of the condition beside the clause that tells of it."""
    yield condition, told
    match condition:
        case All(parts) | Any(parts):
            for part, below in zip(parts, told.parts, strict=True):
                yield from pairs(part, below)
        case Not(part):
            yield from pairs(part, told.parts[0])
        case Leaf():
            assert told.parts == ()


@given(conditions, facts)
def test_every_clause_is_as_true_as_its_condition(condition: Condition, seen: Facts) -> None:
    told = list(pairs(condition, clause(condition, seen)))

    assert [holds(part, seen) for part, _ in told] == [below.holds for _, below in told]


@given(conditions, facts)
def test_first_false_clause_is_there_only_when_it_does_not_hold(
    condition: Condition, seen: Facts
) -> None:
    told = clause(condition, seen)
    found = first_false(told)

    assert (found is None) == holds(condition, seen)
    assert found is None or not found.holds
    assert found is None or found.kind in (ClauseKind.TEST, ClauseKind.NOT) or not found.parts


@given(rulebooks(), facts)
def test_explained_intake_is_the_verdict(book: Rulebook, seen: Facts) -> None:
    told, verdict = explain_intake(book, seen), book.intake(seen)
    outcome = told.outcome

    assert told.fired == verdict.fired
    assert outcome.labels == verdict.labels
    assert (outcome.priority, outcome.queue) == (verdict.priority, verdict.queue)
    assert (outcome.requirements, outcome.clocks) == (verdict.requirements, verdict.clocks)


@given(rulebooks(), facts)
def test_explained_escalation_is_the_answer(book: Rulebook, seen: Facts) -> None:
    told, answer = explain_escalation(book, seen), book.escalate(seen)
    outcome = told.outcome

    assert told.fired == answer.fired
    assert (outcome.alerts, outcome.boost) == (answer.alerts, answer.boost)
    assert (outcome.priority, outcome.queue) == (answer.priority, answer.queue)


@given(rulebooks(), facts)
def test_explanation_crosses_the_wire_and_json_unchanged(book: Rulebook, seen: Facts) -> None:
    told = explain_intake(book, seen)

    assert from_wire(to_wire(told)) == told
    assert msgspec.json.decode(msgspec.json.encode(told), type=Explanation) == told


@given(rulebooks(), facts, st.integers(0, 3))
def test_shortened_explanation_leaves_no_rule_uncounted(
    book: Rulebook, seen: Facts, most: int
) -> None:
    told = explain_intake(book, seen)
    short = shortened(told, most)

    for whole, kept in zip(told.stages, short.stages, strict=True):
        assert len(whole.rules) == len(kept.rules) + kept.left_out
        assert (whole.fired, whole.winner) == (kept.fired, kept.winner)
        assert len(kept.rules) - _fired(kept) <= most


def _fired(stage: ExplainedStage) -> int:
    return len([rule for rule in stage.rules if rule.id in stage.fired])


@given(rulebooks(), facts, st.booleans())
def test_words_of_both_languages_have_the_same_lines(
    book: Rulebook, seen: Facts, full: bool
) -> None:
    told = explain_intake(book, seen)

    assert _lines(tree(told, "en", full=full)) == _lines(tree(told, "zh", full=full))


def _lines(branch: Branch) -> int:
    return 1 + sum(map(_lines, branch.branches))


@pytest.mark.parametrize(
    "kind",
    [
        Kind.REFERENCE,
        pytest.param(
            Kind.DURABLE, marks=pytest.mark.skipif(not AVAILABLE, reason="no module here")
        ),
    ],
)
def test_explained_winners_are_those_of_the_engine_on_random_rulebooks(kind: Kind) -> None:
    compared = fired = 0
    for seed, stages in enumerate(islice(random_rules.rulebooks(5), RULEBOOKS)):
        book = equip(dataclasses.replace(SMALL, stages=stages, merged={}), kind)
        for seen in islice(random_rules.facts(stages["escalate"], seed), FACTS):
            told = explain_escalation(book, seen)
            (stage,) = told.stages
            assert stage.fired == book.engine.evaluate("escalate", seen)
            compared, fired = compared + 1, fired + bool(stage.fired)
        book.close()

    assert compared == RULEBOOKS * FACTS
    assert fired >= compared * 0.3
