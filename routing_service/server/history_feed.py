"""Feeds History from what was committed, in the background; makes it anew when it lacks something.

A watcher like metrics and streams. A History that fails or lags delays nobody: what it lacks is in
the journal. Nothing is ever read from it here to decide anything.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress

from routing_service.core.desk.world import World
from routing_service.core.journal.events import ItemArchived
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES
from routing_service.core.records.model import Item
from routing_service.server.commit import Committed
from routing_service.server.recovery import replay
from routing_service.store.base import Store
from routing_service.store.codec import decode_record
from routing_service.store.errors import StoreError
from routing_service.store.history import History

log = logging.getLogger(__name__)

CHUNK = 200
"""Records between two yields to the event loop while History is made anew."""
REST_SECONDS = 0.5
"""Between two feeds: one commit of History takes what ended meanwhile."""
RETRY_SECONDS = 5.0


class HistoryFeed:
    """The feed of one desk. `start` needs a running loop; `close` feeds the rest first."""

    def __init__(
        self,
        desk: str,
        history: History,
        store: Store,
        *,
        rest_seconds: float = REST_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self.caught_up = asyncio.Event()
        """Set while History has everything that was told."""
        self._desk = desk
        self._history = history
        self._store = store
        self._rest_seconds = rest_seconds
        self._retry_seconds = retry_seconds
        self._ended: dict[str, Item] = {}
        self._feeding: dict[str, Item] = {}
        self._seq = 0
        self._unchecked = False
        self._wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to feed what is told from now on."""
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(_report)

    def committed(self, desk: str, batch: Sequence[Committed]) -> None:
        """Note the items that have ended."""
        for committed in batch:
            self._note(committed.items.values())
            self._seq = committed.record.seq
        self._tell()

    def recovered(self, world: World, cause: str, seconds: float) -> None:
        """World holds what ended lately; what left it before must be in History already."""
        self._note(world.items.values())
        self._seq = world.seq
        self._unchecked = True
        self._tell()

    def noted(self, item_id: str) -> Item | None:
        """An ended item on its way to History, or None."""
        return self._ended.get(item_id) or self._feeding.get(item_id)

    def noted_number(self, number: str) -> Item | None:
        """The same by the number that people use."""
        noted = (*self._ended.values(), *self._feeding.values())
        return next((item for item in noted if item.number == number), None)

    async def close(self) -> None:
        """Feed what is left, unless History fails, and stop."""
        self._closing.set()
        self._wake.set()
        if self._task is not None:
            await self._task

    def _tell(self) -> None:
        self.caught_up.clear()
        self._wake.set()

    def _note(self, items: Iterable[Item]) -> None:
        for item in items:
            if item.state in ENDED_ITEM_STATES:
                self._ended[item.id] = item

    async def _run(self) -> None:
        while not self._closing.is_set():
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._feed()
            except StoreError as error:
                log.warning("history_behind", exc_info=error, extra={"desk": self._desk})
                self._wake.set()
                await self._rest(self._retry_seconds)
            else:
                await self._rest(self._rest_seconds)
        with suppress(StoreError):  # told above; the journal still has it for the next start
            await self._feed()

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    async def _feed(self) -> None:
        """Everything noted, in one commit of History; on failure it is noted again."""
        seq, ended, unchecked = self._seq, self._ended, self._unchecked
        self._ended, self._feeding, self._unchecked = {}, ended, False
        try:
            if unchecked:
                await self._check(seq)
            await self._history.feed(self._desk, seq, list(ended.values()))
        except StoreError:
            self._ended = {**ended, **self._ended}
            self._unchecked = self._unchecked or unchecked
            raise
        finally:
            self._feeding = {}
        if not self._wake.is_set():
            self.caught_up.set()

    async def _check(self, seq: int) -> None:
        """Make History anew when an item was archived that it never got."""
        fed = await self._history.fed(self._desk)
        if fed < seq and await self._lacks_archived(fed):
            log.info("history_rebuilt", extra={"desk": self._desk})
            await rebuild(self._store, self._history, self._desk)

    async def _lacks_archived(self, after: int) -> bool:
        while records := await self._store.read(self._desk, after, CHUNK):
            after = records[-1].seq
            for stored in records:
                for event in decode_record(stored).events:
                    if isinstance(event, ItemArchived) and not await self._knows(event.item):
                        return True
            await asyncio.sleep(0)
        return False

    async def _knows(self, item: str) -> bool:
        return await self._history.get(self._desk, item) is not None


def _report(task: asyncio.Task[None]) -> None:
    """A fault of ours: History stands still until the next start, and that must be seen."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("history_stopped", exc_info=error)


async def rebuild(store: Store, history: History, desk: str) -> int:
    """Feed History all that ever ended on the desk, from the whole journal; the last seq."""
    world = World(desk)
    while records := await store.read(desk, world.seq, CHUNK):
        ended: dict[str, Item] = {}
        for stored in records:
            record = decode_record(stored)
            replay(world, record)
            for event in record.events:
                item = world.items.get(getattr(event, "item", ""))
                if item is not None and item.state in ENDED_ITEM_STATES:
                    ended[item.id] = item
        await history.feed(desk, world.seq, list(ended.values()))
        await asyncio.sleep(0)
    return world.seq
