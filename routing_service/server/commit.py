"""From decided to durable: batches, appends in order, release of answers, snapshots.

Answers and watchers see a record only after its append returned. Decides nothing about requests.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import msgspec

from routing_service.core.desk.world import World
from routing_service.core.journal.record import Record
from routing_service.core.records.errors import RoutingError, Unavailable
from routing_service.core.records.model import Item
from routing_service.server.inbox import Entry, Inbox, Result
from routing_service.store.base import Lease, Store, StoredRecord
from routing_service.store.codec import encode_record, frames, freeze, snapshot_of
from routing_service.store.errors import StoreError, StoreFailed

log = logging.getLogger(__name__)

LEASE_TTL_US = 5_000_000
HOLDER = "embedded"


class Committed(msgspec.Struct, frozen=True):
    """A durable record of `size` bytes, and the items it touched as they were after its turn."""

    record: Record
    items: dict[str, Item]
    size: int


class Watcher(Protocol):
    """Reads what was committed: metrics, streams, history."""

    def committed(self, desk: str, batch: Sequence[Committed]) -> None:
        """Called on the event loop after each commit, in order of seq."""
        ...

    def recovered(self, world: World, cause: str, seconds: float) -> None:
        """World was made anew from the journal ("start", "append_failed", "fault")."""
        ...


class Batch:
    """What one cycle decided, and whom to answer when it is durable."""

    __slots__ = ("answers", "committed", "stored")

    def __init__(self) -> None:
        self.committed: list[Committed] = []
        self.stored: list[StoredRecord] = []
        self.answers: list[tuple[Entry, list[Result]]] = []

    def add(self, records: Sequence[Record], world: World) -> None:
        """Records of one turn, encoded, with the items they touched as they are after the turn."""
        encoded = [encode_record(record) for record in records]
        self.stored += encoded
        for record, stored in zip(records, encoded, strict=True):
            touched: dict[str, Item] = {}
            for event in record.events:
                item = world.items.get(getattr(event, "item", ""))
                if item is not None:
                    touched[item.id] = item
            self.committed.append(Committed(record, touched, len(stored.body)))

    def answer(self, entry: Entry, results: list[Result]) -> None:
        """Results to release with this batch."""
        self.answers.append((entry, results))


class Snapshots(msgspec.Struct, frozen=True):
    """Records between two of them; `observe` is told the seconds that writing one took."""

    every: int
    observe: Callable[[float], None]


class Commits:
    """The way of one desk's batches into the store and out to callers and watchers."""

    def __init__(
        self,
        desk: str,
        store: Store,
        inbox: Inbox,
        watchers: Sequence[Watcher],
        snapshots: Snapshots,
    ) -> None:
        self.broken = False
        self._desk = desk
        self._store = store
        self._inbox = inbox
        self._watchers = watchers
        self._snapshots = snapshots
        self._lease = Lease(desk, HOLDER, 0)
        self._seq = 0
        self._snapshot_seq = 0
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._saving: asyncio.Task[None] | None = None

    async def acquire(self) -> None:
        """Take the desk's lease: earlier appends of ours can no longer succeed unseen."""
        self._lease = await self._store.acquire(self._desk, HOLDER, LEASE_TTL_US)

    def begin(self, seq: int, snapshot_seq: int) -> None:
        """Go on after this seq; the newest usable snapshot is that of `snapshot_seq`."""
        self._seq, self._snapshot_seq = seq, snapshot_seq
        self.broken = False

    def tell_recovered(self, world: World, cause: str, seconds: float) -> None:
        """Let every watcher start from World as it is now."""
        for watcher in self._watchers:
            watcher.recovered(world, cause, seconds)

    def append(self, batch: Batch, world: World, *, dev: bool) -> None:
        """Queue the batch; its answers leave when it, and all before it, is durable."""
        if self.broken:  # World is ahead of the journal: nothing of it may be told
            self._refuse(batch, StoreFailed())
            return
        if not batch.committed and not self._in_flight:
            self._release(batch)
            return
        future = self._store.append(self._lease, self._seq, batch.stored)
        self._seq += len(batch.stored)
        self._in_flight += 1
        self._idle.clear()
        future.add_done_callback(partial(self._done, batch))
        if self._seq - self._snapshot_seq >= self._snapshots.every and self._saving is None:
            self._snapshot_seq = self._seq
            self._saving = asyncio.create_task(self._save_when_durable(world, dev))

    def _done(self, batch: Batch, future: "asyncio.Future[None]") -> None:
        self._in_flight -= 1
        if not self._in_flight:
            self._idle.set()
        error = future.exception()
        if error is None:
            self._release(batch)
            return
        log.error("append failed", exc_info=error, extra={"action": "append"})
        self.broken = True
        self._refuse(batch, error)
        self._inbox.arrived.set()

    def _refuse(self, batch: Batch, error: BaseException) -> None:
        answer = _unknown(error)
        for entry, _ in batch.answers:
            self._inbox.fail(entry, answer)

    def _release(self, batch: Batch) -> None:
        for entry, results in batch.answers:
            self._inbox.release(entry, results)
        for watcher in self._watchers if batch.committed else ():
            try:
                watcher.committed(self._desk, batch.committed)
            except Exception:  # one reader's bug must not hide the batch from the others
                log.critical("a watcher failed", exc_info=True, extra={"action": "watch"})

    async def landed(self) -> None:
        """Wait until no append is in flight.

        No answer can leave before the disk has what is in flight: what arrives meanwhile is decided
        together afterwards, in one cycle and one append instead of one each.
        """
        await self._idle.wait()

    async def settled(self) -> None:
        """Wait until no append is in flight and no snapshot is being written."""
        await self.landed()
        if self._saving is not None:
            await self._saving

    async def save_now(self, world: World, *, dev: bool) -> None:
        """Keep a snapshot of World as it is, unless nothing happened since the last one."""
        if self._seq > self._snapshot_seq and not self.broken:
            self._snapshot_seq = self._seq
            await self._save_when_durable(world, dev)

    async def _save_when_durable(self, world: World, dev: bool) -> None:
        """Freeze now, wait for the append that covers it, encode in slices, save."""
        frozen = freeze(world, dev=dev)
        try:
            await self._store.append(self._lease, frozen.header.seq, [])
            began = time.perf_counter()
            encoded = []
            for frame in frames(frozen):
                encoded.append(frame)
                await asyncio.sleep(0)
            await self._store.save_snapshot(self._lease, snapshot_of(frozen.header.seq, encoded))
            self._snapshots.observe(time.perf_counter() - began)
        except StoreError as error:
            log.warning("snapshot not kept", exc_info=error, extra={"action": "snapshot"})
        finally:
            self._saving = None


def _unknown(error: BaseException) -> RoutingError:
    """What callers hear: the outcome is unknown, a retry with the same key is safe."""
    if isinstance(error, StoreError):
        return Unavailable(error.reason, error.message)
    return Unavailable("STORE_DOWN", "The store failed: retry with the same key.")
