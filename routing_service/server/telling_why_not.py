"""WhyNot: find the item, ask World why it is with nobody. Nothing is found out here."""

from routing_service.core.why_not import why_not
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.server import convert_why_not
from routing_service.server.desks import Desk
from routing_service.server.explaining import find_item


async def tell_why_not(desk: Desk, asked: str) -> pb.WhyNotResponse:
    """`asked` is its id or number; NotFound(ITEM_NOT_FOUND), WrongState(ITEM_NOT_WAITING)."""
    found = await find_item(desk, asked)
    item = found.item.id
    if found.archived:
        told = await desk.partition.query(lambda world: why_not(world, found.item))
    else:
        told = await desk.partition.query(lambda world: why_not(world, world.item(item)))
    return pb.WhyNotResponse(
        item_id=item, number=found.item.number, why_not=convert_why_not.to_wire(told)
    )
