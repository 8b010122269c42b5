"""Engines give the reference's answers on random rulebooks: every operator, both hit policies.

Equal answers prove something only when the questions were worth asking: what they were made of is
printed and has bounds, and copies of the engine with one bug each must be caught by them.
"""

import pytest

from routing_service.core.plans.predicate import Op
from routing_service.rulebook.engine import AVAILABLE
from routing_service.rulebook.trial import GaveUp, drawn, try_stage
from tests.property.candidates import BUGS, Compared, Remembering, Stages
from tests.property.comparison import Disagreement, Tally, compare
from tests.property.random_rules import rulebooks
from tests.property.translated import TranslatedEngine

DECISIONS, MEMO_DECISIONS, OPINIONS = 100_000, 12_000, 10_000
CAUGHT_WITHIN = 20_000
MOST_LEFT = 0.1
"""Share of rules that may stay on the plain matcher: what stays is compared with itself."""


needs_engine = pytest.mark.skipif(not AVAILABLE, reason="durable_rules does not import here")


def shown(tally: Tally, capsys: pytest.CaptureFixture[str], more: str = "") -> None:
    with capsys.disabled():
        print(f"\n{tally}{more}")


def assert_worth_asking(tally: Tally) -> None:
    missing = [name for name in (*Op, "all", "any", "not") if not tally.seen[name]]

    assert missing == []
    assert tally.share("a match") >= 0.3
    assert tally.share("three matches") >= 0.1
    assert tally.share("a missing label") >= 0.2
    assert tally.share("FIRST") >= 0.2
    assert tally.share("ALL") >= 0.2


@needs_engine
@pytest.mark.timeout(180)  # many decisions, on a machine that may be busy
def test_durable_engine_answers_as_the_reference_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    left = 0

    def make(stages: Stages) -> Compared:
        nonlocal left
        made = Compared(stages)
        left += made.left
        return made

    tally = compare(make, DECISIONS)
    shown(tally, capsys, f"\n  {left} of {tally.rules} rules left to the plain matcher")

    assert tally.decisions >= DECISIONS
    assert left <= MOST_LEFT * tally.rules
    assert tally.share("no match") >= 0.05
    assert_worth_asking(tally)


@needs_engine
def test_large_rulebooks_are_answered_alike(capsys: pytest.CaptureFixture[str]) -> None:
    tally = compare(Compared, 600, seed=5, sizes=(400,))
    shown(tally, capsys)

    assert_worth_asking(tally)


@needs_engine
def test_memo_answers_as_the_reference_does(capsys: pytest.CaptureFixture[str]) -> None:
    made: list[Remembering] = []

    def make(stages: Stages) -> Remembering:
        made.append(Remembering(stages))
        return made[-1]

    tally = compare(make, MEMO_DECISIONS, seed=2)
    hits = sum(each.memo.counts.hits for each in made)
    shown(tally, capsys, f"\n  {hits} hits of the memo")

    assert hits > tally.decisions
    assert_worth_asking(tally)


def test_second_opinion_agrees_with_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    tally = compare(TranslatedEngine, OPINIONS, seed=3)
    shown(tally, capsys)

    assert_worth_asking(tally)


@needs_engine
@pytest.mark.parametrize("bug", BUGS)
def test_seeded_bug_is_caught(bug: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Disagreement) as caught:
        compare(BUGS[bug], CAUGHT_WITHIN)

    with capsys.disabled():
        print(f"\n  {bug}: {str(caught.value)[:150]}")


@needs_engine
@pytest.mark.parametrize("bug", BUGS)
def test_facts_of_the_canary_catch_it_too(bug: str) -> None:
    random = rulebooks(seed=4)

    assert any(is_caught(bug, next(random)) for _ in range(10))


def is_caught(bug: str, stages: Stages) -> bool:
    try:
        found = [try_stage(rules, drawn(rules), BUGS[bug]) for rules in stages.values()]
    except GaveUp:
        return True
    return any(found)
