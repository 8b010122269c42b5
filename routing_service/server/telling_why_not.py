"""WhyNot: find the item, ask World why it is with nobody. Nothing is found out here."""

from routing_service.core.choice.why_not import WhyNot, why_not
from routing_service.core.desk.world import World
from routing_service.core.records.model import Item
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.server import convert_why_not, wire
from routing_service.server.desk_words import DeskWords, desk_words
from routing_service.server.desks import Desk
from routing_service.server.explaining import find_item


async def tell_why_not(desk: Desk, asked: str) -> pb.WhyNotResponse:
    """`asked` is its id or number; NotFound(ITEM_NOT_FOUND), WrongState(ITEM_NOT_WAITING)."""
    found = await find_item(desk, asked)
    archived = found.item if found.archived else None

    def ask(world: World) -> tuple[WhyNot, int, DeskWords]:
        item: Item = archived or world.item(found.item.id)
        return why_not(world, item), world.now, desk_words(world)

    told, now, words = await desk.partition.query(ask)
    return pb.WhyNotResponse(
        item_id=found.item.id,
        number=found.item.number,
        why_not=convert_why_not.to_wire(told),
        as_of=wire.stamp(max(now, desk.partition.clock.now())),
        time_zone=words.zone,
        language=words.language,
    )
