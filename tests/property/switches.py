"""Moves of the supervisor: another strategy for a queue, another level for a load."""

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import AnyCommand, SwitchStrategy
from routing_service.core.journal.surge_commands import SwitchSurge
from routing_service.core.plans.plan import Strategy
from tests.builders import HOUR, MINUTE, SECOND
from tests.property.moves import Move, chosen


def switch(_world: World, move: Move, _now: int) -> AnyCommand:
    """Any queue to any strategy, or back to the rulebook's."""
    queue = chosen(("service", "second", "strict"), move.which)
    return SwitchStrategy(queue=queue, strategy=chosen((*Strategy, None), move.how))


def switch_surge(_world: World, move: Move, now: int) -> AnyCommand:
    """To any level, for a while; given back at times; without a reason, an end or a load, too."""
    return SwitchSurge(
        actor="boss",
        load=chosen(("service", "", "second", "hvac", "unheard_of"), move.which),
        level=chosen(("alarm", "peak", "", "short"), move.how),
        reason="" if move.also == 0 else "power cut",
        until=now + chosen((MINUTE, 10 * SECOND, HOUR, 0), move.when),
        release=move.also % 3 == 1,
    )
