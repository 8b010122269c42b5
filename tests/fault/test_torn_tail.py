"""R7: a log cut off anywhere opens at the last complete commit and tells where it stands.

Cut at every edge of a commit, and inside the last one at a sample of byte lengths, which
`make faults` takes closer together.
"""

import os
import shutil
from pathlib import Path

import pytest

from routing_service.store.base import StoredRecord
from routing_service.store.sqlite.database import Disk
from routing_service.store.sqlite.store import SqliteStore
from tests.fault.workload import DESK, MASTER, TTL, body, options, whats_wrong

STRIDES = [199, pytest.param(5, marks=pytest.mark.slow_fault)]
COMMITS = 6


async def journal_with_a_log(folder: Path) -> list[tuple[int, int]]:
    """Fill a journal, take it away while it is open; after each commit: log length, last seq."""
    store = SqliteStore(folder / "live", MASTER, options(Disk()))
    log = folder / "live" / f"{DESK}.journal-wal"
    lease = await store.acquire(DESK, "one", TTL)
    marks = [(log.stat().st_size, 0)]
    for seq in range(1, COMMITS + 1):
        await store.append(lease, seq - 1, [StoredRecord(seq, body(seq))])
        marks.append((log.stat().st_size, seq))
    shutil.copytree(folder / "live", folder / "taken", ignore=shutil.ignore_patterns("*-shm"))
    await store.close()
    return marks


def lengths(marks: list[tuple[int, int]], stride: int) -> list[int]:
    """Where to cut: beside every commit, and every `stride` bytes inside the last."""
    (start, _), (before_last, _), (end, _) = marks[0], marks[-2], marks[-1]
    edges = {mark + step for mark, _ in marks for step in (-1, 0, 1)}
    return sorted(n for n in edges | set(range(before_last, end, stride)) if start <= n <= end)


@pytest.mark.parametrize("stride", STRIDES)
async def test_a_log_cut_at_any_byte_opens_at_the_last_complete_commit(
    tmp_path: Path, stride: int
) -> None:
    marks = await journal_with_a_log(tmp_path)
    for length in lengths(marks, stride):
        folder = tmp_path / str(length)
        shutil.copytree(tmp_path / "taken", folder)
        os.truncate(folder / f"{DESK}.journal-wal", length)
        complete = max(seq for mark, seq in marks if mark <= length)
        store = SqliteStore(folder, MASTER, options(Disk()))
        found = await store.last_seq(DESK)
        await store.close()

        assert (length, found) == (length, complete)
        assert (length, await whats_wrong(folder, complete)) == (length, "")
        shutil.rmtree(folder)


@pytest.mark.parametrize("stray", [b"\0" * 4_096, b"\xff" * 24, b"torn" * 2_000])
async def test_bytes_after_the_last_commit_are_no_records(tmp_path: Path, stray: bytes) -> None:
    await journal_with_a_log(tmp_path)
    with (tmp_path / "taken" / f"{DESK}.journal-wal").open("ab") as log:
        log.write(stray)

    assert await whats_wrong(tmp_path / "taken", COMMITS) == ""
