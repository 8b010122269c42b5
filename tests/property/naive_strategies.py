"""The strategies written plainly: of all who can take an item, whom the queue asks first.

Asks every agent, knows no index.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from routing_service.core.desk.world import World
from routing_service.core.plans.plan import QueuePlan, Strategy
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES
from routing_service.core.records.model import Agent, FactValue, Item

PRESETS = {
    Strategy.SKILL_FIRST: {"skill": 80, "idle": 20},
    Strategy.IDLE_FIRST: {"skill": 20, "idle": 80},
}


def held(agent: Agent) -> int:
    """Units in use, whatever for."""
    return sum(hold.cost for hold in agent.holds.values()) + agent.outside


def _by_level(world: World, queue: QueuePlan) -> Strategy:
    """What the worst level in force of the first of the queue's loads says; else as ever."""
    for load in world.plan.loads.values():
        standing = world.surges[load.name].standing if load.name in world.surges else ""
        if load.queue != queue.name or not standing:
            continue
        names = [level.name for level in load.levels]
        for level in reversed(load.levels[: names.index(standing) + 1]):
            if level.strategy is not None:
                return level.strategy
    return queue.strategy


def chosen(
    world: World, item: Item, able: Sequence[Agent], turns: Mapping[str, str]
) -> list[Agent]:
    """Whom of `able`, given in order of arrival, the item's queue asks, the first one first.

    `turns` = who was asked last, by queue.
    """
    queue = world.plan.queues[item.queue]
    strategy = world.switched.get(queue.name) or _by_level(world, queue)
    count = 1
    if strategy in {Strategy.BROADCAST, Strategy.PROGRESSIVE_BROADCAST}:
        terms = queue.choice.broadcast
        left = terms.at_most - item.asked
        if item.offers and strategy is Strategy.BROADCAST:
            return []
        if not item.preferred:
            count = left if strategy is Strategy.BROADCAST else min(left, terms.wave)
        strategy = terms.by
    elif item.offers:
        return []
    return _in_order(world, item, able, strategy, turns, count)[:count]


def _in_order(
    world: World,
    item: Item,
    able: Sequence[Agent],
    strategy: Strategy,
    turns: Mapping[str, str],
    count: int,
) -> list[Agent]:
    queue = world.plan.queues[item.queue]
    if strategy is Strategy.WEIGHTED_RANDOM:
        return _drawn(world, item, able, queue.choice.random_by, count)
    if strategy is Strategy.ROUND_ROBIN:
        order = list(world.agents)
        last = order.index(turns[queue.name]) if turns.get(queue.name) in order else -1
        return sorted(able, key=lambda agent: (order.index(agent.id) - last - 1) % len(order))
    return sorted(able, key=lambda agent: _score(world, queue, strategy, item, agent))


def _score(
    world: World, queue: QueuePlan, strategy: Strategy, item: Item, agent: Agent
) -> tuple[int | str, ...]:
    """Smallest first; load in thousandths. Ties: load, idle since, id."""
    load = held(agent) * 1000 // agent.capacity
    if strategy is Strategy.LONGEST_IDLE:
        return agent.idle_since, load, agent.id
    return _first(world, queue, strategy, item, agent), load, agent.idle_since, agent.id


def _first(world: World, queue: QueuePlan, strategy: Strategy, item: Item, agent: Agent) -> int:
    order, territory = queue.choice.in_order, queue.choice.territory
    match strategy:
        case Strategy.LEAST_LOADED:
            return 0
        case Strategy.BEST_SKILL:
            return -sum(agent.skills.get(need.skill, 0) for need in item.requirements)
        case Strategy.FIXED_ORDER:
            return order.index(agent.id) if agent.id in order else len(order)
        case Strategy.TERRITORY:
            assert territory is not None
            theirs = _each(agent.attributes.get(territory.attribute))
            return not theirs & _each(item.labels.get(territory.label))
        case Strategy.BALANCED:
            items = world.items.values()
            open_items = (each for each in items if each.state not in ENDED_ITEM_STATES)
            return sum(each.owner == agent.id for each in open_items)
        case _:
            weights = PRESETS.get(strategy, queue.choice.weights)
            return -sum(
                weight * _share(world, queue, name, item, agent) for name, weight in weights.items()
            )


def _each(value: FactValue | None) -> set[FactValue]:
    if value is None:
        return set()
    return set(value) if isinstance(value, tuple) else {value}


def _share(world: World, queue: QueuePlan, name: str, item: Item, agent: Agent) -> int:
    """Thousandths of what a factor can be at most."""
    if name == "skill":
        levels = [agent.skills.get(need.skill, 0) for need in item.requirements]
        return sum(levels) * 1000 // (10 * len(levels)) if levels else 0
    if name == "idle":
        full = queue.choice.idle_full
        return min(world.now - agent.idle_since, full) * 1000 // full
    if name == "room":
        return 1000 - min(1000, held(agent) * 1000 // agent.capacity)
    plan = world.plan.agent_attributes[name]
    low, high = plan.minimum or 0, plan.maximum or 0
    value = agent.attributes.get(name, low)
    assert isinstance(value, int)
    return min(max(value - low, 0), high - low) * 1000 // (high - low)


def _drawn(
    world: World, item: Item, able: Sequence[Agent], attribute: str, count: int
) -> list[Agent]:
    """They stand in a row, lightest first, as often as each weighs; numbers pick them."""
    left, drawn = list(able), []
    while left and len(drawn) < count:
        agent = _one_drawn(world, item, left, attribute, len(drawn))
        left.remove(agent)
        drawn.append(agent)
    return drawn


def _one_drawn(world: World, item: Item, able: Sequence[Agent], attribute: str, draw: int) -> Agent:
    weighed: dict[int, list[Agent]] = {}
    for agent in able:
        weight = agent.attributes.get(attribute, 1)
        assert isinstance(weight, int)
        weighed.setdefault(max(1, weight), []).append(agent)
    row = [
        agent
        for weight, agents in sorted(weighed.items())
        for agent in agents
        for _ in range(weight)
    ]
    seed = f"{world.desk}/{world.seq}/{item.id}/{draw}".encode()
    return row[int.from_bytes(blake2b(seed, digest_size=8).digest()) % len(row)]
