"""What a partition does when store, rule, reader or our own code fails: nothing is told early.

The faults are put in at the seams: a store that refuses appends, a rulebook that raises, a deadline
that cannot be decided.
"""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

import routing_service.core.step
from routing_service.clock import ManualClock
from routing_service.core.desk.world import World
from routing_service.core.journal.commands import RequestKind, TimerKey
from routing_service.core.journal.events import AnyEvent
from routing_service.core.records.errors import Overloaded, Unavailable
from routing_service.core.records.lifecycle import ClockState
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from routing_service.server.commit import Committed
from routing_service.server.partition import Options, Partition
from routing_service.server.requests import ActivateRequest, ItemReply, Lane
from routing_service.server.submit_request import SubmitRequest
from routing_service.store.base import Lease, StoredRecord
from routing_service.store.codec import frames, freeze, snapshot_of
from routing_service.store.errors import StoreFailed
from routing_service.store.memory import MemoryStore
from tests.builders import NOON
from tests.unit.rulebook.packs import SMALL

DAY = 86_400_000_000


class FailingStore(MemoryStore):
    """A memory store that can fail its next append, or be dead for good."""

    fail_next = False
    dead = False

    async def acquire(self, desk: str, holder: str, ttl_us: int) -> Lease:
        if self.dead:
            raise StoreFailed
        return await super().acquire(desk, holder, ttl_us)

    def append(
        self, lease: Lease, expected_seq: int, records: Sequence[StoredRecord]
    ) -> "asyncio.Future[None]":
        if (self.fail_next or self.dead) and records:
            self.fail_next = False
            failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(failed.set_exception, StoreFailed())
            return failed
        return super().append(lease, expected_seq, records)


class SteppedClock:
    """A wall clock as production has it, moved by the test."""

    def __init__(self, now: int) -> None:
        self.instant = now

    def now(self) -> int:
        return self.instant


def small_pack(folder: Path, **files: Callable[[str], str]) -> Rulebook:
    """The small pack with some of its files rewritten."""
    shutil.copytree(SMALL, folder)
    for name, rewrite in files.items():
        file = folder / f"{name}.yaml"
        file.write_text(rewrite(file.read_text()))
    return load_pack(folder)


def opened(key: str, **changes: object) -> SubmitRequest:
    request = SubmitRequest(
        actor="tester",
        request_id=key,
        fingerprint=key.encode(),
        kind=RequestKind.OPENED,
        channel="email",
        customer="c",
    )
    return replace(request, **changes)


def state_of(world: World) -> tuple[int, list[str]]:
    return world.seq, list(world.items)


async def test_a_retry_after_a_failed_append_is_decided_anew(tmp_path: Path) -> None:
    store = FailingStore()
    partition = Partition("d", store, SteppedClock(NOON))
    await partition.start(small_pack(tmp_path / "p"))
    store.fail_next = True

    with pytest.raises(Unavailable) as first:
        await partition.ask(opened("k"))
    again = await partition.ask(opened("k"))

    assert first.value.reason == "STORE_DOWN"
    assert (again.seq, again.repeated) == (2, False)
    assert await partition.query(state_of) == (await store.last_seq("d"), [again.item_id])


async def test_no_question_sees_what_an_append_did_not_keep(tmp_path: Path) -> None:
    store = FailingStore()
    partition = Partition("d", store, SteppedClock(NOON))
    await partition.start(small_pack(tmp_path / "p"))
    store.fail_next = True
    failing = asyncio.create_task(partition.ask(opened("k")))
    questions = []
    for _ in range(12):
        await asyncio.sleep(0)
        questions.append(asyncio.create_task(partition.query(state_of)))

    seen = await asyncio.gather(*questions, return_exceptions=True)

    with pytest.raises(Unavailable):
        await failing
    assert all(each == (1, []) or isinstance(each, Unavailable) for each in seen)
    assert (1, []) in seen


async def test_a_store_that_stays_dead_fails_every_caller_and_tells_once(tmp_path: Path) -> None:
    store, told = FailingStore(), []
    partition = Partition("d", store, SteppedClock(NOON), options=Options(on_fatal=told.append))
    await partition.start(small_pack(tmp_path / "p"))
    store.dead = True
    asked = [asyncio.create_task(partition.ask(opened(f"k{n}"))) for n in range(300)]

    outcomes = await asyncio.gather(*asked, return_exceptions=True)

    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert len(told) == 1
    assert not partition.serving


async def test_triggers_of_an_activation_are_answered_by_the_new_rules(tmp_path: Path) -> None:
    committed: list[Committed] = []

    class Reader:
        def committed(self, desk: str, batch: Sequence[Committed]) -> None:
            committed.extend(batch)

        def recovered(self, world: World, cause: str, seconds: float) -> None:
            assert cause == "start"

    clock = SteppedClock(NOON)
    partition = Partition("d", MemoryStore(), clock, [Reader()])
    await partition.start(small_pack(tmp_path / "old"))
    await partition.ask(opened("k"))
    clock.instant += 600_000_000
    new = small_pack(
        tmp_path / "new",
        sla=lambda text: text.replace("normal: 4h", "normal: 5m"),
        escalate=lambda text: text.replace("severity: critical", "severity: info"),
    )
    await partition.ask(ActivateRequest(rulebook=new))

    await partition.query(state_of)
    alerts = [
        event.alert
        for each in committed
        for event in each.record.events
        if event.__class__.__name__ == "AlertRaised"
    ]

    assert partition.rulebook.digest == new.digest
    assert {alert.severity for alert in alerts} == {"info"}


async def test_a_deadline_that_fails_is_left_out_and_the_others_fire(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SteppedClock(NOON)
    partition = Partition("d", MemoryStore(), clock)
    await partition.start(small_pack(tmp_path / "p"))
    items = [(await partition.ask(opened(f"k{n}"))).item_id for n in range(4)]
    decided = routing_service.core.step.at_deadline

    def with_a_bug(world: World, timer: TimerKey, now: int) -> list[AnyEvent]:
        if timer.subject in items[:2]:
            raise KeyError("a bug of ours")
        return decided(world, timer, now)

    monkeypatch.setattr(routing_service.core.step, "at_deadline", with_a_bug)
    clock.instant += DAY
    partition.inbox.arrived.set()

    def clocks(world: World) -> list[ClockState]:
        return [world.items[item].clocks["response"].state for item in items]

    states: list[ClockState] = []
    for _ in range(200):
        try:
            states = await partition.query(clocks)
        except Unavailable:
            continue  # World is being recovered
        if states[2:] == [ClockState.BREACHED] * 2:
            break

    assert states == [ClockState.RUNNING] * 2 + [ClockState.BREACHED] * 2


async def test_advance_ends_though_a_deadline_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partition = Partition("d", MemoryStore(), ManualClock(NOON))
    await partition.start(small_pack(tmp_path / "p"))
    await partition.ask(opened("k"))

    def with_a_bug(world: World, timer: TimerKey, now: int) -> list[AnyEvent]:
        raise KeyError("a bug of ours")

    monkeypatch.setattr(routing_service.core.step, "at_deadline", with_a_bug)

    await partition.advance(NOON + DAY)

    assert partition.clock.now() == NOON + DAY


async def test_a_failing_reader_hides_nothing_from_the_next_one(tmp_path: Path) -> None:
    class Broken:
        def committed(self, desk: str, batch: Sequence[Committed]) -> None:
            raise ValueError("a bug of ours")

        def recovered(self, world: World, cause: str, seconds: float) -> None:
            assert cause == "start"

    class Counting:
        seen = 0

        def committed(self, desk: str, batch: Sequence[Committed]) -> None:
            self.seen += len(batch)

        def recovered(self, world: World, cause: str, seconds: float) -> None:
            assert cause == "start"

    counting = Counting()
    partition = Partition("d", MemoryStore(), SteppedClock(NOON), [Broken(), counting])
    await partition.start(small_pack(tmp_path / "p"))
    reply = await partition.ask(opened("k"))
    await partition.query(state_of)

    assert counting.seen == reply.seq


async def test_a_snapshot_that_cannot_be_read_is_left_aside(tmp_path: Path) -> None:
    store = MemoryStore()
    partition = Partition("d", store, SteppedClock(NOON))
    await partition.start(small_pack(tmp_path / "p"))
    reply = await partition.ask(opened("k"))
    header = next(iter(frames(freeze(partition.world, dev=False))))
    broken = [header, msgspec.msgpack.encode({"items": [{"id": 5}]})]
    lease = await store.acquire("d", "embedded", 0)
    await store.save_snapshot(lease, snapshot_of(reply.seq, broken))
    next_life = Partition("d", store, SteppedClock(NOON))

    await next_life.start()

    assert await next_life.query(state_of) == (reply.seq, [reply.item_id])


async def test_draining_keeps_a_snapshot_even_of_a_short_life(tmp_path: Path) -> None:
    store = MemoryStore()
    partition = Partition("d", store, SteppedClock(NOON))
    await partition.start(small_pack(tmp_path / "p"))
    reply: ItemReply = await partition.ask(opened("k"))

    await partition.drain()

    (snapshot,) = await store.load_snapshots("d")
    assert snapshot.seq == reply.seq


async def test_each_lane_is_bounded_and_control_has_room_of_its_own(tmp_path: Path) -> None:
    partition = Partition("d", MemoryStore(), SteppedClock(NOON), options=Options(inbox_limit=10))
    await partition.start(small_pack(tmp_path / "p"))
    for number in range(10):
        partition.inbox.put([opened(f"k{number}")], Lane.SUBMIT)

    with pytest.raises(Overloaded, match="retry"):
        partition.inbox.put([opened("more")], Lane.SUBMIT)
    for number in range(10):
        partition.inbox.put([opened(f"c{number}")], Lane.CONTROL)
    with pytest.raises(Overloaded, match="retry"):
        partition.inbox.put([opened("too much")], Lane.CONTROL)

    assert partition.inbox.refused == 2
