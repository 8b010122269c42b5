"""What was done to bring an item to an agent, as the service tells it, page by page."""

import argparse
import asyncio

import msgspec

from routing_service.cli.connection import Connection, connection
from routing_service.cli.explain_item import asked
from routing_service.cli.submit import instant
from routing_service.pb.routing.v1.routing_act_pb2 import RoutingAct
from routing_service.pb.routing.v1.routing_service_pb2 import (
    ListRoutingActsRequest,
    ListRoutingActsResponse,
)

SHOWN = 50
"""Acts that are shown unless everything is asked for; more are rare and seldom looked for."""
PAGE = 100


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The acts in order, and how people of the desk read instants and words."""

    item_id: str
    number: str
    archived: bool
    acts: list[RoutingAct]
    left_out: bool
    time_zone: str
    language: str


def ask(flags: argparse.Namespace) -> Told:
    """The acts, all of them with --full, or those of the instant --at; Refused when it says no."""
    to = connection(flags)
    size = PAGE if flags.full else SHOWN
    first = ListRoutingActsRequest(desk=to.desk, item=flags.item, page_size=size)
    if flags.at:
        first.at.CopyFrom(instant(flags.at, "--at"))
    return asyncio.run(_all(to, first, full=flags.full))


async def _all(to: Connection, first: ListRoutingActsRequest, *, full: bool) -> Told:
    page = await _page(to, first)
    acts = list(page.acts)
    while full and page.next_page_token:
        first.page_token = page.next_page_token
        page = await _page(to, first)
        acts += page.acts
    return Told(
        item_id=page.item_id,
        number=page.number,
        archived=page.archived,
        acts=acts[::-1],
        left_out=bool(page.next_page_token),
        time_zone=page.time_zone,
        language=page.language,
    )


async def _page(to: Connection, request: ListRoutingActsRequest) -> ListRoutingActsResponse:
    return await asked(to, lambda service: service.ListRoutingActs, request)
