"""One agent on a Work stream, as a process of its own, so that a test can freeze it.

Usage: python -m tests.fault.work_client <host:port> <agent>. Says hello and beats until the stream
ends; prints what it is told, one line each. Answers no offer.
"""

import asyncio
import contextlib
import sys

from grpc import aio

from routing_service.pb.routing.v1 import agent_pb2, work_pb2
from tests.fault.client import Client, reason_of
from tests.fault.workload import DESK


async def main(address: str, agent: str) -> None:
    """Until the service ends the stream."""
    async with Client(address) as client:
        stream = client.agents.Work()
        hello = work_pb2.WorkRequest.Hello(agent_id=agent, presence=agent_pb2.PRESENCE_AVAILABLE)
        await stream.write(work_pb2.WorkRequest(desk=DESK, hello=hello))
        beating = asyncio.create_task(_beat(stream))
        try:
            while (message := await stream.read()) is not aio.EOF:
                _say(message.WhichOneof("body"), message.offer_made.offer.id)
        except aio.AioRpcError as error:
            _say("ended", reason_of(error), error.code().name, error.details() or "")
        beating.cancel()


async def _beat(
    stream: "aio.StreamStreamCall[work_pb2.WorkRequest, work_pb2.WorkResponse]",
) -> None:
    beat = work_pb2.WorkRequest(desk=DESK, heartbeat=work_pb2.WorkRequest.Heartbeat())
    with contextlib.suppress(aio.AioRpcError, asyncio.InvalidStateError):  # the reader tells why
        while True:
            await stream.write(beat)
            await asyncio.sleep(0.2)


def _say(*words: str) -> None:
    print(" ".join(word for word in words if word), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
