"""Whom an item that comes to a queue is to be kept for at first, by what the queue prefers.

Reads World, changes nothing. Owners of items that come back are queueing.enqueue's business.
"""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from routing_service.core.desk import correlation
from routing_service.core.desk.handlers import Key
from routing_service.core.desk.world import World
from routing_service.core.plans.queue_plan import Matters, Preference
from routing_service.core.queues.relaxing import steps_due
from routing_service.core.records.kinds import Kept
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import OFF_SHIFT, FactValue, Item

UNKNOWN = "preferred_unknown"
ABSENT = "preferred_absent"
UNFIT = "preferred_unfit"


class Preferred(msgspec.Struct, frozen=True):
    """The agent, until when, as what, and why not the first one named; nobody when he is empty."""

    agent: str = ""
    until: int = 0
    kept_as: Kept | None = None
    why_not: str = ""


NOBODY = Preferred()


def preferred(world: World, item: Item, now: int) -> Preferred:
    """Whom the item's queue keeps it for; nobody is waited for who cannot come, or declined it."""
    why_not = ""
    for wish in world.queue(item.queue).choice.prefer:
        agent = _named(world, item, wish, now)
        found = Preferred(agent, now + wish.wait, Kept.LAST_HANDLER if wish.handled else Kept.LABEL)
        reason = why_not_wait(world, keeping(item, found)) if agent else ""
        if agent and not reason and item.declined_by.get(agent, 0) <= now:
            return found
        why_not = why_not or reason
    return Preferred(why_not=why_not)


def keeping(item: Item, wish: Preferred) -> Item:
    """The item as it would be were it kept like this."""
    return replace(item, preferred=wish.agent, preferred_until=wish.until, kept_as=wish.kept_as)


def names_others(world: World, item: Item, labels: Mapping[str, FactValue]) -> bool:
    """Whether a label that names an agent has another value by now than in `labels`."""
    wishes = world.queue(item.queue).choice.prefer
    return any(
        wish.label and item.labels.get(wish.label) != labels.get(wish.label) for wish in wishes
    )


def matter_key(world: World, item: Item, of: Matters) -> Key:
    """What requests have in common that are of one customer, or of one matter.

    Without a customer or a correlation key nothing is: the item stands alone.
    """
    if of is Matters.CUSTOMER:
        return (of.value, item.customer or item.id)
    matter = correlation.matter_of_item(world.plan, item)
    return (of.value, item.id) if matter is None else (of.value, *matter)


def _named(world: World, item: Item, wish: Preference, now: int) -> str:
    """Empty when there is none."""
    if wish.handled is None:
        return str(item.labels.get(wish.label, ""))
    return world.handlers.last(matter_key(world, item, wish.handled), now - wish.within)


def why_not_wait(world: World, kept: Item) -> str:
    """Why it makes no sense to keep the item like this; empty when it does."""
    lacking = lacks(world, kept)
    if lacking:
        return lacking
    agent = world.agents[kept.preferred]
    gone = agent.presence in (Presence.OFFLINE, Presence.DRAINING)
    return ABSENT if gone or agent.held_back.get(OFF_SHIFT, 0) >= kept.preferred_until else ""


def lacks(world: World, kept: Item) -> str:
    """Why the agent whom the item is kept for could not have it by then; empty when he could.

    Idle he would have room for it, serves one of its queues and has what it asks of him.
    """
    agent = world.agents.get(kept.preferred)
    if agent is None:
        return UNKNOWN
    steps = steps_due(kept, world.queue(kept.queue).ladder, kept.preferred_until)
    signature = world.signature(replace(kept, relaxed=steps))
    him = 1 << world.roster.bit(agent.id)
    if not world.roster.profiles.members_for(signature) & him:
        return UNKNOWN
    units = agent.capacity - (0 if kept.green else world.roster.kept(agent.id))
    has_room = signature.cost <= units and agent.maximum.get(kept.channel) != 0
    return "" if has_room and world.roster.profiles.fitting(him, signature) else UNFIT
