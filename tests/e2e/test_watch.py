"""Following a desk: snapshot then changes, resuming without gap or repeat, filters, consumers."""

import asyncio

import grpc
import pytest

from routing_service.pb.routing.v1 import (
    event_pb2,
    event_service_pb2,
    routing_service_pb2,
    work_item_pb2,
)
from routing_service.server.watch import MAX_EVENTS
from tests.e2e.desk_client import DESK, Client, Watching, opened, serving
from tests.e2e.errors import error_info, failure


async def everything(desk: Client, count: int, **fields: object) -> list[event_pb2.Event]:
    """The first `count` events of a new watch."""
    watching = desk.resume(**fields)
    while len(watching.seen) < count:
        await watching.message()
    watching.call.cancel()
    return watching.seen[:count]


async def start_of(desk: Client) -> str:
    """The cursor of now."""
    watching = await desk.watch()
    watching.call.cancel()
    return watching.cursor


async def ack(desk: Client, consumer: str, cursor: str) -> str:
    request = event_service_pb2.AckRequest(desk=DESK, consumer=consumer, cursor=cursor)
    return (await desk.events.Ack(request)).cursor


async def test_snapshot_holds_items_offers_and_agents(desk: Client) -> None:
    await desk.put_agent()
    result = await desk.submit()
    watching = desk.resume(include_snapshot=True)
    items, offers, agents = [], [], []
    complete = False
    while not complete:
        message = await watching.message()
        items += message.snapshot_items
        offers += message.snapshot_offers
        agents += message.snapshot_agents
        complete = message.snapshot_complete

    assert [item.id for item in items] == [result.item_id]
    assert [offer.item_id for offer in offers] == [result.item_id]
    assert [agent.agent_id for agent in agents] == ["ann"]
    assert watching.seen == []


async def test_every_event_is_told_once_in_order_of_its_cursor(desk: Client) -> None:
    watching = await desk.watch()
    await desk.put_agent()
    result = await desk.submit()
    await desk.accept(await desk.offer(result.item_id))
    await watching.until("milestone_reached", milestone=work_item_pb2.MILESTONE_ASSIGNED)

    assert watching.kinds() == [
        "agent_changed",
        "agent_changed",
        "item_opened",
        "item_classified",
        "milestone_reached",
        "clock_moved",
        "item_queued",
        "item_moved",
        "offer_made",
        "offer_moved",
        "assignment_made",
        "item_moved",
        "milestone_reached",
    ]
    assert len({event.id for event in watching.seen}) == len(watching.seen)


async def test_watch_resumes_after_any_event_without_gap_or_repeat(desk: Client) -> None:
    start = await start_of(desk)
    await desk.put_agent()
    for _ in range(3):
        await desk.submit()
    whole = await everything(desk, 20, after=start)
    for index in range(len(whole) - 1):
        rest = await everything(desk, len(whole) - index - 1, after=whole[index].cursor)

        assert rest == whole[index + 1 :]


async def test_events_of_journal_and_of_memory_are_the_same(desk: Client) -> None:
    start = await start_of(desk)
    await desk.put_agent()
    await desk.submit()
    live = await everything(desk, 9, after=start)
    hub = next(iter(desk.app.desks)).hub
    hub.forget()
    replayed = await everything(desk, 9, after=start)

    assert replayed == live


async def test_reply_cursor_shows_what_happened_since(desk: Client) -> None:
    first = await desk.submit()
    second = await desk.submit()
    (event,) = await everything(desk, 1, after=first.cursor)

    assert event.item_opened.item_id == second.item_id


async def test_consumer_goes_on_after_its_last_ack(desk: Client) -> None:
    start = await start_of(desk)
    await desk.submit()
    await desk.submit()
    events = await everything(desk, 10, after=start)
    await ack(desk, "pager", events[3].cursor)
    resumed = await everything(desk, 6, consumer="pager")

    assert resumed == events[4:]


async def test_older_ack_has_no_effect(desk: Client) -> None:
    start = await start_of(desk)
    await desk.submit()
    events = await everything(desk, 5, after=start)
    newest = await ack(desk, "pager", events[4].cursor)

    assert await ack(desk, "pager", events[0].cursor) == newest


async def test_new_consumer_starts_from_now(desk: Client) -> None:
    await desk.submit()
    watching = desk.resume(consumer="new", filter={"kinds": ["EVENT_KIND_ITEM_OPENED"]})
    numbers = []
    while not numbers:  # the stream begins some time after the call
        await desk.submit()
        async with asyncio.timeout(1):
            numbers = [event.item_opened.number for event in (await watching.message()).events]

    assert "S00001" not in numbers


async def test_pending_events_come_in_one_message(desk: Client) -> None:
    start = await start_of(desk)
    for _ in range(40):
        await desk.submit()
    message = await desk.resume(after=start).message()

    assert len(message.events) == 200
    assert message.cursor


async def test_message_is_bounded(desk: Client) -> None:
    start = await start_of(desk)
    stream = desk.routing.SubmitStream()
    for batch in range(3):
        named = [opened(event_id=f"event-{batch}-{n}") for n in range(100)]
        await stream.write(routing_service_pb2.SubmitStreamRequest(desk=DESK, events=named))
        await stream.read()
    watching = desk.resume(after=start)
    first = await watching.message()
    seen = await everything(desk, 1500, after=start)
    rest = await everything(desk, 1000, after=first.events[-1].cursor)

    assert len(first.events) == MAX_EVENTS
    assert first.events[-1].cursor == first.cursor
    assert rest == seen[MAX_EVENTS:]


async def test_filter_by_kind(desk: Client) -> None:
    watching = await desk.watch(filter={"kinds": ["EVENT_KIND_ITEM_QUEUED"]})
    await desk.submit()
    await desk.submit()
    while len(watching.seen) < 2:
        await watching.message()

    assert watching.kinds() == ["item_queued", "item_queued"]


async def test_filter_by_item(desk: Client) -> None:
    first = await desk.submit()
    second = await desk.submit()
    watching = await desk.watch(filter={"item_ids": [second.item_id]})
    await desk.advance(hours=4)
    event = await watching.until("clock_moved")

    assert first.item_id not in {each.clock_moved.item_id for each in watching.seen}
    assert event.clock_moved.item_id == second.item_id


async def test_filter_by_queue_follows_the_item(desk: Client) -> None:
    front = await desk.submit()
    urgent = {"topic": "fault", "vip": True}
    watching = await desk.watch(filter={"queues": ["experts"]})
    expert = await desk.submit(labels=urgent)
    await desk.advance(minutes=15)
    await watching.until("clock_moved", warned_percent=80)
    items = {
        getattr(getattr(event, event.WhichOneof("body") or ""), "item_id", "")
        for event in watching.seen
    }

    assert front.item_id not in items
    assert expert.item_id in items


async def test_watcher_is_told_how_far_it_is_when_nothing_passes(desk: Client) -> None:
    watching = await desk.watch(filter={"kinds": ["EVENT_KIND_ALERT_RAISED"]})
    before = watching.cursor
    stream = desk.routing.SubmitStream()
    for batch in range(10):
        events = [opened(event_id=f"event-{batch}-{n}") for n in range(100)]
        await stream.write(routing_service_pb2.SubmitStreamRequest(desk=DESK, events=events))
        await stream.read()
    message = await watching.message()

    assert not message.events
    assert message.cursor != before


async def test_expired_cursor_says_what_to_do() -> None:
    async with serving(watch_retention_records=3) as desk:
        start = await start_of(desk)
        for _ in range(5):
            await desk.submit()
        error = await failure(desk.resume(after=start).message())

        assert error.code() == grpc.StatusCode.OUT_OF_RANGE
        assert error_info(error).reason == "CURSOR_EXPIRED"
        assert "snapshot" in (error.details() or "")


@pytest.mark.parametrize("count", [1, 20])
async def test_many_watchers_see_the_same(desk: Client, count: int) -> None:
    watchers: list[Watching] = [await desk.watch() for _ in range(count)]
    await desk.submit()
    for watching in watchers:
        await watching.until("item_queued")

    assert all(watching.seen == watchers[0].seen for watching in watchers)
