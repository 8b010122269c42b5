"""The Work stream: an agent's messages become requests, what happens to him goes out to him.

Two loops, one reading and one writing; the stream ends with the first of them.
"""

import asyncio

from grpc import aio

from routing_service.core.journal.commands import (
    Accept,
    Complete,
    Decline,
    SetOutsideWork,
    SetPresence,
    WrapUp,
)
from routing_service.core.records.errors import Conflict, Invalid, RoutingError
from routing_service.pb.routing.v1.work_pb2 import WorkRequest, WorkResponse
from routing_service.server import calls, convert, failures, wire
from routing_service.server.asking import CompleteRequest, HandledReply
from routing_service.server.convert_requests import identifier, reason
from routing_service.server.desks import Desk, Desks
from routing_service.server.faults import fault
from routing_service.server.requests import ItemCommandRequest, ItemReply, SeqCommandRequest
from routing_service.server.seats import Seat

Context = aio.ServicerContext[WorkRequest, WorkResponse]


async def work(desks: Desks, context: Context, lease_seconds: float) -> None:
    """Serve one stream until either side ends it or the lease is lost."""
    first = await _within(context, lease_seconds)
    if first is None:
        return
    if first.WhichOneof("body") != "hello":
        raise Invalid("FIELD_REQUIRED", "The first message must be hello.", field="hello")
    desk = desks.named(first.desk)
    hello = first.hello
    seat = await desk.leases.sit(identifier(hello.agent_id, "hello.agent_id"), lease_seconds)
    stream = _Stream(desk, seat, context, lease_seconds)
    try:
        await stream.greet(hello)
        await stream.run()
    finally:
        desk.leases.leave(seat, silent=stream.silent)


async def _within(context: Context, seconds: float) -> WorkRequest | None:
    """The next message; Conflict(LEASE_LOST) when none comes in time."""
    try:
        async with asyncio.timeout(seconds):
            return await calls.read(context)
    except TimeoutError as error:
        raise Conflict(
            "LEASE_LOST", "Nothing was heard for the lease duration: open a new stream."
        ) from error


class _Stream:
    """One agent's stream after hello."""

    def __init__(self, desk: Desk, seat: Seat, context: Context, lease_seconds: float) -> None:
        self.silent = False
        self._desk = desk
        self._seat = seat
        self._context = context
        self._lease_seconds = lease_seconds

    async def greet(self, hello: WorkRequest.Hello) -> None:
        """The presence that came with hello; unspecified leaves it as it was."""
        if hello.presence:
            presence = wire.chosen(wire.PRESENCE_OF, hello.presence, "hello.presence")
            await self._set_presence(
                "", SetPresence(agent=self._seat.agent, presence=presence, epoch=self._seat.epoch)
            )

    async def run(self) -> None:
        """Until the agent's side ends, or one of the loops raises."""
        reading = asyncio.create_task(self._read())
        writing = asyncio.create_task(self._write())
        try:
            done, _ = await asyncio.wait((reading, writing), return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            reading.cancel()
            writing.cancel()
            await asyncio.gather(reading, writing, return_exceptions=True)

    async def _write(self) -> None:
        while messages := await self._seat.take():
            for message in messages:
                await calls.write(self._context, message)

    async def _read(self) -> None:
        while (message := await self._next()) is not None:
            if message.WhichOneof("body") != "heartbeat":
                self._seat.push(WorkResponse(answer_result=await self._answer(message)))
        self._seat.finish()

    async def _next(self) -> WorkRequest | None:
        try:
            message = await _within(self._context, self._lease_seconds)
        except Conflict:
            self.silent = True
            raise
        if message is not None and message.desk != self._desk.name:
            raise Invalid("FIELD_OUT_OF_RANGE", "One stream serves one desk.", field="desk")
        return message

    async def _answer(self, message: WorkRequest) -> WorkResponse.AnswerResult:
        result = WorkResponse.AnswerResult(request_id=message.request_id)
        try:
            result.done.CopyFrom(await self._done(message))
        except RoutingError as error:
            result.failure.CopyFrom(failures.failure(error))
        except Exception as error:  # noqa: BLE001 - one message must not end the agent's stream
            result.failure.CopyFrom(failures.internal_failure(fault("Work", error)))
        return result

    async def _done(self, message: WorkRequest) -> WorkResponse.Done:
        key = identifier(message.request_id, "request_id")
        match message.WhichOneof("body"):
            case "accept":
                return self._item_done(await self._ask(key, self._accept(message.accept)))
            case "decline":
                return self._seq_done((await self._ask(key, self._decline(message.decline))).seq)
            case "complete":
                return await self._complete(key, message.complete)
            case "wrap_up":
                return await self._wrap_up(key, message.wrap_up)
            case "outside_work":
                return await self._outside(key, message.outside_work)
            case "set_presence":
                return await self._presence(key, message.set_presence)
            case _:
                raise Invalid("FIELD_REQUIRED", "Say one thing besides hello.", field="body")

    async def _ask(self, key: str, asked: Accept | Decline) -> ItemReply:
        request = self._desk.signed(key, ItemCommandRequest(asked=asked))
        return await self._desk.partition.ask(request)

    def _accept(self, sent: WorkRequest.Accept) -> Accept:
        return Accept(
            offer=identifier(sent.offer_id, "accept.offer_id"),
            agent=self._seat.agent,
            version=sent.version,
            epoch=self._seat.epoch,
        )

    def _decline(self, sent: WorkRequest.Decline) -> Decline:
        has_time = sent.HasField("retry_at")
        return Decline(
            offer=identifier(sent.offer_id, "decline.offer_id"),
            agent=self._seat.agent,
            version=sent.version,
            epoch=self._seat.epoch,
            reason=reason(sent.reason),
            retry_at=wire.instant_of(sent.retry_at, "decline.retry_at") if has_time else 0,
        )

    async def _complete(self, key: str, sent: WorkRequest.Complete) -> WorkResponse.Done:
        asked = Complete(
            item=identifier(sent.item_id, "complete.item_id"),
            agent=self._seat.agent,
            epoch=self._seat.epoch,
        )
        return await self._handled(key, asked)

    async def _handled(self, key: str, asked: Complete | WrapUp) -> WorkResponse.Done:
        request = self._desk.signed(key, CompleteRequest(asked=asked))
        reply: HandledReply = await self._desk.partition.ask(request)
        done = self._seq_done(reply.seq)
        if reply.wrap_up_until:
            done.wrap_up_until.CopyFrom(wire.stamp(reply.wrap_up_until))
        if reply.wrap_up_ready_at:
            done.wrap_up_ready_at.CopyFrom(wire.stamp(reply.wrap_up_ready_at))
        return done

    async def _wrap_up(self, key: str, sent: WorkRequest.WrapUp) -> WorkResponse.Done:
        asked = WrapUp(
            item=identifier(sent.item_id, "wrap_up.item_id"),
            agent=self._seat.agent,
            act=wire.chosen(wire.WRAP_UP_ACT_OF, sent.act, "wrap_up.act"),
            epoch=self._seat.epoch,
        )
        return await self._handled(key, asked)

    async def _outside(self, key: str, sent: WorkRequest.OutsideWork) -> WorkResponse.Done:
        asked = SetOutsideWork(agent=self._seat.agent, units=sent.units, epoch=self._seat.epoch)
        request = self._desk.signed(key, SeqCommandRequest(asked=asked))
        return self._seq_done(await self._desk.partition.ask(request))

    async def _presence(self, key: str, sent: WorkRequest.SetPresence) -> WorkResponse.Done:
        presence = wire.chosen(wire.PRESENCE_OF, sent.presence, "set_presence.presence")
        asked = SetPresence(
            agent=self._seat.agent,
            presence=presence,
            reason=reason(sent.reason),
            epoch=self._seat.epoch,
        )
        return self._seq_done(await self._set_presence(key, asked))

    async def _set_presence(self, key: str, asked: SetPresence) -> int:
        request = self._desk.signed(key, SeqCommandRequest(asked=asked))
        return await self._desk.partition.ask(request)

    def _item_done(self, reply: ItemReply) -> WorkResponse.Done:
        done = self._seq_done(reply.seq)
        if reply.item is not None:
            done.item.CopyFrom(convert.work_item(reply.item))
        return done

    def _seq_done(self, seq: int) -> WorkResponse.Done:
        return WorkResponse.Done(cursor=self._desk.cursor(seq))
