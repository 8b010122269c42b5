"""From a RequestEvent to its answer: check, seal, ask the partition, tell what was promised.

Unary and stream share it. Plain text ends here: what goes on is sealed.
"""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import repeat

import msgspec

from routing_service.core.desk.world import World
from routing_service.core.records.errors import RoutingError
from routing_service.pb.routing.v1 import request_event_pb2
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.server import convert, convert_surge, failures, wire
from routing_service.server.convert_requests import (
    NO_LETTER,
    Letter,
    declared_channel,
    identifier,
    request_event,
)
from routing_service.server.desks import Desk
from routing_service.server.faults import fault
from routing_service.server.identity import caller
from routing_service.server.inbox import Result
from routing_service.server.requests import ItemReply
from routing_service.server.submit_request import SubmitRequest


class Submitted(msgspec.Struct, frozen=True):
    """A batch on its way: one place per event, and what the partition will say to those taken."""

    desk: Desk
    asked: list[SubmitRequest | RoutingError]
    replies: asyncio.Future[list[Result]] | RoutingError


class Plain(msgspec.Struct, frozen=True):
    """A request that is checked, and the letter that is not in it yet."""

    request: SubmitRequest
    letter: Letter


async def submit_request(desk: Desk, event: request_event_pb2.RequestEvent) -> SubmitRequest:
    """The request, checked and sealed. Its fingerprint is of what was said, not of the sealing."""
    return await _sealed(desk, _plain(desk, event))


def _plain(desk: Desk, event: request_event_pb2.RequestEvent) -> Plain:
    key = identifier(event.event_id, "event.event_id")
    plan = desk.partition.rulebook.plan
    opened = request_event(event, plan.labels, desk.keys)
    declared_channel(opened.channel, plan, "event.channel")
    request = SubmitRequest(
        actor=caller().actor,
        request_id=key,
        fingerprint=desk.fingerprint(opened),
        kind=opened.kind,
        item=opened.item,
        channel=opened.channel,
        customer=opened.customer,
        occurred_at=opened.occurred_at,
        labels=opened.labels,
        text=opened.letter.text,
        version=opened.version,
        waiting_since=opened.waiting_since,
        scheduled_for=opened.scheduled_for,
        item_kind=opened.item_kind,
        parent=opened.parent,
        role=opened.role,
    )
    return Plain(request, opened.letter)


async def _sealed(desk: Desk, plain: Plain) -> SubmitRequest:
    """The letter goes under the customer's key: of the event, else of its item or its parent."""
    request = plain.request
    if plain.letter is NO_LETTER:
        return request
    known = request.item or request.parent
    customer = request.customer or await desk.partition.query(_CustomerOf(known))
    sealed = await desk.keys.seal(customer, msgspec.msgpack.encode(plain.letter))
    return msgspec.structs.replace(request, sealed=sealed)


class _CustomerOf(msgspec.Struct, frozen=True):
    """A question to World."""

    item: str

    def __call__(self, world: World) -> str:
        return world.item(self.item).customer


def submit_result(desk: Desk, reply: ItemReply) -> request_event_pb2.SubmitResult:
    """What the caller is told. Of a repeat after archiving only item and cursor are known."""
    at = desk.cursor(reply.seq)
    item = reply.item
    if item is None:
        return request_event_pb2.SubmitResult(
            item_id=reply.item_id, cursor=at, replayed=reply.repeated
        )
    result = request_event_pb2.SubmitResult(
        item_id=reply.item_id,
        cursor=at,
        replayed=reply.repeated,
        number=item.number,
        queue=item.queue,
        priority=item.priority,
        position=reply.position or None,
        next_update_after=wire.stamp_if(reply.next_update),
        contacts=item.contacts,
        surge=convert_surge.notice(reply.notice),
    )
    if reply.expected is not None:
        result.estimated_wait_p50.CopyFrom(wire.span(reply.expected.p50))
        result.estimated_wait_p90.CopyFrom(wire.span(reply.expected.p90))
    convert.promise(item, result)
    return result


async def put_batch(desk: Desk, events: Iterable[request_event_pb2.RequestEvent]) -> Submitted:
    """Ask the partition; events refused at the edge, or all if it has no room, keep their places.

    Letters are sealed together, because the first use of a customer's key waits for the disk.
    """
    plain = [_attempt(desk, event) for event in events]
    if all(isinstance(each, RoutingError) or each.letter is NO_LETTER for each in plain):
        asked = [each.request if isinstance(each, Plain) else each for each in plain]
    else:
        asked = await asyncio.gather(*(_attempt_sealing(desk, each) for each in plain))
    requests = [each for each in asked if isinstance(each, SubmitRequest)]
    try:
        return Submitted(desk, asked, desk.partition.put(requests))
    except RoutingError as error:
        return Submitted(desk, asked, error)


def _attempt(desk: Desk, event: request_event_pb2.RequestEvent) -> Plain | RoutingError:
    try:
        return _plain(desk, event)
    except RoutingError as error:
        return error


async def _attempt_sealing(desk: Desk, plain: Plain | RoutingError) -> SubmitRequest | RoutingError:
    if isinstance(plain, RoutingError):
        return plain
    try:
        return await _sealed(desk, plain)
    except RoutingError as error:
        return error


async def submit_batch(submitted: Submitted) -> pb.SubmitStreamResponse:
    """One outcome per event, in order, when what they rest on is durable."""
    desk, asked = submitted.desk, submitted.asked
    if isinstance(submitted.replies, RoutingError):
        replies: Iterator[Result] = repeat(submitted.replies)
    else:
        replies = iter(await submitted.replies)
    return pb.SubmitStreamResponse(
        outcomes=[
            _outcome(desk, next(replies) if isinstance(each, SubmitRequest) else each)
            for each in asked
        ]
    )


def _outcome(desk: Desk, reply: ItemReply | Exception) -> pb.SubmitOutcome:
    if isinstance(reply, ItemReply):
        return pb.SubmitOutcome(result=submit_result(desk, reply))
    if isinstance(reply, RoutingError):
        return pb.SubmitOutcome(failure=failures.failure(reply))
    return pb.SubmitOutcome(failure=failures.internal_failure(fault("SubmitStream", reply)))
