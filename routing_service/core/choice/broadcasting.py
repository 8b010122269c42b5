"""How many agents an item is offered to at once, and when to more: reads World, decides nothing.

A round begins when the item leaves its queue and ends when it is taken or back there.
"""

from routing_service.core.desk.world import World
from routing_service.core.plans.queue_plan import BroadcastPlan
from routing_service.core.plans.strategy import BROADCASTS, Strategy
from routing_service.core.records.model import Item


def width(world: World, item: Item, strategy: Strategy) -> int:
    """Offers that may be made now: to a preferred agent alone, and beside others only in waves."""
    if item.offers and strategy is not Strategy.PROGRESSIVE_BROADCAST:
        return 0
    if strategy not in BROADCASTS or item.preferred:
        return 1
    terms = _terms(world, item)
    left = max(0, terms.at_most - item.asked)
    return left if strategy is Strategy.BROADCAST else min(left, terms.wave)


def next_wave(world: World, item: Item, asked: int, now: int) -> int:
    """When more agents are asked, after so many in this round; 0 = no more are.

    Not beside a preferred agent, nor once a warm transfer is over.
    """
    if item.preferred or _strategy(world, item) is not Strategy.PROGRESSIVE_BROADCAST:
        return 0
    terms = _terms(world, item)
    at = now + terms.every
    over = item.handover is not None and at >= item.handover.until
    return 0 if over or asked >= terms.at_most else at


def ranked_by(world: World, item: Item, strategy: Strategy) -> Strategy:
    """The strategy that puts the agents in order."""
    return _terms(world, item).by if strategy in BROADCASTS else strategy


def _strategy(world: World, item: Item) -> Strategy:
    return world.strategy(world.queue(item.queue))


def _terms(world: World, item: Item) -> BroadcastPlan:
    return world.queue(item.queue).choice.broadcast
