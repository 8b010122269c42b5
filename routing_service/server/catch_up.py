"""The journal as read by subscribers who are behind: in small steps, one at a time, shared by all.

After a restart everybody is behind at once. Each step is read and told once for all who need it,
and between two steps the desk's own work gets its turn.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property

from routing_service.core.journal.record import Record
from routing_service.server.convert_events import Told, public_events
from routing_service.store.base import Store
from routing_service.store.codec import decode_record

STEP = 50
"""Records of one step: about 10 ms of work."""
KEPT_STEPS = 40
"""Whole steps kept for others who come by."""
KEPT_BYTES = 16 << 20
"""How much they may take in the journal: records with long texts are kept in smaller number."""


class Entry:
    """A durable record; its public events are made once, when the first subscriber asks."""

    def __init__(self, desk: str, record: Record, size: int) -> None:
        """`size` of the record in the journal, in bytes."""
        self._desk = desk
        self.record = record
        self.size = size

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """What subscribers are told of it."""
        return public_events(self._desk, self.record)


class CatchUp:
    """Steps of one desk's journal."""

    def __init__(self, desk: str, store: Store) -> None:
        self._desk = desk
        self._store = store
        self._steps: OrderedDict[int, Sequence[Entry]] = OrderedDict()
        self._bytes = 0
        self._turn = asyncio.Lock()

    async def after(self, seq: int) -> Sequence[Entry]:
        """What follows `seq`, up to the end of its step; the journal must hold the next record."""
        start = seq - seq % STEP
        async with self._turn:
            step = self._steps.get(start) or await self._read(start)
            await asyncio.sleep(0)
        return step[seq - start :]

    async def _read(self, start: int) -> Sequence[Entry]:
        stored = await self._store.read(self._desk, start, STEP)
        step = [Entry(self._desk, decode_record(each), len(each.body)) for each in stored]
        for entry in step:
            _ = entry.told  # made here, in this step's turn, and not in the subscriber's
        if len(step) == STEP:
            self._steps[start] = step
            self._bytes += _size(step)
        while len(self._steps) > KEPT_STEPS or self._bytes > KEPT_BYTES:
            _, oldest = self._steps.popitem(last=False)
            self._bytes -= _size(oldest)
        return step


def _size(step: Sequence[Entry]) -> int:
    return sum(entry.size for entry in step)
