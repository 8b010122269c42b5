"""How queues choose, over the wire: attributes of agents, a switch that survives a restart."""

from pathlib import Path

import grpc

from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from routing_service.pb.routing.v1 import strategy_pb2
from routing_service.store.master_key import generate_master_key, save_master_key
from tests.e2e.desk_client import DESK, PACK, Client, label, serving
from tests.e2e.errors import error_info, failure

FILES = {file.name: file.read_text() for file in sorted(PACK.glob("*.yaml"))}
ATTRIBUTES = "agent_attributes: {district: {type: text, values: [north, south]}}\n"
QUEUES = """
defaults: {offer_timeout: 30s}
queues:
  front:
    strategy: territory
    territory: {label: area, attribute: district}
  experts: {}
"""
ROUTE = "stage: route\nrules: []\ndefault: {queue: front}\n"


async def activate(desk: Client) -> None:
    files = FILES | {
        "pack.yaml": FILES["pack.yaml"] + ATTRIBUTES,
        "queues.yaml": QUEUES,
        "route.yaml": ROUTE,
    }
    await desk.rulebooks.Activate(pb.ActivateRequest(desk=DESK, request_id=desk.key(), files=files))


async def switch(
    desk: Client, strategy: strategy_pb2.Strategy, queue: str = "front"
) -> pb.SwitchStrategyResponse:
    return await desk.rulebooks.SwitchStrategy(
        pb.SwitchStrategyRequest(desk=DESK, request_id=desk.key(), queue=queue, strategy=strategy)
    )


async def test_agents_of_the_items_territory_are_asked_by_what_their_profiles_say(
    desk: Client,
) -> None:
    await activate(desk)
    for name, district in (("ann", "north"), ("ben", "south")):
        await desk.put_agent(name, queues=["front"], attributes={"district": label(district)})
    result = await desk.submit(labels={"area": label("south")})

    assert (await desk.offer(result.item_id)).agent_id == "ben"


async def test_an_attribute_the_pack_does_not_declare_is_refused(desk: Client) -> None:
    call = desk.put_agent("ann", queues=["front"], attributes={"shoe_size": label(43)})
    error = await failure(call)

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error_info(error).reason == "ATTRIBUTE_UNKNOWN"


async def test_a_value_the_pack_does_not_allow_is_refused(desk: Client) -> None:
    await activate(desk)
    error = await failure(desk.put_agent("ann", attributes={"district": label("west")}))

    assert error_info(error).reason == "ATTRIBUTE_VALUE"


async def test_a_switch_is_told_and_taken_back_by_the_next_rulebook(desk: Client) -> None:
    watching = await desk.watch()
    reply = await switch(desk, strategy_pb2.STRATEGY_ROUND_ROBIN)
    told = await watching.until("strategy_switched")
    during = await desk.app_query(lambda world: dict(world.switched))
    await activate(desk)

    assert reply.strategy == strategy_pb2.STRATEGY_ROUND_ROBIN
    assert told.strategy_switched.queue == "front"
    assert during == {"front": "round_robin"}
    assert await desk.app_query(lambda world: dict(world.switched)) == {}


async def test_unspecified_goes_back_to_what_the_rulebook_says(desk: Client) -> None:
    await switch(desk, strategy_pb2.STRATEGY_BALANCED)
    reply = await switch(desk, strategy_pb2.STRATEGY_UNSPECIFIED)

    assert reply.strategy == strategy_pb2.STRATEGY_LONGEST_IDLE


async def test_a_strategy_the_rulebook_does_not_prepare_is_refused(desk: Client) -> None:
    error = await failure(switch(desk, strategy_pb2.STRATEGY_TERRITORY))

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error_info(error).reason == "STRATEGY_NOT_PREPARED"


async def test_a_switch_survives_a_restart(tmp_path: Path) -> None:
    key = tmp_path / "master.key"
    save_master_key(key, generate_master_key())
    stored = {"data_folder": str(tmp_path / "data"), "key_file": str(key)}
    async with serving(**stored) as desk:
        await switch(desk, strategy_pb2.STRATEGY_BEST_SKILL)
    async with serving(**stored) as desk:
        assert await desk.app_query(lambda world: dict(world.switched)) == {"front": "best_skill"}
