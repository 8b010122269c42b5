"""History: ended items after World has forgotten them, and the exact figures of reports.

Fed from the journal and rebuildable from it: losing these files loses nothing. No decision is made
from History, and no text in it is readable without its customer's key.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from routing_service.core.records.model import Item
from routing_service.store.files import desk_file
from routing_service.store.history_table import Figures, HistoryTable, Outcome
from routing_service.store.master_key import derive_key
from routing_service.store.sqlite.database import Disk

__all__ = ["Figures", "History", "Outcome"]

T = TypeVar("T")


class History:
    """The ended items of all desks, a file each; `folder` None keeps them in memory.

    Methods are called from one event loop and do their work in one thread, in the order of the
    calls. They raise the kinds of `StoreError`.
    """

    def __init__(
        self,
        folder: Path | None,
        master_key: bytes,
        disk: Disk = Disk(),  # noqa: B008 - frozen, so one default serves all
    ) -> None:
        self._folder = folder
        self._master_key = master_key
        self._disk = disk
        self._tables: dict[str, HistoryTable] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")

    async def fed(self, desk: str) -> int:
        """The seq up to which every ended item is here; 0 for a new file."""
        return await self._ask(desk, HistoryTable.fed)

    async def feed(self, desk: str, seq: int, ended: Sequence[Item]) -> None:
        """Upsert ended items and note that nothing is missing up to `seq`, all or nothing.

        Feeding the same again changes nothing; a lower seq than before does not take it back.
        """
        await self._ask(desk, lambda table: table.feed(seq, ended))

    async def get(self, desk: str, item_id: str) -> Item | None:
        """The item as it was when it ended, or None."""
        return await self._ask(desk, lambda table: table.get(item_id))

    async def numbered(self, desk: str, number: str) -> Item | None:
        """The item with this number as it was when it ended, or None; the latest of several."""
        return await self._ask(desk, lambda table: table.numbered(number))

    async def page(
        self, desk: str, *, after: str = "", limit: int = 100, queue: str = "", state: str = ""
    ) -> list[Item]:
        """At most `limit` items with ids above `after`, in order of their ids."""
        return await self._ask(desk, lambda table: table.page(after, limit, queue, state))

    async def figures(self, desk: str, since: int, until: int) -> dict[str, Figures]:
        """By priority, of the items that ended in [since, until), microseconds.

        A promise counts as met when it was stopped in time or a late report corrected its breach,
        as breached when its breach stands; a clock cancelled before either counts in neither.
        """
        return await self._ask(desk, lambda table: table.figures(since, until))

    async def close(self) -> None:
        """Let go of the files."""
        await self._run(self._close)
        self._thread.shutdown()

    async def _ask(self, desk: str, question: Callable[[HistoryTable], T]) -> T:
        return await self._run(lambda: question(self._table(desk)))

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _table(self, desk: str) -> HistoryTable:
        table = self._tables.get(desk)
        if table is None:
            path = desk_file(self._folder, desk, "history") if self._folder else None
            key = derive_key(self._master_key, "history", desk)
            table = self._tables[desk] = HistoryTable(path, key, self._disk)
        return table

    def _close(self) -> None:
        for table in self._tables.values():
            table.close()
