"""R3: whichever call to the disk fails, once or for good, nothing is acknowledged that is not safe.

Each case is one kind of call; inside it the n-th call fails, in a life of its own for each n:
every seventh n with `make test`, every n with `make faults`. The failing n is in the message.
"""

import random
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from routing_service.store.base import StoredRecord
from routing_service.store.errors import StoreFull
from routing_service.store.sqlite.database import Disk
from routing_service.store.sqlite.store import SqliteStore
from tests.fault.vfs import FaultyDisk
from tests.fault.workload import DESK, MASTER, TTL, Life, lay_out, options, whats_wrong

STRIDES = [7, pytest.param(1, marks=pytest.mark.slow_fault)]
ROUNDS = 8
SEED = 7


def io_error(code: int) -> Callable[[], apsw.Error]:
    def make() -> apsw.Error:
        error = apsw.IOError("injected")
        error.extendedresult = code  # type: ignore[attr-defined] # documented, not in the stubs
        return error

    return make


ANSWERS: dict[str, tuple[str, Callable[[], apsw.Error]]] = {
    "write fails": ("write", io_error(apsw.SQLITE_IOERR_WRITE)),
    "disk full": ("write", lambda: apsw.FullError("injected")),
    "sync fails": ("sync", io_error(apsw.SQLITE_IOERR_FSYNC)),
    "truncate fails": ("truncate", io_error(apsw.SQLITE_IOERR_TRUNCATE)),
    "open fails": ("open", lambda: apsw.CantOpenError("injected")),
}


@pytest.fixture(scope="module")
def disk() -> FaultyDisk:
    return FaultyDisk("io-error")


async def live(
    disk: FaultyDisk, folder: Path, before: Callable[[str, Path], None], *, gives_up: bool = False
) -> Life:
    """One life on a disk that asks `before` each call; then the worst power cut."""
    disk.reset()
    disk.plan(before)
    store = SqliteStore(folder / "before", MASTER, options(Disk(disk.name)))
    life = Life(store, random.Random(SEED))
    await life.run(ROUNDS, gives_up=gives_up)
    lay_out(folder / "after", disk.safe())
    await store.close()
    return life


def failing(
    disk: FaultyDisk, kind: str, nth: int, answer: Callable[[], apsw.Error], *, for_good: bool
) -> Callable[[str, Path], None]:
    def before(called: str, _path: Path) -> None:
        count = disk.calls.get(kind, 0)
        if called == kind and (count == nth or (for_good and count > nth)):
            raise answer()

    return before


async def test_a_full_disk_is_named_leaves_reading_alone_and_ends_with_room(
    disk: FaultyDisk, tmp_path: Path
) -> None:
    disk.reset()
    store = SqliteStore(tmp_path, MASTER, options(Disk(disk.name)))
    lease = await store.acquire(DESK, "one", TTL)
    await store.append(lease, 0, [StoredRecord(1, b"kept")])
    disk.plan(failing(disk, "write", 0, ANSWERS["disk full"][1], for_good=True))
    with pytest.raises(StoreFull) as refused:
        await store.append(lease, 1, [StoredRecord(2, b"no room")])
    while_full = await store.read(DESK, 0, 9)
    disk.plan(lambda _kind, _path: None)
    again = await store.acquire(DESK, "one", TTL)
    await store.append(again, 1, [StoredRecord(2, b"room")])
    afterwards = await store.read(DESK, 0, 9)
    await store.close()

    assert refused.value.reason == "STORE_FULL"
    assert while_full == [StoredRecord(1, b"kept")]
    assert afterwards == [StoredRecord(1, b"kept"), StoredRecord(2, b"room")]


@pytest.mark.parametrize("nth", range(2, 30, 3))
async def test_what_a_restart_shows_after_a_failed_sync_is_safe_from_then_on(
    disk: FaultyDisk, tmp_path: Path, nth: int
) -> None:
    kind, answer = ANSWERS["sync fails"]
    await live(disk, tmp_path, failing(disk, kind, nth, answer, for_good=True), gives_up=True)
    disk.plan(lambda _kind, _path: None)
    restarted = SqliteStore(tmp_path / "before", MASTER, options(Disk(disk.name)))
    await restarted.acquire(DESK, "two", TTL)
    shown = await restarted.last_seq(DESK)
    lay_out(tmp_path / "later", disk.safe())
    await restarted.close()

    assert await whats_wrong(tmp_path / "later", shown) == ""


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("case", ANSWERS)
@pytest.mark.parametrize("stride", STRIDES)
async def test_a_failing_disk_never_acknowledges_what_is_not_safe(
    disk: FaultyDisk,
    tmp_path: Path,
    case: str,
    for_good: bool,
    stride: int,
) -> None:
    kind, answer = ANSWERS[case]
    healthy = await live(disk, tmp_path / "healthy", lambda _kind, _path: None)
    calls, failures = disk.calls[kind], 0
    for nth in range(1, calls + 1, stride):
        folder = tmp_path / str(nth)
        life = await live(disk, folder, failing(disk, kind, nth, answer, for_good=for_good))
        failures += life.failures

        if life.acked:
            assert (nth, await whats_wrong(folder / "after", life.acked)) == (nth, "")
        assert for_good or life.acked > 0, f"did not recover from call {nth}"
        # what is left in the folder itself opens as well, once the disk is healthy again
        assert (nth, await whats_wrong(folder / "before", life.acked)) == (nth, "")

    assert healthy.failures == 0
