"""The end of a desk's log: memory first, the journal for the rest."""

import asyncio

import pytest

from routing_service.core.desk.world import World
from routing_service.core.journal.record import Record
from routing_service.core.records.errors import OutOfRange, Unavailable
from routing_service.server.commit import Committed
from routing_service.server.streams import AT_ONCE, KEPT, KEPT_BYTES, Hub
from routing_service.store.base import Lease, StoredRecord
from routing_service.store.codec import encode_record
from routing_service.store.memory import MemoryStore
from tests.desk import Desk

DESK = "desk"


class Journaled:
    """A hub and its journal, told record by record."""

    def __init__(self, retention: int = 1_000_000) -> None:
        self.store = MemoryStore()
        self.counts: list[int] = []
        self.hub = Hub(DESK, self.store, retention, self.counts.append)
        self.template = Desk().records[0]
        self.seq = 0
        self.lease: Lease | None = None
        self.size = 100

    def record(self) -> Record:
        self.seq += 1
        return Record(
            seq=self.seq,
            now=self.template.now,
            engine_version=self.template.engine_version,
            digest="",
            command=self.template.command,
            events=(),
        )

    async def journal(self, count: int) -> list[Committed]:
        """Records that are durable."""
        self.lease = self.lease or await self.store.acquire(DESK, "test", 10**9)
        records = [self.record() for _ in range(count)]
        await self.store.append(
            self.lease, records[0].seq - 1, [encode_record(each) for each in records]
        )
        return [Committed(each, {}, self.size) for each in records]

    async def commit(self, count: int) -> None:
        """Records that are durable and told."""
        self.hub.committed(DESK, await self.journal(count))

    async def read(self, after: int) -> list[int]:
        return [entry.record.seq for entry in await self.hub.after(after)]


async def test_what_follows_a_place_is_given() -> None:
    desk = Journaled()
    await desk.commit(5)

    assert await desk.read(2) == [3, 4, 5]


async def test_subscriber_at_the_end_waits_for_the_next_record() -> None:
    desk = Journaled()
    await desk.commit(1)
    reading = asyncio.create_task(desk.read(1))
    await asyncio.sleep(0)

    assert not reading.done()
    await desk.commit(1)
    assert await reading == [2]


async def test_far_place_is_reached_in_steps() -> None:
    desk = Journaled()
    await desk.commit(3 * AT_ONCE)

    assert await desk.read(0) == list(range(1, AT_ONCE + 1))
    assert await desk.read(AT_ONCE) == list(range(AT_ONCE + 1, 2 * AT_ONCE + 1))


async def test_memory_is_bounded_and_the_journal_has_the_rest() -> None:
    desk = Journaled()
    await desk.commit(2 * KEPT + 1)

    assert len(desk.hub._kept) <= 2 * KEPT
    assert (await desk.read(0))[0] == 1
    assert await desk.read(2 * KEPT) == [2 * KEPT + 1]


async def test_records_never_told_are_read_from_the_journal() -> None:
    desk = Journaled()
    await desk.commit(2)
    await desk.journal(3)  # durable, but the process that told watchers failed before
    await desk.commit(1)

    assert await desk.read(2) == [3, 4, 5, 6]


async def test_recovery_tells_what_was_durable_before_it() -> None:
    desk = Journaled()
    await desk.journal(3)
    world = World(DESK)
    world.seq = 3
    desk.hub.recovered(world, "start", 0.0)

    assert await desk.read(0) == [1, 2, 3]


async def test_place_older_than_retention_has_expired() -> None:
    desk = Journaled(retention=2)
    await desk.commit(5)
    desk.hub.check(3)

    with pytest.raises(OutOfRange) as refusal:
        desk.hub.check(2)

    assert refusal.value.reason == "CURSOR_EXPIRED"


async def test_end_lets_those_who_wait_go_and_nobody_in() -> None:
    desk = Journaled()
    reading = asyncio.create_task(desk.read(0))
    await asyncio.sleep(0)
    desk.hub.end(Unavailable("DRAINING", "Go on elsewhere."))

    with pytest.raises(Unavailable):
        await reading
    with pytest.raises(Unavailable):
        await desk.read(0)


def test_subscribers_are_counted() -> None:
    desk = Journaled()
    with desk.hub.subscribed(), desk.hub.subscribed():
        pass

    assert desk.counts == [1, 2, 1, 0]


async def test_long_records_are_kept_in_smaller_number_and_read_from_the_journal() -> None:
    desk = Journaled()
    desk.size = KEPT_BYTES // 10
    asked: list[int] = []
    reading = desk.store.read

    async def read(name: str, after_seq: int, limit: int) -> list[StoredRecord]:
        asked.append(after_seq)
        return await reading(name, after_seq, limit)

    desk.store.read = read  # type: ignore[method-assign]  # listens, and does as before
    for _ in range(30):
        await desk.commit(1)
    from_memory = [await desk.read(after) for after in range(25, 30)], list(asked)
    from_the_journal = await desk.read(2)

    assert from_memory == ([list(range(after + 1, 31)) for after in range(25, 30)], [])
    assert asked
    assert from_the_journal[0] == 3
