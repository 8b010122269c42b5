"""The packs that come with the service, served: a worked row of a desk goes through gRPC whole."""

from collections.abc import Iterable

import pytest

from routing_service.pb.routing.v1 import clock_pb2, request_event_pb2
from routing_service.settings import DeskSettings
from tests.e2e.desk_client import DESK, Client, serving
from tests.golden.figures import PACKS, RULES


def of_pack(pack: str) -> dict[str, DeskSettings]:
    return {DESK: DeskSettings(rules=str(RULES / pack))}


def due(promises: Iterable[clock_pb2.Promise]) -> dict[str, str]:
    return {each.clock: each.due.ToJsonString() for each in promises if each.HasField("due")}


async def report(client: Client, kind: request_event_pb2.ReportKind) -> dict[str, str]:
    """Report about the only item; states of its clocks by name."""
    item = await client.report("it0000000001", kind)
    name = clock_pb2.ClockState.Name
    return {clock.name: name(clock.state).removeprefix("CLOCK_STATE_") for clock in item.clocks}


@pytest.mark.parametrize("pack", PACKS)
async def test_every_pack_is_served_under_its_own_name(pack: str) -> None:
    async with serving(desks=of_pack(pack)) as client:
        plan = await client.app_query(lambda world: world.plan)

    assert pack == plan.pack


async def test_air_conditioner_of_a_vip_is_closed_two_and_a_half_hours_late() -> None:
    """Row S3.9a: 26 h 30 min until the customer confirms, where 24 h were promised."""
    async with serving(desks=of_pack("after_sales"), dev_start="2023-10-01T06:30:00Z") as client:
        await client.put_agent(
            "eng-1", skills={"hvac": 6}, queues=["technical"], team="technical", capacity=1
        )
        submitted = await client.submit(
            channel="chat",
            customer_id="女士",
            labels={"tier": "vip", "product": "air_conditioner"},
            text="空调制冷异常，要求48小时内上门",
        )

        assert ("level1", "technical") == (submitted.priority, submitted.queue)
        assert due(submitted.promises) == {
            "first_response": "2023-10-01T07:00:00Z",
            "response": "2023-10-01T08:30:00Z",
            "involvement": "2023-10-01T07:30:00Z",
            "solution": "2023-10-01T10:30:00Z",
            "closed": "2023-10-02T06:30:00Z",
        }

        watching = await client.watch()
        await client.accept(await client.offer(submitted.item_id))
        await client.advance(minutes=20)
        answered = await report(client, request_event_pb2.REPORT_KIND_RESPONDED)
        await client.advance(minutes=40)
        offered = await report(client, request_event_pb2.REPORT_KIND_SOLUTION_OFFERED)
        await client.advance(hours=23, seconds=1)
        alert = await watching.alert("critical")
        await client.advance(hours=2, minutes=30)
        confirmed = await report(client, request_event_pb2.REPORT_KIND_CONFIRMED)

    assert ("MET", "MET") == (answered["first_response"], answered["response"])
    assert ("MET", "MET") == (offered["involvement"], offered["solution"])
    assert ["eng-1", "service-supervisor"] == list(alert.to)
    assert "MET_LATE" == confirmed["closed"]


async def test_payment_failure_is_answered_and_mended_in_time_and_the_next_sees_his_place() -> None:
    """Rows NR20231001001 and NR20231001002, from 09:30 in Shanghai on."""
    async with serving(
        desks=of_pack("request_toolkit"), dev_start="2023-10-01T01:30:00Z"
    ) as client:
        await client.put_agent(
            "li", skills={"complaint_handling": 6}, queues=["complaints"], team="complaint_desk"
        )
        failed = await client.submit(
            channel="phone",
            customer_id="张*",
            labels={"order_number": "DD20231001001", "screenshot": True, "contact": "1385678"},
            text="APP支付失败，订单号DD20231001001，截图已提供",
        )

        assert ("NR20231001001", "urgent", "complaints") == (
            failed.number,
            failed.priority,
            failed.queue,
        )
        assert due(failed.promises) == {
            "response": "2023-10-01T01:45:00Z",
            "resolution": "2023-10-01T03:30:00Z",
        }

        await client.accept(await client.offer(failed.item_id))
        await client.advance(minutes=10)
        answered = await report(client, request_event_pb2.REPORT_KIND_RESPONDED)
        await client.advance(minutes=35)
        asked = await client.submit(
            channel="online_chat",
            customer_id="王*",
            labels={"customer_number": "C5", "business_line": "credit_card"},
            text="询问信用卡账单日修改流程",
        )
        await client.advance(minutes=55)
        mended = await report(client, request_event_pb2.REPORT_KIND_RESOLVED)

    assert "MET" == answered["response"]
    assert ("NR20231001002", "general", "credit_card", 1) == (
        asked.number,
        asked.priority,
        asked.queue,
        asked.position,
    )
    assert "MET" == mended["resolution"]
