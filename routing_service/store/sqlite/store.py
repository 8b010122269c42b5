"""`Store` over encrypted SQLite files in one data folder. Event loop side only.

Threads live in `writer` and `checkpoint`, SQL in `journal`.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from routing_service.store.base import (
    SNAPSHOTS_KEPT,
    Lease,
    OnCommit,
    StoredRecord,
    StoredSnapshot,
)
from routing_service.store.errors import StoreFailed
from routing_service.store.files import desk_file
from routing_service.store.folder import DataFolder
from routing_service.store.leases import ClockUs, Leases, monotonic_us
from routing_service.store.master_key import derive_key
from routing_service.store.sqlite import journal
from routing_service.store.sqlite.database import require_safe_sqlite
from routing_service.store.sqlite.desk import DeskFile, SqliteOptions
from routing_service.store.sqlite.journal import Addition
from routing_service.store.sqlite.writer import Append


class SqliteStore:
    """One process at a time; a file, a key and a writer thread per desk."""

    def __init__(
        self,
        folder: Path,
        master_key: bytes,
        options: SqliteOptions = SqliteOptions(),  # noqa: B008 - frozen, so one default serves all
        on_commit: OnCommit | None = None,
        clock: ClockUs = monotonic_us,
    ) -> None:
        require_safe_sqlite()
        self._folder = DataFolder(folder, master_key)
        self._master_key = master_key
        self._options = options
        self._on_commit = on_commit
        self._leases = Leases(clock)
        self._desks: dict[str, DeskFile] = {}
        self._closed = False

    async def acquire(self, desk: str, holder: str, ttl_us: int) -> Lease:
        """See `Store.acquire`."""
        file = self._desk(desk)
        async with file.acquiring:
            self._leases.require_free(desk, holder)
            lease = await file.acquire(holder)
            self._leases.grant(lease, ttl_us)
        return lease

    def append(
        self, lease: Lease, expected_seq: int, records: Sequence[StoredRecord]
    ) -> asyncio.Future[None]:
        """See `Store.append`."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._closed:
            future.set_exception(StoreFailed(desk=lease.desk))
        else:
            self._leases.touch(lease)
            addition = Addition(lease, expected_seq, records)
            self._desk(lease.desk).append(Append(addition, future))
        return future

    async def last_seq(self, desk: str) -> int:
        """See `Store.last_seq`."""
        return await self._desk(desk).query(journal.last_seq, 0)

    async def read(self, desk: str, after_seq: int, limit: int) -> list[StoredRecord]:
        """See `Store.read`."""
        return await self._desk(desk).query(lambda c: journal.read(c, after_seq, limit), [])

    async def save_snapshot(self, lease: Lease, snapshot: StoredSnapshot) -> None:
        """See `Store.save_snapshot`."""
        await self._desk(lease.desk).save_snapshot(lease, snapshot)

    async def load_snapshots(self, desk: str, limit: int = SNAPSHOTS_KEPT) -> list[StoredSnapshot]:
        """See `Store.load_snapshots`."""
        return await self._desk(desk).query(lambda c: journal.load_snapshots(c, limit), [])

    async def wait(self, desk: str, after_seq: int) -> int:
        """See `Store.wait`."""
        return await self._desk(desk).wait(after_seq)

    async def close(self) -> None:
        """See `Store.close`."""
        if self._closed:
            return
        self._closed = True
        for file in self._desks.values():
            await file.close()
        self._folder.release()

    def _desk(self, desk: str) -> DeskFile:
        if self._closed:
            raise StoreFailed(desk=desk)
        if desk not in self._desks:
            key = derive_key(self._master_key, "journal", desk)
            path = desk_file(self._folder.path, desk, "journal")
            self._desks[desk] = DeskFile(desk, path, key, self._options, self._on_commit)
        return self._desks[desk]
