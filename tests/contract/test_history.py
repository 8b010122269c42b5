"""What History promises, in memory and in a file: idempotent, rebuildable, exact, encrypted."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import ReportKind
from routing_service.core.journal.record import Record
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES, ClockState, ItemState
from routing_service.core.records.model import Item
from routing_service.server.recovery import replay
from routing_service.store.errors import KeyWrong
from routing_service.store.history import Figures, History, Outcome
from tests.builders import DAY, HOUR, MINUTE, NOON
from tests.desk import Desk

MASTER: Final = bytes(range(32))
FOR_EVER: Final = (0, NOON + 1_000 * DAY)


@pytest.fixture(params=["memory", "file"])
async def history(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[History]:
    made = History(None if request.param == "memory" else tmp_path, MASTER)
    yield made
    await made.close()


def lived() -> Desk:
    """A desk with one item of each end: kept, broken, corrected, cancelled; and one still open."""
    desk = Desk()
    kept = desk.open(priority="p1", customer="ada")
    desk.wait(5 * MINUTE)
    desk.report(kept, ReportKind.CONFIRMED)
    broken = desk.open(priority="p1", customer="bob")
    desk.wait(11 * MINUTE)
    desk.report(broken, ReportKind.CONFIRMED)
    corrected = desk.open(priority="p1", queue="second", customer="ada")
    desk.wait(HOUR)
    desk.report(corrected, ReportKind.CONFIRMED, ago=55 * MINUTE)
    cancelled = desk.open(priority="p3", queue="second", customer="cyd")
    desk.cancel(cancelled)
    desk.open(priority="p2")
    return desk


def ended(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.state in ENDED_ITEM_STATES]


async def fed_with(history: History, desk: Desk) -> list[Item]:
    items = ended(desk.world.items.values())
    await history.feed("desk", desk.world.seq, items)
    return items


async def everything(history: History, desk: str = "desk") -> tuple[object, ...]:
    return (
        await history.page(desk, limit=1_000),
        await history.figures(desk, *FOR_EVER),
        await history.fed(desk),
    )


async def test_a_new_history_is_empty(history: History) -> None:
    assert await everything(history) == ([], {}, 0)
    assert await history.get("desk", "it0000000001") is None


async def test_an_item_comes_back_as_it_ended(history: History) -> None:
    items = await fed_with(history, lived())

    assert [await history.get("desk", item.id) for item in items] == items


async def test_an_item_is_found_by_its_number_the_latest_of_several(history: History) -> None:
    items = await fed_with(history, lived())
    again = replace(items[0], id="it9999999999")
    await history.feed("desk", 1, [again])

    assert await history.numbered("desk", items[1].number) == items[1]
    assert await history.numbered("desk", items[0].number) == again
    assert await history.numbered("desk", "nonesuch") is None
    assert await history.numbered("other", items[1].number) is None


async def test_feeding_the_same_again_changes_nothing(history: History) -> None:
    desk = lived()
    await fed_with(history, desk)
    once = await everything(history)
    await fed_with(history, desk)

    assert await everything(history) == once


async def test_how_far_it_was_fed_never_goes_back(history: History) -> None:
    await history.feed("desk", 7, [])
    await history.feed("desk", 3, [])

    assert await history.fed("desk") == 7


async def test_a_later_feed_replaces_the_item_and_its_clocks(history: History) -> None:
    desk = lived()
    items = await fed_with(history, desk)
    changed = [item for item in items if item.state is ItemState.CLOSED][:1]
    await history.feed("desk", desk.world.seq + 1, changed)
    figures = await history.figures("desk", *FOR_EVER)

    assert len(await history.page("desk")) == len(items)
    assert figures["p1"].items == 3


async def test_a_history_rebuilt_from_the_journal_is_the_same(
    history: History, tmp_path: Path
) -> None:
    desk = lived()
    desk.wait(3 * DAY)  # all but the open one are archived on the way
    await feed_records(history, desk.records, chunk=1)
    rebuilt = History(tmp_path / "rebuilt", MASTER)
    (tmp_path / "rebuilt").mkdir()
    await feed_records(rebuilt, desk.records, chunk=10)
    tables = (await everything(history), await everything(rebuilt))
    await rebuilt.close()

    assert ended(desk.world.items.values()) == []
    assert tables[0] == tables[1]
    assert len(await history.page("desk")) == 4


async def feed_records(history: History, records: list[Record], chunk: int) -> None:
    """As a watcher does: records applied one by one, ended items fed a chunk at a time."""
    world = World("desk")
    for start in range(0, len(records), chunk):
        seen: dict[str, Item] = {}
        for record in records[start : start + chunk]:
            replay(world, record)
            for event in record.events:
                item = world.items.get(getattr(event, "item", ""))
                if item is not None and item.state in ENDED_ITEM_STATES:
                    seen[item.id] = item
        await history.feed("desk", world.seq, list(seen.values()))


async def test_figures_count_items_and_promises_by_priority(history: History) -> None:
    await fed_with(history, lived())

    assert await history.figures("desk", *FOR_EVER) == {
        "p1": Figures(3, {"response": Outcome(2, 1), "resolution": Outcome(3, 0)}),
        "p3": Figures(1, {"response": Outcome(0, 0), "resolution": Outcome(0, 0)}),
    }


async def test_figures_are_of_items_that_ended_in_the_span(history: History) -> None:
    desk = lived()
    first = (await fed_with(history, desk))[0]
    at_the_end = await history.figures("desk", first.moved_at, first.moved_at + 1)
    just_before = await history.figures("desk", 0, first.moved_at)

    assert at_the_end["p1"].items == 1
    assert just_before == {}


async def test_the_elapsed_working_time_of_a_stopped_clock_is_kept(history: History) -> None:
    await fed_with(history, lived())
    item = await history.get("desk", "it0000000002")
    assert item is not None
    clock = item.clocks["response"]

    assert (clock.state, clock.elapsed) == (ClockState.MET_LATE, 11 * MINUTE)
    assert clock.due is not None
    assert clock.due - clock.started_at == 10 * MINUTE


async def test_pages_follow_each_other_without_gap_or_repeat(history: History) -> None:
    items = await fed_with(history, lived())
    pages, after = [], ""
    while page := await history.page("desk", after=after, limit=3):
        pages.append(page)
        after = page[-1].id

    assert [len(page) for page in pages] == [3, 1]
    assert [item for page in pages for item in page] == items


@pytest.mark.parametrize(
    ("queue", "state", "numbers"),
    [
        ("service", "", ["C00001", "C00002"]),
        ("", "cancelled", ["C00004"]),
        ("second", "closed", ["C00003"]),
        ("service", "cancelled", []),
        ("nowhere", "", []),
    ],
)
async def test_pages_can_be_narrowed(
    history: History, queue: str, state: str, numbers: list[str]
) -> None:
    await fed_with(history, lived())
    page = await history.page("desk", queue=queue, state=state)

    assert [item.number for item in page] == numbers


async def test_desks_see_only_their_own_items(history: History) -> None:
    await fed_with(history, lived())

    assert await everything(history, "other desk/ö") == ([], {}, 0)


async def test_what_was_fed_is_there_after_a_restart(tmp_path: Path) -> None:
    before = History(tmp_path, MASTER)
    await fed_with(before, lived())
    told = await everything(before)
    await before.close()
    after = History(tmp_path, MASTER)
    found = await everything(after)
    await after.close()

    assert found == told


async def test_the_file_shows_nothing_without_the_key(tmp_path: Path) -> None:
    history = History(tmp_path, MASTER)
    await fed_with(history, lived())
    await history.close()
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    stranger = History(tmp_path, bytes(32))
    with pytest.raises(KeyWrong):
        await stranger.fed("desk")
    await stranger.close()

    assert b"C00001" not in written
    assert b"SQLite" not in written
