"""Why a waiting item is with nobody, as the service tells it."""

import argparse
import asyncio

import msgspec

from routing_service.cli.connection import connection
from routing_service.cli.explain_item import asked, check_flags
from routing_service.core.choice.why_not import WhyNot
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1.routing_service_pb2 import WhyNotRequest
from routing_service.server.convert_why_not import from_wire


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the service told of an item, and how its people read instants and words."""

    item_id: str
    number: str
    as_of: int
    time_zone: str
    language: str
    why_not: WhyNot


def ask(flags: argparse.Namespace) -> Told:
    """The why-not; Refused when the service says no, Invalid(FLAGS_CONFLICT)."""
    check_flags(flags)
    if flags.at:
        raise Invalid("FLAGS_CONFLICT", "--why-not is about now: leave out --at.")
    to = connection(flags)
    request = WhyNotRequest(desk=to.desk, item=flags.item)
    answer = asyncio.run(asked(to, lambda service: service.WhyNot, request))
    return Told(
        item_id=answer.item_id,
        number=answer.number,
        as_of=answer.as_of.ToMicroseconds(),
        time_zone=answer.time_zone,
        language=answer.language,
        why_not=from_wire(answer.item_id, answer.why_not),
    )
