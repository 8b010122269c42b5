"""One small life of a store for the fault tests, and the check of what it left behind."""

import asyncio
import contextlib
import random
from pathlib import Path

import apsw

from routing_service.store.base import Lease, StoredRecord, StoredSnapshot, checksum_of
from routing_service.store.errors import StoreError
from routing_service.store.master_key import derive_key
from routing_service.store.sqlite.database import Disk, connect
from routing_service.store.sqlite.desk import SqliteOptions
from routing_service.store.sqlite.store import SqliteStore

DESK = "default"
MASTER = bytes(range(32))
TTL = 5_000_000
PATIENCE = 8


def options(disk: Disk) -> SqliteOptions:
    """No pauses, and a log that is copied every few commits, so that faults hit that as well."""
    return SqliteOptions(pace_us=0, grown_pages=12, disk=disk)


def body(seq: int) -> bytes:
    """What record `seq` must hold, of a size that depends on it."""
    return b"%d/" % seq * (seq * 37 % 400 + 1)


class Life:
    """Appends, snapshots and recoveries; `acked` is the last seq somebody was told is safe."""

    def __init__(self, store: SqliteStore, rng: random.Random) -> None:
        self.acked = 0
        self.failures = 0
        self._store = store
        self._rng = rng

    async def run(self, rounds: int, *, gives_up: bool = False) -> None:
        """Live for some rounds; after a failure acquire and go on, or end as a crash would."""
        lease, last = await self._recovered()
        while lease and rounds:
            rounds -= 1
            try:
                last = await self._round(lease, last)
            except StoreError:
                self.failures += 1
                if gives_up:
                    return
                lease, last = await self._recovered()

    async def _round(self, lease: Lease, last: int) -> int:
        flying: list[asyncio.Future[None]] = []
        ends: list[int] = []
        for _ in range(self._rng.randint(1, 4)):
            count = self._rng.randint(1, 6)
            records = [StoredRecord(seq, body(seq)) for seq in range(last + 1, last + count + 1)]
            flying.append(self._store.append(lease, last, records))
            last += count
            ends.append(last)
        if self._rng.random() < 0.2:
            flying.append(asyncio.ensure_future(self._save(lease)))
        outcomes = await asyncio.gather(*flying, return_exceptions=True)
        self._note(dict(zip(ends, outcomes, strict=False)))
        for outcome in outcomes:
            if outcome is not None:
                raise outcome
        return last

    async def _save(self, lease: Lease) -> None:
        frames = [body(self.acked)] * 3
        head = StoredSnapshot(1, self.acked, "1", checksum_of(frames), frames)
        await self._store.save_snapshot(lease, head)

    def _note(self, outcomes: dict[int, BaseException | None]) -> None:
        failed = False
        for seq, outcome in outcomes.items():
            failed = failed or outcome is not None
            assert outcome or not failed, "acknowledged after a failed append"
            if not failed:
                self.acked = seq

    async def _recovered(self) -> tuple[Lease | None, int]:
        for _ in range(PATIENCE):
            with contextlib.suppress(StoreError):
                lease = await self._store.acquire(DESK, "one", TTL)
                last = await self._store.last_seq(DESK)
                assert last >= self.acked, f"acknowledged {self.acked}, recovered {last}"
                return lease, last
        return None, 0


def lay_out(folder: Path, files: dict[str, bytes]) -> None:
    """Put the files a disk still has into a fresh folder."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


async def whats_wrong(folder: Path, acked: int) -> str:
    """Open what is left with a healthy disk: "" or the promise that does not hold."""
    path = folder / f"{DESK}.journal"
    store = SqliteStore(folder, MASTER, options(Disk()))
    try:
        last = await store.last_seq(DESK)
        records = await store.read(DESK, 0, last + 1)
        if last < acked:
            return f"lost: acknowledged {acked}, found {last}"
        if records != [StoredRecord(seq, body(seq)) for seq in range(1, last + 1)]:
            return "records are not what was written"
        lease = await store.acquire(DESK, "two", TTL)
        await store.append(lease, last, [StoredRecord(last + 1, body(last + 1))])
        if await store.last_seq(DESK) != last + 1:
            return "does not go on"
    except StoreError as error:
        return f"does not open: {error.reason}"
    finally:
        await store.close()
    return integrity(path)


def integrity(path: Path) -> str:
    """What a walk over every page of the file finds; "" for nothing."""
    try:
        key = derive_key(MASTER, "journal", DESK)
        with contextlib.closing(connect(path, key, Disk())) as connection:
            found = str(connection.pragma("integrity_check"))
    except (StoreError, apsw.Error) as error:
        found = type(error).__name__
    return "" if found == "ok" else f"damaged: {found}"
