"""One suite for every store: what `Store` promises in its docstring."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from routing_service.store.base import (
    Lease,
    Store,
    StoredRecord,
    StoredSnapshot,
    checksum_of,
    snapshot_is_intact,
)
from routing_service.store.errors import (
    LeaseHeld,
    SequenceConflict,
    StaleLease,
    StoreFailed,
)
from routing_service.store.memory import MemoryStore
from routing_service.store.sqlite.desk import SqliteOptions
from routing_service.store.sqlite.store import SqliteStore

TTL = 5_000_000
MakeStore = Callable[["Clock"], Store]


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 1_000_000

    def __call__(self) -> int:
        return self.now


def records(first: int, last: int) -> list[StoredRecord]:
    return [StoredRecord(seq, b"record %d" % seq) for seq in range(first, last + 1)]


def note(acknowledged: list[int], seq: int, _: object) -> None:
    acknowledged.append(seq)


def snapshot(seq: int, *frames: bytes) -> StoredSnapshot:
    return StoredSnapshot(1, seq, "1.0", checksum_of(frames), list(frames))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock
) -> AsyncIterator[Store]:
    made: Store
    if request.param == "memory":
        made = MemoryStore(clock)
    else:
        made = SqliteStore(tmp_path, bytes(32), SqliteOptions(pace_us=0), clock=clock)
    yield made
    await made.close()


@pytest.fixture
async def lease(store: Store) -> Lease:
    return await store.acquire("default", "one", TTL)


async def test_a_desk_that_is_not_there_has_no_records(store: Store) -> None:
    seen = (await store.last_seq("nowhere"), await store.read("nowhere", 0, 10))

    assert seen == (0, [])


async def test_what_was_appended_is_read_back_in_order(store: Store, lease: Lease) -> None:
    await store.append(lease, 0, records(1, 3))
    await store.append(lease, 3, records(4, 4))

    assert await store.read("default", 0, 10) == records(1, 4)


async def test_reading_starts_after_the_given_seq_and_stops_at_the_limit(
    store: Store, lease: Lease
) -> None:
    await store.append(lease, 0, records(1, 9))

    assert await store.read("default", 3, 4) == records(4, 7)


async def test_last_seq_follows_the_appends(store: Store, lease: Lease) -> None:
    await store.append(lease, 0, records(1, 7))

    assert await store.last_seq("default") == 7


async def test_appends_in_flight_become_durable_in_the_order_of_the_calls(
    store: Store, lease: Lease
) -> None:
    acknowledged: list[int] = []
    flying = [store.append(lease, seq - 1, records(seq, seq)) for seq in range(1, 51)]
    for seq, future in enumerate(flying, 1):
        future.add_done_callback(partial(note, acknowledged, seq))

    await asyncio.gather(*flying)

    assert acknowledged == list(range(1, 51))
    assert await store.read("default", 0, 100) == records(1, 50)


async def test_an_append_is_not_acknowledged_before_the_caller_waits(
    store: Store, lease: Lease
) -> None:
    future = store.append(lease, 0, records(1, 1))

    assert not future.done()
    await future


async def test_an_empty_append_waits_for_all_before_it(store: Store, lease: Lease) -> None:
    first = store.append(lease, 0, records(1, 5))
    last = store.append(lease, 5, records(6, 9))
    await store.append(lease, 5, [])

    assert (first.done(), first.exception()) == (True, None)
    await last


async def test_an_empty_append_ahead_of_the_journal_is_refused_and_breaks_nothing(
    store: Store, lease: Lease
) -> None:
    with pytest.raises(SequenceConflict):
        await store.append(lease, 1, [])
    await store.append(lease, 0, records(1, 1))

    assert await store.last_seq("default") == 1


async def test_a_cancelled_append_is_kept_all_the_same(store: Store, lease: Lease) -> None:
    store.append(lease, 0, records(1, 1)).cancel()
    await store.append(lease, 1, records(2, 2))

    assert await store.read("default", 0, 10) == records(1, 2)


@pytest.mark.parametrize(
    ("expected_seq", "first", "last"),
    [(4, 5, 5), (2, 3, 3), (3, 5, 5), (3, 3, 3)],
    ids=["gap", "overlap", "seq ahead of expected", "seq behind expected"],
)
async def test_records_that_do_not_fit_are_refused(
    store: Store, lease: Lease, expected_seq: int, first: int, last: int
) -> None:
    await store.append(lease, 0, records(1, 3))

    with pytest.raises(SequenceConflict) as refused:
        await store.append(lease, expected_seq, records(first, last))

    assert refused.value.reason == "SEQ_CONFLICT"
    assert await store.read("default", 0, 10) == records(1, 3)


async def test_a_gap_inside_the_records_is_refused_whole(store: Store, lease: Lease) -> None:
    with pytest.raises(SequenceConflict):
        await store.append(lease, 0, [*records(1, 2), *records(4, 4)])

    assert await store.last_seq("default") == 0


async def test_after_a_failed_append_all_later_ones_fail_too(store: Store, lease: Lease) -> None:
    flying = [
        store.append(lease, 0, records(1, 1)),
        store.append(lease, 2, records(3, 3)),
        store.append(lease, 1, records(2, 2)),
    ]
    outcomes = await asyncio.gather(*flying, return_exceptions=True)
    with pytest.raises(StoreFailed):
        await store.append(lease, 1, records(2, 2))

    assert [type(outcome) for outcome in outcomes] == [type(None), SequenceConflict, StoreFailed]
    assert await store.read("default", 0, 10) == records(1, 1)


async def test_acquiring_again_ends_the_failed_state(store: Store, lease: Lease) -> None:
    with pytest.raises(SequenceConflict):
        await store.append(lease, 9, records(10, 10))
    again = await store.acquire("default", "one", TTL)
    await store.append(again, 0, records(1, 1))

    assert await store.last_seq("default") == 1


async def test_an_append_without_a_lease_of_this_desk_is_refused(store: Store) -> None:
    with pytest.raises(StaleLease) as refused:
        await store.append(Lease("default", "one", 1), 0, records(1, 1))

    assert refused.value.reason == "LEASE_LOST"


async def test_an_older_lease_of_the_same_holder_is_stale(store: Store, lease: Lease) -> None:
    await store.acquire("default", "one", TTL)

    with pytest.raises(StaleLease):
        await store.append(lease, 0, records(1, 1))


async def test_a_stale_append_harms_nobody_else(store: Store, lease: Lease) -> None:
    current = await store.acquire("default", "one", TTL)
    outcomes = await asyncio.gather(
        store.append(current, 0, records(1, 1)),
        store.append(lease, 1, records(2, 2)),
        store.append(current, 1, records(2, 2)),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [type(None), StaleLease, type(None)]


async def test_another_holder_must_wait_for_the_time_to_live(
    store: Store, lease: Lease, clock: Clock
) -> None:
    clock.now += TTL - 1
    with pytest.raises(LeaseHeld) as refused:
        await store.acquire("default", "two", TTL)
    clock.now += 1
    taken = await store.acquire("default", "two", TTL)

    assert refused.value.reason == "LEASE_HELD"
    assert taken.epoch == lease.epoch + 1


async def test_of_two_holders_at_once_one_gets_the_desk(store: Store) -> None:
    outcomes = await asyncio.gather(
        store.acquire("default", "one", TTL),
        store.acquire("default", "two", TTL),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [Lease, LeaseHeld]


async def test_an_append_starts_the_time_to_live_anew(
    store: Store, lease: Lease, clock: Clock
) -> None:
    clock.now += TTL - 1
    await store.append(lease, 0, records(1, 1))
    clock.now += TTL - 1

    with pytest.raises(LeaseHeld):
        await store.acquire("default", "two", TTL)


async def test_desks_do_not_see_each_other(store: Store, lease: Lease) -> None:
    other = await store.acquire("other", "two", TTL)
    await store.append(lease, 0, records(1, 2))
    await store.append(other, 0, records(1, 1))

    assert await store.read("other", 0, 10) == records(1, 1)


@pytest.mark.parametrize("desk", ["..", "../up", "a/b", "售后", "Über desk", "a%2Fb", "nul\0"])
async def test_any_desk_name_is_a_desk_of_its_own(store: Store, desk: str) -> None:
    lease = await store.acquire(desk, "one", TTL)
    await store.append(lease, 0, records(1, 1))

    assert await store.last_seq(desk) == 1


async def test_wait_returns_once_the_journal_has_grown(store: Store, lease: Lease) -> None:
    await store.append(lease, 0, records(1, 2))
    at_once = await store.wait("default", 1)
    waiting = asyncio.ensure_future(store.wait("default", 3))
    await store.append(lease, 2, records(3, 3))
    early = waiting.done()
    await store.append(lease, 3, records(4, 5))

    assert (at_once, early, await waiting) == (2, False, 5)


async def test_wait_sees_a_desk_that_is_acquired_later(store: Store) -> None:
    waiting = asyncio.ensure_future(store.wait("default", 0))
    lease = await store.acquire("default", "one", TTL)
    await store.append(lease, 0, records(1, 1))

    assert await waiting == 1


async def test_snapshots_come_back_newest_first_and_two_are_kept(
    store: Store, lease: Lease
) -> None:
    await store.append(lease, 0, records(1, 3))
    for seq in (1, 2, 3):
        await store.save_snapshot(lease, snapshot(seq, b"a" * seq, b"", b"b"))
    kept = await store.load_snapshots("default")

    assert kept == [snapshot(3, b"aaa", b"", b"b"), snapshot(2, b"aa", b"", b"b")]
    assert await store.load_snapshots("default", 1) == kept[:1]
    assert all(snapshot_is_intact(one) for one in kept)


async def test_a_snapshot_ahead_of_the_journal_is_refused(store: Store, lease: Lease) -> None:
    await store.append(lease, 0, records(1, 3))

    with pytest.raises(SequenceConflict):
        await store.save_snapshot(lease, snapshot(4, b"future"))


async def test_a_stale_lease_saves_no_snapshot(store: Store, lease: Lease) -> None:
    await store.acquire("default", "one", TTL)

    with pytest.raises(StaleLease):
        await store.save_snapshot(lease, snapshot(0, b"old"))

    assert await store.load_snapshots("default") == []


async def test_appends_go_on_while_a_snapshot_is_saved(store: Store, lease: Lease) -> None:
    await store.append(lease, 0, records(1, 1))
    saving = asyncio.ensure_future(store.save_snapshot(lease, snapshot(1, *[b"frame"] * 20)))
    for seq in range(2, 12):
        await store.append(lease, seq - 1, records(seq, seq))
    await saving

    assert await store.last_seq("default") == 11
    assert await store.load_snapshots("default") == [snapshot(1, *[b"frame"] * 20)]


def test_a_changed_frame_or_a_moved_edge_is_not_intact() -> None:
    good = snapshot(1, b"ab", b"c")
    changed = StoredSnapshot(1, 1, "1.0", good.checksum, [b"ab", b"d"])
    moved = StoredSnapshot(1, 1, "1.0", good.checksum, [b"a", b"bc"])

    verdicts = [snapshot_is_intact(one) for one in (good, changed, moved)]

    assert verdicts == [True, False, False]


async def test_close_makes_what_was_queued_durable(store: Store, lease: Lease) -> None:
    flying = [store.append(lease, seq - 1, records(seq, seq)) for seq in range(1, 6)]
    await store.close()

    assert [future.exception() for future in flying] == [None] * 5


async def test_a_closed_store_says_so(store: Store, lease: Lease) -> None:
    waiting = asyncio.ensure_future(store.wait("default", 0))
    await asyncio.sleep(0)
    await store.close()

    for call in (
        waiting,
        store.append(lease, 0, records(1, 1)),
        store.last_seq("default"),
        store.read("default", 0, 1),
        store.acquire("default", "one", TTL),
        store.load_snapshots("default"),
    ):
        with pytest.raises(StoreFailed) as refused:
            await call

        assert refused.value.reason == "STORE_DOWN"
