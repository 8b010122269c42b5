"""One desk's file as the event loop sees it: a writer, a reader and those who wait for growth."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from routing_service.store.base import Lease, OnCommit, StoredSnapshot
from routing_service.store.errors import StaleLease, StoreFailed
from routing_service.store.sqlite import journal
from routing_service.store.sqlite.checkpoint import GROWN_PAGES, Checkpointer
from routing_service.store.sqlite.database import Connection, Disk, connect, open_database
from routing_service.store.sqlite.pace import DEFAULT_PACE_US, Pace
from routing_service.store.sqlite.reader import Reader
from routing_service.store.sqlite.renewal import renew_log
from routing_service.store.sqlite.writer import Append, Commit, Writer
from routing_service.store.watch import Growth

T = TypeVar("T")


class SqliteOptions(Struct, frozen=True):
    """How a store commits: pause while busy (microseconds), log pages before a checkpoint."""

    pace_us: int = DEFAULT_PACE_US
    grown_pages: int = GROWN_PAGES
    disk: Disk = Disk()


class DeskFile:
    """Nothing is opened before it is needed; only `acquire` makes the file."""

    def __init__(
        self, desk: str, path: Path, key: bytes, options: SqliteOptions, on_commit: OnCommit | None
    ) -> None:
        self._desk = desk
        self._path = path
        self._key = key
        self._options = options
        self._on_commit = on_commit
        self._growth = Growth()
        self._writer: Writer | None = None
        self._reader = Reader(path, self._open)
        self._opening = (
            threading.Lock()
        )  # a file that is being made looks broken to a second opener
        self._saving = asyncio.Lock()
        self.acquiring = asyncio.Lock()

    async def acquire(self, holder: str) -> Lease:
        """Open for writing and raise the epoch; ends a failed state."""
        if self._writer is None:
            self._writer = self._start_writer()

        def take(connection: Connection) -> tuple[Lease, int]:
            lease = journal.take_lease(connection, self._desk, holder)
            return lease, journal.last_seq(connection)

        lease, last_seq = await self._writer.run(take, reopening=True)
        self._growth.advance(last_seq)
        return lease

    def append(self, item: Append) -> None:
        """Queue an append; without a writer nobody can hold the desk."""
        if self._writer is None:
            item.future.set_exception(StaleLease(desk=self._desk))
        else:
            self._writer.append(item)

    async def query(self, question: Callable[[Connection], T], missing: T) -> T:
        """Ask the reader."""
        return await self._reader.ask(question, missing)

    async def wait(self, after_seq: int) -> int:
        """The last durable seq, once it is above `after_seq`."""
        self._growth.advance(await self.query(journal.last_seq, 0))
        return await self._growth.past(after_seq)

    async def save_snapshot(self, lease: Lease, snapshot: StoredSnapshot) -> None:
        """Write frame by frame, letting waiting appends go between, then drop what is old."""
        writer = self._writer
        if writer is None:
            raise StaleLease(desk=self._desk)
        async with self._saving:
            number = await writer.run(lambda c: journal.begin_snapshot(c, lease, snapshot))
            for place, frame in enumerate(snapshot.frames):
                add = partial(
                    journal.add_frame, lease=lease, number=number, place=place, body=frame
                )
                await writer.run(add)
            await writer.run(lambda c: journal.finish_snapshot(c, lease, number))
            while await writer.run(lambda c: journal.drop_old_frame(c, lease)):
                continue

    async def close(self) -> None:
        """Make what was queued durable and let go of the file."""
        await self._reader.close()
        if self._writer:
            await self._writer.close()
            await asyncio.sleep(0)  # lets the last acknowledgements go out first
        self._growth.fail(StoreFailed(desk=self._desk))

    def _start_writer(self) -> Writer:
        checkpointer = Checkpointer(self._connect, self._options.grown_pages)

        def renewed() -> Connection:
            with self._reader.resting(), checkpointer.resting(), self._opening:
                renew_log(self._path, self._options.disk)
                return self._make()

        return Writer(renewed, checkpointer, Pace(self._options.pace_us), self._settle)

    def _open(self) -> Connection:
        with self._opening:
            return self._make()

    def _make(self) -> Connection:
        return open_database(self._path, self._key, journal.MIGRATIONS, self._options.disk)

    def _connect(self) -> Connection:
        with self._opening:
            return connect(self._path, self._key, self._options.disk)

    def _settle(self, commit: Commit) -> None:
        self._growth.advance(commit.added.last_seq)
        for append, refusal in zip(commit.appends, commit.added.outcomes, strict=True):
            if append.future.done():
                continue  # cancelled by its caller; the records are kept all the same
            if refusal:
                append.future.set_exception(refusal)
            else:
                append.future.set_result(None)
        if self._on_commit and commit.added.records:
            appends = commit.added.outcomes.count(None)
            self._on_commit(self._desk, commit.added.records, appends, commit.seconds)
