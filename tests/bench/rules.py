"""Rule engines: what a decision costs, ours beside each other and beside peers of the same run.

An engine that answers otherwise than the reference is not measured: the run stops.
"""

import time
from collections.abc import Callable, Sequence

from routing_service.core.records.model import Facts
from routing_service.rulebook.engine import AVAILABLE, DurableEngine
from routing_service.rulebook.matcher import Engine, ReferenceEngine
from routing_service.rulebook.memo import Memo
from routing_service.rulebook.planner import plan_stage
from routing_service.rulebook.rules import StageRules
from tests.bench import peers
from tests.bench.figures import Figures
from tests.bench.rulebooks import STAGE, requests, stage
from tests.property.translated import translated

COUNTS = (50, 200, 1_000)
ASKED = 20_000
MEASURED = 10_000
"""The last of those asked; a memo has seen the ones before."""
PEERS_MEASURED = 2_000
"""Peers have no memo, and some are slow."""

Ask = Callable[[Facts], tuple[str, ...]]


def rules(figures: Figures) -> None:
    """`rules.ENGINE.N`: all rules of one stage that hold, facts drawn like Zipf."""
    for name in peers.missing():
        print(f"  peer {name} is not installed (extra: bench), so it is not measured")
    for count in COUNTS:
        measured, asked = stage(count), requests(count, ASKED)
        reference = ReferenceEngine({STAGE: measured})
        right = [reference.evaluate(STAGE, facts) for facts in asked]
        p50 = _measure(figures, f"rules.reference.{count}", _asking(reference), asked, right)
        _ours(figures, measured, asked, right, p50)
        _peers(figures, measured, asked[-PEERS_MEASURED:], right[-PEERS_MEASURED:], p50)


def _ours(
    figures: Figures,
    measured: StageRules,
    asked: Sequence[Facts],
    right: Sequence[tuple[str, ...]],
    baseline: float,
) -> None:
    """The engine of durable_rules, with and without the memo in front of it."""
    if not AVAILABLE:
        print("  durable_rules does not import here, so it is not measured")
        return
    count, stages = len(measured.rules), {STAGE: measured}
    reference = ReferenceEngine(stages)
    began = time.perf_counter()
    durable = DurableEngine(stages, [plan_stage(measured)], reference)
    for _ in durable.build():
        pass
    figures.put(f"rules.compile.{count}.ms", (time.perf_counter() - began) * 1e3, "ms")
    _measure(figures, f"rules.durable.{count}", _asking(durable), asked, right, baseline)
    memo = Memo(durable, stages, reference)
    _measure(figures, f"rules.memo.{count}", _asking(memo), asked, right, baseline)
    hits, misses = memo.counts.hits, memo.counts.misses
    figures.put(f"rules.memo.{count}.hit_rate", hits / (hits + misses), "")
    if durable.counts.fallbacks:
        raise AssertionError("the reference answered in the engine's place")
    memo.close()


def _peers(
    figures: Figures,
    measured: StageRules,
    asked: Sequence[Facts],
    right: Sequence[tuple[str, ...]],
    baseline: float,
) -> None:
    makers = {"python_function": translated, **peers.peers()}
    for name, make in makers.items():
        figure = f"rules.{name}.{len(measured.rules)}"
        _measure(figures, figure, make(measured), asked, right, baseline)


def _asking(engine: Engine) -> Ask:
    return lambda facts: engine.evaluate(STAGE, facts)


def _measure(
    figures: Figures,
    name: str,
    ask: Ask,
    asked: Sequence[Facts],
    right: Sequence[tuple[str, ...]],
    baseline: float | None = None,
) -> float:
    """Ask all, keep the last MEASURED; the p50."""
    took, given = [], []
    for facts in asked:
        began = time.perf_counter()
        fired = ask(facts)
        took.append((time.perf_counter() - began) * 1e6)
        given.append(fired)
    if given != list(right):
        raise AssertionError(f"{name} does not answer as the reference does")
    ranked = sorted(took[-MEASURED:])
    p50, p99 = ranked[len(ranked) // 2], ranked[len(ranked) * 99 // 100]
    figures.put(f"{name}.p50_us", p50, "us", baseline)
    figures.put(f"{name}.p99_us", p99, "us")
    return p50
