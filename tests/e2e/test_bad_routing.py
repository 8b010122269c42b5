"""Bad input of routing: rules and calls, the finding or error each gets, and that nothing changes.

A pack is refused with code and line; a call with its gRPC code and reason; what only people of the
desk can put right is a warning of the preview.
"""

from collections.abc import Mapping
from typing import Any

import grpc
import pytest

from routing_service.pb.routing.v1 import routing_act_pb2, routing_service_pb2, strategy_pb2
from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from tests.e2e.asks import Call, link, put_agents, switch, transfer
from tests.e2e.desk_client import DESK, PACK, Client, agent
from tests.e2e.errors import failure, findings, refused

FILES = {file.name: file.read_text() for file in sorted(PACK.glob("*.yaml"))}
DEFAULTS = "defaults: {strategy: longest_idle, offer_timeout: 30s, wrap_up: 10s}\nqueues:\n"


def queues(front: str, experts: str = "{offer_timeout: 1m}") -> dict[str, str]:
    """queues.yaml with these two; `front` is in line 3."""
    return {"queues.yaml": f"{DEFAULTS}  front: {front}\n  experts: {experts}\n"}


def relax(*steps: str, more: str = "") -> str:
    return f"{{relax: {{{more}steps: [{', '.join(steps)}]}}}}"


def channels(phone: str) -> dict[str, str]:
    """pack.yaml with another channel; it is in line 15."""
    return {"pack.yaml": FILES["pack.yaml"].replace("phone: {cost: 2}", f"phone: {phone}")}


CEILING = relax("{after: 2m, last: stay}", more="ceiling: 1, ")
NEITHER = "{members: {all: [{team: first}, {team: second}]}}"
TWO_TEAMS = {"teams.yaml": "supervisor: sue\nteams: {first: {lead: lee}, second: {lead: lou}}\n"}
BACK_AND_FORTH = (
    "{admit: {limit: {waiting: 1, otherwise: {queue: experts}}}}",
    "{offer_timeout: 1m, admit: {limit: {waiting: 1, otherwise: {queue: front}}}}",
)

PACKS: Mapping[str, tuple[dict[str, str], str]] = {
    "queue for members nobody can be": (queues(NEITHER) | TWO_TEAMS, "RB411 queues.yaml:3"),
    "queue whose ceiling is below what is asked for": (
        queues("{}", CEILING.replace("{relax", "{offer_timeout: 1m, relax")),
        "RB550 route.yaml:3",
    ),
    "skill asked for at a level that nobody can have": (
        {"route.yaml": FILES["route.yaml"].replace("level: 2", "level: 11")},
        "RB206 route.yaml:5",
    ),
    "negative cost": (channels("{cost: -1}"), "RB206 pack.yaml:15"),
    "cost above any capacity": (channels("{cost: 20000}"), "RB206 pack.yaml:15"),
    "steps in the wrong order": (
        queues(relax("{after: 5m, lower: 1}", "{after: 2m, last: anyone}")),
        "RB531 queues.yaml:3",
    ),
    "step sooner than an offer ends": (
        queues(relax("{after: 10s, last: anyone}")),
        "RB532 queues.yaml:3",
    ),
    "ladder without an end": (queues(relax("{after: 2m, lower: 1}")), "RB533 queues.yaml:3"),
    "end in the middle": (
        queues(relax("{after: 2m, last: stay}", "{after: 4m, last: stay}")),
        "RB533 queues.yaml:3",
    ),
    "step to an unknown queue": (
        queues(relax("{after: 2m, queues: moon, last: stay}")),
        "RB306 queues.yaml:3",
    ),
    "ceiling below the floor": (
        queues(relax("{after: 2m, last: stay}", more="floor: 3, ceiling: 2, ")),
        "RB535 queues.yaml:3",
    ),
    "members by an unknown attribute": (
        queues("{members: {district: north}}"),
        "RB330 queues.yaml:3",
    ),
    "two strategies": (
        queues("{strategy: [longest_idle, best_skill]}"),
        "RB204 queues.yaml:3",
    ),
    "two strategies one after the other": (
        queues("{strategy: longest_idle, strategy: best_skill}"),
        "RB107 queues.yaml:3",
    ),
    "strategy without what it needs": (
        queues("{strategy: weighted_score}"),
        "RB530 queues.yaml:3",
    ),
    "preferred agent by an unknown label": (
        queues("{prefer: [{label: friend, for: 1m}]}"),
        "RB301 queues.yaml:3",
    ),
    "queues that hand items round": (queues(*BACK_AND_FORTH), "RB534 queues.yaml:3"),
}


def asked(files: dict[str, str]) -> dict[str, str]:
    return FILES | files


@pytest.mark.parametrize("name", PACKS)
async def test_bad_rules_of_routing_are_found_at_their_line_and_change_nothing(
    desk: Client, name: str
) -> None:
    files, expected = PACKS[name]
    before = await desk.trace()
    request = pb.ActivateRequest(desk=DESK, request_id="bad", files=asked(files))
    error = await failure(desk.rulebooks.Activate(request))

    found = [f"{each.code} {each.file}:{each.line}" for each in findings(error)]
    assert expected in found
    assert {expected.split()[0]} == {each.split()[0] for each in found}
    assert before == await desk.trace()


INVALID = grpc.StatusCode.INVALID_ARGUMENT
NOT_FOUND = grpc.StatusCode.NOT_FOUND
PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
CHILD = "it0000000002"

CALLS: Mapping[str, tuple[Call, grpc.StatusCode, str]] = {
    "negative capacity": (put_agents(agent(capacity=-1)), INVALID, "FIELD_OUT_OF_RANGE"),
    "capacity above all bounds": (
        put_agents(agent(capacity=1_000_000)),
        INVALID,
        "FIELD_OUT_OF_RANGE",
    ),
    "negative maximum of a channel": (
        put_agents(agent(maximum={"phone": -1})),
        INVALID,
        "FIELD_OUT_OF_RANGE",
    ),
    "maximum of an unknown channel": (
        put_agents(agent(maximum={"fax": 1})),
        INVALID,
        "CHANNEL_UNKNOWN",
    ),
    "cap without a window": (put_agents(agent(cap=3)), INVALID, "FIELD_OUT_OF_RANGE"),
    "shifts of an unknown calendar": (
        put_agents(agent(calendar="nights")),
        NOT_FOUND,
        "CALENDAR_NOT_FOUND",
    ),
    "attribute that the pack does not declare": (
        put_agents(agent(attributes={"district": {"text": "north"}})),
        INVALID,
        "ATTRIBUTE_UNKNOWN",
    ),
    "skill of a level above ten": (
        put_agents(agent(skills={"repair": 11})),
        INVALID,
        "FIELD_OUT_OF_RANGE",
    ),
    "queue that is none": (put_agents(agent(queues=["moon"])), NOT_FOUND, "QUEUE_NOT_FOUND"),
    "transfer to an unknown agent": (transfer(agent_id="zoe"), NOT_FOUND, "AGENT_NOT_FOUND"),
    "transfer to an unknown queue": (transfer(queue="moon"), NOT_FOUND, "QUEUE_NOT_FOUND"),
    "transfer to who cannot": (transfer(agent_id="new"), PRECONDITION, "AGENT_CANNOT_SERVE"),
    "strategy that is none": (switch(strategy=99), INVALID, "FIELD_OUT_OF_RANGE"),
    "strategy that the queue is not prepared for": (
        switch(strategy=strategy_pb2.STRATEGY_WEIGHTED_SCORE),
        INVALID,
        "STRATEGY_NOT_PREPARED",
    ),
    "strategy of an unknown queue": (switch(queue="moon"), NOT_FOUND, "QUEUE_NOT_FOUND"),
    "item that belongs to itself": (
        link(parent_item_id="it0000000001"),
        PRECONDITION,
        "LINK_CYCLE",
    ),
    "item that belongs to its own child": (
        link(parent_item_id=CHILD),
        PRECONDITION,
        "LINK_CYCLE",
    ),
}


@pytest.mark.parametrize("name", CALLS)
async def test_bad_calls_of_routing_are_refused_with_their_reason_and_change_nothing(
    desk: Client, name: str
) -> None:
    call, code, reason = CALLS[name]
    for _ in range(2):
        await desk.submit()
    await link(item_id=CHILD, parent_item_id="it0000000001", request_id="first")(desk)
    await desk.put_agent("new", queues=[], skills={})
    before = await desk.trace()

    assert (code, reason) == await refused(call(desk))
    assert before == await desk.trace()


async def warnings(desk: Client, **files: str) -> list[str]:
    answer = await desk.rulebooks.Preview(pb.PreviewRequest(desk=DESK, files=asked(files)))
    return [f"{each.code} {each.file}:{each.line}" for each in answer.warnings]


async def test_preview_warns_of_queues_nobody_serves_and_skills_nobody_has(desk: Client) -> None:
    nobody_yet = await warnings(desk)
    await desk.put_agent("ann", queues=["front"], skills={"repair": 1})
    before = await desk.trace()
    lacking = await warnings(desk)
    trace = await desk.trace()
    await desk.put_agent("ben", queues=["experts"], skills={"repair": 2})

    assert ([], []) == (nobody_yet, await warnings(desk))
    assert ["RB551 queues.yaml:4", "RB552 route.yaml:3"] == lacking
    assert before == trace


async def test_preview_warns_of_a_queue_that_all_its_agents_serve_after_another_one(
    desk: Client,
) -> None:
    both = {"queues": ["front", "experts"], "skills": {"repair": 5}}
    await desk.put_agent("ann", **both, terms={"front": {"priority": 1}})
    await desk.put_agent(
        "ben", **both, terms={"front": {"priority": 2}, "experts": {"priority": 1}}
    )
    second = await warnings(desk)
    await desk.put_agent(
        "cho", **both, terms={"front": {"priority": 1}, "experts": {"priority": 1}}
    )

    assert ["RB553 queues.yaml:4"] == second
    assert [] == await warnings(desk)


async def test_preview_counts_those_whom_a_step_lets_in(desk: Client) -> None:
    await desk.put_agent("ann", queues=["front"], skills={"repair": 1})
    steps = relax("{after: 2m, queues: front, drop: repair, last: stay}")
    files = queues("{}", steps.replace("{relax", "{offer_timeout: 1m, relax"))

    assert [] == await warnings(desk, **files)


async def test_preview_warns_of_a_skill_that_nobody_has_though_a_step_drops_it(
    desk: Client,
) -> None:
    await desk.put_agent("ann", queues=["front"], skills={"repairs": 3})
    steps = relax("{after: 2m, queues: front, drop: repair, last: stay}")
    files = queues("{}", steps.replace("{relax", "{offer_timeout: 1m, relax"))
    answer = await desk.rulebooks.Preview(pb.PreviewRequest(desk=DESK, files=asked(files)))

    (warning,) = answer.warnings
    assert warning.code == "RB554"
    assert warning.hint == "Did you mean 'repairs'?"


PREFERRING = queues("{prefer: [{label: area, for: 1m}]}") | {
    "route.yaml": "stage: route\nrules: []\ndefault: {queue: front}\n"
}


async def placed(desk: Client, **labels: Any) -> routing_act_pb2.PlacedAct:
    """How the new item was placed."""
    item = (await desk.submit(labels={"topic": "question"} | labels)).item_id
    request = routing_service_pb2.ListRoutingActsRequest(desk=DESK, item=item)
    return (await desk.routing.ListRoutingActs(request)).acts[-1].placed


async def test_a_preferred_agent_whom_nobody_knows_is_told_and_the_item_waits_for_all(
    desk: Client,
) -> None:
    request = pb.ActivateRequest(desk=DESK, request_id="prefer", files=asked(PREFERRING))
    await desk.rulebooks.Activate(request)
    await desk.put_agent("ann", capacity=9)
    unknown, known = await placed(desk, area="zoe"), await placed(desk, area="ann")

    assert ("preferred_unknown", "") == (unknown.reason, unknown.preferred_agent_id)
    assert ("", "ann") == (known.reason, known.preferred_agent_id)


async def test_an_item_dearer_than_any_agent_has_units_says_so(desk: Client) -> None:
    await desk.put_agent("ann", capacity=1)
    item = (await desk.submit(channel="phone")).item_id
    request = routing_service_pb2.WhyNotRequest(desk=DESK, item=item)
    (miss,) = (await desk.routing.WhyNot(request)).why_not.nearest
    (block,) = miss.blocks

    assert (2, 1) == (block.needed, block.has)
