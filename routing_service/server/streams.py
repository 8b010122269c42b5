"""The log of a desk as its subscribers see it: the last records in memory, others in the journal.

A subscriber asks for what follows its place; nobody's backlog is kept, so a slow one costs nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, takewhile

from routing_service.core.desk.world import World
from routing_service.core.records.errors import OutOfRange, RoutingError
from routing_service.server.catch_up import CatchUp, Entry
from routing_service.server.commit import Committed
from routing_service.store.base import Store
from routing_service.store.watch import Growth

KEPT = 4_096
"""Records kept in memory for those who follow closely."""
KEPT_BYTES = 32 << 20
"""How much they may take in the journal; in memory it is a few times as much."""
AT_ONCE = 100
"""Records handed out at once: a place further back is reached in steps."""


class Hub:
    """The end of one desk's log. A watcher of its partition."""

    def __init__(
        self, desk: str, store: Store, retention: int, count: Callable[[int], None]
    ) -> None:
        self._desk = desk
        self._catch_up = CatchUp(desk, store)
        self._retention = retention
        self._kept: list[Entry] = []
        self._bytes = 0
        self._growth = Growth()
        self._count = count
        self._subscribers = 0
        self._ended: RoutingError | None = None

    def committed(self, desk: str, batch: Sequence[Committed]) -> None:
        """Keep the records and wake those who wait; what is before a gap only the journal has."""
        entries = [Entry(desk, committed.record, committed.size) for committed in batch]
        if entries[0].record.seq != self._growth.durable + 1:
            self.forget()
        self._kept += entries
        self._bytes += sum(entry.size for entry in entries)
        if len(self._kept) > 2 * KEPT or self._bytes > 2 * KEPT_BYTES:
            self._shorten()
        self._growth.advance(entries[-1].record.seq)

    def recovered(self, world: World, cause: str, seconds: float) -> None:
        """What was durable and never told is told from the journal now."""
        if world.seq != self._growth.durable:
            self.forget()
        self._growth.advance(world.seq)

    def forget(self) -> None:
        """Let go of what is kept in memory; the journal has it all."""
        self._kept = []
        self._bytes = 0

    def _shorten(self) -> None:
        """Keep the newest that are within both bounds."""
        sizes = accumulate(entry.size for entry in reversed(self._kept[-KEPT:]))
        fitting = sum(1 for _ in takewhile(lambda size: size <= KEPT_BYTES, sizes))
        del self._kept[: len(self._kept) - fitting]
        self._bytes = sum(entry.size for entry in self._kept)

    def check(self, seq: int) -> None:
        """OutOfRange(CURSOR_EXPIRED) for a place whose next record is older than what is kept."""
        if seq < self._growth.durable - self._retention:
            raise OutOfRange(
                "CURSOR_EXPIRED",
                "The cursor is older than what is kept: watch again without it, with a snapshot.",
            )

    async def after(self, seq: int) -> Sequence[Entry]:
        """What follows `seq`, at least one record; waits for it. Raises what `end` was given."""
        if self._ended is not None:
            raise self._ended
        await self._growth.past(seq)
        first = self._kept[0].record.seq if self._kept else 0
        if first and first <= seq + 1:
            start = seq + 1 - first
            return self._kept[start : start + AT_ONCE]
        self.check(seq)
        return await self._catch_up.after(seq)

    @contextmanager
    def subscribed(self) -> Iterator[None]:
        """Counts a subscriber for as long as it lasts."""
        self._subscribers += 1
        self._count(self._subscribers)
        try:
            yield
        finally:
            self._subscribers -= 1
            self._count(self._subscribers)

    def end(self, error: RoutingError) -> None:
        """Let every subscriber go with this error."""
        self._ended = error
        self._growth.fail(error)
