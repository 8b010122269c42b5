"""Intake as callers see it: versions, labels alone, age that a request comes with, and its life."""

from google.protobuf.timestamp_pb2 import Timestamp
from grpc import StatusCode

from routing_service.pb.routing.v1 import request_event_pb2 as requests
from routing_service.pb.routing.v1 import work_item_pb2 as items
from tests.e2e import asks
from tests.e2e.desk_client import PACK, Client
from tests.e2e.errors import refused

QUEUES = (PACK / "queues.yaml").read_text("utf-8")


def earlier(item: items.WorkItem, minutes: int) -> Timestamp:
    return Timestamp(seconds=item.received_at.seconds - 60 * minutes)


async def test_labels_alone_change_labels_and_nothing_else(desk: Client) -> None:
    item_id = (await desk.submit(labels={"topic": "question"})).item_id
    watching = await desk.watch()

    await desk.submit(
        kind=requests.REQUEST_KIND_LABELLED, item_id=item_id, labels={"topic": "fault"}
    )
    told = await watching.until("item_labelled", item_id=item_id)
    item = await desk.get(item_id)

    assert told.item_labelled.labels["topic"].text == "fault"
    assert item.labels["topic"].text == "fault"
    assert (item.labels["kind"].text, item.priority, item.version) == ("request", "normal", 2)


async def test_an_event_about_an_older_version_is_refused(desk: Client) -> None:
    item_id = (await desk.submit()).item_id
    label = {"kind": requests.REQUEST_KIND_LABELLED, "item_id": item_id, "labels": {"vip": True}}
    await desk.submit(**label, expected_version=1)

    late = asks.submit(**label, event_id="late", expected_version=1)

    assert await refused(late(desk)) == (StatusCode.ABORTED, "VERSION_CONFLICT")


async def test_a_report_about_an_older_version_is_refused(desk: Client) -> None:
    item_id = (await desk.submit()).item_id
    await desk.report(item_id, requests.REPORT_KIND_RESOLVED, expected_version=1)

    late = asks.report(item_id=item_id, expected_version=1)

    assert await refused(late(desk)) == (StatusCode.ABORTED, "VERSION_CONFLICT")


async def test_a_request_that_waited_elsewhere_goes_before_those_that_came_first(
    desk: Client,
) -> None:
    first = await desk.submit()
    item = await desk.get(first.item_id)

    credited = await desk.submit(waiting_since=earlier(item, minutes=10))

    assert (first.position, credited.position) == (1, 1)
    assert (await desk.get(credited.item_id)).enqueued_at == earlier(item, minutes=10)


async def test_age_beyond_what_the_pack_allows_is_refused(desk: Client) -> None:
    item = await desk.get((await desk.submit()).item_id)

    call = asks.submit(event_id="old", waiting_since=earlier(item, minutes=25 * 60))

    assert await refused(call(desk)) == (StatusCode.INVALID_ARGUMENT, "WAITING_SINCE_TOO_EARLY")


async def test_what_nobody_takes_in_time_expires(desk: Client) -> None:
    await asks.activate(queues=QUEUES.replace("Front desk", "Front desk, ttl: 5m"))(desk)
    item_id = (await desk.submit()).item_id

    await desk.advance(minutes=5, seconds=1)
    item = await desk.get(item_id)

    assert (item.state, item.reason) == (items.ITEM_STATE_EXPIRED, "ttl")
    assert item.HasField("ended_at")
