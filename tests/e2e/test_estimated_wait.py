"""How long it will take: told with Submit, asked anew by EstimateWait."""

import grpc

from routing_service.pb.routing.v1 import agent_pb2, routing_service_pb2, work_item_pb2
from tests.e2e.desk_client import DESK, Client
from tests.e2e.errors import refused


async def asked(desk: Client, **fields: object) -> routing_service_pb2.EstimateWaitResponse:
    return await desk.routing.EstimateWait(
        routing_service_pb2.EstimateWaitRequest(desk=DESK, **fields)
    )


async def busy(desk: Client) -> str:
    """One agent with one item in work; its id."""
    await desk.put_agent("ann", capacity=1)
    result = await desk.submit()
    await desk.accept(await desk.offer(result.item_id))
    return result.item_id


async def test_reply_tells_place_and_wait_of_who_has_to_wait(desk: Client) -> None:
    await busy(desk)
    first, second = await desk.submit(), await desk.submit()

    assert (1, 2) == (first.position, second.position)
    assert 0 < first.estimated_wait_p50.seconds < first.estimated_wait_p90.seconds
    assert first.estimated_wait_p50.seconds < second.estimated_wait_p50.seconds


async def test_with_nobody_there_no_wait_is_told(desk: Client) -> None:
    result = await desk.submit()

    assert 1 == result.position
    assert not result.HasField("estimated_wait_p50")
    assert not result.HasField("estimated_wait_p90")


async def test_next_update_is_due_with_the_first_promise_the_customer_hears_of(
    desk: Client,
) -> None:
    result = await desk.submit()
    (response,) = [each for each in result.promises if each.clock == "response"]

    assert response.due == result.next_update_after


async def test_wait_of_an_item_is_told_anew_with_what_it_rests_on(desk: Client) -> None:
    await busy(desk)
    await desk.submit()
    second = await desk.submit()
    told = await asked(desk, item_id=second.item_id)

    assert second.estimated_wait_p90 == told.estimated_wait_p90
    assert (2, second.next_update_after) == (told.position, told.next_update_after)
    assert (1.0, 0, 1) == (told.basis.items_ahead, told.basis.free_agents, told.basis.slots)
    assert (300, 1) == (told.basis.handling.seconds, told.basis.observations)


async def test_wait_of_a_request_that_would_come_now(desk: Client) -> None:
    await busy(desk)
    await desk.submit()
    told = await asked(desk, queue="front")
    urgent = await asked(desk, queue="front", priority="urgent")

    assert (2, 1) == (told.position, urgent.position)
    assert urgent.estimated_wait_p50.seconds < told.estimated_wait_p50.seconds


async def test_skill_that_nobody_has_means_no_estimate(desk: Client) -> None:
    await desk.put_agent("ann")
    repair = work_item_pb2.Requirement(skill="repair", level=9)
    told = await asked(desk, queue="experts", requirements=[repair])

    assert not told.HasField("estimated_wait_p50")
    assert not told.HasField("basis")


async def test_item_in_work_waits_for_nothing(desk: Client) -> None:
    told = await asked(desk, item_id=await busy(desk))

    assert not told.HasField("position")
    assert not told.HasField("estimated_wait_p50")


async def test_agent_who_is_away_answers_nobody(desk: Client) -> None:
    await desk.put_agent("ann")
    await desk.presence("ann", agent_pb2.PRESENCE_AWAY)

    assert not (await asked(desk, queue="front")).HasField("estimated_wait_p50")


async def test_what_does_not_exist_has_no_wait(desk: Client) -> None:
    not_found, invalid = grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT

    assert (not_found, "ITEM_NOT_FOUND") == await refused(asked(desk, item_id="it9999999999"))
    assert (not_found, "QUEUE_NOT_FOUND") == await refused(asked(desk, queue="nowhere"))
    assert (invalid, "FIELD_REQUIRED") == await refused(asked(desk))
    assert (invalid, "FIELD_OUT_OF_RANGE") == await refused(
        asked(desk, queue="front", priority="whenever")
    )
    assert (invalid, "CHANNEL_UNKNOWN") == await refused(
        asked(desk, queue="front", channel="pigeon")
    )


async def test_what_no_request_asks_is_refused(desk: Client) -> None:
    many = [work_item_pb2.Requirement(skill=f"s{n}", level=1) for n in range(51)]
    nameless = [work_item_pb2.Requirement(level=1)]

    assert await refused(asked(desk, queue="front", requirements=many)) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "FIELD_OUT_OF_RANGE",
    )
    assert await refused(asked(desk, queue="front", requirements=nameless)) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "FIELD_REQUIRED",
    )
