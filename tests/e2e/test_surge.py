"""Loads over the wire: levels told, switched and brought back; what new requests hear of them."""

from pathlib import Path
from typing import Any

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from routing_service.pb.routing.v1 import (
    explanation_pb2,
    request_event_pb2,
    surge_pb2,
    why_not_pb2,
    work_item_pb2,
)
from routing_service.pb.routing.v1 import routing_service_pb2 as routing
from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from routing_service.settings import DeskSettings
from routing_service.store.master_key import generate_master_key, save_master_key
from tests.e2e.desk_client import DESK, PACK, Client, serving
from tests.e2e.errors import error_info, failure

SURGE = """
stage: surge
loads:
  front:
    queue: front
    levels:
      - {name: peak, above: 120%, below: 100%, hold: 5m, reserve: {agent: pat}}
      - {name: emergency}
rules:
  - id: away
    when: {surge.front: [peak, emergency], channel: email}
    then: {deflect: self_service, tell: Look into the app.}
default: {offer: callback, tell: "About {minutes} minutes."}
green_channel:
  when: {priority: urgent}
  keep: [{queues: front, units: 1, agents: {agent: ann}}]
"""
ROUTE = "stage: route\nrules: []\ndefault: {queue: front}\n"
RULES = {file.name: file.read_text() for file in sorted(PACK.glob("*.yaml"))}
RULES |= {"surge.yaml": SURGE, "route.yaml": ROUTE}


async def activate(desk: Client) -> None:
    await desk.rulebooks.Activate(pb.ActivateRequest(desk=DESK, request_id=desk.key(), files=RULES))


async def switch(desk: Client, **fields: Any) -> pb.SwitchSurgeResponse:
    asked: dict[str, Any] = {"load": "front", "level": "emergency", "reason": "fire"}
    asked |= {"desk": DESK, "request_id": desk.key()}
    if not fields.get("release"):
        now = await desk.app_query(lambda world: world.now)
        until = Timestamp(seconds=now // 1_000_000 + 600)
        asked |= {"until": until}
    return await desk.rulebooks.SwitchSurge(pb.SwitchSurgeRequest(**(asked | fields)))


async def load(desk: Client) -> surge_pb2.Load:
    (found,) = (await desk.rulebooks.ListLoads(pb.ListLoadsRequest(desk=DESK))).loads
    return found


async def overloaded(desk: Client) -> None:
    """One agent with two units, and three requests by e-mail that came before."""
    await activate(desk)
    await desk.put_agent("ben", queues=["front"], capacity=2)
    for _ in range(3):
        await desk.submit(channel="email")


async def test_a_load_stands_as_its_figures_say(desk: Client) -> None:
    await overloaded(desk)
    found = await load(desk)

    assert (found.name, found.queue, found.level) == ("front", "front", "peak")
    assert (found.demand_units, found.units, found.level_by_load) == (3, 2, "peak")


async def test_a_level_reached_is_told_with_its_cause(desk: Client) -> None:
    await activate(desk)
    watching = await desk.watch()
    await desk.put_agent("ben", queues=["front"], capacity=1)
    await desk.submit(channel="email")
    await desk.submit(channel="email")
    told = (await watching.until("surge_moved")).surge_moved

    assert (told.level_before, told.load.level) == ("", "peak")
    assert told.cause == surge_pb2.SURGE_CAUSE_LOAD


async def test_a_deflected_request_has_ended_and_says_where_to_send_its_customer(
    desk: Client,
) -> None:
    await overloaded(desk)
    watching = await desk.watch()
    result = await desk.submit(channel="email")
    item = await desk.get(result.item_id)
    told = (await watching.until("item_opened")).item_opened

    assert (result.surge.deflected_to, result.surge.message) == (
        "self_service",
        "Look into the app.",
    )
    assert (item.state, item.reason) == (work_item_pb2.ITEM_STATE_CANCELLED, "deflected")
    assert told.surge == result.surge == item.surge


async def test_what_is_to_be_told_is_told_once_and_again_only_to_who_did_not_hear_the_answer(
    desk: Client,
) -> None:
    await overloaded(desk)
    first = await desk.submit(channel="phone", event_id="call")
    again = await desk.submit(channel="phone", event_id="call")
    update = await desk.submit(
        kind=request_event_pb2.REQUEST_KIND_UPDATED, item_id=first.item_id, text="hurry"
    )

    assert "About" in first.surge.message
    assert again.surge == first.surge
    assert not update.HasField("surge")
    assert (await desk.get(first.item_id)).surge == first.surge


async def test_a_request_that_begins_later_is_not_deflected(desk: Client) -> None:
    await overloaded(desk)
    now = await desk.app_query(lambda world: world.now)
    later = Timestamp(seconds=now // 1_000_000 + 3600)
    result = await desk.submit(channel="email", scheduled_for=later)

    assert (await desk.get(result.item_id)).state == work_item_pb2.ITEM_STATE_SCHEDULED
    assert not result.HasField("surge")


async def test_a_call_back_that_was_offered_keeps_the_place(desk: Client) -> None:
    await overloaded(desk)
    first = await desk.submit(channel="phone")
    second = await desk.submit(channel="phone")
    back = await desk.submit(
        channel="phone", parent_item_id=first.item_id, item_kind=work_item_pb2.ITEM_KIND_CALLBACK
    )
    await desk.routing.Cancel(
        routing.CancelRequest(desk=DESK, request_id=desk.key(), item_id=first.item_id, reason="cb")
    )
    item = await desk.get(back.item_id)

    assert first.surge.offer == "callback"
    assert "About" in first.surge.message
    assert not back.HasField("surge")
    assert item.enqueued_at == (await desk.get(first.item_id)).enqueued_at
    assert second.position == first.position + 1


async def test_who_is_called_in_is_offered_what_waits(desk: Client) -> None:
    await activate(desk)
    await desk.put_agent("pat", queues=["experts"], capacity=4)
    await desk.put_agent("ben", queues=["front"], capacity=1)
    await desk.submit(channel="email")
    waiting = await desk.submit(channel="email")

    assert (await desk.offer(waiting.item_id)).agent_id == "pat"


async def test_a_switch_names_who_why_and_until_when_and_ends_by_itself(desk: Client) -> None:
    await activate(desk)
    watching = await desk.watch()
    reply = await switch(desk)
    told = (await watching.until("surge_moved")).surge_moved
    await desk.advance(seconds=601)
    back = (await watching.until("surge_moved", level_before="emergency")).surge_moved

    assert [each.level for each in reply.loads] == ["emergency"]
    assert (told.by, told.reason) == ("anonymous", "fire")
    assert told.load.switched_until.seconds > 0
    assert back.cause == surge_pb2.SURGE_CAUSE_RETURNED
    assert (await load(desk)).level == ""


async def test_a_switch_is_given_back_by_hand(desk: Client) -> None:
    await activate(desk)
    await switch(desk)
    reply = await switch(desk, release=True, level="", reason="over")

    assert [each.level for each in reply.loads] == [""]


async def test_a_repeated_switch_is_done_once(desk: Client) -> None:
    await activate(desk)
    first = await switch(desk, request_id="once")
    until = first.loads[0].switched_until
    again = await switch(desk, request_id="once", until=until)

    assert again.cursor == first.cursor


async def test_a_switch_without_a_reason_or_an_end_is_refused(desk: Client) -> None:
    await activate(desk)
    without_reason = await failure(switch(desk, reason=""))
    without_end = await failure(switch(desk, until=None))
    unknown = await failure(switch(desk, level="panic"))

    assert error_info(without_reason).reason == "FIELD_REQUIRED"
    assert error_info(without_end).reason == "FIELD_OUT_OF_RANGE"
    assert unknown.code() is grpc.StatusCode.NOT_FOUND
    assert error_info(unknown).reason == "LEVEL_NOT_FOUND"


async def test_levels_and_switches_survive_a_restart(tmp_path: Path) -> None:
    key = tmp_path / "master.key"
    save_master_key(key, generate_master_key())
    pack = tmp_path / "pack"
    pack.mkdir()
    for name, text in RULES.items():
        (pack / name).write_text(text)
    stored: dict[str, Any] = {
        "data_folder": str(tmp_path / "data"),
        "key_file": str(key),
        "desks": {DESK: DeskSettings(rules=str(pack))},
    }
    async with serving(**stored) as desk:
        await overloaded(desk)
        await switch(desk)
        before = await load(desk)
    async with serving(**stored) as desk:
        after = await load(desk)

    assert (before.level, before.level_by_load) == ("emergency", "peak")
    assert after == before


async def test_evaluate_answers_as_if_the_load_stood_at_a_level(desk: Client) -> None:
    await activate(desk)

    async def evaluate(**levels: str) -> pb.EvaluateResponse:
        request = pb.EvaluateRequest(desk=DESK, channel="email", surge_levels=levels)
        return await desk.rulebooks.Evaluate(request)

    quiet, peak = await evaluate(), await evaluate(front="peak")
    unknown = await failure(evaluate(fax="peak"))

    assert not quiet.HasField("surge")
    assert (peak.surge.deflected_to, peak.fired_rules[-1]) == ("self_service", "surge/away")
    assert error_info(unknown).reason == "LOAD_NOT_FOUND"


async def test_an_explanation_shows_the_surge_stage(desk: Client) -> None:
    await overloaded(desk)
    result = await desk.submit(channel="email")
    answer = await desk.routing.Explain(routing.ExplainRequest(desk=DESK, item=result.item_id))
    stages = {stage.stage: stage for stage in answer.decisions[0].stages}

    assert list(stages["surge"].fired) == ["away"]
    assert stages["surge"].rules[0].standing == explanation_pb2.RULE_STANDING_FIRED
    assert answer.decisions[0].outcome.deflect == "self_service"


async def test_what_is_urgent_is_told_to_be_green(desk: Client) -> None:
    await activate(desk)
    await desk.put_agent("ann", queues=["front"], capacity=1)
    plain = await desk.submit(channel="email")
    answer = await desk.routing.WhyNot(routing.WhyNotRequest(desk=DESK, item=plain.item_id))

    (ann,) = answer.why_not.nearest
    urgent = await desk.submit(channel="email", text="unacceptable")

    assert [block.kind for block in ann.blocks] == [why_not_pb2.BLOCK_KIND_GREEN_CHANNEL]
    assert (await desk.get(urgent.item_id)).green
    assert (await desk.offer(urgent.item_id)).agent_id == "ann"
