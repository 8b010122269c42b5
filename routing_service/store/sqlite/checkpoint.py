"""Copies the log of a desk into its file, from its own thread and connection.

Only when the log has grown, so that a small desk never pays; the writer never waits for it.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator

from routing_service.store.errors import StoreError, StoreFull
from routing_service.store.sqlite.database import (
    Connection,
    checkpoint,
    close_quietly,
    plain_errors,
)

GROWN_PAGES = 4_096  # 16 MiB of 4 KiB pages
CAP = 4  # times the above: from here on the writer itself copies, so that the log stays bounded
ATTEMPTS = 3  # each copies what came in during the one before
QUIET_S = 1.0
_log = logging.getLogger(__name__)


class Checkpointer:
    """Started by the first commit that finds the log grown; stopped by `stop`."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        grown_pages: int = GROWN_PAGES,
        quiet_s: float = QUIET_S,
    ) -> None:
        self._connect = connect
        self._grown_pages = grown_pages
        self._quiet_s = quiet_s
        self._next = grown_pages
        self._commits = 0
        self._stopping = False
        self._copying = threading.Lock()
        self.failed = False
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def committed(self, pages: int) -> bool:
        """The writer tells how long the log is now; True asks it to copy the log itself."""
        self._commits += 1
        if pages < self._grown_pages:
            self._next = self._grown_pages
        elif pages >= self._next:
            self._next = pages + self._grown_pages
            self._start()
            self._wake.set()
        return pages >= CAP * self._grown_pages

    @contextlib.contextmanager
    def resting(self) -> Iterator[None]:
        """From any thread: no connection is open inside; afterwards `failed` starts anew."""
        with self._copying:
            yield
            self.failed = False

    def stop(self) -> None:
        """End the thread; waits for a copy that is under way."""
        self._stopping = True
        self._wake.set()
        if self._thread:
            self._thread.join()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._main, name="checkpoint", daemon=True)
            self._thread.start()

    def _main(self) -> None:
        while self._wake.wait() and not self._stopping:
            self._wake.clear()
            self._copy("PASSIVE", ATTEMPTS)
            if self._becomes_quiet():
                self._copy("TRUNCATE", 1)

    def _copy(self, mode: str, attempts: int) -> None:
        with self._copying:
            if self.failed:
                return  # what the last copy left is mended first, by the next opening
            try:
                with plain_errors():
                    self._attempt(mode, attempts)
            except StoreError as error:
                # Nothing is lost: the log still has it all, and the writer fails at the cap.
                _log.warning("checkpoint failed", extra={"action": "checkpoint"}, exc_info=error)

    def _attempt(self, mode: str, attempts: int) -> None:
        connection = self._connect()
        try:
            for _ in range(attempts):
                done = checkpoint(connection, mode)
                if done.copied >= done.in_log:
                    break
        except StoreFull:
            raise  # no room to write is no failed sync
        except StoreError:
            self.failed = True
            raise
        finally:
            close_quietly(connection)

    def _becomes_quiet(self) -> bool:
        """Wait until nothing was committed for a while; False when the log grew again first."""
        seen = -1
        while seen != self._commits:
            seen = self._commits
            if self._wake.wait(self._quiet_s):
                return False
        return True
