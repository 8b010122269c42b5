"""What the engines of a desk did, over all that came and went, as Prometheus sees it."""

import dataclasses

import pytest

from routing_service.core.records.model import Facts
from routing_service.rulebook.engine import AVAILABLE
from routing_service.rulebook.engines import Kind, equip
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.memo import Memo
from routing_service.rulebook.model import Rulebook
from routing_service.server import metric_names as names
from routing_service.server.engine_figures import EngineFigures
from routing_service.server.metrics import Metrics
from tests.unit.rulebook.packs import SMALL

DESK = "north"
FAULT = {"topic": "fault", "channel": "email"}
QUESTION = {"topic": "question", "channel": "email"}


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(now=lambda: 0)


@pytest.fixture
def figures(metrics: Metrics) -> EngineFigures:
    return EngineFigures(DESK, metrics)


def book(kind: Kind) -> Rulebook:
    return equip(load_pack(SMALL), kind)


def value(metrics: Metrics, family: names.Family, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(family.name, {"desk": DESK, **labels})


def decisions(metrics: Metrics) -> dict[str, float | None]:
    return {
        engine: value(metrics, names.RULE_DECISIONS, engine=engine) for engine in ("memo", *Kind)
    }


def test_desk_without_rules_shows_zeros(metrics: Metrics, figures: EngineFigures) -> None:
    figures.tell(None)

    assert decisions(metrics) == {"memo": 0, "durable": 0, "reference": 0}


def test_what_the_memo_knew_and_what_the_matcher_decided_are_told_apart(
    metrics: Metrics, figures: EngineFigures
) -> None:
    rules = book(Kind.REFERENCE)
    for facts in (FAULT, FAULT, QUESTION):
        rules.evaluate("classify", facts)
    figures.tell(rules)

    assert decisions(metrics) == {"memo": 1, "durable": 0, "reference": 2}
    assert value(metrics, names.RULE_ENGINE, engine="reference") == 1


@pytest.mark.skipif(not AVAILABLE, reason="durable_rules does not import here")
def test_fast_engine_is_told_while_it_decides(metrics: Metrics, figures: EngineFigures) -> None:
    rules = book(Kind.DURABLE)
    rules.evaluate("classify", FAULT)
    figures.tell(rules)
    rules.close()

    assert decisions(metrics)["durable"] == 1
    assert value(metrics, names.RULE_ENGINE, engine="durable") == 1
    assert value(metrics, names.RULE_ENGINE, engine="reference") == 0


def test_counts_go_on_over_a_change_of_rules_and_nothing_is_told_twice(
    metrics: Metrics, figures: EngineFigures
) -> None:
    former, latter = book(Kind.REFERENCE), book(Kind.REFERENCE)
    former.evaluate("classify", FAULT)
    figures.tell(former)
    former.evaluate("classify", QUESTION)
    figures.tell(former)
    former.close()
    latter.evaluate("classify", FAULT)
    figures.tell(latter)
    figures.tell(latter)

    assert decisions(metrics)["reference"] == 3


def test_oddities_are_counted_and_logged(
    metrics: Metrics, figures: EngineFigures, caplog: pytest.LogCaptureFixture
) -> None:
    rules = load_pack(SMALL)
    reference = ReferenceEngine(rules.stages)
    memo = Memo(Silent(), rules.stages, reference, shadow_every=1)
    rules = dataclasses.replace(rules, engine=memo)
    rules.evaluate("classify", FAULT)
    figures.tell(rules)

    assert value(metrics, names.RULE_DIVERGENCES) == 1
    assert "rule_engine_odd" in caplog.text


class Silent:
    """An engine that is wrong: for it no rule ever holds."""

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        return ()

    def close(self) -> None:
        """See Engine."""
