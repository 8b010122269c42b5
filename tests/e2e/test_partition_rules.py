"""A change of rules at a full desk: others are served in between, and the journal can be redone."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import ReportKind
from routing_service.core.journal.events import AnyEvent, ItemsRetargeted
from routing_service.core.promises import retarget
from routing_service.core.promises.retarget import SLICE
from routing_service.core.records.errors import Unavailable
from routing_service.rulebook.model import Rulebook
from routing_service.server.partition import Partition
from routing_service.server.recovery import verify
from routing_service.server.requests import ActivateRequest
from tests.e2e.gated import DESK, Disk, WallClock, journal, opened, reported, running
from tests.unit.rulebook.packs import SMALL, rulebook

ITEMS = 3 * SLICE
HOUR = 3_600_000_000


@pytest.fixture
def quicker(tmp_path: Path) -> Rulebook:
    """The small pack with half of the time to answer."""
    sla = (SMALL / "sla.yaml").read_text("utf-8").replace("normal: 4h", "normal: 2h")
    return rulebook(tmp_path / "quicker", sla=sla)


async def filled(partition: Partition) -> list[str]:
    """Ids of open items."""
    replies = await asyncio.gather(*(partition.ask(opened(f"e{n}")) for n in range(ITEMS)))
    return [reply.item_id for reply in replies]


async def moved(partition: Partition) -> None:
    """Until no item has the terms of a former rulebook any more."""
    while await partition.query(waiting):
        pass


def waiting(world: World) -> int:
    """Items still to be moved."""
    return len(world.stale)


def spans(world: World) -> set[int]:
    """From opening to the due of the response, of all items."""
    return {item.clocks["response"].due - item.opened_at for item in world.items.values()}


async def test_open_items_are_moved_slice_by_slice_with_others_served_in_between(
    disk: Disk, quicker: Rulebook
) -> None:
    store = await disk.open()
    async with running(store, WallClock()) as partition:
        items = await filled(partition)
        asked = [
            partition.ask(ActivateRequest(rulebook=quicker)),
            *(partition.ask(reported(item, ReportKind.RESPONDED)) for item in items[-30:]),
        ]
        await asyncio.gather(*asked)
        await moved(partition)
        dues = await partition.query(spans)
    told = [
        len(event.items)
        for record in await journal(store)
        for event in record.events
        if isinstance(event, ItemsRetargeted)
    ]

    assert dues == {2 * HOUR}
    assert sum(told) == ITEMS
    assert max(told) <= SLICE
    assert (await verify(store, DESK)).differs_at == 0


async def test_report_about_an_item_not_moved_yet_is_judged_by_the_new_terms(
    disk: Disk, quicker: Rulebook
) -> None:
    store, clock = await disk.open(), WallClock()
    async with running(store, clock) as partition:
        items = await filled(partition)
        clock.instant += 3 * HOUR
        _, reply = await asyncio.gather(
            partition.ask(ActivateRequest(rulebook=quicker)),
            partition.ask(reported(items[-1], ReportKind.RESPONDED)),
        )
    late = reply.item.clocks["response"]

    assert late.by_policy_change
    assert late.met_at is not None


async def test_item_that_cannot_be_moved_is_left_out_loudly_and_stops_nobody(
    disk: Disk,
    quicker: Rulebook,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = await disk.open()
    async with running(store, WallClock()) as partition:
        items = await filled(partition)
        hurt = items[-7]
        monkeypatch.setattr(retarget, "_moved", with_a_bug_about(hurt))
        await partition.ask(ActivateRequest(rulebook=quicker))
        async with asyncio.timeout(30):
            while await left(partition):
                pass
        dues = await partition.query(
            lambda world: {item.id: item.clocks["response"].due for item in world.items.values()}
        )
        reply = await partition.ask(reported(hurt, ReportKind.RESPONDED))

    assert len(set(dues.values())) == 2
    assert [item for item, due in dues.items() if due == max(dues.values())] == [hurt]
    assert reply.item.clocks["response"].met_at is not None
    assert f"an item keeps its former terms: {hurt}" in caplog.text


async def left(partition: Partition) -> int:
    """Items still to be moved; a desk that recovers has some."""
    try:
        return await partition.query(waiting)
    except Unavailable:
        return 1


def with_a_bug_about(hurt: str) -> Callable[[World, str, int], list[AnyEvent]]:
    """Moving this item fails, as it would by a fault of ours."""
    move = retarget._moved

    def moved(world: World, item: str, now: int) -> list[AnyEvent]:
        if item == hurt:
            raise ZeroDivisionError
        return move(world, item, now)

    return moved


async def test_before_its_first_rulebook_a_desk_asks_to_be_asked_again(disk: Disk) -> None:
    partition = Partition(DESK, await disk.open(), WallClock())
    await partition.start()

    with pytest.raises(Unavailable) as refused:
        _ = partition.rulebook
    await partition.drain()

    assert refused.value.reason == "RECOVERING"
