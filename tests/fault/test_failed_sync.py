"""What a failed sync leaves behind: holes on the disk that the page cache hides from everybody.

Each such hole must be closed before anything relies on what is beyond it (PostgreSQL's "fsyncgate"
of 2018 is the same story). Here the failures are placed by hand; R3 places them everywhere.
"""

import random
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import apsw
import pytest

from routing_service.store.base import Lease, StoredRecord, StoredSnapshot, checksum_of
from routing_service.store.errors import StoreFailed
from routing_service.store.master_key import derive_key
from routing_service.store.sqlite.database import Disk, checkpoint, connect
from routing_service.store.sqlite.desk import SqliteOptions
from routing_service.store.sqlite.store import SqliteStore
from tests.fault.vfs import FaultyDisk
from tests.fault.workload import DESK, MASTER, TTL, body, lay_out, whats_wrong

LOG, FILE = f"{DESK}.journal-wal", f"{DESK}.journal"


@pytest.fixture(scope="module")
def one_disk() -> FaultyDisk:
    return FaultyDisk("failed-sync")


@pytest.fixture
def disk(one_disk: FaultyDisk) -> Iterator[FaultyDisk]:
    one_disk.reset()
    yield one_disk
    one_disk.reset()


def opened(disk: FaultyDisk, folder: Path) -> SqliteStore:
    return SqliteStore(folder, MASTER, SqliteOptions(pace_us=0, disk=Disk(disk.name)))


@pytest.fixture
async def store(disk: FaultyDisk, tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = opened(disk, tmp_path / "before")
    yield store
    await store.close()


async def append(store: SqliteStore, lease: Lease, first: int, last: int) -> None:
    records = [StoredRecord(seq, body(seq)) for seq in range(first, last + 1)]
    await store.append(lease, first - 1, records)


def failing_sync_of(disk: FaultyDisk, name: str, from_nth: int = 0) -> Callable[[str, Path], None]:
    def before(kind: str, path: Path) -> None:
        if kind == "sync" and path.name == name and disk.calls["sync"] >= from_nth:
            error = apsw.IOError("injected")
            error.extendedresult = apsw.SQLITE_IOERR_FSYNC  # type: ignore[attr-defined] # documented, not in the stubs
            raise error

    return before


def healthy(_kind: str, _path: Path) -> None:
    return


async def test_pages_copied_before_a_failed_sync_of_the_file_are_copied_again(
    disk: FaultyDisk, store: SqliteStore, tmp_path: Path
) -> None:
    """SQLite counts pages as copied before they are synced when a copy ends short of the log."""
    key = derive_key(MASTER, "journal", DESK)
    lease = await store.acquire(DESK, "one", TTL)
    await append(store, lease, 1, 40)
    await store.read(DESK, 0, 1)  # its connection stays, and with it SQLite's notes in memory
    slow_reader = connect(tmp_path / "before" / FILE, key, Disk(disk.name))
    checkpointing = connect(tmp_path / "before" / FILE, key, Disk(disk.name))
    slow_reader.execute("BEGIN; SELECT count(*) FROM record").get  # noqa: B018 - runs the query
    await append(store, lease, 41, 80)
    done = checkpoint(checkpointing, "PASSIVE")
    slow_reader.close()
    disk.plan(failing_sync_of(disk, FILE))
    with pytest.raises(StoreFailed):
        checkpoint(checkpointing, "PASSIVE")
    checkpointing.close()
    disk.plan(healthy)
    again = await acquired(store)
    await append(store, again, 81, 81)
    lay_out(tmp_path / "after", disk.safe())

    assert 0 < done.copied < done.in_log
    assert await whats_wrong(tmp_path / "after", 81) == ""


@pytest.mark.parametrize("nth", range(1, 8))
async def test_a_hole_in_the_log_is_filled_before_it_is_copied(
    disk: FaultyDisk, store: SqliteStore, tmp_path: Path, nth: int
) -> None:
    """Else a power cut amid the copy leaves newer pages under a log that ends at the hole."""
    lease = await store.acquire(DESK, "one", TTL)
    await append(store, lease, 1, 40)
    for _ in range(2):
        await store.save_snapshot(lease, snapshot(40))
    lease = await store.acquire(DESK, "one", TTL)  # everything is in the file now, the log empty
    await append(store, lease, 41, 42)
    disk.plan(failing_sync_of(disk, LOG, disk.calls["sync"] + nth))
    with pytest.raises(StoreFailed):
        await store.save_snapshot(lease, snapshot(42))
    cuts: list[dict[str, bytes]] = []
    rng = random.Random(nth)
    disk.plan(lambda _kind, _path: cuts.extend(disk.cut(rng) for _ in range(4)))
    await store.acquire(DESK, "one", TTL)

    for place, files in enumerate(cuts):
        lay_out(tmp_path / str(place), files)
        assert (place, await whats_wrong(tmp_path / str(place), 42)) == (place, "")
    assert len(cuts) > 40


def snapshot(seq: int) -> StoredSnapshot:
    frames = [bytes(5_000)] * 2
    return StoredSnapshot(1, seq, "1", checksum_of(frames), frames)


async def acquired(store: SqliteStore) -> Lease:
    try:
        return await store.acquire(DESK, "one", TTL)
    except StoreFailed:  # the writer hears of the failed sync of the other connection here
        return await store.acquire(DESK, "one", TTL)
