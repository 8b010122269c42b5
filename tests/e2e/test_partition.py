"""One desk's writer over real stores: what is told is durable, what is durable is found again."""

import asyncio

import pytest
from msgspec.structs import replace

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import ReportKind
from routing_service.core.records.errors import NotFound, Overloaded, Reused, Unavailable
from routing_service.server.partition import Options, Partition
from routing_service.server.recovery import verify
from routing_service.server.requests import ItemReply
from tests.e2e.gated import (
    DESK,
    Disk,
    Reader,
    WallClock,
    accepted,
    available,
    journal,
    opened,
    profile,
    reported,
    running,
)
from tests.property.witness import frozen

TURNS = 50
"""Turns of the event loop in which all has happened that can happen without the disk."""


async def turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


def seq(world: World) -> int:
    return world.seq


async def refused(partition: Partition) -> None:
    """A report about an item nobody knows."""
    with pytest.raises(NotFound):
        await partition.ask(reported("it0000000099", ReportKind.RESPONDED))


async def test_nothing_is_told_before_the_append_that_covers_it(disk: Disk) -> None:
    store, reader = await disk.open(), Reader()
    async with running(store, WallClock(), reader) as partition:
        known = len(reader.records)
        store.close_gate()
        asked: list[asyncio.Task[object]] = [asyncio.create_task(partition.ask(opened("one")))]
        await store.holds.wait()
        asked += [
            asyncio.create_task(refused(partition)),
            asyncio.create_task(partition.query(seq)),
            asyncio.create_task(partition.ask(opened("one"))),
        ]
        await turns()
        early = [task.done() for task in asked], len(reader.records)
        store.let_pass()
        first, _, seen, repeat = await asyncio.gather(*asked)

        assert ([False] * 4, known) == early
        assert isinstance(first, ItemReply)
        assert isinstance(repeat, ItemReply)
        assert (first.item_id, True) == (repeat.item_id, repeat.repeated)
        assert seen == first.seq == len(await journal(store)) == len(reader.records)


async def test_when_an_append_is_lost_all_in_it_hear_it_and_a_retry_is_decided_anew(
    disk: Disk,
) -> None:
    store, reader = await disk.open(), Reader()
    async with running(store, WallClock(), reader) as partition:
        store.close_gate()
        requests = [partition.ask(opened(f"key-{number}")) for number in range(5)]
        asked = [*map(asyncio.create_task, requests), asyncio.create_task(partition.query(seq))]
        await store.holds.wait()
        late = asyncio.create_task(partition.ask(opened("late")))
        await turns()
        store.lose()
        heard = await asyncio.gather(*asked, return_exceptions=True)
        again = [await late, *[await partition.ask(opened(f"key-{each}")) for each in range(5)]]

        assert [Unavailable] * 6 == [type(each) for each in heard]
        assert [False] * 6 == [reply.repeated for reply in again]
        assert 6 == await partition.query(lambda world: len(world.items))
        assert ["start", "append_failed"] == reader.recoveries
        assert await journal(store) == reader.records


async def test_when_a_failed_append_was_kept_a_retry_gets_the_first_answer(disk: Disk) -> None:
    store = await disk.open()
    async with running(store, WallClock()) as partition:
        store.close_gate()
        asked = asyncio.create_task(partition.ask(opened("key")))
        await store.holds.wait()
        await store.keep_but_fail()
        with pytest.raises(Unavailable):
            await asked
        again = await partition.ask(opened("key"))

        assert again.repeated
        assert [again.item_id] == await partition.query(lambda world: list(world.items))


async def test_an_agent_whose_acceptance_was_lost_still_has_his_offer(disk: Disk) -> None:
    store = await disk.open()
    async with running(store, WallClock()) as partition:
        await partition.ask(profile("ann"))
        await partition.ask(available("ann"))
        await partition.ask(opened("key"))
        (offer,) = await partition.query(lambda world: list(world.offers.values()))
        store.close_gate()
        asked = asyncio.create_task(partition.ask(accepted(offer.id, "ann", offer.version)))
        await store.holds.wait()
        store.lose()
        with pytest.raises(Unavailable):
            await asked
        still = await partition.query(lambda world: list(world.offers.values()))
        again = await partition.ask(accepted(offer.id, "ann", offer.version))

        assert [offer] == still
        assert again.item is not None
        assert "ann" == again.item.owner


async def test_a_key_used_for_another_request_is_refused(disk: Disk) -> None:
    store = await disk.open()
    async with running(store, WallClock()) as partition:
        await partition.ask(opened("key"))
        with pytest.raises(Reused) as refused:
            await partition.ask(replace(opened("key", users=7), fingerprint=b"another"))

        assert "REQUEST_ID_REUSED" == refused.value.reason


async def test_a_restart_finds_the_same_world_and_verify_the_same_decisions(disk: Disk) -> None:
    store = await disk.open()
    async with running(store, WallClock()) as partition:
        await partition.ask(profile("ann"))
        await partition.ask(available("ann"))
        first = await partition.ask(opened("first"))
        for number in range(8):
            await partition.ask(opened(f"key-{number}", users=number * 3))
        await partition.ask(reported(first.item_id, ReportKind.RESOLVED))
        before = await partition.query(frozen)
    store = await disk.open()

    async with running(store, WallClock()) as partition:
        after = await partition.query(frozen)
        found = await verify(store, DESK)

    assert before == after
    assert (len(await journal(store)), 0) == (found.compared, found.differs_at)


async def test_who_comes_when_the_inbox_is_full_is_told_to_retry(disk: Disk) -> None:
    store = await disk.open()
    async with running(store, WallClock(), options=Options(inbox_limit=4)) as partition:
        store.close_gate()
        asked = [asyncio.create_task(partition.ask(opened(f"key-{n}"))) for n in range(4)]
        await store.holds.wait()
        with pytest.raises(Overloaded) as full:
            await partition.ask(opened("one too many"))
        store.let_pass()
        await asyncio.gather(*asked)
        later = await partition.ask(opened("one too many"))

        assert "INBOX_FULL" == full.value.reason
        assert not later.repeated


async def test_a_busy_desk_serves_control_and_reports_before_new_demand(disk: Disk) -> None:
    store = await disk.open()
    async with running(store, WallClock()) as partition:
        item = (await partition.ask(opened("first"))).item_id
        submits = [asyncio.create_task(partition.ask(opened(f"key-{n}"))) for n in range(300)]
        report = asyncio.create_task(partition.ask(reported(item, ReportKind.RESPONDED)))
        control = asyncio.create_task(partition.ask(profile("ann")))
        after = [reply.seq for reply in await asyncio.gather(*submits)]

        assert await control < (await report).seq < min(after)


async def test_draining_finishes_what_was_accepted_and_refuses_the_rest(disk: Disk) -> None:
    store = await disk.open()
    async with running(store, WallClock()) as partition:
        store.close_gate()
        asked = [asyncio.create_task(partition.ask(opened(f"key-{n}"))) for n in range(3)]
        await store.holds.wait()
        draining = asyncio.create_task(partition.drain())
        await turns()
        early = draining.done()
        with pytest.raises(Unavailable) as late:
            await partition.ask(opened("too late"))
        store.let_pass()
        replies = await asyncio.gather(*asked)
        await draining

    assert (False, "DRAINING") == (early, late.value.reason)
    assert {record.seq for record in await journal(store)} >= {reply.seq for reply in replies}


async def test_draining_serves_all_that_waits_however_many_cycles_it_takes(disk: Disk) -> None:
    store = await disk.open()
    async with running(store, WallClock()) as partition:
        asked = [asyncio.create_task(partition.ask(opened(f"key-{n}"))) for n in range(400)]
        await asyncio.sleep(0)  # each is in the inbox, none is decided
        await partition.drain()
        replies = await asyncio.gather(*asked)

    assert 400 == len({reply.item_id for reply in replies})
