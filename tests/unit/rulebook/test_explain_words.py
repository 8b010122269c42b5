"""Explanations in words: what is noted, cut, and written out."""

import pytest

from routing_service.core.plans.predicate import All, Leaf, Not, Op
from routing_service.rulebook.explain import clause
from routing_service.rulebook.explain_words import LOSERS_SHOWN, Branch, span, tree
from routing_service.rulebook.explanation import (
    DecisionKind,
    ExplainedRule,
    ExplainedStage,
    Explanation,
    Standing,
)
from routing_service.rulebook.rules import HitPolicy
from routing_service.rulebook.times import duration

HIGH = Leaf("impact", Op.EQ, ("high",))


def told(*rules: ExplainedRule, **changes: object) -> Explanation:
    """An intake whose one stage has these rules."""
    stage = ExplainedStage(stage="route", hit=HitPolicy.FIRST, rules=rules)
    plain = {"kind": DecisionKind.INTAKE, "digest": "d" * 64, "pack": "p", "version": "1"}
    return Explanation(**(plain | {"stages": (stage,)} | changes))  # type: ignore[arg-type] # as the test says


def loser(name: str = "r", condition: object = HIGH, **facts: str) -> ExplainedRule:
    asked = clause(condition, facts)  # type: ignore[arg-type] # a condition
    return ExplainedRule(id=name, standing=Standing.FALSE, condition=asked, failed=asked)


def lines(branch: Branch) -> list[str]:
    return [branch.text, *(line for below in branch.branches for line in lines(below))]


def test_head_names_the_rulebook_and_the_instant() -> None:
    head = tree(told(at=1_456_736_400_000_000), "en").text

    assert head == "Intake by p 1 (rulebook dddddddddddd), 2016-02-29T09:00:00Z"


def test_decision_that_came_out_otherwise_says_so_first() -> None:
    assert "This is not what was decided then" in lines(tree(told(agrees=False), "en"))[1]
    assert "与当时的裁决不一致" in lines(tree(told(agrees=False), "zh"))[1]


def test_failed_rules_are_told_once_and_not_as_a_difference() -> None:
    said = lines(tree(told(failed=True, agrees=False), "en"))

    assert "The rules could not be asked then" in said[1]
    assert not any("not what was decided" in line for line in said)


def test_many_losers_are_counted_unless_all_are_asked_for() -> None:
    many = told(*(loser(f"r{number}") for number in range(LOSERS_SHOWN + 5)))
    short, full = lines(tree(many, "en")), lines(tree(many, "en", full=True))

    assert sum(line.startswith("✗ r") for line in short) == LOSERS_SHOWN
    assert "5 more rules that do not hold" in short
    assert sum(line.startswith("✗ r") for line in full) == LOSERS_SHOWN + 5


def test_not_that_fails_is_told_in_one_line() -> None:
    rule = loser(condition=Not(All((HIGH, Leaf("vip", Op.EXISTS)))), impact="high", vip="x")

    assert (
        "✗ r, since not: impact: expected high, actual high; vip: expected present, actual x"
        in lines(tree(told(rule), "en"))
    )


@pytest.mark.parametrize(
    ("leaf", "english", "chinese"),
    [
        (Leaf("n", Op.LTE, (3,)), "expected ≤ 3, actual 5", "应为 ≤ 3，实际 5"),
        (Leaf("n", Op.EQ, (True,)), "expected true, actual 5", "应为 true，实际 5"),
        (Leaf("n", Op.EQ, (1, 2)), "expected one of 1, 2, actual 5", "应为 1, 2 之一，实际 5"),
        (
            Leaf("n", Op.CONTAINS_ANY, ("a",)),
            "expected to contain a, actual 5",
            "应为 包含 a，实际 5",
        ),
    ],
)
def test_each_operator_has_its_words(leaf: Leaf, english: str, chinese: str) -> None:
    asked = clause(leaf, {"n": 5})
    rule = ExplainedRule(id="r", standing=Standing.FALSE, condition=asked, failed=asked)

    assert f"✗ r, since n: {english}" in lines(tree(told(rule), "en"))
    assert f"✗ r，因为 n：{chinese}" in lines(tree(told(rule), "zh"))


def test_long_value_is_cut_and_an_odd_one_written_out() -> None:
    shown = lines(
        tree(told(facts={"a": "x" * 500, "b": "\x1b[2J\n", "c": "", "d": ("p", "q")}), "en")
    )

    assert f'facts: a = {"x" * 79}…, b = \\u001b[2J\\u000a, c = "", d = [p, q]' in shown


@pytest.mark.parametrize("written", ["90s", "30m", "1h30m", "2d", "1d1h1m1s"])
def test_span_is_written_as_rule_files_have_it(written: str) -> None:
    length = duration(written)

    assert length is not None
    assert duration(span(length)) == length


def test_head_tells_the_instant_to_the_microsecond_in_the_desks_zone() -> None:
    head = tree(told(at=1_456_736_400_000_001), "en", zone="Asia/Shanghai").text

    assert head == "Intake by p 1 (rulebook dddddddddddd), 2016-02-29T17:00:00.000001+08:00"
