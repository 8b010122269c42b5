"""Ended items are found by the next process too, also when History's file was lost meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from routing_service.pb.routing.v1 import request_event_pb2, routing_service_pb2
from routing_service.store.master_key import generate_master_key, save_master_key
from tests.e2e.desk_client import DESK, Client, serving

CONFIRMED = request_event_pb2.REPORT_KIND_CONFIRMED


@asynccontextmanager
async def started_in(folder: Path) -> AsyncIterator[Client]:
    """The service on files, once its History has everything."""
    key_file = folder / "master.key"
    if not key_file.exists():
        save_master_key(key_file, generate_master_key())
    async with serving(data_folder=str(folder / "data"), key_file=str(key_file)) as desk:
        await next(iter(desk.app.desks)).feed.caught_up.wait()
        yield desk


async def archived(desk: Client) -> str:
    """An item that ended and then left memory."""
    item = (await desk.submit()).item_id
    await desk.report(item, CONFIRMED)
    await desk.advance(days=31)
    assert not await desk.app_query(lambda world: item in world.items)
    return item


async def read(desk: Client, item: str) -> routing_service_pb2.GetResponse:
    return await desk.routing.Get(routing_service_pb2.GetRequest(desk=DESK, item_id=item))


async def test_archived_item_is_read_after_a_restart(tmp_path: Path) -> None:
    async with started_in(tmp_path) as desk:
        item = await archived(desk)
        before = await read(desk, item)
    async with started_in(tmp_path) as desk:
        after = await read(desk, item)

    assert after.archived
    assert after == before


async def test_lost_history_is_made_anew_from_the_journal(tmp_path: Path) -> None:
    async with started_in(tmp_path) as desk:
        item = await archived(desk)
        before = await read(desk, item)
    for file in (tmp_path / "data").glob("*.history*"):
        file.unlink()
    async with started_in(tmp_path) as desk:
        after = await read(desk, item)

    assert after == before
