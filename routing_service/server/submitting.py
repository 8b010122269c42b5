"""From a RequestEvent to its answer: check, seal, ask the partition, tell what was promised.

Unary and stream share it. Plain text ends here: what goes on is sealed.
"""

import msgspec

from routing_service.core.errors import RoutingError
from routing_service.core.world import World
from routing_service.pb.routing.v1 import request_event_pb2
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.server import convert, failures
from routing_service.server.convert_requests import (
    NO_LETTER,
    Opened,
    declared_channel,
    identifier,
    request_event,
)
from routing_service.server.desks import Desk
from routing_service.server.faults import fault
from routing_service.server.identity import caller
from routing_service.server.requests import ItemReply, SubmitRequest


async def submit_request(desk: Desk, event: request_event_pb2.RequestEvent) -> SubmitRequest:
    """The request, checked and sealed. Its fingerprint is of what was said, not of the sealing."""
    key = identifier(event.event_id, "event.event_id")
    plan = desk.partition.rulebook.plan
    opened = request_event(event, plan.labels, desk.keys)
    declared_channel(opened.channel, plan, "event.channel")
    return SubmitRequest(
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
        sealed=await _sealed(desk, opened),
    )


async def _sealed(desk: Desk, opened: Opened) -> bytes:
    """The letter under the customer's key: that of the event, else that of the item."""
    if opened.letter is NO_LETTER:
        return b""
    customer = opened.customer or await desk.partition.query(_CustomerOf(opened.item))
    return await desk.keys.seal(customer, msgspec.msgpack.encode(opened.letter))


class _CustomerOf(msgspec.Struct, frozen=True):
    """A question to World."""

    item: str

    def __call__(self, world: World) -> str:
        return world.item(self.item).customer


def submit_result(desk: Desk, reply: ItemReply) -> request_event_pb2.SubmitResult:
    """What the caller is told. Of a repeat after archiving only item and cursor are known."""
    result = request_event_pb2.SubmitResult(
        item_id=reply.item_id, cursor=desk.cursor(reply.seq), replayed=reply.repeated
    )
    if reply.item is not None:
        result.number = reply.item.number
        result.queue = reply.item.queue
        result.priority = reply.item.priority
        result.promises.extend(convert.promises(reply.item))
    if reply.position:
        result.position = reply.position
    return result


async def submit_batch(
    desk: Desk, asked: "list[SubmitRequest | RoutingError]"
) -> pb.SubmitStreamResponse:
    """One outcome per event, in order; those refused at the edge keep their places."""
    requests = [each for each in asked if isinstance(each, SubmitRequest)]
    try:
        replies = iter(await desk.partition.ask_many(requests))
    except RoutingError as error:
        replies = iter([error] * len(requests))
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
