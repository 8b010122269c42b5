"""The same key is the same request: one effect, one answer, however often and in what order."""

import asyncio
import random
from typing import Any

import grpc

from routing_service.pb.routing.v1 import (
    agent_service_pb2,
    request_event_pb2,
    routing_service_pb2,
    work_item_pb2,
)
from tests.e2e.desk_client import DESK, Client, agent, opened
from tests.e2e.errors import refused

REUSED = (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")


async def test_each_event_sent_three_times_in_any_order_makes_one_item(desk: Client) -> None:
    names = [f"event-{number}" for number in range(200)] * 3
    random.Random(3).shuffle(names)

    room = asyncio.Semaphore(64)  # below the limit of streams a connection

    async def send(name: str) -> tuple[str, str, str]:
        async with room:
            result = await desk.submit(event_id=name, text=f"text of {name}")
        return name, result.item_id, result.cursor

    answers = set(await asyncio.gather(*map(send, names)))
    items = await desk.app_query(lambda world: len(world.items))

    assert len(answers) == items == 200


async def test_repeat_is_marked(desk: Client) -> None:
    first = await desk.submit(event_id="event-1")
    again = await desk.submit(event_id="event-1")

    assert (first.replayed, again.replayed) == (False, True)
    assert (again.item_id, again.cursor) == (first.item_id, first.cursor)


async def test_key_with_another_body_is_refused(desk: Client) -> None:
    await desk.submit(event_id="event-1", text="one thing")

    assert await refused(desk.submit(event_id="event-1", text="another thing")) == REUSED
    assert await refused(desk.submit(event_id="event-1", tags={"a": "b"})) == REUSED
    assert (
        await refused(desk.submit(event_id="event-1", text="one thing", channel="phone")) == REUSED
    )


async def test_rejection_is_not_remembered(desk: Client) -> None:
    await refused(desk.submit(event_id="event-1", labels={"topic": "gossip"}))
    result = await desk.submit(event_id="event-1")

    assert not result.replayed


async def test_repeated_report_has_one_effect(desk: Client) -> None:
    item_id = (await desk.submit()).item_id
    request = routing_service_pb2.ReportRequest(
        desk=DESK,
        request_id="report-1",
        item_id=item_id,
        kind=request_event_pb2.REPORT_KIND_RESOLVED,
    )
    first = await desk.routing.Report(request)
    again = await desk.routing.Report(request)

    assert again == first
    assert again.item.state == work_item_pb2.ITEM_STATE_RESOLVED


async def test_repeated_accept_gets_the_first_answer(desk: Client) -> None:
    await desk.put_agent()
    offer = await desk.offer((await desk.submit()).item_id)
    first = await desk.accept(offer, request_id="accept-1")
    again = await desk.accept(offer, request_id="accept-1")

    assert again == first


async def test_of_two_who_accept_at_once_one_wins(desk: Client) -> None:
    await desk.put_agent()
    offer = await desk.offer((await desk.submit()).item_id)

    async def accept() -> str:
        call: Any = desk.agents.Accept(
            agent_service_pb2.AcceptRequest(
                desk=DESK,
                request_id=desk.key(),
                offer_id=offer.id,
                agent_id=offer.agent_id,
                version=offer.version,
            )
        )
        return str((await call.code()).name)

    codes = await asyncio.gather(*(accept() for _ in range(10)))

    assert sorted(codes) == ["FAILED_PRECONDITION"] * 9 + ["OK"]


async def test_put_agents_again_is_the_same_decision(desk: Client) -> None:
    request = agent_service_pb2.PutAgentsRequest(desk=DESK, request_id="put-1", agents=[agent()])
    first = await desk.agents.PutAgents(request)
    again = await desk.agents.PutAgents(request)

    assert again.cursor == first.cursor


async def test_keys_of_different_methods_do_not_answer_for_each_other(desk: Client) -> None:
    item_id = (await desk.submit(event_id="key-x")).item_id
    report = routing_service_pb2.ReportRequest(
        desk=DESK,
        request_id="key-x",
        item_id=item_id,
        kind=request_event_pb2.REPORT_KIND_RESPONDED,
    )

    assert await refused(desk.routing.Report(report)) == REUSED


async def test_same_body_in_another_order_of_its_maps_is_the_same(desk: Client) -> None:
    labels = {"topic": "fault", "users": 3, "vip": True}
    tags = {f"tag-{number}": "x" for number in range(50)}  # some order differs for sure
    first = await desk.submit(event_id="event-1", labels=labels, tags=tags)
    turned = dict(reversed(labels.items()))
    tags_turned = dict(reversed(tags.items()))
    again = await desk.submit(event_id="event-1", labels=turned, tags=tags_turned)

    assert again.item_id == first.item_id
    assert opened(labels=labels) == opened(labels=turned)
