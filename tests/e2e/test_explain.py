"""Explanations over the wire: by the facts and rules of that time, and nothing personal."""

from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from routing_service.pb.routing.v1 import explanation_pb2 as told
from routing_service.pb.routing.v1 import request_event_pb2 as requests
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.pb.routing.v1 import rulebook_service_pb2 as rulebooks
from routing_service.rulebook.explanation import PERSONAL
from routing_service.store.master_key import generate_master_key, save_master_key
from tests.e2e.desk_client import DESK, PACK, Client, label, serving
from tests.e2e.errors import refused

FILES = {file.name: file.read_text() for file in sorted(PACK.glob("*.yaml"))}
TO_EXPERTS = FILES["route.yaml"].replace("default: {queue: front}", "default: {queue: experts}")


async def explain(desk: Client, item: str, at: Timestamp | None = None) -> pb.ExplainResponse:
    return await desk.routing.Explain(pb.ExplainRequest(desk=DESK, item=item, at=at))


async def activate(desk: Client, **changes: str) -> str:
    files = FILES | {f"{name}.yaml": text for name, text in changes.items()}
    request = rulebooks.ActivateRequest(desk=DESK, request_id=desk.key(), files=files)
    return (await desk.rulebooks.Activate(request)).digest


async def update(desk: Client, item: str, **labels: Any) -> None:
    event = requests.RequestEvent(
        event_id=desk.key(),
        kind=requests.REQUEST_KIND_UPDATED,
        item_id=item,
        labels={name: label(value) for name, value in labels.items()},
    )
    await desk.routing.Submit(pb.SubmitRequest(desk=DESK, event=event))


def stages(decision: told.Explanation) -> dict[str, list[str]]:
    return {stage.stage: list(stage.fired) for stage in decision.stages}


def rule(decision: told.Explanation, stage: str, name: str) -> told.RuleExplanation:
    (found,) = (each for each in decision.stages if each.stage == stage)
    return next(each for each in found.rules if each.id == name)


async def test_verdict_is_explained_by_its_stages_and_their_rules(desk: Client) -> None:
    result = await desk.submit(labels={"topic": "fault"}, text="unacceptable")
    answer = await explain(desk, result.item_id)
    (decision,) = answer.decisions
    item = await desk.get(result.item_id)

    assert (answer.item_id, answer.number, answer.archived) == (item.id, item.number, False)
    assert stages(decision) == {
        "classify": ["fault"],
        "prioritise": ["angry"],
        "sla": ["response", "solution"],
        "route": ["experts"],
    }
    assert decision.fired_rules == item.fired_rules
    assert decision.digest == item.rulebook_digest
    assert (decision.outcome.priority, decision.outcome.queue) == (item.priority, item.queue)
    assert decision.decided_at == item.received_at
    assert decision.agrees
    assert not decision.failed


async def test_loser_comes_with_its_first_false_condition(desk: Client) -> None:
    result = await desk.submit(labels={"topic": "fault"})
    (decision,) = (await explain(desk, result.item_id)).decisions
    loser = rule(decision, "prioritise", "incident")

    assert loser.standing == told.RULE_STANDING_FALSE
    assert (loser.failed.fact, loser.failed.op) == ("vip", told.CLAUSE_OP_EQ)
    assert [value.boolean for value in loser.failed.expected] == [True]
    assert not loser.failed.HasField("actual")


async def test_item_is_found_by_its_number_too(desk: Client) -> None:
    await desk.submit()
    second = await desk.submit()

    assert (await explain(desk, second.number)).item_id == second.item_id


async def test_after_an_update_the_facts_are_those_of_the_update(desk: Client) -> None:
    item = (await desk.submit(labels={"topic": "question"})).item_id
    await desk.advance(minutes=5)
    await update(desk, item, topic="fault", vip=True)
    (decision,) = (await explain(desk, item)).decisions

    assert decision.facts["topic"].text == "fault"
    assert decision.outcome.priority == "urgent"


async def test_update_at_the_very_instant_of_the_opening_counts_too(desk: Client) -> None:
    item = (await desk.submit(labels={"topic": "question"})).item_id
    await update(desk, item, topic="fault", vip=True)
    (decision,) = (await explain(desk, item)).decisions

    assert decision.facts["topic"].text == "fault"


async def test_decision_is_explained_by_the_rules_of_its_time(desk: Client) -> None:
    first = await desk.submit()
    await activate(desk, route=TO_EXPERTS)
    second = await desk.submit()
    await activate(desk, route=TO_EXPERTS, pack=FILES["pack.yaml"].replace('"1"', '"2"'))
    third = await desk.submit()
    answers = [await explain(desk, each.item_id) for each in (first, second, third)]
    decisions = [answer.decisions[0] for answer in answers]

    assert [decision.outcome.queue for decision in decisions] == ["front", "experts", "experts"]
    assert [decision.version for decision in decisions] == ["1", "1", "2"]
    assert len({decision.digest for decision in decisions}) == 3
    assert all(decision.agrees for decision in decisions)


async def test_rules_that_came_back_and_went_again_are_found_too(desk: Client) -> None:
    items = []
    for route in (FILES["route.yaml"], TO_EXPERTS) * 2:
        await activate(desk, route=route)
        items.append(await desk.submit())
    await activate(desk, pack=FILES["pack.yaml"].replace('"1"', '"2"'))
    queues = []
    for item in items:
        (decision,) = (await explain(desk, item.item_id)).decisions
        queues.append(decision.outcome.queue)

    assert queues == ["front", "experts"] * 2


async def test_escalation_that_changed_the_item_follows_its_intake(desk: Client) -> None:
    item = (await desk.submit()).item_id
    await desk.advance(hours=5)
    intake, escalation = (await explain(desk, item)).decisions

    assert [intake.kind, escalation.kind] == [
        told.DECISION_KIND_INTAKE,
        told.DECISION_KIND_ESCALATION,
    ]
    assert stages(escalation) == {"escalate": ["breach"]}
    assert escalation.facts["trigger"].text == "breached"
    assert escalation.outcome.priority == "urgent"
    assert [alert.severity for alert in escalation.outcome.alerts] == ["critical"]


async def test_escalation_that_holds_is_told_though_the_rules_were_asked_again(
    desk: Client,
) -> None:
    item = (await desk.submit()).item_id
    await desk.advance(hours=5)
    await update(desk, item, vip=False)
    again, escalation = (await explain(desk, item)).decisions

    assert again.facts["vip"].boolean is False
    assert again.outcome.priority != escalation.outcome.priority == "urgent"
    assert (await desk.get(item)).priority == "urgent"


async def test_alert_is_explained_by_the_instant_it_was_raised(desk: Client) -> None:
    watching = await desk.watch()
    item = (await desk.submit()).item_id
    await desk.advance(hours=3.5)
    alert = await watching.alert("warning")
    (decision,) = (await explain(desk, item, alert.raised_at)).decisions

    assert stages(decision) == {"escalate": ["near"]}
    assert rule(decision, "escalate", "breach").failed.fact == "trigger"
    assert decision.agrees


async def test_personal_labels_are_told_by_no_more_than_that_they_are_there(desk: Client) -> None:
    item = (await desk.submit(labels={"topic": "fault", "phone": "0815-4711"})).item_id
    kept = (await desk.get(item)).labels["phone"].text
    await desk.advance(hours=5)
    answer = await explain(desk, item)

    assert [each.facts["phone"].text for each in answer.decisions] == [PERSONAL, PERSONAL]
    assert "0815" not in str(answer)
    assert kept not in str(answer)


async def test_explaining_changes_nothing(desk: Client) -> None:
    item = (await desk.submit()).item_id
    before = await desk.trace()
    await explain(desk, item)

    assert await desk.trace() == before


async def test_archived_item_is_explained_by_id_and_number_after_a_restart(tmp_path: Path) -> None:
    key = tmp_path / "master.key"
    save_master_key(key, generate_master_key())
    stored = {"data_folder": str(tmp_path / "data"), "key_file": str(key)}
    async with serving(**stored) as desk:
        result = await desk.submit(labels={"topic": "fault"})
        before = await explain(desk, result.item_id)
        await desk.report(result.item_id, requests.REPORT_KIND_CONFIRMED)
        await desk.advance(days=31)
    async with serving(**stored) as desk:
        await next(iter(desk.app.desks)).feed.caught_up.wait()
        assert not await desk.app_query(lambda world: result.item_id in world.items)
        answers = [await explain(desk, name) for name in (result.item_id, result.number)]

    for answer in answers:
        assert answer.archived
        assert answer.decisions == before.decisions


@pytest.mark.parametrize(
    ("item", "seconds", "expected"),
    [
        ("it0000000009", 0, (grpc.StatusCode.NOT_FOUND, "ITEM_NOT_FOUND")),
        ("S99999", 0, (grpc.StatusCode.NOT_FOUND, "ITEM_NOT_FOUND")),
        ("it0000000001", 1, (grpc.StatusCode.NOT_FOUND, "DECISION_NOT_FOUND")),
        ("", 0, (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_REQUIRED")),
        ("x" * 200, 0, (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_OUT_OF_RANGE")),
        ("it0000000001", 1 << 40, (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_OUT_OF_RANGE")),
    ],
)
async def test_what_cannot_be_explained_is_refused_with_its_reason(
    item: str, seconds: int, expected: tuple[grpc.StatusCode, str], desk: Client
) -> None:
    await desk.submit()
    at = Timestamp(seconds=seconds) if seconds else None

    assert await refused(explain(desk, item, at)) == expected


async def test_other_items_decisions_are_not_told(desk: Client) -> None:
    first = await desk.submit(labels={"topic": "fault"})
    second = await desk.submit(labels={"topic": "question"})
    (decision,) = (await explain(desk, second.item_id)).decisions

    assert first.item_id != second.item_id
    assert decision.facts["topic"].text == "question"
