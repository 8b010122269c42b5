"""An agent's connection: lease, offers, answers, takeover and loss."""

import asyncio

import grpc
from grpc import aio

from routing_service.pb.routing.v1 import (
    agent_pb2,
    rulebook_service_pb2,
    strategy_pb2,
    work_item_pb2,
    work_pb2,
)
from tests.e2e.desk_client import DESK, PATIENCE, Client, Working, serving
from tests.e2e.errors import error_info, failure


async def connected(desk: Client, agent_id: str = "ann") -> Working:
    """A stream of the agent, who takes work."""
    await desk.put_agent(agent_id)
    working = desk.work(agent_id)
    await working.start()
    return working


async def ended(working: Working) -> aio.AioRpcError:
    """How the stream ended."""

    async def read_on() -> None:
        while await working.call.read() is not aio.EOF:
            pass

    async with asyncio.timeout(PATIENCE):
        return await failure(read_on())


async def test_hello_gets_the_lease(desk: Client) -> None:
    await desk.put_agent()
    leased = await desk.work("ann").start()

    assert leased.epoch == 1
    assert leased.lease_duration.seconds == 30


async def test_offer_comes_in_and_answer_goes_out(desk: Client) -> None:
    working = await connected(desk)
    result = await desk.submit()
    made = (await working.until("offer_made")).offer_made
    answer = await working.accept(made.offer, "accept-1")

    assert (made.offer.item_id, made.item.number) == (result.item_id, result.number)
    assert answer.request_id == "accept-1"
    assert answer.done.item.state == work_item_pb2.ITEM_STATE_ASSIGNED
    assert answer.done.item.owner == "ann"


async def test_who_is_second_to_accept_a_broadcast_is_told_that_another_was_quicker(
    desk: Client,
) -> None:
    switched = rulebook_service_pb2.SwitchStrategyRequest(
        desk=DESK,
        request_id=desk.key(),
        queue="front",
        strategy=strategy_pb2.STRATEGY_BROADCAST,
    )
    await desk.rulebooks.SwitchStrategy(switched)
    ann, ben = await connected(desk), await connected(desk, "ben")
    result = await desk.submit()
    made = [(await each.until("offer_made")).offer_made for each in (ann, ben)]
    both = await desk.get(result.item_id)
    won = await ben.accept(made[1].offer, "accept-1")
    over = (await ann.until("offer_ended")).offer_ended
    late = await ann.accept(made[0].offer, "accept-2")

    assert list(both.offer_ids) == [each.offer.id for each in made]
    assert won.done.item.owner == "ben"
    assert (over.offer_id, over.state) == (made[0].offer.id, agent_pb2.OFFER_STATE_RESCINDED)
    assert over.reason == "taken"
    assert late.failure.reason == "OFFER_NOT_PENDING"


async def test_declined_offer_comes_back_ended(desk: Client) -> None:
    working = await connected(desk)
    await desk.submit()
    offer = (await working.until("offer_made")).offer_made.offer
    decline = work_pb2.WorkRequest.Decline(offer_id=offer.id, version=offer.version, reason="no")
    await working.send(request_id="decline-1", decline=decline)
    over = (await working.until("offer_ended")).offer_ended

    assert (over.offer_id, over.state) == (offer.id, agent_pb2.OFFER_STATE_DECLINED)
    assert over.reason == "no"


async def test_offer_that_runs_out_is_told(desk: Client) -> None:
    working = await connected(desk)
    await desk.submit()
    offer = (await working.until("offer_made")).offer_made.offer
    await desk.advance(seconds=31)
    over = (await working.until("offer_ended")).offer_ended

    assert (over.offer_id, over.state) == (offer.id, agent_pb2.OFFER_STATE_EXPIRED)


async def test_complete_starts_the_wrap_up(desk: Client) -> None:
    working = await connected(desk)
    result = await desk.submit()
    offer = (await working.until("offer_made")).offer_made.offer
    await working.accept(offer, "accept-1")
    complete = work_pb2.WorkRequest.Complete(item_id=result.item_id)
    await working.send(request_id="complete-1", complete=complete)
    done = (await working.until("answer_result")).answer_result.done

    assert done.wrap_up_until.seconds - offer.made_at.seconds == 10


async def test_refused_answer_does_not_end_the_stream(desk: Client) -> None:
    working = await connected(desk)
    await desk.submit()
    offer = (await working.until("offer_made")).offer_made.offer
    stale = agent_pb2.Offer(id=offer.id, version=offer.version + 1)
    wrong = await working.accept(stale, "accept-1")
    right = await working.accept(offer, "accept-2")

    assert wrong.failure.reason == "OFFER_VERSION"
    assert wrong.failure.code == grpc.StatusCode.ABORTED.value[0]
    assert right.HasField("done")


async def test_repeated_answer_gets_the_first_result(desk: Client) -> None:
    working = await connected(desk)
    await desk.submit()
    offer = (await working.until("offer_made")).offer_made.offer
    first = await working.accept(offer, "accept-1")
    again = await working.accept(offer, "accept-1")

    assert again.done.cursor == first.done.cursor


async def test_newer_stream_takes_the_lease_and_the_pending_offer(desk: Client) -> None:
    first = await connected(desk)
    await desk.submit()
    offer = (await first.until("offer_made")).offer_made.offer
    second = desk.work("ann")
    leased = await second.start()
    again = (await second.until("offer_made")).offer_made.offer
    error = await ended(first)

    assert leased.epoch == 2
    assert again == offer
    assert (error.code(), error_info(error).reason) == (grpc.StatusCode.ABORTED, "LEASE_LOST")


async def test_lost_stream_gives_the_offer_to_another(desk: Client) -> None:
    watching = await desk.watch()
    working = await connected(desk, "ann")
    result = await desk.submit()
    await working.until("offer_made")
    await desk.put_agent("bob")
    working.call.cancel()
    voided = await watching.until("offer_moved", agent_id="ann")
    await watching.until("agent_changed", agent_id="ann", presence=agent_pb2.PRESENCE_OFFLINE)
    offer = await desk.offer(result.item_id)

    assert voided.offer_moved.state == agent_pb2.OFFER_STATE_VOIDED
    assert offer.agent_id == "bob"


async def test_silent_stream_is_lost_at_once() -> None:
    async with serving(lease_seconds=0.2, lease_grace_seconds=600.0) as desk:
        watching = await desk.watch()
        working = await connected(desk)
        error = await ended(working)
        await watching.until("agent_changed", agent_id="ann", presence=agent_pb2.PRESENCE_OFFLINE)

        assert error_info(error).reason == "LEASE_LOST"


async def test_heartbeats_keep_the_lease() -> None:
    async with serving(lease_seconds=1.0) as desk:
        working = await connected(desk)
        for _ in range(6):
            await asyncio.sleep(0.3)  # the lease is on real time
            await working.send(heartbeat=work_pb2.WorkRequest.Heartbeat())
        await desk.submit()

        assert (await working.until("offer_made")).offer_made.offer.agent_id == "ann"


async def test_agent_who_comes_back_within_the_grace_keeps_his_offer() -> None:
    async with serving(lease_grace_seconds=600.0) as desk:
        working = await connected(desk)
        result = await desk.submit()
        await working.until("offer_made")
        working.call.cancel()
        back = desk.work("ann")
        await back.start()
        offer = (await back.until("offer_made")).offer_made.offer

        assert offer.item_id == result.item_id
        assert offer.state == agent_pb2.OFFER_STATE_PENDING


async def test_last_answers_are_sent_before_the_stream_closes(desk: Client) -> None:
    working = await connected(desk)
    away = work_pb2.WorkRequest.SetPresence(presence=agent_pb2.PRESENCE_AWAY, reason="lunch")
    await working.send(request_id="presence-1", set_presence=away)
    await working.call.done_writing()
    answer = (await working.until("answer_result")).answer_result

    assert answer.HasField("done")
    assert await working.call.code() == grpc.StatusCode.OK


async def test_one_stream_serves_one_desk(desk: Client) -> None:
    working = await connected(desk)
    await working.send(desk="moon", heartbeat=work_pb2.WorkRequest.Heartbeat())
    error = await ended(working)

    assert error_info(error).reason == "FIELD_OUT_OF_RANGE"
