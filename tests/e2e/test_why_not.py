"""Why a waiting item is with nobody, over the wire."""

from datetime import UTC

import grpc

from routing_service.pb.routing.v1 import agent_pb2
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.pb.routing.v1 import why_not_pb2 as told
from tests.e2e.desk_client import DESK, START, Client
from tests.e2e.errors import refused


async def ask(desk: Client, item: str) -> pb.WhyNotResponse:
    return await desk.routing.WhyNot(pb.WhyNotRequest(desk=DESK, item=item))


async def test_nearest_agent_is_told_with_what_is_in_his_way(desk: Client) -> None:
    await desk.put_agent("ann")
    await desk.presence("ann", agent_pb2.PRESENCE_AWAY)
    result = await desk.submit()
    answer = await ask(desk, result.item_id)
    (miss,) = answer.why_not.nearest
    away = told.Block(kind=told.BLOCK_KIND_PRESENCE, detail="away")

    assert told.LACK_KIND_NOBODY_AVAILABLE == answer.why_not.lack.kind
    assert ("ann", [away]) == (miss.agent_id, list(miss.blocks))
    assert (1, 1, 0, 0) == (
        answer.why_not.in_queue,
        answer.why_not.qualified,
        answer.why_not.available,
        answer.why_not.free,
    )


async def test_item_goes_by_its_number_too(desk: Client) -> None:
    result = await desk.submit()
    number = (await desk.get(result.item_id)).number

    assert await ask(desk, result.item_id) == await ask(desk, number)


async def test_item_in_work_has_no_why_not(desk: Client) -> None:
    await desk.put_agent("ann")
    result = await desk.submit()
    precondition = grpc.StatusCode.FAILED_PRECONDITION

    assert (precondition, "ITEM_NOT_WAITING") == await refused(ask(desk, result.item_id))
    assert (grpc.StatusCode.NOT_FOUND, "ITEM_NOT_FOUND") == await refused(ask(desk, "nothing"))


async def test_instants_come_with_the_zone_they_are_to_be_read_in(desk: Client) -> None:
    result = await desk.submit()
    answer = await ask(desk, result.item_id)

    assert ("Asia/Shanghai", "en") == (answer.time_zone, answer.language)
    assert START == answer.as_of.ToDatetime(UTC).isoformat()
