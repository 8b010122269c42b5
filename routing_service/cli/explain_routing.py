"""What was done to bring an item to an agent, as the service tells it, page by page."""

import argparse
import asyncio

import msgspec

from routing_service.cli.connection import Connection, connection
from routing_service.cli.explain_item import asked
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

    acts: list[RoutingAct]
    left_out: bool
    time_zone: str
    language: str


def ask(flags: argparse.Namespace) -> Told:
    """The acts, all of them with --full; Refused when the service says no."""
    to = connection(flags)
    return asyncio.run(_all(to, flags.item, full=flags.full))


async def _all(to: Connection, item: str, *, full: bool) -> Told:
    page = await _page(to, item, "", PAGE if full else SHOWN)
    acts = list(page.acts)
    while full and page.next_page_token:
        page = await _page(to, item, page.next_page_token, PAGE)
        acts += page.acts
    return Told(
        acts=acts[::-1],
        left_out=bool(page.next_page_token),
        time_zone=page.time_zone,
        language=page.language,
    )


async def _page(to: Connection, item: str, token: str, size: int) -> ListRoutingActsResponse:
    request = ListRoutingActsRequest(desk=to.desk, item=item, page_size=size, page_token=token)
    return await asked(to, lambda service: service.ListRoutingActs, request)
