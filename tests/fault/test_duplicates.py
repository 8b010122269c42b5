"""R13: however often a request comes, and in whatever order, it is carried out once.

300 events with `make test`; 10,000 (200 times COUNT) with `make faults`.
SEED=… gives the same order again.
"""

import asyncio
import os
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from grpc import aio

from routing_service.pb.routing.v1 import agent_pb2, agent_service_pb2
from routing_service.pb.routing.v1 import request_event_pb2 as requests
from routing_service.pb.routing.v1 import routing_service_pb2 as calls
from routing_service.pb.routing.v1.work_item_pb2 import ITEM_STATE_QUEUED
from tests.fault.client import Client, batches, kept, opened, reason_of, submission
from tests.fault.server_process import serving
from tests.fault.workload import DESK

MANY = 200 * int(os.environ.get("COUNT", "50"))
COUNTS = [300, pytest.param(MANY, marks=[pytest.mark.slow_fault, pytest.mark.timeout(0)])]
TIMES = 3
AT_ONCE = 60
BATCH = 7
Answer = tuple[str, str, str]


@pytest.fixture
def rng() -> random.Random:
    seed = int(os.environ.get("SEED", "13"))
    print(f"SEED={seed}")
    return random.Random(seed)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    with serving(tmp_path) as server:
        async with Client(server.address) as client:
            yield client


def event(number: int, **labels: str) -> requests.RequestEvent:
    return opened(f"event-{number}", impact="low", urgency=("high", "low")[number % 2], **labels)


async def each(client: Client, numbers: list[int]) -> list[requests.SubmitResult]:
    """Every event by a call of its own, AT_ONCE at the same time; answers in the same order."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> requests.SubmitResult:
        async with gate:
            request = calls.SubmitRequest(desk=DESK, event=event(number))
            return (await kept(client.routing.Submit, request)).result

    return await asyncio.gather(*map(one, numbers))


async def streamed(client: Client, numbers: list[int]) -> list[requests.SubmitResult]:
    """Every event on one stream, in batches that hold repeats as well."""
    stream, results = client.routing.SubmitStream(), []
    for batch in batches(numbers, BATCH):
        await stream.write(
            calls.SubmitStreamRequest(desk=DESK, events=[event(number) for number in batch])
        )
        results += [outcome.result for outcome in (await stream.read()).outcomes]
    await stream.done_writing()
    return results


@pytest.mark.parametrize("count", COUNTS)
async def test_each_of_three_repeats_gets_the_same_answer_and_makes_one_item(
    client: Client, rng: random.Random, count: int
) -> None:
    numbers = [number for number in range(count) for _ in range(TIMES)]
    rng.shuffle(numbers)
    half = len(numbers) // 2
    unary, stream = await asyncio.gather(
        each(client, numbers[:half]), streamed(client, numbers[half:])
    )
    answers: dict[int, set[Answer]] = defaultdict(set)
    first = 0
    for number, result in zip(numbers, unary + stream, strict=True):
        answers[number].add((result.item_id, result.number, result.cursor))
        first += not result.replayed
    items = await client.items()

    assert {number: len(found) for number, found in answers.items()} == dict.fromkeys(
        range(count), 1
    )
    assert count == first
    assert set(items) == {item for found in answers.values() for item, _, _ in found}
    assert count == len(items)


async def test_same_key_with_another_body_is_refused_and_changes_nothing(client: Client) -> None:
    numbers = list(range(100))
    first = await each(client, numbers)
    before = await client.items()
    refusals = []
    for number in numbers:
        changed = calls.SubmitRequest(desk=DESK, event=event(number, category="another"))
        with pytest.raises(aio.AioRpcError) as refused:
            await client.routing.Submit(changed)
        refusals.append((refused.value.code().name, reason_of(refused.value)))
    again = await each(client, numbers)
    after = await client.items()

    assert set(refusals) == {("ALREADY_EXISTS", "REQUEST_ID_REUSED")}
    assert [result.item_id for result in first] == [result.item_id for result in again]
    assert len(numbers) == len(before)
    assert before == after


async def test_same_key_racing_with_another_body_has_one_winner(client: Client) -> None:
    async def attempt(request: calls.SubmitRequest) -> str:
        try:
            return (await kept(client.routing.Submit, request)).result.item_id
        except aio.AioRpcError as error:
            return reason_of(error)

    racing = [submission("contested", category=name) for name in ("one", "two") for _ in range(20)]
    random.Random(13).shuffle(racing)
    outcomes = await asyncio.gather(*map(attempt, racing))
    items = await client.items()

    assert {"REQUEST_ID_REUSED", *items} == set(outcomes)
    assert 20 == outcomes.count("REQUEST_ID_REUSED")
    assert 1 == len(items)


async def test_repeated_accept_and_report_take_effect_once(client: Client) -> None:
    agents = [agent_pb2.Agent(id=name, queues=["service_desk"], capacity=1) for name in "ab"]
    put = agent_service_pb2.PutAgentsRequest(desk=DESK, request_id="agents", agents=agents)
    await asyncio.gather(*(client.agents.PutAgents(put) for _ in range(TIMES)))
    item = (await client.routing.Submit(submission("only one"))).result.item_id
    sign_in = agent_service_pb2.SetPresenceRequest(
        desk=DESK, request_id="in", agent_id="a", presence=agent_pb2.PRESENCE_AVAILABLE
    )
    await asyncio.gather(*(client.agents.SetPresence(sign_in) for _ in range(TIMES)))
    offered = (await client.items())[item]
    accept = agent_service_pb2.AcceptRequest(
        desk=DESK,
        request_id="accept",
        offer_id=offered.offer_ids[0],
        agent_id="a",
        version=offered.version,
    )
    accepted = await asyncio.gather(*(client.agents.Accept(accept) for _ in range(TIMES)))
    report = calls.ReportRequest(
        desk=DESK, request_id="done", item_id=item, kind=requests.REPORT_KIND_RESOLVED
    )
    reported = await asyncio.gather(*(client.routing.Report(report) for _ in range(TIMES)))
    resolved = (await client.items())[item]

    assert 1 == len({reply.cursor for reply in accepted})
    assert {"a"} == {reply.item.owner for reply in accepted}
    assert 1 == len({reply.cursor for reply in reported})
    assert offered.version + 2 == resolved.version


async def test_refused_key_may_be_used_again_after_a_correction(client: Client) -> None:
    with pytest.raises(aio.AioRpcError) as refused:
        await client.routing.Submit(submission("corrected", no_such_label="x"))
    taken = (await client.routing.Submit(submission("corrected", category="printer"))).result
    items = await client.items()

    assert "LABEL_UNKNOWN" == reason_of(refused.value)
    assert not taken.replayed
    assert ITEM_STATE_QUEUED == items[taken.item_id].state
