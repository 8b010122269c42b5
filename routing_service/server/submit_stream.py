"""SubmitStream: several messages of one stream in flight, taken and answered in their order."""

import asyncio

from grpc import aio

from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.server import calls
from routing_service.server.desks import Desks
from routing_service.server.submitting import Submitted, put_batch, submit_batch

MAX_BATCH = 100
IN_FLIGHT = 16
"""Messages of one stream: enough to fill a commit, few enough to push back."""

Context = aio.ServicerContext[pb.SubmitStreamRequest, pb.SubmitStreamResponse]
Answers = asyncio.Queue[Submitted | None]


async def submit_stream(desks: Desks, context: Context) -> None:
    """Serve one stream to its end. A message that is wrong as a whole ends it, after the others."""
    answers: Answers = asyncio.Queue(IN_FLIGHT)
    reading = asyncio.create_task(_read(desks, context, answers))
    try:
        while (submitted := await answers.get()) is not None:
            await calls.write(context, await submit_batch(submitted))
        error = await reading
    finally:
        reading.cancel()
    if error is not None:
        raise error


async def _read(desks: Desks, context: Context, answers: Answers) -> Exception | None:
    """Put each message to its desk; None marks the end. What ended it, if not the caller."""
    error: Exception | None = None
    try:
        while (message := await calls.read(context)) is not None:
            await answers.put(await _submitted(desks, message))
    except Exception as ended:  # noqa: BLE001 - raised again once the answers before it are out
        error = ended
    await answers.put(None)
    return error


async def _submitted(desks: Desks, message: pb.SubmitStreamRequest) -> Submitted:
    """Sealing is awaited here, one message after the other, so that none overtakes another."""
    desk = desks.named(message.desk)
    if not 0 < len(message.events) <= MAX_BATCH:
        raise Invalid(
            "FIELD_OUT_OF_RANGE", f"Send 1 to {MAX_BATCH} events a message.", field="events"
        )
    return await put_batch(desk, message.events)
