"""ListRoutingActs: find the item, then its acts in the journal, from one instant to the one before.

Nothing is kept in memory for it: the item knows its last act, each act the one before.
"""

from routing_service.core.journal.routing_acts import RoutingAct, instant_before
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.server import convert_routing_acts, paging, wire
from routing_service.server.convert_requests import identifier
from routing_service.server.desk_words import desk_words
from routing_service.server.desks import Desk
from routing_service.server.explaining import find_item

DEFAULT_PAGE = 20
MAX_PAGE = 100
LONGEST = 20
"""Digits of an instant."""


async def list_routing_acts(
    desk: Desk, request: pb.ListRoutingActsRequest
) -> pb.ListRoutingActsResponse:
    """One page, latest first; NotFound(ITEM_NOT_FOUND), Invalid."""
    size = paging.size(request.page_size, default=DEFAULT_PAGE, most=MAX_PAGE)
    found = await find_item(desk, identifier(request.item, "item"))
    item = found.item
    at = _place(request.page_token) or item.routed_at or item.received_at
    acts: list[RoutingAct] = []
    if request.HasField("at"):
        at, acts = 0, (await desk.past.acts(item.id, wire.instant_of(request.at, "at")))[::-1]
    while at and len(acts) < size:
        done = await desk.past.acts(item.id, at)
        acts += reversed(done)
        at = instant_before(done, at, item.received_at)
    words = await desk.partition.query(desk_words)
    return pb.ListRoutingActsResponse(
        item_id=item.id,
        number=item.number,
        archived=found.archived,
        acts=map(convert_routing_acts.to_wire, acts),
        next_page_token=paging.write_token(str(at)) if at else "",
        time_zone=words.zone,
        language=words.language,
    )


def _place(token: str) -> int:
    """The instant to go on at; 0 = the last one."""
    place = paging.read_token(token)
    if place and not (place.isascii() and place.isdigit() and len(place) < LONGEST):
        raise paging.invalid_token()
    return int(place or 0)
