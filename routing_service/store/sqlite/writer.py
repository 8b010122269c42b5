"""The one thread that writes a desk's file: takes all that waits, commits once, wakes once.

It touches the event loop only through `call_soon_threadsafe`, once per commit.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

from msgspec import Struct

from routing_service.store.errors import StoreError, StoreFailed, StoreFull
from routing_service.store.leases import monotonic_us
from routing_service.store.sqlite.checkpoint import Checkpointer
from routing_service.store.sqlite.database import (
    Connection,
    DriverError,
    checkpoint,
    close_quietly,
    copy_log,
    plain_errors,
)
from routing_service.store.sqlite.journal import Added, Addition, add
from routing_service.store.sqlite.pace import Pace

T = TypeVar("T")


class Append(Struct, frozen=True):
    """An addition and whoever waits for it."""

    addition: Addition
    future: asyncio.Future[None]


class Task(Struct, frozen=True):
    """Something else to do on the writer's connection, in order with the appends."""

    run: Callable[[], None]


class Commit(Struct, frozen=True):
    """One finished commit on its way to the event loop."""

    appends: list[Append]
    added: Added
    seconds: float


class Writer:
    """Owns the writing connection of one desk; opens it on the first `reopening` task."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        checkpointer: Checkpointer,
        pace: Pace,
        committed: Callable[[Commit], None],
    ) -> None:
        self._connect = connect
        self._checkpointer = checkpointer
        self._pace = pace
        self._committed = committed
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[Append | Task | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._broken = True
        self._log_pages = 0
        self._thread = threading.Thread(target=self._main, name="journal", daemon=True)
        self._thread.start()

    def append(self, item: Append) -> None:
        """Queue it; the future is resolved on the event loop when the commit is durable."""
        self._queue.put(item)

    async def run(self, action: Callable[[Connection], T], *, reopening: bool = False) -> T:
        """Do `action` after everything queued before it; `reopening` ends a failed state."""
        future: Future[T] = Future()
        self._queue.put(Task(lambda: self._attempt(action, future, reopening=reopening)))
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Finish what is queued, copy the log into the file, let go."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _main(self) -> None:
        for work in self._gathered():
            if isinstance(work, Task):
                work.run()
            else:
                self._commit(work)
        self._checkpointer.stop()
        if self._connection:
            with contextlib.suppress(DriverError, StoreError):  # the log is replayed at next start
                copy_log(self._opened())
            self._let_go()

    def _gathered(self) -> Iterator[list[Append] | Task]:
        """All appends that wait as one group; a task by itself, at its place between them."""
        while True:
            first = self._queue.get()
            time.sleep(self._pace.rest_us(monotonic_us()) / 1e6)
            group: list[Append] = []
            for item in self._waiting(first):
                if isinstance(item, Append):
                    group.append(item)
                    continue
                if group:
                    yield group
                    group = []
                if item is None:
                    return
                yield item
            if group:
                yield group

    def _waiting(self, first: Append | Task | None) -> Iterator[Append | Task | None]:
        yield first
        with contextlib.suppress(Empty):
            while True:
                yield self._queue.get_nowait()

    def _commit(self, appends: list[Append]) -> None:
        started = monotonic_us()
        additions = [item.addition for item in appends]
        try:
            with plain_errors():
                added = add(self._opened(), additions, broken=self._broken)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody may wait for ever
            self._let_go()
            added = _nothing(error, len(appends))
        self._broken = added.broken
        ended = monotonic_us()
        self._pace.committed(ended, added.records)
        commit = Commit(appends, added, (ended - started) / 1e6)
        with contextlib.suppress(RuntimeError):  # the loop is gone, and whoever waited with it
            self._loop.call_soon_threadsafe(self._committed, commit)
        self._tend_log()

    def _attempt(
        self, action: Callable[[Connection], T], future: Future[T], *, reopening: bool
    ) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            with plain_errors():
                answer = action(self._reopened() if reopening else self._opened())
        except Exception as error:  # noqa: BLE001 - as above; the waiter gets the error itself
            if isinstance(error, StoreFailed) and not isinstance(error, StoreFull):
                self._let_go()
            future.set_exception(error)
        else:
            self._broken = self._broken and not reopening
            future.set_result(answer)

    def _reopened(self) -> Connection:
        if self._checkpointer.failed:
            self._let_go()
        if self._connection is None:
            self._connection = self._connect()
            self._connection.set_wal_hook(self._note_log)
        return self._connection

    def _opened(self) -> Connection:
        if self._checkpointer.failed:
            self._let_go()
        if self._connection is None:
            raise StoreFailed
        return self._connection

    def _let_go(self) -> None:
        self._broken = True
        if self._connection:
            close_quietly(self._connection)
            self._connection = None

    def _note_log(self, _connection: Connection, _name: str, pages: int) -> int:
        self._log_pages = pages
        return 0

    def _tend_log(self) -> None:
        if self._checkpointer.committed(self._log_pages) and self._connection:
            try:
                checkpoint(self._opened(), "PASSIVE")
            except StoreError:
                self._let_go()  # the next append fails; the log cannot grow for ever


def _nothing(error: Exception, appends: int) -> Added:
    """Nobody's append worked: each gets its own error."""
    kind = type(error) if isinstance(error, StoreFailed) else StoreFailed
    return Added([kind() for _ in range(appends)], 0, 0, broken=True)
