"""Items as callers see them: what is kept of a request, reading, listing, cancelling, reports."""

import grpc

from routing_service.pb.routing.v1 import (
    clock_pb2,
    request_event_pb2,
    routing_service_pb2,
    work_item_pb2,
)
from tests.e2e.desk_client import DESK, Client, opened
from tests.e2e.errors import refused

MESSAGE = request_event_pb2.REQUEST_KIND_MESSAGE
UPDATED = request_event_pb2.REQUEST_KIND_UPDATED
ABANDONED = request_event_pb2.REQUEST_KIND_ABANDONED


async def listed(desk: Client, **fields: object) -> list[str]:
    """Numbers of all items that pass, page by page."""
    numbers: list[str] = []
    token = ""
    while True:
        request = routing_service_pb2.ListRequest(desk=DESK, page_token=token, **fields)
        page = await desk.routing.List(request)
        numbers += [item.number for item in page.items]
        token = page.next_page_token
        if not token:
            return numbers


async def cancelled(desk: Client, item_id: str, version: int = 0) -> work_item_pb2.WorkItem:
    request = routing_service_pb2.CancelRequest(
        desk=DESK,
        request_id=desk.key(),
        item_id=item_id,
        reason="duplicate",
        expected_version=version,
    )
    return (await desk.routing.Cancel(request)).item


async def test_item_shows_what_the_rules_made_of_it(desk: Client) -> None:
    labels = {"topic": "fault", "vip": True, "users": 3, "tags": ["refund", "parts", "refund"]}
    result = await desk.submit(labels=labels)
    item = await desk.get(result.item_id)

    assert (item.priority, item.queue) == ("urgent", "experts")
    assert [(each.skill, each.level) for each in item.requirements] == [("repair", 2)]
    assert list(item.fired_rules) == ["classify/fault", "prioritise/incident", "route/experts"]
    assert item.labels["kind"].text == "incident"
    assert list(item.labels["tags"].list.values) == ["parts", "refund"]
    assert item.labels["vip"].boolean


async def test_text_is_read_for_signals_and_not_kept_in_the_clear(desk: Client) -> None:
    result = await desk.submit(text="This is UNACCEPTABLE", tags={"note": "top secret"})
    item = await desk.get(result.item_id)
    kept = await desk.app_query(lambda world: world.items[result.item_id])

    assert item.priority == "urgent"
    assert kept.sealed
    assert b"UNACCEPTABLE" not in kept.sealed
    assert b"secret" not in kept.sealed


async def test_personal_values_are_kept_as_hashes(desk: Client) -> None:
    first = await desk.get((await desk.submit(labels={"phone": "+49 30 1234"})).item_id)
    second = await desk.get((await desk.submit(labels={"phone": "+49 30 1234"})).item_id)
    other = await desk.get((await desk.submit(labels={"phone": "+49 30 9"})).item_id)

    assert first.labels["phone"] == second.labels["phone"] != other.labels["phone"]
    assert "1234" not in first.labels["phone"].text
    assert "customer-1" not in first.customer_id


async def test_labels_are_normalised(desk: Client) -> None:
    decomposed = "Zu\u0308rich"
    item = await desk.get((await desk.submit(labels={"area": decomposed})).item_id)

    assert item.labels["area"].text == "Z\u00fcrich"


async def test_time_of_the_source_counts(desk: Client) -> None:
    now = await desk.app_query(lambda world: world.now)
    earlier = now // 1_000_000 - 3600
    result = await desk.submit(occurred_at={"seconds": earlier})
    item = await desk.get(result.item_id)

    assert item.opened_at.seconds == earlier
    assert item.clocks[0].due.seconds == earlier + 4 * 3600
    assert item.received_at.seconds == earlier + 3600


async def test_message_and_text_of_an_existing_item_need_no_customer(desk: Client) -> None:
    result = await desk.submit()
    again = await desk.submit(
        kind=MESSAGE, item_id=result.item_id, channel="", customer_id="", labels={}, text="hello?"
    )

    assert again.item_id == result.item_id


async def test_update_asks_the_rules_again(desk: Client) -> None:
    result = await desk.submit()
    labels = {"topic": "fault", "vip": True}
    updated = await desk.submit(
        kind=UPDATED, item_id=result.item_id, channel="", customer_id="", labels=labels
    )

    assert (updated.priority, updated.queue) == ("urgent", "experts")


async def test_abandoned_item_has_ended(desk: Client) -> None:
    result = await desk.submit()
    await desk.submit(kind=ABANDONED, item_id=result.item_id, channel="", customer_id="", labels={})
    item = await desk.get(result.item_id)

    assert item.state == work_item_pb2.ITEM_STATE_ABANDONED
    assert item.HasField("ended_at")
    assert {clock.state for clock in item.clocks} == {clock_pb2.CLOCK_STATE_CANCELLED}


async def test_pending_pauses_the_clock_that_says_so(desk: Client) -> None:
    result = await desk.submit(labels={"topic": "fault"})
    pending = request_event_pb2.REPORT_KIND_PENDING
    await desk.report(result.item_id, pending, reason="customer")
    item = await desk.get(result.item_id)
    states = {clock.name: clock.state for clock in item.clocks}
    solution = next(clock for clock in item.clocks if clock.name == "solution")

    assert states["solution"] == clock_pb2.CLOCK_STATE_PAUSED
    assert states["response"] == clock_pb2.CLOCK_STATE_RUNNING
    assert not solution.HasField("due")
    assert solution.HasField("paused_since")


async def test_list_goes_page_by_page_in_order(desk: Client) -> None:
    numbers = [(await desk.submit()).number for _ in range(7)]

    assert await listed(desk, page_size=3) == numbers
    assert await listed(desk, page_size=7) == numbers
    assert await listed(desk) == numbers


async def test_list_filters_by_queue_and_state(desk: Client) -> None:
    front = await desk.submit()
    experts = await desk.submit(labels={"topic": "fault", "vip": True})
    gone = await desk.submit()
    await cancelled(desk, gone.item_id)

    assert await listed(desk, queue="experts") == [experts.number]
    assert await listed(desk, states=["ITEM_STATE_CANCELLED"]) == [gone.number]
    assert await listed(desk, queue="front", states=["ITEM_STATE_QUEUED"]) == [front.number]


async def test_cancelled_item_is_over(desk: Client) -> None:
    result = await desk.submit()
    item = await desk.get(result.item_id)
    over = await cancelled(desk, result.item_id, item.version)
    again = desk.routing.Cancel(
        routing_service_pb2.CancelRequest(desk=DESK, request_id=desk.key(), item_id=result.item_id)
    )

    assert (over.state, over.reason) == (work_item_pb2.ITEM_STATE_CANCELLED, "duplicate")
    assert await refused(again) == (grpc.StatusCode.FAILED_PRECONDITION, "ILLEGAL_TRANSITION")


async def test_position_counts_the_items_ahead(desk: Client) -> None:
    await desk.submit()
    second = await desk.submit()

    assert second.position == 2


async def test_item_that_is_offered_at_once_has_no_position(desk: Client) -> None:
    await desk.put_agent()
    result = await desk.submit()

    assert not result.HasField("position")


async def test_stream_answers_every_batch_in_order(desk: Client) -> None:
    stream = desk.routing.SubmitStream()
    for batch in range(20):
        events = [opened(event_id=f"{batch}-{number}", text="hi") for number in range(10)]
        await stream.write(routing_service_pb2.SubmitStreamRequest(desk=DESK, events=events))
    await stream.done_writing()
    numbers = []
    async for answer in stream:
        numbers += [outcome.result.number for outcome in answer.outcomes]

    assert numbers == [f"S{number:05d}" for number in range(1, 201)]


async def test_refused_event_keeps_its_place_in_the_batch(desk: Client) -> None:
    stream = desk.routing.SubmitStream()
    events = [
        opened(event_id="one"),
        opened(event_id="two", labels={"topic": "gossip"}),
        opened(event_id="three", kind=MESSAGE, item_id="it9"),
        opened(event_id="four"),
    ]
    await stream.write(routing_service_pb2.SubmitStreamRequest(desk=DESK, events=events))
    outcomes = (await stream.read()).outcomes
    told = [each.failure.reason or each.result.number for each in outcomes]

    assert told == ["S00001", "LABEL_VALUE", "ITEM_NOT_FOUND", "S00002"]
    assert outcomes[1].failure.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert dict(outcomes[1].failure.details) == {"label": "topic", "allowed": "fault, question"}


async def test_wrong_message_ends_the_stream_after_the_answers_before_it(desk: Client) -> None:
    stream = desk.routing.SubmitStream()
    good = routing_service_pb2.SubmitStreamRequest(desk=DESK, events=[opened()])
    await stream.write(good)
    await stream.write(routing_service_pb2.SubmitStreamRequest(desk="moon", events=[opened()]))
    first = await stream.read()

    assert first.outcomes[0].result.number == "S00001"
    assert await refused(stream.read()) == (grpc.StatusCode.NOT_FOUND, "DESK_NOT_FOUND")


async def test_ended_item_is_found_after_it_left_memory(desk: Client) -> None:
    result = await desk.submit()
    await cancelled(desk, result.item_id)
    await desk.advance(days=31)
    request = routing_service_pb2.GetRequest(desk=DESK, item_id=result.item_id)
    at_once = await desk.routing.Get(request)
    await next(iter(desk.app.desks)).feed.caught_up.wait()
    later = await desk.routing.Get(request)

    assert await listed(desk) == []
    assert at_once == later
    assert later.archived
    assert later.item.state == work_item_pb2.ITEM_STATE_CANCELLED


async def test_repeat_after_archiving_still_names_the_item(desk: Client) -> None:
    result = await desk.submit(event_id="event-1")
    request = routing_service_pb2.CancelRequest(
        desk=DESK, request_id="cancel-1", item_id=result.item_id
    )
    first = await desk.routing.Cancel(request)
    await desk.app_query(lambda world: world.items.pop(result.item_id))
    again = await desk.routing.Cancel(request)

    assert again.item == first.item
    assert (await desk.submit(event_id="event-1")).item_id == result.item_id
