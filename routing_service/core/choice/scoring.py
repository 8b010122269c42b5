"""The weighted score: of the agents who can take an item, those with the highest sum of shares.

The only strategy that asks each of them: nothing bounds a sum of unlike things by looking at some.
It costs 2 to 4 us for each candidate. Reads World, changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import nsmallest

from routing_service.core.desk.world import World
from routing_service.core.journal.match_record import Candidate
from routing_service.core.plans.plan import QueuePlan
from routing_service.core.queues.bits import listed
from routing_service.core.records.model import Agent, FactValue, Item, Requirement
from routing_service.core.staff.profiles import MAX_LEVEL
from routing_service.core.staff.roster import FULL_LOAD

FULL_SHARE = 1000


def scored(
    world: World, weights: Mapping[str, int], item: Item, bits: int, count: int
) -> tuple[Candidate, ...]:
    """The first `count` by the weighted sum of shares in thousandths, then load, idle time, id."""
    queue, places = world.queue(item.queue), listed(bits)
    agents = [world.agents[world.roster.agent_at(bit)] for bit in places]
    sums = [0] * len(agents)
    for name, weight in weights.items():
        shares = _shares(world, queue, name, item, agents)
        sums = [before - weight * share for before, share in zip(sums, shares, strict=True)]
    best = nsmallest(count, zip(sums, world.roster.burdens(places), strict=True))
    return tuple([Candidate(agent, (score, load, at)) for score, (load, at, agent) in best])


def _shares(
    world: World, queue: QueuePlan, name: str, item: Item, agents: Sequence[Agent]
) -> Iterable[int]:
    """How much of one factor each agent has, 0 to 1000."""
    match name:
        case "skill":
            return _of_skill(agents, item.requirements)
        case "idle":
            now, full = world.now, max(1, queue.choice.idle_full)
            return [min(now - agent.idle_since, full) * FULL_SHARE // full for agent in agents]
        case "room":
            return [FULL_LOAD - min(FULL_LOAD, world.roster.load(agent.id)) for agent in agents]
        case _:
            plan = world.plan.agent_attributes[name]
            low, high = plan.minimum or 0, plan.maximum or 0
            return [_between(agent.attributes.get(name, low), low, high) for agent in agents]


def _of_skill(agents: Sequence[Agent], requirements: tuple[Requirement, ...]) -> list[int]:
    """The mean level of the skills asked for; 0 when none is."""
    sums = [0] * len(agents)
    for need in requirements:
        skill = need.skill
        levels = [agent.skills.get(skill, 0) for agent in agents]
        sums = [before + level for before, level in zip(sums, levels, strict=True)]
    whole = MAX_LEVEL * max(1, len(requirements))
    return [levels * FULL_SHARE // whole for levels in sums]


def _between(value: FactValue, low: int, high: int) -> int:
    if type(value) is not int or high <= low:
        return 0
    return min(max(value - low, 0), high - low) * FULL_SHARE // (high - low)
