"""Core alone: what a decision costs without wire and disk."""

import resource
import subprocess
import sys
import time
from pathlib import Path

from msgspec.structs import replace

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import ActivateRulebook, RequestKind, Submit
from routing_service.core.records.model import FactValue
from routing_service.core.steering.facts import submit_facts
from routing_service.core.step import turn
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from tests.bench.figures import Figures

PACK = Path("tests/bench/pack")
DECISIONS = 10_000
CLOCKED_ITEMS = 50_000
CLOCKS_PER_ITEM = 3


def desk(rulebook: Rulebook, now: int) -> World:
    """A desk under this rulebook."""
    world = World("bench")
    activate = ActivateRulebook(digest=rulebook.digest, plan=rulebook.plan, source=rulebook.source)
    turn(world, activate, now, rulebook)
    return world


def submit(world: World, rulebook: Rulebook, number: int, now: int) -> Submit:
    """An opened event as the partition makes it, rules asked."""
    labels: dict[str, FactValue] = {"kind": "plain"}
    facts = submit_facts(world, "chat", labels, ())
    return Submit(
        actor="bench",
        request_id=f"e{number}",
        fingerprint=b"0123456789abcdef",
        kind=RequestKind.OPENED,
        channel="chat",
        occurred_at=now,
        labels=labels,
        facts=facts,
        verdict=rulebook.intake(facts),
    )


def decide(figures: Figures) -> None:
    """`decide.submit`: facts, rules, decide, apply and match of one opened event."""
    rulebook = load_pack(PACK)
    now = 1_700_000_000_000_000
    world = desk(rulebook, now)
    took = []
    for number in range(DECISIONS):
        now += 1_000
        began = time.perf_counter()
        turn(world, submit(world, rulebook, number, now), now, rulebook)
        took.append((time.perf_counter() - began) * 1e6)
    figures.quantiles("decide.submit", took, "us")


def memory(figures: Figures) -> None:
    """`clocks.bytes_per_clock`: resident memory of items with three clocks against none."""
    with_clocks = _resident(CLOCKED_ITEMS, "clocks")
    without = _resident(CLOCKED_ITEMS, "bare")
    clocks = CLOCKED_ITEMS * CLOCKS_PER_ITEM
    figures.put("clocks.bytes_per_clock", (with_clocks - without) / clocks, "B")


def _resident(items: int, shape: str) -> float:
    """Peak resident bytes of a process that holds so many items."""
    command = [sys.executable, "-m", "tests.bench.core", str(items), shape]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def _hold(items: int, shape: str) -> None:
    rulebook = load_pack(PACK)
    now = 1_700_000_000_000_000
    world = desk(rulebook, now)
    for number in range(items):
        now += 1_000
        command = submit(world, rulebook, number, now)
        if shape == "bare" and command.verdict is not None:
            command = replace(command, verdict=replace(command.verdict, clocks=()))
        turn(world, command, now, rulebook)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


if __name__ == "__main__":
    _hold(int(sys.argv[1]), sys.argv[2])
