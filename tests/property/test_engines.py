"""Engines give the reference's answers on random rulebooks: every operator, both hit policies."""

import pytest

from routing_service.core.predicate import Op
from tests.property.comparison import Tally, compare
from tests.property.translated import TranslatedEngine

DECISIONS = 100_000


def shown(tally: Tally, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{tally}")


def assert_worth_something(tally: Tally) -> None:
    """The distribution that makes equal answers a proof."""
    assert tally.share("a match") >= 0.3
    assert tally.share("three matches") >= 0.1
    assert tally.share("a missing label") >= 0.2
    assert tally.share("FIRST") >= 0.2
    assert tally.share("ALL") >= 0.2
    assert {
        name: tally.seen[name] for name in [*Op, "all", "any", "not"] if not tally.seen[name]
    } == {}


def test_second_opinion_agrees_with_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    tally = compare(TranslatedEngine, 20_000)
    shown(tally, capsys)

    assert_worth_something(tally)
