"""What was done to bring an item to an agent, over the wire: read from the journal, however old."""

from pathlib import Path

import grpc
import pytest

from routing_service.pb.routing.v1 import (
    agent_pb2,
    request_event_pb2,
    routing_act_pb2,
    strategy_pb2,
)
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.store.master_key import generate_master_key, save_master_key
from tests.e2e.desk_client import DESK, Client, serving
from tests.e2e.errors import refused

Acts = pb.ListRoutingActsResponse


async def listed(desk: Client, item: str, size: int = 0, token: str = "") -> Acts:
    request = pb.ListRoutingActsRequest(desk=DESK, item=item, page_size=size, page_token=token)
    return await desk.routing.ListRoutingActs(request)


def kinds(answer: Acts) -> list[str]:
    """First act first."""
    return [act.WhichOneof("act") or "" for act in reversed(answer.acts)]


async def declined_once(desk: Client) -> str:
    """An item that ann declined, and then took in her second minute."""
    await desk.put_agent("ann")
    await desk.advance(seconds=5)
    await desk.put_agent("ben")
    await desk.presence("ben", agent_pb2.PRESENCE_AWAY)
    item = (await desk.submit()).item_id
    await desk.advance(seconds=10)
    await desk.decline(await desk.offer(item))
    await desk.advance(minutes=1)
    await desk.accept(await desk.offer(item))
    return item


async def test_every_act_is_told_latest_first(desk: Client) -> None:
    item = await declined_once(desk)
    answer = await listed(desk, item)
    states = [act.offer_ended.state for act in answer.acts if act.HasField("offer_ended")]

    assert ["placed", "offered", "offer_ended", "offered", "offer_ended"] == kinds(answer)
    assert [agent_pb2.OFFER_STATE_ACCEPTED, agent_pb2.OFFER_STATE_DECLINED] == states
    assert ("", "Asia/Shanghai") == (answer.next_page_token, answer.time_zone)


async def test_the_decision_record_says_who_was_considered_and_why_he_won(desk: Client) -> None:
    for name in ("ann", "ben"):
        await desk.put_agent(name)
        await desk.advance(seconds=5)
    await desk.put_agent("cho", queues=["experts"])
    await desk.put_agent("dan")
    await desk.presence("dan", agent_pb2.PRESENCE_AWAY)
    answer = await listed(desk, (await desk.submit()).item_id)
    offered = answer.acts[0].offered
    first, second = offered.why.top

    assert ("ann", "front") == (offered.agent_id, offered.queue)
    assert (3, 3, 2, 2, 0) == (
        offered.why.in_queue,
        offered.why.qualified,
        offered.why.available,
        offered.why.free,
        offered.why.declined,
    )
    assert strategy_pb2.STRATEGY_LONGEST_IDLE == offered.why.strategy
    assert (["ann", "ben"], "idle_since") == (
        [first.agent_id, second.agent_id],
        offered.why.tie_break,
    )
    assert first.score[0].name == "idle_since"
    assert second.score[0].value - first.score[0].value == 5_000_000


async def test_pages_follow_each_other_without_a_gap(desk: Client) -> None:
    item = await declined_once(desk)
    whole = await listed(desk, item)
    token, acts = "", list[routing_act_pb2.RoutingAct]()
    while not acts or token:
        page = await listed(desk, item, size=1, token=token)
        acts += page.acts
        token = page.next_page_token

    assert acts == list(whole.acts)


async def test_acts_of_one_instant_are_told_alone(desk: Client) -> None:
    item = await declined_once(desk)
    whole = (await listed(desk, item)).acts
    declined = next(act.at for act in whole if act.HasField("offer_ended") and act != whole[0])
    request = pb.ListRoutingActsRequest(desk=DESK, item=item, at=declined, page_size=1)

    answer = await desk.routing.ListRoutingActs(request)

    assert [act for act in whole if act.at == declined] == list(answer.acts)
    assert "" == answer.next_page_token


async def test_acts_of_an_archived_item_are_told_after_a_restart(tmp_path: Path) -> None:
    key = tmp_path / "master.key"
    save_master_key(key, generate_master_key())
    stored = {"data_folder": str(tmp_path / "data"), "key_file": str(key)}
    async with serving(**stored) as desk:
        item = await declined_once(desk)
        number = (await desk.get(item)).number
        before = await listed(desk, item)
        await desk.report(item, request_event_pb2.REPORT_KIND_CONFIRMED)
        await desk.advance(days=31)
    async with serving(**stored) as desk:
        await next(iter(desk.app.desks)).feed.caught_up.wait()
        assert not await desk.app_query(lambda world: item in world.items)
        answers = [await listed(desk, name) for name in (item, number)]

    for answer in answers:
        assert answer.archived
        assert answer.acts == before.acts


async def test_one_items_acts_are_not_those_of_another_of_the_same_instant(desk: Client) -> None:
    await desk.put_agent("ann")
    first, second = [(await desk.submit()).item_id for _ in range(2)]
    told = [(await listed(desk, item)).acts[0].offered.offer_id for item in (first, second)]

    assert len(set(told)) == 2


async def test_reading_changes_nothing(desk: Client) -> None:
    item = await declined_once(desk)
    before = await desk.trace()
    await listed(desk, item)

    assert before == await desk.trace()


@pytest.mark.parametrize(
    ("item", "size", "token", "expected"),
    [
        ("it0000000009", 0, "", (grpc.StatusCode.NOT_FOUND, "ITEM_NOT_FOUND")),
        ("", 0, "", (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_REQUIRED")),
        ("it0000000001", 101, "", (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_OUT_OF_RANGE")),
        ("it0000000001", -1, "", (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_OUT_OF_RANGE")),
        ("it0000000001", 0, "bm9uZQ", (grpc.StatusCode.INVALID_ARGUMENT, "CURSOR_INVALID")),
        ("it0000000001", 0, "\N{BROKEN BAR}", (grpc.StatusCode.INVALID_ARGUMENT, "CURSOR_INVALID")),
    ],
)
async def test_what_cannot_be_told_is_refused_with_its_reason(
    item: str, size: int, token: str, expected: tuple[grpc.StatusCode, str], desk: Client
) -> None:
    await desk.submit()

    assert expected == await refused(listed(desk, item, size, token))


async def test_a_token_of_another_instant_gives_nothing(desk: Client) -> None:
    item = (await desk.submit()).item_id
    answer = await listed(desk, item, 0, "MQ")

    assert ([], "") == (list(answer.acts), answer.next_page_token)
