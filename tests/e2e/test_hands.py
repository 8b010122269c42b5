"""Items that change hands, over gRPC: transfers, agents removed, wrap-ups, work elsewhere."""

from typing import Any

import grpc

from routing_service.pb.routing.v1 import (
    agent_pb2,
    agent_service_pb2,
    event_pb2,
    request_event_pb2,
    routing_service_pb2,
    work_item_pb2,
    work_pb2,
)
from tests.e2e.asks import activate
from tests.e2e.desk_client import DESK, Client, Working, serving
from tests.e2e.errors import error_info, failure
from tests.e2e.test_work_stream import connected, ended


async def owned(desk: Client, agent_id: str = "ann") -> str:
    """An item that the agent has in hand."""
    item = (await desk.submit()).item_id
    offer = await desk.offer(item)
    assert offer.agent_id == agent_id
    await desk.accept(offer)
    return item


async def transfer(desk: Client, item: str, **fields: Any) -> work_item_pb2.WorkItem:
    request = routing_service_pb2.TransferRequest(
        desk=DESK, request_id=desk.key(), item_id=item, **fields
    )
    return (await desk.routing.Transfer(request)).item


async def remove(desk: Client, *agents: str) -> None:
    request = agent_service_pb2.RemoveAgentsRequest(
        desk=DESK, request_id=desk.key(), agent_ids=agents, reason="left the firm"
    )
    await desk.agents.RemoveAgents(request)


async def done(working: Working, key: str, **message: Any) -> work_pb2.WorkResponse.AnswerResult:
    await working.send(request_id=key, **message)
    return (await working.until("answer_result")).answer_result


async def test_a_blind_transfer_takes_the_item_to_the_other_queue_with_its_age(
    desk: Client,
) -> None:
    await desk.put_agent("ann")
    item = await owned(desk)
    before = await desk.get(item)
    given = await transfer(desk, item, queue="experts", reason="needs an expert")

    assert ("experts", "front") == (given.queue, given.transferred_from)
    assert (before.enqueued_at, "") == (given.enqueued_at, given.owner)


async def test_a_warm_transfer_keeps_the_owner_until_the_second_accepts(desk: Client) -> None:
    watching = await desk.watch()
    await desk.put_agent("ann")
    item = await owned(desk)
    await desk.put_agent("bob")
    given = await transfer(desk, item, agent_id="bob", warm=True, by_agent_id="ann")
    await watching.until("item_moved", step=event_pb2.ITEM_STEP_HAND_OVER)
    await desk.accept(await desk.offer(item))
    after = await desk.get(item)

    assert ("ann", True) == (given.owner, given.HasField("handover_until"))
    assert ("bob", False) == (after.owner, after.HasField("handover_until"))


async def test_a_transfer_that_nobody_could_take_is_refused_and_changes_nothing(
    desk: Client,
) -> None:
    await desk.put_agent("ann")
    item = await owned(desk)
    await desk.put_agent("bob", queues=["experts"])
    trace = await desk.trace()
    error = await failure(transfer(desk, item, queue="front", agent_id="bob"))

    assert grpc.StatusCode.FAILED_PRECONDITION is error.code()
    assert "AGENT_CANNOT_SERVE" == error_info(error).reason
    assert trace == await desk.trace()


async def test_an_agent_removed_with_work_in_hand_loses_his_stream_and_no_item(
    desk: Client,
) -> None:
    watching = await desk.watch()
    working = await connected(desk, "ann")
    item = await owned(desk)
    await remove(desk, "ann")
    error = await ended(working)
    moved = await watching.until("item_moved", step=event_pb2.ITEM_STEP_REQUEUE)
    gone = await watching.until("agent_changed", step=event_pb2.AGENT_STEP_REMOVE)
    await desk.put_agent("bob")

    assert (grpc.StatusCode.NOT_FOUND, "AGENT_REMOVED") == (error.code(), error_info(error).reason)
    assert ("agent_removed", "left the firm") == (
        moved.item_moved.reason,
        gone.agent_changed.reason,
    )
    assert "bob" == (await desk.offer(item)).agent_id


async def test_two_clients_of_one_agent_the_stale_one_is_let_go_and_the_item_stays(
    desk: Client,
) -> None:
    first = await connected(desk)
    item = await owned(desk)
    second = desk.work("ann")
    leased = await second.start()
    error = await ended(first)
    complete = work_pb2.WorkRequest.Complete(item_id=item)
    answer = await done(second, "done-1", complete=complete)

    assert ([item], "LEASE_LOST") == (list(leased.held_item_ids), error_info(error).reason)
    assert answer.HasField("done")
    assert "ann" == (await desk.get(item)).owner


async def test_who_is_back_within_the_grace_still_has_what_he_had_in_hand() -> None:
    async with serving(lease_grace_seconds=600.0) as desk:
        working = await connected(desk)
        item = await owned(desk)
        working.call.cancel()
        leased = await desk.work("ann").start()

        assert ([item], 2) == (list(leased.held_item_ids), leased.epoch)


async def test_who_comes_back_is_told_what_he_wraps_up(desk: Client) -> None:
    working = await connected(desk)
    item = await owned(desk)
    await done(working, "done-1", complete=work_pb2.WorkRequest.Complete(item_id=item))
    leased = await desk.work("ann").start()

    assert ([], [item]) == (list(leased.held_item_ids), list(leased.wrapping_up_item_ids))


async def test_who_is_lost_for_good_keeps_his_item_and_gets_nothing_new(desk: Client) -> None:
    watching = await desk.watch()
    working = await connected(desk)
    item = await owned(desk)
    working.call.cancel()
    await watching.until("agent_changed", step=event_pb2.AGENT_STEP_LOSE)
    following = (await desk.submit()).item_id

    assert "ann" == (await desk.get(item)).owner
    assert work_item_pb2.ITEM_STATE_QUEUED == (await desk.get(following)).state


async def test_work_elsewhere_and_a_timed_wrap_up_are_told_on_the_stream(desk: Client) -> None:
    working = await connected(desk)
    item = await owned(desk)
    await done(working, "done-1", complete=work_pb2.WorkRequest.Complete(item_id=item))
    end = work_pb2.WorkRequest.WrapUp(item_id=item, act=work_pb2.WRAP_UP_ACT_END)
    early = await done(working, "end-1", wrap_up=end)
    await desk.advance(seconds=11)
    busy = await done(working, "out-1", outside_work=work_pb2.WorkRequest.OutsideWork(units=9))
    following = (await desk.submit()).item_id

    assert "WRAP_UP_NOT_OVER" == early.failure.reason
    assert busy.HasField("done")
    assert work_item_pb2.ITEM_STATE_QUEUED == (await desk.get(following)).state


async def test_status_tells_what_keeps_an_agent(desk: Client) -> None:
    await desk.put_agent("ann", capacity=3)
    request = agent_service_pb2.SetOutsideWorkRequest(
        desk=DESK, request_id="out-1", agent_id="ann", units=2
    )
    status = (await desk.agents.SetOutsideWork(request)).status

    assert (3, 2, 2) == (status.capacity, status.held, status.outside)


async def test_a_source_whose_clock_is_wrong_is_told_and_nothing_is_lost(desk: Client) -> None:
    await desk.put_agent("ann")
    item = await owned(desk)
    trace = await desk.trace()
    ahead = request_event_pb2.REPORT_KIND_RESOLVED
    far = (await desk.get(item)).opened_at
    far.seconds += 3600
    error = await failure(desk.report(item, ahead, occurred_at=far))

    assert "OCCURRED_IN_FUTURE" == error_info(error).reason
    assert trace == await desk.trace()


async def test_limits_that_cannot_be_are_refused_with_the_field(desk: Client) -> None:
    for fields, reason in (
        ({"capacity": -1}, "FIELD_OUT_OF_RANGE"),
        ({"maximum": {"fax": 1}}, "CHANNEL_UNKNOWN"),
        ({"calendar": "nights"}, "CALENDAR_NOT_FOUND"),
        ({"cap": 5}, "FIELD_OUT_OF_RANGE"),
    ):
        error = await failure(desk.put_agent("ann", **fields))

        assert reason == error_info(error).reason


async def test_presence_draining_finishes_and_gets_nothing_new(desk: Client) -> None:
    await desk.put_agent("ann", capacity=5)
    item = await owned(desk)
    await desk.presence("ann", agent_pb2.PRESENCE_DRAINING)
    following = (await desk.submit()).item_id

    assert "ann" == (await desk.get(item)).owner
    assert work_item_pb2.ITEM_STATE_QUEUED == (await desk.get(following)).state


async def test_an_agent_ends_the_wrap_up_that_his_queue_lets_him_end(desk: Client) -> None:
    queues = "defaults: {offer_timeout: 30s, wrap_up: {mode: mandatory, time: 10s}}"
    await activate(queues=f"{queues}\nqueues: {{front: {{}}, experts: {{}}}}\n")(desk)
    await desk.put_agent("ann")
    item = await owned(desk)
    complete = agent_service_pb2.CompleteRequest(
        desk=DESK, request_id="done-1", item_id=item, agent_id="ann"
    )
    wraps_up = await desk.agents.Complete(complete)
    await desk.advance(minutes=5)
    still = await desk.app_query(lambda world: dict(world.agents["ann"].holds))
    end = agent_service_pb2.WrapUpRequest(
        desk=DESK,
        request_id="end-1",
        item_id=item,
        agent_id="ann",
        act=work_pb2.WRAP_UP_ACT_END,
    )
    over = await desk.agents.WrapUp(end)

    assert (False, True) == (
        wraps_up.HasField("wrap_up_until"),
        wraps_up.HasField("wrap_up_ready_at"),
    )
    assert ([item], False) == (list(still), over.HasField("wrap_up_ready_at"))
    assert {} == await desk.app_query(lambda world: dict(world.agents["ann"].holds))
