"""A store that forgets: for tests, the case runner and simulations. Same guarantees but the disk.

Nothing here touches files, threads or the wall clock.
"""

import asyncio
from collections.abc import Sequence

from routing_service.store.base import (
    SNAPSHOTS_KEPT,
    Lease,
    OnCommit,
    StoredRecord,
    StoredSnapshot,
    fits,
)
from routing_service.store.errors import (
    SequenceConflict,
    StaleLease,
    StoreError,
    StoreFailed,
)
from routing_service.store.leases import ClockUs, Leases, monotonic_us
from routing_service.store.watch import Growth


class MemoryDesk:
    """What one desk has: its records, snapshots, epoch and whether an append failed."""

    def __init__(self) -> None:
        self.records: list[StoredRecord] = []
        self.snapshots: list[StoredSnapshot] = []
        self.epoch = 0
        self.broken = False
        self.growth = Growth()

    def take(self, lease: Lease, expected_seq: int, records: Sequence[StoredRecord]) -> None:
        """Append or raise; a failure other than a stale lease stops the lease."""
        if lease.epoch != self.epoch:
            raise StaleLease(desk=lease.desk)
        if self.broken:
            raise StoreFailed(desk=lease.desk)
        if not fits(len(self.records), expected_seq, records):
            self.broken = bool(records)
            raise SequenceConflict(desk=lease.desk)
        self.records.extend(records)


class MemoryStore:
    """`Store` in plain lists; acknowledged on the next turn of the event loop."""

    def __init__(self, clock: ClockUs = monotonic_us, on_commit: OnCommit | None = None) -> None:
        self._leases = Leases(clock)
        self._desks: dict[str, MemoryDesk] = {}
        self._on_commit = on_commit
        self._closed = False

    async def acquire(self, desk: str, holder: str, ttl_us: int) -> Lease:
        """See `Store.acquire`."""
        self._require_open()
        self._leases.require_free(desk, holder)
        kept = self._desk(desk)
        kept.epoch += 1
        kept.broken = False
        lease = Lease(desk, holder, kept.epoch)
        self._leases.grant(lease, ttl_us)
        return lease

    def append(
        self, lease: Lease, expected_seq: int, records: Sequence[StoredRecord]
    ) -> asyncio.Future[None]:
        """See `Store.append`."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        try:
            self._require_open()
            self._desk(lease.desk).take(lease, expected_seq, records)
        except StoreError as error:
            future.set_exception(error)
        else:
            self._leases.touch(lease)
            loop.call_soon(self._acknowledge, lease.desk, expected_seq, len(records), future)
        return future

    async def last_seq(self, desk: str) -> int:
        """See `Store.last_seq`."""
        self._require_open()
        return self._desk(desk).growth.durable

    async def read(self, desk: str, after_seq: int, limit: int) -> list[StoredRecord]:
        """See `Store.read`."""
        self._require_open()
        kept = self._desk(desk)
        return kept.records[after_seq : min(after_seq + limit, kept.growth.durable)]

    async def save_snapshot(self, lease: Lease, snapshot: StoredSnapshot) -> None:
        """See `Store.save_snapshot`."""
        self._require_open()
        kept = self._desk(lease.desk)
        if lease.epoch != kept.epoch:
            raise StaleLease(desk=lease.desk)
        if snapshot.seq > kept.growth.durable:
            raise SequenceConflict(desk=lease.desk)
        newest_first = sorted([snapshot, *kept.snapshots], key=lambda s: -s.seq)
        kept.snapshots = newest_first[:SNAPSHOTS_KEPT]

    async def load_snapshots(self, desk: str, limit: int = SNAPSHOTS_KEPT) -> list[StoredSnapshot]:
        """See `Store.load_snapshots`."""
        self._require_open()
        return list(self._desk(desk).snapshots)[:limit]

    async def wait(self, desk: str, after_seq: int) -> int:
        """See `Store.wait`."""
        self._require_open()
        return await self._desk(desk).growth.past(after_seq)

    async def close(self) -> None:
        """See `Store.close`."""
        await asyncio.sleep(0)  # lets acknowledgements that were queued go out first
        self._closed = True
        for desk in self._desks.values():
            desk.growth.fail(StoreFailed())

    def _acknowledge(
        self, desk: str, expected_seq: int, count: int, future: asyncio.Future[None]
    ) -> None:
        self._desk(desk).growth.advance(expected_seq + count)
        if not future.done():
            future.set_result(None)
        if self._on_commit:
            self._on_commit(desk, count, 1, 0.0)

    def _desk(self, desk: str) -> MemoryDesk:
        return self._desks.setdefault(desk, MemoryDesk())

    def _require_open(self) -> None:
        if self._closed:
            raise StoreFailed
