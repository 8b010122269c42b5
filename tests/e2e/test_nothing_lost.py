"""Agents who vanish, are doubled or removed, and clocks that are wrong: the item stays, the reason
is told, and whoever comes next goes on with it.
"""

import asyncio
import contextlib

import grpc
from grpc import aio

from routing_service.pb.routing.v1 import (
    agent_pb2,
    agent_service_pb2,
    event_pb2,
    routing_act_pb2,
    work_item_pb2,
    work_pb2,
)
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from tests.e2e.desk_client import DESK, Client, Working
from tests.e2e.errors import refused


async def connected(desk: Client, agent_id: str = "ann") -> Working:
    """A stream of the agent, who takes work."""
    await desk.put_agent(agent_id)
    working = desk.work(agent_id)
    await working.start()
    return working


async def acts(desk: Client, item: str) -> list[routing_act_pb2.RoutingAct]:
    """What was done with the item, first act first."""
    request = pb.ListRoutingActsRequest(desk=DESK, item=item)
    return list((await desk.routing.ListRoutingActs(request)).acts)[::-1]


async def test_the_answer_of_a_client_whose_lease_another_took_counts_for_nothing(
    desk: Client,
) -> None:
    stale = await connected(desk)
    item = (await desk.submit()).item_id
    offer = (await stale.until("offer_made")).offer_made.offer
    fresh = desk.work("ann")
    await fresh.start()
    accept = work_pb2.WorkRequest.Accept(offer_id=offer.id, version=offer.version)
    with contextlib.suppress(
        aio.AioRpcError, asyncio.InvalidStateError
    ):  # the stream may have ended by now
        await stale.send(request_id="stale", accept=accept)
    again = (await fresh.until("offer_made")).offer_made.offer
    before = (await desk.get(item)).state
    answer = await fresh.accept(again, "fresh")

    assert (offer.id, work_item_pb2.ITEM_STATE_OFFERED) == (again.id, before)
    assert "ann" == answer.done.item.owner


async def test_a_lease_lost_in_the_middle_of_an_offer_is_told_and_the_item_keeps_its_age(
    desk: Client,
) -> None:
    watching = await desk.watch()
    working = await connected(desk)
    item = (await desk.submit()).item_id
    await working.until("offer_made")
    await desk.advance(seconds=5)
    working.call.cancel()
    await watching.until("agent_changed", step=event_pb2.AGENT_STEP_LOSE)
    waiting = await desk.get(item)
    await desk.put_agent("bob")
    placed, made, ended, next_one = await acts(desk, item)

    assert work_item_pb2.ITEM_STATE_QUEUED == waiting.state
    assert (made.offered.offer_id, agent_pb2.OFFER_STATE_VOIDED, "lease_lost") == (
        ended.offer_ended.offer_id,
        ended.offer_ended.state,
        ended.offer_ended.reason,
    )
    assert "bob" == next_one.offered.agent_id
    assert placed.placed.enqueued_at == waiting.enqueued_at


async def test_an_agent_removed_in_the_middle_of_an_offer_is_told_and_another_is_asked(
    desk: Client,
) -> None:
    await desk.put_agent("ann")
    item = (await desk.submit()).item_id
    await desk.put_agent("bob")
    request = agent_service_pb2.RemoveAgentsRequest(
        desk=DESK, request_id="remove", agent_ids=["ann"], reason="left the firm"
    )
    await desk.agents.RemoveAgents(request)
    ended, next_one = (await acts(desk, item))[-2:]

    assert ("ann", "agent_removed") == (ended.offer_ended.agent_id, ended.offer_ended.reason)
    assert "bob" == next_one.offered.agent_id


async def test_a_request_with_a_wrong_clock_is_refused_and_taken_once_the_clock_is_right(
    desk: Client,
) -> None:
    opened_at = (await desk.get((await desk.submit()).item_id)).opened_at.seconds
    before = await desk.trace()
    told = [
        await refused(desk.submit(event_id="late", occurred_at={"seconds": opened_at + shift}))
        for shift in (3600, -2 * 86_400)
    ]
    untouched = await desk.trace()
    right = await desk.submit(event_id="late", occurred_at={"seconds": opened_at - 60})
    invalid = grpc.StatusCode.INVALID_ARGUMENT

    assert [(invalid, "OCCURRED_IN_FUTURE"), (invalid, "OCCURRED_TOO_EARLY")] == told
    assert before == untouched
    assert opened_at - 60 == (await desk.get(right.item_id)).opened_at.seconds


async def test_a_decline_whose_clock_is_wrong_keeps_the_item_from_nobody_else(
    desk: Client,
) -> None:
    """`retry_at` lies in the past: he may be asked again at once; far ahead: others are."""
    await desk.put_agent("ann")
    item = (await desk.submit()).item_id
    offer = await desk.offer(item)
    past = agent_service_pb2.DeclineRequest(
        desk=DESK,
        request_id="no-1",
        offer_id=offer.id,
        agent_id="ann",
        version=offer.version,
        retry_at={"seconds": 1},
    )
    await desk.agents.Decline(past)
    again = await desk.offer(item)
    ahead = agent_service_pb2.DeclineRequest(
        desk=DESK,
        request_id="no-2",
        offer_id=again.id,
        agent_id="ann",
        version=again.version,
        retry_at={"seconds": 4_000_000_000},
    )
    await desk.agents.Decline(ahead)
    await desk.put_agent("bob")

    assert (again.agent_id, (await desk.offer(item)).agent_id) == ("ann", "bob")
