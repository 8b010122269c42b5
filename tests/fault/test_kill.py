"""R1: kill -9 at random points, under load, again and again: nothing acknowledged is lost.

COUNT rounds (default 50). The seed is printed; SEED=… kills after the same waits again (the
interleaving of processes is the machine's).
"""

import asyncio
import json
import os
import random
import secrets
import shutil
import statistics
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from routing_service.pb.routing.v1 import rulebook_service_pb2 as rulebooks
from routing_service.pb.routing.v1.event_pb2 import Event
from tests.fault import followers
from tests.fault.client import Client, kept
from tests.fault.ledger import Ledger, in_order
from tests.fault.server_process import RULES, ServerProcess, fresh_folder
from tests.fault.traffic import Traffic
from tests.fault.workload import DESK, integrity

ROUNDS = int(os.environ.get("COUNT", "50"))
SEED = int(os.environ.get("SEED", secrets.randbelow(10**6)))
LONGEST_LIFE, LONGEST_START = 1.2, 0.6
READY_SECONDS = 30.0
"""A generous bound for a busy machine; the promise is 5 s, and the figures are printed."""

pytestmark = [pytest.mark.slow_fault, pytest.mark.timeout(0)]


@pytest.fixture
async def server() -> AsyncIterator[ServerProcess]:
    folder = fresh_folder("kill")
    shutil.copytree(RULES, folder / "rules")
    server = ServerProcess(folder, snapshot_every_records=500, desks=f"{DESK}={folder / 'rules'}")
    await asyncio.to_thread(server.start)
    yield server
    if server.running():
        server.kill()


async def test_nothing_acknowledged_is_lost_when_the_service_is_killed_again_and_again(
    server: ServerProcess,
) -> None:
    print(f"SEED={SEED}")
    rng, ledger = random.Random(SEED), Ledger()
    traffic = Traffic(server.address, server.folder / "rules", ledger, random.Random(SEED + 1))
    start = await traffic.begin()
    ready = [await one_round(server, rng, ledger, traffic) for _ in range(ROUNDS)]
    await asyncio.wait_for(traffic.end(), READY_SECONDS * 2)
    log = await whole_log(server, start)
    async with Client(server.address) as client:
        found = await client.items()
    ledger.check_items(found)
    ledger.check_made(found)
    ledger.check_events(log)
    told = [event.id for event in log]
    stopped = await asyncio.to_thread(server.stop)
    verified = server.command("verify", "--json")
    print(
        f"{ROUNDS} kills, {len(ledger.items)} items, {len(ledger.owners)} accepted,"
        f" {ledger.reload_done} reloads, {len(told)} events;"
        f" ready p50 {statistics.median(ready):.2f} s, max {max(ready):.2f} s\n{verified.stdout}"
    )

    assert [] == ledger.wrong
    assert "" == in_order(traffic.by_cursor, told, repeats=False)
    assert "" == in_order(traffic.by_name, told, repeats=True)
    assert max(ready) < READY_SECONDS
    assert 0 == stopped
    assert 0 == verified.returncode, verified.stdout + verified.stderr
    assert records_decided_again(verified.stdout) > len(ledger.items)
    assert ledger.owners
    assert ledger.reload_done


def records_decided_again(told: str) -> int:
    """How many records came out byte-identical; AssertionError unless it was all of them."""
    verified = json.loads(told)[DESK]

    assert (verified["records"], 0) == (verified["compared"], verified["differs_at"])
    return int(verified["compared"])


async def one_round(
    server: ServerProcess, rng: random.Random, ledger: Ledger, traffic: Traffic
) -> float:
    """Let it live, kill it, start it, ask for all it owes; the seconds until it was ready."""
    await asyncio.sleep(rng.uniform(0.05, LONGEST_LIFE))
    await asyncio.to_thread(server.kill)
    damage = await asyncio.to_thread(damage_in, server.data)
    if rng.random() < 0.2:  # once more, while it recovers
        server.spawn_unattended()
        await asyncio.sleep(rng.uniform(0, LONGEST_START))
        await asyncio.to_thread(server.kill)
    seconds = await asyncio.to_thread(server.start)
    owed = Ledger()
    owed.items |= ledger.items
    owed.owners |= ledger.owners
    done = ledger.reload_done
    async with Client(server.address) as client:
        owed.check_items(await client.items())
        active = await kept(client.rulebook.Get, rulebooks.RulebookServiceGetRequest(desk=DESK))

    assert "" == damage
    assert [] == owed.wrong
    assert [] == ledger.wrong
    assert [] == traffic.failures()
    assert done <= int(active.version) <= max(ledger.reload_asked, 1)
    return seconds


def damage_in(data: Path) -> str:
    """What a walk over a copy of the journal finds: the service must meet its own crash itself."""
    copy = data.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy, ignore=shutil.ignore_patterns("*-shm"))
    return integrity(copy / f"{DESK}.journal")


async def whole_log(server: ServerProcess, start: str) -> list[Event]:
    """Every event from the start to the last one, read anew."""
    log: list[Event] = []
    async with Client(server.address) as client:
        await followers.by_cursor(client, start, log.append)
    return log
