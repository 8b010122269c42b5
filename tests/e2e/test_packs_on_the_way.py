"""Packs whose requests change hands, served: who gets it next, by what is told of it."""

from routing_service.pb.routing.v1 import clock_pb2, request_event_pb2, work_item_pb2
from routing_service.settings import DeskSettings
from tests.e2e.desk_client import DESK, Client, serving
from tests.golden.figures import RULES

UPDATED = request_event_pb2.REQUEST_KIND_UPDATED


def of_pack(pack: str) -> dict[str, DeskSettings]:
    return {DESK: DeskSettings(rules=str(RULES / pack))}


async def told(client: Client, item_id: str, **labels: object) -> request_event_pb2.SubmitResult:
    """Somebody adds what he found out."""
    return await client.submit(
        kind=UPDATED, item_id=item_id, channel="", customer_id="", labels=labels
    )


def states(item: work_item_pb2.WorkItem) -> dict[str, str]:
    name = clock_pb2.ClockState.Name
    return {clock.name: name(clock.state).removeprefix("CLOCK_STATE_") for clock in item.clocks}


async def test_product_complaint_unsolved_in_three_working_days_gets_a_special_solution() -> None:
    """Row S1.4, from Wednesday 10:00 in Shanghai over a weekend."""
    async with serving(desks=of_pack("hotline"), dev_start="2023-09-20T02:00:00Z") as client:
        await client.put_agent("tom", queues=["technical"], team="technical")
        await client.put_agent("pia", queues=["special"], team="complaints")
        asked = await client.submit(channel="phone", labels={}, text="买的电脑天天蓝屏")
        await client.accept(await client.offer(asked.item_id))
        waits = await told(client, asked.item_id, cannot_wait=True)
        await client.advance(days=5)
        in_time = await client.get(asked.item_id)
        await client.advance(seconds=1)
        late = await client.get(asked.item_id)
        offer = await client.offer(asked.item_id)

    assert ("technical", "high") == (waits.queue, waits.priority)
    assert ("technical", "RUNNING") == (in_time.queue, states(in_time)["solution"])
    assert ("special", "urgent", "BREACHED") == (
        late.queue,
        late.priority,
        states(late)["solution"],
    )
    assert offer.agent_id == "pia"


async def test_complaint_told_on_the_phone_goes_from_the_agent_to_the_leader() -> None:
    """Rows S2.1 and S2.3."""
    async with serving(desks=of_pack("call_center")) as client:
        await client.put_agent("ann", queues=["general"], team="agents")
        await client.put_agent("lea", queues=["team_leaders"], team="leaders")
        call = await client.submit(channel="phone", labels={})
        await client.advance(seconds=9)
        await client.accept(await client.offer(call.item_id))
        answered = await client.get(call.item_id)
        complaint = await told(client, call.item_id, type="complaint")
        offer = await client.offer(call.item_id)

    assert ("general", "MET") == (call.queue, states(answered)["answer"])
    assert ("team_leaders", "medium") == (complaint.queue, complaint.priority)
    assert offer.agent_id == "lea"


async def test_user_is_identified_before_the_request_reaches_its_domain() -> None:
    """Rows S4.2 and S4.8: the number of the order is nowhere to be read."""
    async with serving(desks=of_pack("ecommerce")) as client:
        asked = await client.submit(channel="chat", labels={}, text="包裹丢了")
        known = await told(client, asked.item_id, order_id="NO-8001")
        item = await client.get(asked.item_id)

    assert ("front_desk", "logistics") == (asked.queue, known.queue)
    assert "NO-8001" not in str(item)
