"""Reads of one desk, on a connection and a thread of their own: they never hold up a commit."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from routing_service.store.errors import StoreError
from routing_service.store.sqlite.database import Connection, close_quietly

T = TypeVar("T")


class Reader:
    """Opens its connection on the first question; a file that is not there is never made."""

    def __init__(self, path: Path, connect: Callable[[], Connection]) -> None:
        self._path = path
        self._connect = connect
        self._connection: Connection | None = None
        self._using = threading.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal-read")

    async def ask(self, question: Callable[[Connection], T], missing: T) -> T:
        """The answer, or `missing` when the desk has no file yet."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._answer, question, missing)

    async def close(self) -> None:
        """Let go of the file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._let_go)
        self._thread.shutdown()

    @contextlib.contextmanager
    def resting(self) -> Iterator[None]:
        """From any thread: no connection is open inside; questions wait."""
        with self._using:
            self._drop()
            yield

    def _answer(self, question: Callable[[Connection], T], missing: T) -> T:
        with self._using:
            return self._ask(question, missing)

    def _ask(self, question: Callable[[Connection], T], missing: T) -> T:
        if self._connection is None:
            if not self._path.exists():
                return missing
            self._connection = self._connect()
        try:
            return question(self._connection)
        except StoreError:
            self._drop()  # the next question starts with a fresh connection
            raise

    def _let_go(self) -> None:
        with self._using:
            self._drop()

    def _drop(self) -> None:
        if self._connection:
            close_quietly(self._connection)
            self._connection = None
