"""R14: whatever bytes come, callers get a plain refusal and the service goes on.

500 payloads with `make test`; 10,000 (200 times COUNT) with `make faults`.
SEED=… sends the same ones again.
"""

import asyncio
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from grpc import aio

from routing_service.pb.routing.v1 import request_event_pb2 as requests
from routing_service.pb.routing.v1 import routing_service_pb2 as calls
from routing_service.server.identity import RPCS
from tests.fault.client import Client, batches, reason_of, submission
from tests.fault.hostile import CANARY, METHODS, body, is_message, path
from tests.fault.server_process import ServerProcess, serving
from tests.fault.workload import DESK

MANY = 200 * int(os.environ.get("COUNT", "50"))
COUNTS = [500, pytest.param(MANY, marks=[pytest.mark.slow_fault, pytest.mark.timeout(0)])]
AT_ONCE = 40
NEVER = {
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.DATA_LOSS,
}
INSIDES = re.compile(
    rf"Traceback|_pb2|routing_service|google\.|\.py\b|\w+Error\b|/\w+/\w+/|{CANARY}"
)
Outcome = tuple[grpc.StatusCode, str, str]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One for all calls that are refused: it must have no item after any of them."""
    with serving(tmp_path_factory.mktemp("malformed")) as server:
        yield server


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[ServerProcess]:
    """One for messages that may be in order by chance."""
    with serving(tmp_path) as server:
        yield server


async def outcome(client: Client, method: MethodDescriptor, payload: bytes) -> Outcome:
    """Code, reason and text after sending the bytes as the only request of a call."""
    try:
        async with asyncio.timeout(30):
            await _send(client.channel, method, payload)
    except aio.AioRpcError as error:
        return error.code(), reason_of(error), error.details() or ""
    return grpc.StatusCode.OK, "", ""


async def _send(channel: aio.Channel, method: MethodDescriptor, payload: bytes) -> None:
    if method.client_streaming:
        stream: Any = channel.stream_stream(path(method))()
        await stream.write(payload)
        await stream.done_writing()
        while await stream.read() is not aio.EOF:
            pass
    elif not method.server_streaming:
        await channel.unary_unary(path(method))(payload)
    elif is_message(method, payload):
        return  # a watch that is granted never ends by itself
    else:
        await channel.unary_stream(path(method))(payload).read()


def faults(method: MethodDescriptor, payload: bytes, told: Outcome) -> str:
    """What is wrong with an outcome; "" for nothing."""
    code, reason, text = told
    if code in NEVER:
        return f"{code.name} {text}"
    if INSIDES.search(text):
        return f"shows insides: {text}"
    if path(method) not in RPCS:
        return "" if code is grpc.StatusCode.PERMISSION_DENIED else f"not denied: {code.name}"
    undecodable = (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "UNDECODABLE")
    if undecodable is is_message(method, payload):
        return f"decodable {not undecodable}, but {code.name} {reason}"
    return ""


@pytest.mark.parametrize("count", COUNTS)
async def test_damaged_messages_are_refused_without_insides_and_the_service_goes_on(
    fresh: ServerProcess, count: int
) -> None:
    seed = int(os.environ.get("SEED", "14"))
    rng = random.Random(seed)
    hostile = [(method, body(method, rng)) for method in rng.choices(METHODS, k=count)]
    codes: Counter[str] = Counter()
    wrong = []
    async with Client(fresh.address) as client:
        for batch in batches(hostile, AT_ONCE):
            told = await asyncio.gather(*(outcome(client, *each) for each in batch))
            codes.update(code.name for code, _, _ in told)
            for each, answer in zip(batch, told, strict=True):
                if found := faults(*each, answer):
                    wrong.append(f"{path(each[0])} {each[1].hex()}: {found}")
        taken = await client.routing.Submit(submission("after all that"))
    print(f"SEED={seed} {dict(codes)}")

    assert [] == wrong
    assert taken.result.item_id
    assert fresh.serves()
    assert [] == fresh.told("fault")
    assert CANARY not in fresh.log.read_text()


def oversized() -> dict[str, bytes]:
    def event(**fields: Any) -> bytes:
        told = requests.RequestEvent(
            event_id="big",
            kind=requests.REQUEST_KIND_OPENED,
            channel="phone",
            customer_id="c",
            **fields,
        )
        return calls.SubmitRequest(desk=DESK, event=told).SerializeToString()

    return {
        "5 MB of text": event(text="x" * 5_000_000),
        "100,000 tags": event(tags={f"t{number}": "" for number in range(100_000)}),
        "10,000 labels": event(
            labels={f"l{number}": {"text": ""} for number in range(10_000)}  # type: ignore[misc] # plain dicts do
        ),
        "65 KiB of text": event(text="x" * (65 * 1024)),
        "a label of 1 MB less a bit": event(labels={"category": {"text": "x" * 1_000_000}}),  # type: ignore[misc] # as above
        "groups within groups": b"\x0b" * 100_000,
    }


@pytest.mark.parametrize("name", oversized())
async def test_too_much_at_once_is_refused(server: ServerProcess, name: str) -> None:
    (submit,) = (method for method in METHODS if method.name == "Submit")
    async with Client(server.address) as client:
        code, reason, text = await outcome(client, submit, oversized()[name])
        items = await client.items()

    assert code in {grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED}
    assert reason in {
        "LABEL_VALUE",
        "MAP_TOO_LARGE",
        "TEXT_TOO_LONG",
        "TOO_MANY_LABELS",
        "UNDECODABLE",
        "",
    }
    assert not INSIDES.search(text)
    assert {} == items
    assert server.serves()


@pytest.mark.parametrize(
    "method", ["/routing.v1.RoutingService/Explode", "/no.such.Service/Submit", "/", "/a/b/c"]
)
async def test_method_that_is_not_there_is_unimplemented(
    server: ServerProcess, method: str
) -> None:
    async with Client(server.address) as client:
        with pytest.raises(aio.AioRpcError) as refused:
            await client.channel.unary_unary(method)(b"")

    assert grpc.StatusCode.UNIMPLEMENTED == refused.value.code()
    assert not INSIDES.search(refused.value.details() or "")
