"""Questions about the past of a desk, answered from its journal alone.

The journal has no index but its order: `seq` and `now` grow together, so a record is found by
halving. Nothing is decided here, and nothing of gRPC enters.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from routing_service.core.journal.commands import ActivateRulebook
from routing_service.core.journal.record import Record
from routing_service.core.journal.routing_acts import RoutingAct, acts_of
from routing_service.core.records.errors import NotFound
from routing_service.rulebook.decisions import decides
from routing_service.rulebook.loader import load_source
from routing_service.rulebook.model import Rulebook
from routing_service.store.base import Store
from routing_service.store.codec import decode_record

STEP = 100
"""Records read at a time where several have the same instant."""
RULEBOOKS_KEPT = 4
"""Former rulebooks kept loaded: who asks about one item will ask about its neighbours."""


class Past:
    """One desk's journal, as asked about."""

    def __init__(self, desk: str, store: Store) -> None:
        self._desk = desk
        self._store = store
        self._rulebooks: OrderedDict[str, Rulebook] = OrderedDict()
        self._loading = asyncio.Lock()

    async def decisions(self, item: str, at: int) -> list[Record]:
        """The records of the instant `at` in which rules decided on the item, in order."""
        return await self._select(at, lambda record: decides(record, item))

    async def acts(self, item: str, at: int) -> list[RoutingAct]:
        """What was done at the instant `at` to bring the item to an agent, in order."""
        records = await self._select(at, lambda record: bool(acts_of(record, item)))
        return [act for record in records for act in acts_of(record, item)]

    async def _select(self, at: int, wanted: Callable[[Record], bool]) -> list[Record]:
        """Of the records of the instant `at` those that are wanted, in order."""
        found: list[Record] = []
        seq = await self._first(lambda record: record.now >= at)
        while records := await self._store.read(self._desk, seq - 1, STEP):
            for stored in records:
                record = decode_record(stored)
                if record.now > at:
                    return found
                if wanted(record):
                    found.append(record)
            seq = records[-1].seq + 1
            await asyncio.sleep(0)
        return found

    async def rulebook(self, digest: str, before: int) -> Rulebook:
        """The rulebook that was in force when record `before` was decided, by its own sources.

        NotFound(DECISION_NOT_FOUND) when the journal has it no more; RulebookInvalid when this
        release refuses it. Its digest may be another one under other time zone data.
        """
        async with self._loading:  # whoever asks for the same one meanwhile waits for it
            known = self._rulebooks.get(digest)
            if known is None:
                activated = await self._activation(digest, before)
                known = await asyncio.to_thread(load_source, activated.source)
            self._rulebooks[digest] = known
            self._rulebooks.move_to_end(digest)
            if len(self._rulebooks) > RULEBOOKS_KEPT:
                self._rulebooks.popitem(last=False)
            return known

    async def _activation(self, digest: str, before: int) -> ActivateRulebook:
        """A record names the rulebook in force before it; none was before the first one."""
        low, high = 0, before  # not in force before `low`, in force before `high`
        while high - low > 1:
            middle = (low + high) // 2
            record = await self._record(middle)
            if record is not None and record.digest == digest:
                high = middle
            else:
                low = middle
        record = await self._record(low)
        command = record.command if record else None
        if not isinstance(command, ActivateRulebook) or command.digest != digest:
            raise NotFound(
                "DECISION_NOT_FOUND",
                "The journal does not have the rulebook of that time any more.",
                digest=digest,
            )
        return command

    async def _first(self, passed: Callable[[Record], bool]) -> int:
        """The seq of the first record that has passed; one above the last when none has."""
        low, high = 0, await self._store.last_seq(self._desk) + 1
        while high - low > 1:
            middle = (low + high) // 2
            record = await self._record(middle)
            if record is None or passed(record):
                high = middle
            else:
                low = middle
        return high

    async def _record(self, seq: int) -> Record | None:
        found = await self._store.read(self._desk, seq - 1, 1) if seq else []
        return decode_record(found[0]) if found else None
