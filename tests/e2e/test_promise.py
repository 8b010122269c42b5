"""One request from the wire to a kept, or broken, promise."""

from routing_service.pb.routing.v1 import clock_pb2, request_event_pb2, work_item_pb2
from tests.e2e.desk_client import Client


async def test_submit_tells_number_queue_and_promises(desk: Client) -> None:
    result = await desk.submit()

    assert (result.number, result.queue, result.priority) == ("S00001", "front", "normal")
    assert [promise.clock for promise in result.promises] == ["response"]
    assert result.position == 1


async def test_submitted_item_is_offered_accepted_and_watched(desk: Client) -> None:
    watching = await desk.watch()
    await desk.put_agent()
    result = await desk.submit()
    offer = await desk.offer(result.item_id)
    reply = await desk.accept(offer)
    made = await watching.until("assignment_made")

    assert reply.item.state == work_item_pb2.ITEM_STATE_ASSIGNED
    assert reply.item.owner == "ann"
    assert made.assignment_made.item_id == result.item_id
    assert made.assignment_made.agent_id == "ann"


async def test_answer_in_time_meets_the_clock(desk: Client) -> None:
    result = await desk.submit()
    await desk.advance(hours=1)
    item = await desk.report(result.item_id, request_event_pb2.REPORT_KIND_RESPONDED)
    (clock,) = (await desk.get(item.id)).clocks

    assert clock.state == clock_pb2.CLOCK_STATE_MET
    assert clock.elapsed.seconds == 3600


async def test_silence_warns_then_breaches_then_alerts(desk: Client) -> None:
    watching = await desk.watch()
    result = await desk.submit()
    await desk.advance(hours=5)
    alert = await watching.alert("warning")
    breach = await watching.until("clock_moved", step=clock_pb2.CLOCK_STEP_BREACH)
    steps = [event.clock_moved.step for event in watching.seen if event.HasField("clock_moved")]

    assert steps[:3] == [
        clock_pb2.CLOCK_STEP_START,
        clock_pb2.CLOCK_STEP_WARN,
        clock_pb2.CLOCK_STEP_BREACH,
    ]
    assert breach.clock_moved.item_id == result.item_id
    assert (alert.severity, alert.queue, alert.priority) == ("warning", "front", "normal")
    assert list(alert.to) == ["sue"]


async def test_alert_is_raised_at_the_due_instant(desk: Client) -> None:
    watching = await desk.watch(filter={"kinds": ["EVENT_KIND_ALERT_RAISED"]})
    result = await desk.submit()
    due = result.promises[0].due.ToMicroseconds()
    await desk.advance(days=1)
    breach = await watching.alert("critical")

    assert breach.trigger.due.ToMicroseconds() == due
    assert breach.raised_at.ToMicroseconds() == due + 1


async def test_declined_offer_goes_to_the_next_agent(desk: Client) -> None:
    await desk.put_agent("ann")
    await desk.put_agent("bob")
    result = await desk.submit()
    first = await desk.offer(result.item_id)
    await desk.decline(first)
    second = await desk.offer(result.item_id)

    assert {first.agent_id, second.agent_id} == {"ann", "bob"}
