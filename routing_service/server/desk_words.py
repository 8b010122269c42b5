"""How people of a desk read what they are told: as the rulebook in force says. Words for nobody."""

import msgspec

from routing_service.core.desk.world import World


class DeskWords(msgspec.Struct, frozen=True):
    """The zone of their instants, and their language."""

    zone: str
    language: str


def desk_words(world: World) -> DeskWords:
    """A question to the desk's World."""
    return DeskWords(world.plan.zone, world.plan.language)
