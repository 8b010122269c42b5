"""A store with a gate before it, a disk that can be opened again, and packs made for one test.

The gate is a real store to the partition: what it lets pass is as durable as behind it, in the same
order; what it holds back can pass later, be lost, or be kept while its writer hears of a failure.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from routing_service.clock import Clock
from routing_service.core.desk.world import World
from routing_service.core.journal.commands import (
    Accept,
    AnyCommand,
    PutAgents,
    ReportKind,
    RequestKind,
    SetPresence,
)
from routing_service.core.journal.record import Record
from routing_service.core.records.lifecycle import Presence
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from routing_service.server.commit import Committed
from routing_service.server.partition import Options, Partition
from routing_service.server.requests import (
    ItemCommandRequest,
    ReportRequest,
    SeqCommandRequest,
)
from routing_service.server.submit_request import SubmitRequest
from routing_service.store.base import (
    SNAPSHOTS_KEPT,
    Lease,
    Store,
    StoredRecord,
    StoredSnapshot,
)
from routing_service.store.codec import decode_record
from routing_service.store.errors import StoreFailed
from routing_service.store.memory import MemoryStore
from routing_service.store.sqlite.desk import SqliteOptions
from routing_service.store.sqlite.store import SqliteStore
from tests.builders import NOON, agent
from tests.unit.rulebook.packs import SMALL

DESK = "default"
Held = tuple[Lease, int, Sequence[StoredRecord], "asyncio.Future[None]"]


class GatedStore:
    """Open at first. `close_gate` holds appends back until one of the other methods decides."""

    def __init__(self, behind: Store) -> None:
        self._behind = behind
        self._open = True
        self._broken = False
        self._held: list[Held] = []
        self.holds = asyncio.Event()

    def close_gate(self) -> None:
        """From now on appends wait."""
        self._open = False

    def let_pass(self) -> None:
        """Open; what waited goes on in its order."""
        self._open = True
        for lease, expected_seq, records, future in self._take():
            inner = self._behind.append(lease, expected_seq, records)
            inner.add_done_callback(partial(_hand_on, future))

    def lose(self) -> None:
        """Open; what waited is gone, and until the next lease everything else fails as well."""
        self._open, self._broken = True, True
        for *_, future in self._take():
            future.set_exception(StoreFailed(desk=DESK))

    async def keep_but_fail(self) -> None:
        """Open; what waited is durable, but its writer hears of a failure."""
        self._open, self._broken = True, True
        for lease, expected_seq, records, future in self._take():
            await self._behind.append(lease, expected_seq, records)
            future.set_exception(StoreFailed(desk=DESK))

    def _take(self) -> list[Held]:
        held, self._held = self._held, []
        self.holds.clear()
        return held

    async def acquire(self, desk: str, holder: str, ttl_us: int) -> Lease:
        """See `Store.acquire`."""
        self._broken = False
        return await self._behind.acquire(desk, holder, ttl_us)

    def append(
        self, lease: Lease, expected_seq: int, records: Sequence[StoredRecord]
    ) -> "asyncio.Future[None]":
        """See `Store.append`."""
        if self._open and not self._broken:
            return self._behind.append(lease, expected_seq, records)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._broken:
            future.set_exception(StoreFailed(desk=lease.desk))
        else:
            self._held.append((lease, expected_seq, records, future))
            self.holds.set()
        return future

    async def last_seq(self, desk: str) -> int:
        """See `Store.last_seq`."""
        return await self._behind.last_seq(desk)

    async def read(self, desk: str, after_seq: int, limit: int) -> list[StoredRecord]:
        """See `Store.read`."""
        return await self._behind.read(desk, after_seq, limit)

    async def save_snapshot(self, lease: Lease, snapshot: StoredSnapshot) -> None:
        """See `Store.save_snapshot`."""
        await self._behind.save_snapshot(lease, snapshot)

    async def load_snapshots(self, desk: str, limit: int = SNAPSHOTS_KEPT) -> list[StoredSnapshot]:
        """See `Store.load_snapshots`."""
        return await self._behind.load_snapshots(desk, limit)

    async def wait(self, desk: str, after_seq: int) -> int:
        """See `Store.wait`."""
        return await self._behind.wait(desk, after_seq)

    async def close(self) -> None:
        """See `Store.close`."""
        await self._behind.close()


def _hand_on(future: "asyncio.Future[None]", inner: "asyncio.Future[None]") -> None:
    error = inner.exception()
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)


class Disk:
    """Where a desk's journal lies: `open` gives a store over it, again and again."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._folder = folder if kind == "sqlite" else None
        self._memory = MemoryStore()
        self._opened: SqliteStore | None = None

    async def open(self) -> GatedStore:
        """A new store over the same data, as after a restart of the process."""
        await self.close()
        if self._folder is None:
            return GatedStore(self._memory)
        self._opened = SqliteStore(self._folder, bytes(32), SqliteOptions(pace_us=0))
        return GatedStore(self._opened)

    async def close(self) -> None:
        """Let go of the files."""
        if self._opened is not None:
            await self._opened.close()


class WallClock:
    """The machine's clock as the test sets it."""

    def __init__(self) -> None:
        self.instant = NOON

    def now(self) -> int:
        """See `Clock.now`."""
        return self.instant


class Reader:
    """Notes what it is told, as metrics and streams are; `told` is set at each commit."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.recoveries: list[str] = []
        self.told = asyncio.Event()

    def committed(self, desk: str, batch: Sequence[Committed]) -> None:
        """See `Watcher.committed`."""
        self.records += [each.record for each in batch]
        self.told.set()

    def recovered(self, world: World, cause: str, seconds: float) -> None:
        """See `Watcher.recovered`."""
        self.recoveries.append(cause)


@asynccontextmanager
async def running(
    store: Store,
    clock: Clock,
    *readers: Reader,
    rules: Rulebook | None = None,
    options: Options = Options(),  # noqa: B008 - frozen, so one default serves all
) -> AsyncIterator[Partition]:
    """A partition under the small pack (or other rules), drained at the end."""
    partition = Partition(DESK, store, clock, readers, options)
    await partition.start(rules or load_pack(SMALL))
    yield partition
    await partition.drain()


async def journal(store: Store) -> list[Record]:
    """All that is durable."""
    return [decode_record(stored) for stored in await store.read(DESK, 0, 10_000)]


def opened(key: str, **labels: str | int | bool) -> SubmitRequest:
    """A customer's request under this event id; by default a question for the front desk."""
    return SubmitRequest(
        actor="adapter",
        request_id=key,
        fingerprint=key.encode(),
        kind=RequestKind.OPENED,
        channel="email",
        customer="c",
        labels={"topic": "question", **labels},
    )


def reported(item: str, kind: ReportKind) -> ReportRequest:
    """What the handling side did now."""
    return ReportRequest(actor="tool", kind=kind, item=item)


def asked(command: AnyCommand) -> SeqCommandRequest:
    """A control command."""
    assert isinstance(command, PutAgents | SetPresence)
    return SeqCommandRequest(actor="admin", asked=command)


def accepted(offer: str, by: str, version: int) -> ItemCommandRequest:
    """The agent takes the offer."""
    return ItemCommandRequest(actor=by, asked=Accept(offer=offer, agent=by, version=version))


def profile(id_: str) -> SeqCommandRequest:
    """An agent of the front desk with much room."""
    return asked(PutAgents(agents=(agent(id_, queues=("front",), capacity=100),)))


def available(id_: str) -> SeqCommandRequest:
    """He takes work from now on."""
    return asked(SetPresence(agent=id_, presence=Presence.AVAILABLE))
