"""R2: power cuts with torn and reordered writes lose nothing that was acknowledged.

The first seeds run with every `make test`, all of them (200, or four times
COUNT) with `make faults`.
The seed is in the test's name: `-k seed-17-` runs one again.
"""

import os
import random
from pathlib import Path
from typing import Literal

import pytest

from routing_service.store.keys import Keys
from routing_service.store.sqlite.database import Disk
from routing_service.store.sqlite.store import SqliteStore
from tests.fault.vfs import FaultyDisk
from tests.fault.workload import DESK, MASTER, Life, lay_out, options, whats_wrong

QUICK = 20
SEEDS = [
    pytest.param(seed, id=f"seed-{seed}-", marks=[] if seed < QUICK else [pytest.mark.slow_fault])
    for seed in range(max(200, 4 * int(os.environ.get("COUNT", "50"))))
]


@pytest.fixture(scope="module")
def disk() -> FaultyDisk:
    return FaultyDisk("power-cut")


async def cut_and_reopen(
    disk: FaultyDisk, folder: Path, seed: int, synchronous: Literal["FULL", "NORMAL", "OFF"]
) -> str:
    """Live until the power goes at a random call to the disk; "" or the broken promise."""
    rng = random.Random(seed)
    left: dict[str, bytes] = {}
    acked = -1
    disk.reset()
    store = SqliteStore(folder / "before", MASTER, options(Disk(disk.name, synchronous)))
    life, cut_at = Life(store, rng), rng.randint(1, 240)  # a life makes about 220 calls

    def cut() -> None:
        nonlocal left, acked
        left, acked = disk.cut(rng), life.acked

    def before(_kind: str, _path: Path) -> None:
        if sum(disk.calls.values()) == cut_at:
            cut()

    disk.plan(before)
    await life.run(rounds=12)
    if acked < 0:
        cut()
    await store.close()
    lay_out(folder / "after", left)
    return await whats_wrong(folder / "after", acked)


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_power_cut_loses_nothing_that_was_acknowledged(
    disk: FaultyDisk, tmp_path: Path, seed: int
) -> None:
    assert await cut_and_reopen(disk, tmp_path, seed, "FULL") == ""


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
async def test_this_harness_sees_the_loss_when_commits_are_not_synced(
    disk: FaultyDisk, tmp_path: Path, synchronous: Literal["NORMAL", "OFF"]
) -> None:
    outcomes = []
    for seed in range(30):
        (tmp_path / str(seed)).mkdir()
        outcomes.append(await cut_and_reopen(disk, tmp_path / str(seed), seed, synchronous))

    assert any(outcome.startswith("lost") for outcome in outcomes)


@pytest.mark.parametrize("seed", range(20))
async def test_a_power_cut_loses_no_customer_key_that_was_used(
    disk: FaultyDisk, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    (tmp_path / "before").mkdir()
    disk.reset()
    keys, sealed = Keys(tmp_path / "before", DESK, MASTER, Disk(disk.name)), {}
    for number in range(rng.randint(1, 9)):
        sealed[f"customer {number}"] = await keys.seal(f"customer {number}", b"text")
    lay_out(tmp_path / "after", disk.cut(rng))
    await keys.close()
    after = Keys(tmp_path / "after", DESK, MASTER)
    opened = [await after.open(customer, text) for customer, text in sealed.items()]
    await after.close()

    assert opened == [b"text"] * len(sealed)
