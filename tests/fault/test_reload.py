"""R17: rules change all the time under load; no decision is by two of them, and nothing leaks.

20 reloads with `make test`; 1,000 (20 times COUNT) with `make faults`.
"""

import asyncio
import os
import re
import time
from collections import Counter, deque
from collections.abc import AsyncIterator

import pytest

from routing_service.core.journal.commands import ActivateRulebook, Escalate, Submit
from routing_service.core.journal.events import ItemClassified, ItemOpened
from routing_service.core.journal.record import Record
from routing_service.pb.routing.v1 import request_event_pb2 as requests
from routing_service.pb.routing.v1 import routing_service_pb2 as calls
from routing_service.pb.routing.v1 import rulebook_service_pb2 as rulebooks
from routing_service.pb.routing.v1.work_item_pb2 import LabelValue
from routing_service.rulebook.loader import load_source
from routing_service.rulebook.model import Rulebook
from routing_service.store import open_store
from routing_service.store.codec import decode_record
from tests.fault.client import Client
from tests.fault.server_process import ROOT, ServerProcess, fresh_folder
from tests.fault.workload import DESK, MASTER

SMALL = ROOT / "tests" / "golden" / "small_pack"
MANY = 20 * int(os.environ.get("COUNT", "50"))
COUNTS = [20, pytest.param(MANY, marks=[pytest.mark.slow_fault, pytest.mark.timeout(0)])]
VERSIONS = 4
"""Different rulebooks; each is tried before its first use, so the first round is the slow one."""
BATCH, PAUSE = 17, 0.1
"""Requests at a time, seconds. Each is decided on three times: at its opening, when its clock warns
and when it breaks; so this makes 510 decisions a second."""
STAY = 25
"""Batches after which the customer gives up: the desk is no fuller at the end than at the start."""
LEAST_MEASURED = 500
"""Reloads from which on a share of memory says something."""
DRIFT = 0.05


def version(number: int) -> dict[str, str]:
    """The small pack with every rule renamed and every figure its own; clocks break at once."""
    files = {file.name: file.read_text("utf-8") for file in SMALL.glob("*.yaml")}
    for name in ("classify.yaml", "prioritise.yaml", "route.yaml", "escalate.yaml"):
        files[name] = re.sub(r"id: ([\w-]+)", rf"id: \1-v{number}", files[name])
    files["sla.yaml"] = (
        "clocks:\n  response: {start: opened, stop: responded, calendar: always, warn: [80%],"
        f" target: {{urgent: 1s, normal: {1 + number % 2}s}}}}\n"
    )
    files["pack.yaml"] = (
        files["pack.yaml"]
        .replace('version: "1"', f'version: "{number}"')
        .replace("{closed: 30d}", "{closed: 1s}")
    )
    return files


class Load:
    """Customers who come, wait and give up, at a steady pace, on one stream."""

    def __init__(self, client: Client) -> None:
        self.opened = 0
        self._stream = client.routing.SubmitStream()
        self._here: deque[list[str]] = deque()

    async def run(self, batches: AsyncIterator[None]) -> None:
        """One batch for each turn."""
        async for _ in batches:
            came = [self._event() for _ in range(BATCH)]
            self._here.append([told.item_id for told in await self._send(came)])
            if len(self._here) > STAY:
                gone = self._here.popleft()
                await self._send([left(item) for item in gone])

    def _event(self) -> requests.RequestEvent:
        self.opened += 1
        topic = ("fault", "question")[self.opened % 2]
        return requests.RequestEvent(
            event_id=f"e{self.opened}",
            kind=requests.REQUEST_KIND_OPENED,
            channel="email",
            customer_id="c",
            labels={
                "topic": LabelValue(text=topic),
                "users": LabelValue(integer=self.opened % 40),
                "vip": LabelValue(boolean=self.opened % 3 == 0),
            },
            text="unacceptable" if self.opened % 5 == 0 else "",
        )

    async def _send(self, events: list[requests.RequestEvent]) -> list[requests.SubmitResult]:
        await self._stream.write(calls.SubmitStreamRequest(desk=DESK, events=events))
        outcomes = (await self._stream.read()).outcomes

        assert {"result"} == {outcome.WhichOneof("outcome") for outcome in outcomes}
        return [outcome.result for outcome in outcomes]


def left(item: str) -> requests.RequestEvent:
    return requests.RequestEvent(
        event_id=f"gone-{item}", kind=requests.REQUEST_KIND_ABANDONED, item_id=item
    )


async def turns() -> AsyncIterator[int]:
    """One every PAUSE, however long each takes."""
    began = time.monotonic()
    turn = 0
    while True:
        await asyncio.sleep(max(0.0, began + turn * PAUSE - time.monotonic()))
        yield turn
        turn += 1


async def paced(count: int) -> AsyncIterator[None]:
    """So many turns."""
    async for turn in turns():
        if turn >= count:
            return
        yield


async def while_running(task: "asyncio.Task[None]") -> AsyncIterator[None]:
    """Turns until the task is done."""
    async for _ in turns():
        if task.done():
            return
        yield


async def reload(client: Client, start: int, count: int) -> None:
    """One version after the other, each put in force before the next is sent."""
    for number in range(start, start + count):
        request = rulebooks.ActivateRequest(
            desk=DESK, request_id=f"r{number}", files=version(number % VERSIONS)
        )
        answer = await client.rulebook.Activate(request, timeout=60)

        assert answer.cursor


class Memory:
    """What each phase cost the server, MB."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        self._last = server.resident_mb
        self.now = self._last

    def grown(self) -> float:
        """Since the last call."""
        before, self.now = self.now, self._server.resident_mb
        return self.now - before


@pytest.mark.parametrize("count", COUNTS)
async def test_no_decision_is_made_by_two_rulebooks_and_reloads_leak_nothing(count: int) -> None:
    folder = fresh_folder(f"reload-{count}")
    pack = folder / "pack"
    pack.mkdir()
    for name, text in version(0).items():
        (pack / name).write_text(text)
    server = ServerProcess(folder / "server", desks=f"{DESK}={pack}")
    server.start()
    async with Client(server.address) as client:
        load = Load(client)
        memory = Memory(server)
        warm_ups = VERSIONS + count // 5  # until all threads and caches are there
        warm = asyncio.create_task(reload(client, 1, warm_ups))
        await load.run(while_running(warm))
        await warm
        memory.grown()
        began, opened = time.monotonic(), load.opened
        changing = asyncio.create_task(reload(client, warm_ups + 1, count))
        await load.run(while_running(changing))
        await changing
        took, made = time.monotonic() - began, load.opened - opened
        with_reloads = memory.grown()
        await load.run(paced(made // BATCH))
        alone = memory.grown()
    server.stop()
    seen = await checked(server)
    drift = (with_reloads - alone) / memory.now
    print(
        f"{count} reloads in {took:.0f} s under {3 * made / took:.0f} decisions/s;"
        f" {seen['Submit']} + {seen['Escalate']} decisions checked; memory {memory.now:.0f} MB,"
        f" +{with_reloads:.1f} MB with reloads, +{alone:.1f} MB with the same load alone"
    )

    assert not server.told("rule_engine_odd")
    assert seen["ActivateRulebook"] >= count + VERSIONS
    assert min(seen["Submit"], seen["Escalate"]) > count
    assert drift <= DRIFT or count < LEAST_MEASURED


async def checked(server: ServerProcess) -> Counter[str]:
    """Look at every record of the journal; how many there were of each command."""
    seen: Counter[str] = Counter()
    known: dict[str, Rulebook] = {}
    store = open_store(str(server.data), MASTER)
    try:
        last, in_force = 0, ""
        while stored := await store.read(DESK, last, 1_000):
            for record in map(decode_record, stored):
                last = record.seq
                seen[type(record.command).__name__] += 1
                check(record, in_force, known)
                if isinstance(record.command, ActivateRulebook):
                    in_force = record.command.digest
                    if in_force not in known:
                        known[in_force] = load_source(record.command.source)
    finally:
        await store.close()
    assert len(known) == VERSIONS
    return seen


def check(record: Record, in_force: str, known: dict[str, Rulebook]) -> None:
    """Its digest, its verdict's, what fired and what the events say are all of one rulebook."""
    command = record.command
    if not isinstance(command, Submit | Escalate) or command.verdict is None:
        return
    rules = known[in_force]
    again = (
        rules.intake(command.facts)
        if isinstance(command, Submit)
        else rules.escalate(command.facts)
    )
    opened = {event.record.digest for event in record.events if isinstance(event, ItemOpened)}
    judged = {event.digest for event in record.events if isinstance(event, ItemClassified)}

    assert record.digest == command.verdict.digest == in_force
    assert command.verdict == again
    assert opened | judged <= {in_force}
