"""Whom a new item is to be kept for at first: the agent that one of its labels names.

Reads World, changes nothing. Owners of items that come back are offers.enqueue's business.
"""

from collections.abc import Mapping

import msgspec

from routing_service.core.lifecycle import Presence
from routing_service.core.model import FactValue
from routing_service.core.world import World

UNKNOWN = "preferred_unknown"
ABSENT = "preferred_absent"


class Preferred(msgspec.Struct, frozen=True):
    """The agent, until when, and why not the one named; nobody is preferred when he is empty."""

    agent: str = ""
    until: int = 0
    why_not: str = ""


def preferred(world: World, queue: str, labels: Mapping[str, FactValue], now: int) -> Preferred:
    """Whom the queue keeps such an item for; nobody is waited for who cannot come."""
    wish = world.queue(queue).choice.prefer
    named = labels.get(wish.label) if wish else None
    if wish is None or named is None:
        return Preferred()
    agent = world.agents.get(str(named))
    if agent is None or not world.roster.serves(agent.id, queue):
        return Preferred(why_not=UNKNOWN)
    if agent.presence in (Presence.OFFLINE, Presence.DRAINING):
        return Preferred(why_not=ABSENT)
    return Preferred(agent.id, now + wish.wait)
