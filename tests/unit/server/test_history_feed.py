"""History follows what is committed, and is made anew when it lacks what World has forgotten."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from routing_service.core.journal.commands import ReportKind
from routing_service.core.records.model import Item
from routing_service.server.commit import Batch
from routing_service.server.history_feed import HistoryFeed, rebuild
from routing_service.store.codec import encode_record
from routing_service.store.errors import StoreFailed
from routing_service.store.history import History
from routing_service.store.memory import MemoryStore
from tests.builders import DAY, MINUTE
from tests.desk import Desk

MASTER = bytes(range(32))


class Failing(History):
    """A History whose disk fails the next `failures` feeds."""

    failures = 0
    feeds = 0

    async def feed(self, desk: str, seq: int, ended: list[Item]) -> None:  # type: ignore[override] # the feed gives lists
        self.feeds += 1
        if self.failures:
            self.failures -= 1
            raise StoreFailed
        await super().feed(desk, seq, ended)


@pytest.fixture
async def history() -> AsyncIterator[Failing]:
    made = Failing(None, MASTER)
    yield made
    await made.close()


async def journaled(desk: Desk) -> MemoryStore:
    """The desk's records in a store, as the partition would have put them."""
    store = MemoryStore()
    lease = await store.acquire("desk", "test", 60_000_000)
    await store.append(lease, 0, [encode_record(record) for record in desk.records])
    return store


def tell(feed: HistoryFeed, desk: Desk) -> None:
    batch = Batch()
    batch.add(desk.records, desk.world)
    feed.committed("desk", batch.committed)


def feeder(history: History, store: MemoryStore) -> HistoryFeed:
    return HistoryFeed("desk", history, store, rest_seconds=0, retry_seconds=0)


async def fed(feed: HistoryFeed) -> None:
    """Let it work until it has fed all."""
    feed.start()
    await asyncio.wait_for(feed.caught_up.wait(), 30)
    await feed.close()


def with_ended(count: int) -> Desk:
    desk = Desk()
    for _ in range(count):
        desk.wait(MINUTE)
        desk.report(desk.open(), ReportKind.CONFIRMED)
    desk.open()
    return desk


async def test_ended_items_are_fed_and_open_ones_are_not(history: Failing) -> None:
    desk = with_ended(2)
    feed = feeder(history, await journaled(desk))
    tell(feed, desk)
    await fed(feed)

    assert [item.number for item in await history.page("desk")] == ["C00001", "C00002"]
    assert await history.fed("desk") == desk.world.seq


async def test_what_a_recovery_finds_ended_is_fed(history: Failing) -> None:
    desk = with_ended(2)
    feed = feeder(history, await journaled(desk))
    feed.recovered(desk.world, "start", 0.1)
    await fed(feed)

    assert len(await history.page("desk")) == 2


async def test_items_archived_before_they_were_fed_are_found_in_the_journal(
    history: Failing,
) -> None:
    desk = with_ended(3)
    desk.wait(2 * DAY)
    feed = feeder(history, await journaled(desk))
    feed.recovered(desk.world, "start", 0.1)
    await fed(feed)

    assert len(desk.world.items) == 1
    assert len(await history.page("desk")) == 3
    assert await history.fed("desk") == desk.world.seq


async def test_a_complete_history_is_not_made_anew(history: Failing) -> None:
    desk = with_ended(3)
    await rebuild(await journaled(desk), history, "desk")
    desk.wait(2 * DAY)
    before = history.feeds
    feed = feeder(history, await journaled(desk))
    feed.recovered(desk.world, "start", 0.1)
    await fed(feed)

    assert history.feeds - before <= 2  # what was told, and once more on closing
    assert len(await history.page("desk")) == 3


async def test_a_failing_history_gets_everything_once_it_works_again(history: Failing) -> None:
    desk = with_ended(2)
    history.failures = 1
    feed = feeder(history, await journaled(desk))
    tell(feed, desk)
    await fed(feed)

    assert history.failures == 0
    assert len(await history.page("desk")) == 2


async def test_a_history_that_keeps_failing_stops_nobody(history: Failing) -> None:
    desk = with_ended(2)
    history.failures = 1_000_000
    feed = feeder(history, await journaled(desk))
    tell(feed, desk)
    feed.start()
    await asyncio.wait_for(feed.close(), 30)

    assert await history.page("desk") == []


async def test_what_is_told_last_is_fed_on_closing(history: Failing) -> None:
    desk = with_ended(1)
    feed = feeder(history, await journaled(desk))
    await fed_once_started(feed)
    tell(feed, desk)
    await feed.close()

    assert len(await history.page("desk")) == 1


async def fed_once_started(feed: HistoryFeed) -> None:
    feed.start()
    feed.committed("desk", [])
    await asyncio.wait_for(feed.caught_up.wait(), 30)


async def test_a_rebuild_goes_through_the_whole_journal(history: Failing) -> None:
    desk = with_ended(150)
    seq = await rebuild(await journaled(desk), history, "desk")

    assert seq == len(desk.records) > 200
    assert len(await history.page("desk", limit=1_000)) == 150
