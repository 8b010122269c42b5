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
from routing_service.core.queues.relaxing import need, steps_due
from routing_service.core.queues.waiting import Signature
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import OFF_SHIFT, Agent, FactValue, Item

UNKNOWN = "preferred_unknown"
ABSENT = "preferred_absent"
UNFIT = "preferred_unfit"


class Preferred(msgspec.Struct, frozen=True):
    """The agent, until when, and why not the first one named; nobody when he is empty."""

    agent: str = ""
    until: int = 0
    why_not: str = ""


def preferred(world: World, item: Item, now: int) -> Preferred:
    """Whom the item's queue keeps it for; nobody is waited for who cannot come, or declined it."""
    why_not = ""
    for wish in world.queue(item.queue).choice.prefer:
        agent = _named(world, item, wish, now)
        reason = why_not_wait(world, item, agent, now + wish.wait) if agent else ""
        if agent and not reason and item.declined_by.get(agent, 0) <= now:
            return Preferred(agent, now + wish.wait)
        why_not = why_not or reason
    return Preferred(why_not=why_not)


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


def why_not_wait(world: World, item: Item, agent: str, until: int) -> str:
    """Why it makes no sense to wait for him so long; empty when it does."""
    known = world.agents.get(agent)
    if known is None or not world.roster.serves(agent, item.queue):
        return UNKNOWN
    if not _has_what_it_takes(world, item, known, until):
        return UNFIT
    gone = known.presence in (Presence.OFFLINE, Presence.DRAINING)
    return ABSENT if gone or known.held_back.get(OFF_SHIFT, 0) >= until else ""


def _has_what_it_takes(world: World, item: Item, agent: Agent, until: int) -> bool:
    """Whether the agent could take the item, at the latest by the steps it takes till then.

    Idle he would have room for it, and he has what it asks for, which most often is nothing.
    """
    units = agent.capacity - (0 if item.green else world.roster.kept(agent.id))
    if world.cost(item) > units or agent.maximum.get(item.channel) == 0:
        return False
    if not item.requirements:
        return True
    ladder = world.queue(item.queue).ladder
    asked = need(replace(item, relaxed=steps_due(item, ladder, until)), ladder)
    signature = Signature(item.queue, asked.requirements, cost=0, ceiling=asked.ceiling)
    return bool(world.roster.profiles.fitting(1 << world.roster.bit(agent.id), signature))
