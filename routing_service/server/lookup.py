"""Reading items: one by id, from World or from History, and lists page by page from World.

Questions run in the writer and only take references; the rest is done here, outside of it.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Mapping

import msgspec

from routing_service.core.desk.world import World
from routing_service.core.promises import sla
from routing_service.core.records.errors import NotFound
from routing_service.core.records.lifecycle import ItemState
from routing_service.core.records.model import Clock, Item
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.pb.routing.v1 import work_item_pb2
from routing_service.server import convert, paging, wire
from routing_service.server.desks import Desk
from routing_service.server.requests import ItemReply

DEFAULT_PAGE = 100
MAX_PAGE = 500
AT_ONCE = 100
"""Items converted before others get their turn."""
MAX_SCAN = 5_000
"""Items looked at for one page: a rare filter must not hold up everybody else."""


class Seen(msgspec.Struct, frozen=True):
    """An item with the working time its clocks have counted, microseconds by name."""

    item: Item
    elapsed: Mapping[str, int]


async def get_item(desk: Desk, item_id: str) -> pb.GetResponse:
    """The item, archived ones too; NotFound(ITEM_NOT_FOUND)."""
    now = desk.partition.clock.now()
    seen = await desk.partition.query(lambda world: _seen(world, item_id, now))
    if seen is not None:
        linked = await desk.partition.query(lambda world: tuple(world.children.get(item_id, ())))
        return pb.GetResponse(
            item=convert.work_item(seen.item, seen.elapsed), linked_item_ids=sorted(linked)
        )
    return pb.GetResponse(item=await _archived(desk, item_id), archived=True)


async def told_item(desk: Desk, reply: ItemReply) -> work_item_pb2.WorkItem:
    """The item of a reply; a repeat may find it archived."""
    if reply.item is not None:
        return convert.work_item(reply.item)
    return await _archived(desk, reply.item_id)


async def _archived(desk: Desk, item_id: str) -> work_item_pb2.WorkItem:
    item = desk.feed.noted(item_id) or await desk.history.get(desk.name, item_id)
    if item is None:
        raise NotFound("ITEM_NOT_FOUND", "No item of this desk has this id.", item=item_id[:64])
    return convert.work_item(item)


def _seen(world: World, item_id: str, now: int) -> Seen | None:
    item = world.items.get(item_id)
    if item is None:
        return None
    until = max(now, world.now)
    elapsed = {name: _elapsed(world, item, clock, until) for name, clock in item.clocks.items()}
    return Seen(item, {name: spent for name, spent in elapsed.items() if spent is not None})


def _elapsed(world: World, item: Item, clock: Clock, now: int) -> int | None:
    """None when the plan no longer has the clock, or not for this priority."""
    plan = world.plan.clocks.get(clock.name)
    calendar = world.calendars.get(plan.calendars.get(item.priority, "")) if plan else None
    if calendar is None:
        return None
    return sla.elapsed(clock, calendar, clock.met_at if clock.met_at is not None else now)


async def list_items(desk: Desk, request: pb.ListRequest) -> pb.ListResponse:
    """One page, in the order of ids; Invalid, NotFound(QUEUE_NOT_FOUND)."""
    size = paging.size(request.page_size, default=DEFAULT_PAGE, most=MAX_PAGE)
    after = paging.read_token(request.page_token)
    states = {wire.chosen(wire.ITEM_STATE_OF, state, "states") for state in request.states}
    items = await desk.partition.query(lambda world: _items(world, request.queue))
    start = bisect_right(items, after, key=_id)
    page: list[Item] = []
    end = start
    while end < len(items) and len(page) < size and end - start < MAX_SCAN:
        if _passes(items[end], request.queue, states):
            page.append(items[end])
        end += 1
    token = paging.write_token(items[end - 1].id) if end < len(items) else ""
    response = pb.ListResponse(next_page_token=token)
    for first in range(0, len(page), AT_ONCE):
        response.items.extend(map(convert.work_item, page[first : first + AT_ONCE]))
        await asyncio.sleep(0)
    return response


def _items(world: World, queue: str) -> list[Item]:
    """All items; ids grow with arrival, so this is their order."""
    if queue:
        world.queue(queue)
    return list(world.items.values())


def _id(item: Item) -> str:
    return item.id


def _passes(item: Item, queue: str, states: set[ItemState]) -> bool:
    return queue in ("", item.queue) and (not states or item.state in states)
