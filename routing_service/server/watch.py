"""One Watch stream: where it begins, what passes its filter, and events coalesced into messages.

All that is pending when a message can be sent goes into it, so a busy desk costs a watcher little.
"""

from collections.abc import Iterator, Sequence

import msgspec
from grpc import aio

from routing_service.core.desk.world import World
from routing_service.core.records.errors import Invalid
from routing_service.core.records.model import Agent, Item, Offer
from routing_service.pb.routing.v1 import event_pb2, event_service_pb2
from routing_service.pb.routing.v1.event_service_pb2 import WatchRequest, WatchResponse
from routing_service.server import calls, convert, cursor
from routing_service.server import metric_names as names
from routing_service.server.catch_up import Entry
from routing_service.server.convert_events import Told
from routing_service.server.convert_requests import MAX_MAP_ENTRIES, optional_identifier
from routing_service.server.cursor import WHOLE, Place
from routing_service.server.desks import Desk
from routing_service.server.metrics import Metrics

MAX_EVENTS = 500
MAX_BYTES = 262_144
MAX_ITEMS = 100
"""Of a snapshot, in one message: whole items take longer to make, and others wait meanwhile."""
QUIET_RECORDS = 1_000
"""After so many records without an event for it, a watcher is told how far it is."""

Context = aio.ServicerContext[WatchRequest, WatchResponse]


class Filter:
    """Which events pass. An item counts for the queue it is in at first, then for the one told."""

    def __init__(self, asked: event_service_pb2.EventFilter) -> None:
        if max(len(asked.kinds), len(asked.queues), len(asked.item_ids)) > MAX_MAP_ENTRIES:
            raise Invalid(
                "MAP_TOO_LARGE", f"At most {MAX_MAP_ENTRIES} entries each.", field="filter"
            )
        if event_service_pb2.EVENT_KIND_UNSPECIFIED in asked.kinds:
            raise Invalid("FIELD_REQUIRED", "Name the kinds.", field="filter.kinds")
        self.kinds = frozenset(asked.kinds)
        self.queues = frozenset(asked.queues)
        self.items = frozenset(asked.item_ids)
        self._inside: set[str] = set()

    @property
    def of_items(self) -> bool:
        """Whether only events of some items pass."""
        return bool(self.queues or self.items)

    def begin(self, items: Sequence[Item]) -> None:
        """Note which items are in the queues now."""
        self._inside = {item.id for item in items if item.queue in self.queues}

    def wants_item(self, item: Item) -> bool:
        """Whether the item belongs into the snapshot."""
        return (not self.queues or item.queue in self.queues) and (
            not self.items or item.id in self.items
        )

    def wants(self, told: Told) -> bool:
        """Whether the event passes. Must see every event once, in order."""
        inside = not self.queues or self._follow(told)
        return (
            inside
            and (not self.kinds or told.kind in self.kinds)
            and (not self.items or told.item in self.items)
        )

    def _follow(self, told: Told) -> bool:
        if told.queue in self.queues:
            self._inside.add(told.item)
        elif told.queue:
            self._inside.discard(told.item)
        return told.item in self._inside


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """World when the watch began: references only, and only what is needed of it."""

    place: Place
    items: list[Item] = []
    agents: list[Agent] = []
    offers: list[Offer] = []


async def watch(desk: Desk, request: WatchRequest, context: Context, metrics: Metrics) -> None:
    """Serve one stream until the watcher goes, is too slow, or the service drains."""
    passes = Filter(request.filter)
    start = await _start(desk, request, passes)
    passes.begin(start.items)
    desk.hub.check(start.place.seq)
    with desk.hub.subscribed():
        if request.include_snapshot:
            for message in _snapshot(desk, start, passes):
                await calls.write(context, message)
        stream = _Stream(desk, context, passes, metrics)
        await stream.follow(start.place)


async def _start(desk: Desk, request: WatchRequest, passes: Filter) -> Start:
    """The place to follow from, checked; with the state at that place when a snapshot is asked."""
    consumer = optional_identifier(request.consumer, "consumer")
    asked = cursor.read(desk.name, request.after) if request.after else None
    if asked is not None and request.include_snapshot:
        raise Invalid(
            "FIELD_OUT_OF_RANGE", "A snapshot is of now: watch it without `after`.", field="after"
        )
    return await desk.partition.query(
        lambda world: _begin(world, passes, asked, consumer, snapshot=request.include_snapshot)
    )


def _begin(
    world: World, passes: Filter, asked: Place | None, consumer: str, *, snapshot: bool
) -> Start:
    if asked is not None and asked.seq > world.seq:
        raise Invalid("CURSOR_INVALID", "The cursor is ahead of the desk's log.")
    for queue in passes.queues:
        world.queue(queue)
    items = list(world.items.values()) if snapshot or passes.queues else []
    if snapshot:
        return Start(
            place=Place(world.seq),
            items=items,
            agents=list(world.agents.values()),
            offers=list(world.offers.values()),
        )
    acked = world.consumers.get(consumer)
    place = asked or (Place(*acked) if acked else Place(world.seq))
    return Start(place=place, items=items)


def _snapshot(desk: Desk, start: Start, passes: Filter) -> Iterator[WatchResponse]:
    """The state in as many messages as it takes, the last one marked and with the cursor."""
    message, size = WatchResponse(), 0
    wanted = set()
    for item in start.items:
        if not passes.wants_item(item):
            continue
        wanted.add(item.id)
        told = convert.work_item(item)
        size += told.ByteSize()
        message.snapshot_items.append(told)
        if len(message.snapshot_items) >= MAX_ITEMS or size >= MAX_BYTES:
            yield message
            message, size = WatchResponse(), 0
    yield from _agents(start, passes)
    message.snapshot_offers.extend(
        convert.offer(offer) for offer in start.offers if offer.item in wanted
    )
    message.snapshot_complete = True
    message.cursor = cursor.write(desk.name, start.place)
    yield message


def _agents(start: Start, passes: Filter) -> Iterator[WatchResponse]:
    agents = [] if passes.of_items else start.agents
    for first in range(0, len(agents), MAX_EVENTS):
        told = map(convert.agent_status, agents[first : first + MAX_EVENTS])
        yield WatchResponse(snapshot_agents=told)


class _Stream:
    """What goes out after the snapshot."""

    def __init__(self, desk: Desk, context: Context, passes: Filter, metrics: Metrics) -> None:
        self._desk = desk
        self._context = context
        self._passes = passes
        self._metrics = metrics
        self._pending: list[event_pb2.Event] = []
        self._size = 0
        self._quiet = 0

    async def follow(self, place: Place) -> None:
        """For ever; what comes in one step is sent in one message, as far as it fits."""
        seq = place.seq if place.index >= WHOLE else max(0, place.seq - 1)
        while True:
            entries = await self._desk.hub.after(seq)
            for entry in entries:
                await self._take(entry, place.index if entry.record.seq == place.seq else 0)
            seq = entries[-1].record.seq
            self._quiet += len(entries)
            if self._pending or self._quiet >= QUIET_RECORDS:
                await self._send(cursor.write(self._desk.name, Place(seq)))

    async def _take(self, entry: Entry, skip: int) -> None:
        for told in entry.told:
            if self._passes.wants(told) and told.index > skip:
                self._pending.append(told.event)
                self._size += told.event.ByteSize()
                if len(self._pending) >= MAX_EVENTS or self._size >= MAX_BYTES:
                    await self._send(told.event.cursor)

    async def _send(self, place: str) -> None:
        message = WatchResponse(events=self._pending, cursor=place)
        sent = len(self._pending)
        self._pending, self._size, self._quiet = [], 0, 0
        await calls.write(self._context, message)
        self._metrics.add(names.EVENTS_SENT, self._desk.name, by=sent)
