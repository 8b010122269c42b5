"""A stream that is not read is let go, by one timer however many writes there are."""

import asyncio
from typing import Any

import pytest

from routing_service.core.records.errors import Overloaded
from routing_service.pb.routing.v1 import event_service_pb2 as pb
from routing_service.server import calls
from routing_service.server.calls import Call, WriteDeadline
from routing_service.server.metrics import Metrics
from routing_service.server.rpc_series import Method

SOON = 0.01


class Reader:
    """The other side of a stream: takes `reads` messages, then nothing any more."""

    def __init__(self, reads: int) -> None:
        self.reads = reads

    async def write(self, message: object) -> None:
        """A message leaves, when there is room for it."""
        if self.reads == 0:
            await asyncio.Event().wait()
        self.reads -= 1


def enter(seconds: float) -> None:
    metrics = Metrics(lambda: 0)
    watch = metrics.rpc(Method("server_stream", "routing.v1.EventService", "Watch"))
    calls.enter(Call(watch, metrics, WriteDeadline(seconds)))


async def send(reader: Any, messages: int) -> None:
    for _ in range(messages):
        await calls.write(reader, pb.WatchResponse())


async def test_reader_who_stops_is_let_go() -> None:
    enter(SOON)

    with pytest.raises(Overloaded) as refused:
        await send(Reader(reads=2), 3)

    assert refused.value.reason == "SUBSCRIBER_TOO_SLOW"


async def test_reader_who_keeps_up_is_not() -> None:
    enter(SOON)
    reader = Reader(reads=3)
    await send(reader, 2)
    await asyncio.sleep(3 * SOON)
    await send(reader, 1)

    assert reader.reads == 0


async def test_stream_that_is_cancelled_is_not_called_slow() -> None:
    enter(3600)
    sending = asyncio.create_task(send(Reader(reads=0), 1))
    await asyncio.sleep(0)
    sending.cancel()

    with pytest.raises(asyncio.CancelledError):
        await sending
