"""How long the event loop stands still while rules change under it: 1,000 rules, 20,000 items."""

import asyncio
import contextlib
import random
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import NamedTuple

import uvloop

from routing_service.core.journal.commands import RequestKind
from routing_service.server.app import App, running_app
from routing_service.server.partition import Partition
from routing_service.server.submit_request import SubmitRequest
from routing_service.settings import DeskSettings, Settings
from tests.bench.figures import Figures, scratch

PACK = Path("tests/bench/pack")
RULES = 1_000
CATEGORIES = RULES // 10
RELOADS = 6
ITEMS = 20_000
BATCH = 500
BEAT_S = 0.001
REST_S = 0.2
"""Before a reload, so that making the files is not in it; after it, so that what it leaves is."""
LABELS = """\
labels:
  category: {type: text}
  tier: {type: text, values: [vip, gold, silver]}
  users: {type: integer, minimum: 0, maximum: 1000}
"""


def reload(figures: Figures) -> None:
    """`reload`: the longest gap between two beats of the loop, and how long a reload takes."""
    uvloop.run(_measure(figures))


async def _measure(figures: Figures) -> None:
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        pack = Path(folder)
        write(pack, 0)
        async with _desk(pack) as app:
            beat = Beat()
            seen = [await _reload(app, pack, number, beat) for number in range(1, RELOADS + 1)]
            _put(figures, "reload.1000_rules", [pause for _, pause in seen])
            figures.put("reload.1000_rules.s", sum(took for took, _ in seen) / RELOADS, "s")
            await _open_items(next(iter(app.desks)).partition)
            _, pause = await _reload(app, pack, RELOADS + 1, beat)
            _put(figures, "reload.20k_items", [pause])
            beat.stop()


def _put(figures: Figures, name: str, pauses: Sequence["Pause"]) -> None:
    figures.put(f"{name}.longest_pause_ms", max(pause.wall_ms for pause in pauses), "ms")
    figures.put(f"{name}.longest_pause_cpu_ms", max(pause.cpu_ms for pause in pauses), "ms")


@contextlib.asynccontextmanager
async def _desk(pack: Path) -> AsyncIterator[App]:
    settings = Settings(
        listen="127.0.0.1:0",
        metrics_listen="",
        data_folder="memory:",
        desks={"default": DeskSettings(rules=str(pack))},
    )
    async with running_app(settings) as app:
        yield app


async def _reload(app: App, pack: Path, number: int, beat: "Beat") -> tuple[float, "Pause"]:
    """Seconds from the call until all is done, and the longest pause on the way."""
    write(pack, number)
    await asyncio.sleep(REST_S)
    beat.longest()
    began = time.perf_counter()
    desk = next(iter(app.desks))
    await desk.activation.activate({}, cause="bench")
    await desk.partition.query(lambda world: world.seq)
    took = time.perf_counter() - began
    await asyncio.sleep(REST_S)
    return took, beat.longest()


async def _open_items(partition: Partition) -> None:
    for start in range(0, ITEMS, BATCH):
        batch = [
            SubmitRequest(
                actor="bench",
                request_id=f"e{number}",
                kind=RequestKind.OPENED,
                channel="chat",
                labels={"category": f"category-{number % CATEGORIES}", "users": number % 1_000},
            )
            for number in range(start, start + BATCH)
        ]
        await partition.put(batch)


class Pause(NamedTuple):
    """The longest time between two beats, and the most that this process computed between two.

    On a busy machine the first also tells what others computed meanwhile.
    """

    wall_ms: float = 0.0
    cpu_ms: float = 0.0


class Beat:
    """A task that wants to run every millisecond."""

    def __init__(self) -> None:
        self._longest = Pause()
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        while True:
            await asyncio.sleep(BEAT_S)
            now, used = time.perf_counter(), time.process_time()
            longest = self._longest
            self._longest = Pause(
                max(longest.wall_ms, (now - wall - BEAT_S) * 1e3),
                max(longest.cpu_ms, (used - cpu) * 1e3),
            )
            wall, cpu = now, used

    def longest(self) -> Pause:
        """Since the last call."""
        longest, self._longest = self._longest, Pause()
        return longest

    def stop(self) -> None:
        """No more beats."""
        self._task.cancel()


def write(folder: Path, version: int) -> None:
    """The bench pack with RULES rules on its way to a queue; each version has other figures."""
    draw = random.Random(version)
    files = {file.name: file.read_text("utf-8") for file in PACK.glob("*.yaml")}
    files["pack.yaml"] = files["pack.yaml"].replace("labels:\n  kind: {type: text}\n", LABELS)
    files["prioritise.yaml"] = files["prioritise.yaml"].replace("kind: urgent", "tier: vip")
    files["sla.yaml"] = files["sla.yaml"].replace("high: 1h", f"high: {61 + version}m")
    rules = "\n".join(_rule(draw, number) for number in range(RULES))
    files["route.yaml"] = f"stage: route\nrules:\n{rules}\ndefault: {{queue: desk}}\n"
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


def _rule(draw: random.Random, number: int) -> str:
    """Gates that many share, then a span, as authors write them."""
    least = number // CATEGORIES * 100
    users = f"users: {{gte: {least}, lt: {least + draw.randint(50, 100)}}}"
    when = f"category: category-{number % CATEGORIES}, {users}"
    tier = draw.choice(("", ", tier: gold", ", tier: [vip, silver]"))
    skill = f"requirements: [{{skill: s{number % 20}, level: {draw.randint(1, 9)}}}]"
    return f"  - id: r{number}\n    when: {{{when}{tier}}}\n    then: {{queue: desk, {skill}}}"
