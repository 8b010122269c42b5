"""Bytes that are no message, and damaged messages: no crash, no INTERNAL, no insides shown."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
import pytest_asyncio
from google.protobuf.descriptor import MethodDescriptor
from grpc import aio

from routing_service.pb.routing.v1 import routing_service_pb2
from routing_service.server.metric_names import UNDECODABLE
from routing_service.server.servicers import API, DEV
from tests.e2e.desk_client import DESK, PATIENCE, Client, opened, serving
from tests.e2e.errors import error_info, failure

GARBAGE = b"\x0a\xff\xff\xff\xff\x0f\xff"
"""A text field that claims to be longer than anything."""
BAD_UTF8 = b"\x0a\x02\xff\xfe"
ALLOWED = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
}
INSIDES = ("Traceback", "routing_service", "google.", ".py", "Error(", "DecodeError")


pytestmark = pytest.mark.asyncio(loop_scope="module")

METHODS: list[MethodDescriptor] = [method for service in (*API, DEV) for method in service.methods]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk() -> AsyncIterator[Client]:
    """One for all that is sent here: it serves on after each of them."""
    async with serving() as client:
        yield client


def path(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


async def send(client: Client, method: MethodDescriptor, body: bytes) -> None:
    """The bytes as the only request, whatever shape the method has."""
    name = path(method)
    async with asyncio.timeout(PATIENCE):
        if method.client_streaming:
            stream: Any = client.channel.stream_stream(name)()
            await stream.write(body)
            await stream.done_writing()
            while await stream.read() is not aio.EOF:
                pass
        elif method.server_streaming:
            await client.channel.unary_stream(name)(body).read()
        else:
            await client.channel.unary_unary(name)(body)


def counted(desk: Client) -> float:
    return desk.app.metrics.registry.get_sample_value(UNDECODABLE.name) or 0.0


@pytest.mark.parametrize("body", [GARBAGE, BAD_UTF8], ids=["cut off", "not UTF-8"])
@pytest.mark.parametrize("method", METHODS, ids=path)
async def test_undecodable_request_is_refused_and_counted(
    desk: Client, method: MethodDescriptor, body: bytes
) -> None:
    before, counted_before = await desk.trace(), counted(desk)
    error = await failure(send(desk, method, body))

    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert error_info(error).reason == "UNDECODABLE"
    assert not [word for word in INSIDES if word in (error.details() or "")]
    assert counted(desk) == counted_before + 1
    assert await desk.trace() == before


async def test_damaged_requests_never_reach_our_insides(desk: Client) -> None:
    chance = random.Random(7)
    event = opened(text="hello", tags={"a": "b"}, labels={"users": 3, "tags": ["refund"]})
    whole = routing_service_pb2.SubmitRequest(desk=DESK, event=event).SerializeToString()
    submit = desk.channel.unary_unary("/routing.v1.RoutingService/Submit")
    codes, said = set(), []
    for _ in range(500):
        body = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        call = submit(bytes(body[: chance.randint(1, len(body))]))
        codes.add(await call.code())
        said.append(await call.details() or "")

    assert codes <= ALLOWED
    assert not [each for each in said for word in INSIDES if word in each]


async def test_message_over_the_limit_is_refused_by_the_transport(desk: Client) -> None:
    submit = desk.channel.unary_unary("/routing.v1.RoutingService/Submit")
    error = await failure(submit(b"\x00" * 5_000_000))

    assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_unknown_method_is_unimplemented(desk: Client) -> None:
    error = await failure(desk.channel.unary_unary("/routing.v1.RoutingService/Explode")(b""))

    assert error.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_header_over_the_limit_is_refused_by_the_transport(desk: Client) -> None:
    submit = desk.channel.unary_unary("/routing.v1.RoutingService/Submit")
    error = await failure(submit(b"", metadata=(("x-large", "x" * 60_000),)))
    result = await desk.submit()

    assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert result.item_id
