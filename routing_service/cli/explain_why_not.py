"""Why a waiting item is with nobody, as the service tells it."""

import argparse
import asyncio

import msgspec
from grpc import aio

from routing_service.cli.connection import Connection, channel, connection
from routing_service.cli.explain_item import DEADLINE_SECONDS, check_flags, plainly
from routing_service.core.errors import Invalid
from routing_service.core.why_not import WhyNot
from routing_service.pb.routing.v1.routing_service_pb2 import WhyNotRequest, WhyNotResponse
from routing_service.pb.routing.v1.routing_service_pb2_grpc import RoutingServiceStub
from routing_service.server.convert_why_not import from_wire


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the service told of an item."""

    item_id: str
    number: str
    why_not: WhyNot


def ask(flags: argparse.Namespace) -> Told:
    """The why-not; Refused when the service says no, Invalid(FLAGS_CONFLICT)."""
    check_flags(flags)
    if flags.at:
        raise Invalid("FLAGS_CONFLICT", "--why-not is about now: leave out --at.")
    to = connection(flags)
    answer = asyncio.run(_ask(to, WhyNotRequest(desk=to.desk, item=flags.item)))
    why_not = from_wire(answer.item_id, answer.why_not)
    return Told(item_id=answer.item_id, number=answer.number, why_not=why_not)


async def _ask(to: Connection, request: WhyNotRequest) -> WhyNotResponse:
    async with channel(to) as service:
        why_not = RoutingServiceStub(service).WhyNot
        try:
            return await why_not(request, timeout=DEADLINE_SECONDS, metadata=to.metadata)
        except aio.AioRpcError as error:
            raise plainly(error, to.target) from error
