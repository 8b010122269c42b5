"""Decisions on an item, as the service explains them."""

import argparse
import asyncio
from collections.abc import Callable
from typing import TypeVar

import msgspec
from grpc import aio

from routing_service.cli.connection import Connection, Refused, channel, connection, refused
from routing_service.cli.submit import instant
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1.routing_service_pb2 import ExplainRequest
from routing_service.pb.routing.v1.routing_service_pb2_grpc import RoutingServiceStub
from routing_service.rulebook.explanation import Explanation
from routing_service.server.convert_explanation import from_wire

DEADLINE_SECONDS = 30.0

Q = TypeVar("Q")
A = TypeVar("A")
Method = aio.UnaryUnaryMultiCallable


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the service told of an item."""

    item_id: str
    number: str
    archived: bool
    decisions: tuple[Explanation, ...] = ()
    time_zone: str = ""


def ask(flags: argparse.Namespace) -> Told:
    """The decisions; Refused when the service says no."""
    to = connection(flags)
    request = ExplainRequest(desk=to.desk, item=flags.item)
    if flags.at:
        request.at.CopyFrom(instant(flags.at, "--at"))
    answer = asyncio.run(asked(to, lambda service: service.Explain, request))
    return Told(
        item_id=answer.item_id,
        number=answer.number,
        archived=answer.archived,
        decisions=tuple(map(from_wire, answer.decisions)),
        time_zone=answer.time_zone,
    )


def check_flags(flags: argparse.Namespace) -> None:
    """Invalid(FLAGS_CONFLICT) for a flag that describes a request to a pack."""
    of_a_pack = (flags.case, flags.label, flags.channel, flags.text, flags.trigger, flags.owner)
    if any(of_a_pack):
        raise Invalid("FLAGS_CONFLICT", "--item has its facts in the journal: give no others.")


async def asked(
    to: Connection, method: Callable[[RoutingServiceStub], Method[Q, A]], request: Q
) -> A:
    """The answer; Refused when the service says no."""
    async with channel(to) as service:
        call = method(RoutingServiceStub(service))
        try:
            return await call(request, timeout=DEADLINE_SECONDS, metadata=to.metadata)
        except aio.AioRpcError as error:
            raise plainly(error, to.target) from error


def plainly(error: aio.AioRpcError, target: str) -> Refused:
    """Without the hint that an item does not go by its number: here it does."""
    said = refused(error, target)
    if said.reason != "ITEM_NOT_FOUND":
        return said
    return Refused(said.code, said.reason, error.details() or said.message, **said.details)
