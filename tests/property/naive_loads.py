"""Loads, levels, reserves and the green channel written plainly, from World's tables alone."""

from collections.abc import Iterator

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import TimerKey
from routing_service.core.journal.events import AnyEvent, SurgeMoved
from routing_service.core.plans.predicate import holds
from routing_service.core.plans.surge_plan import LoadPlan
from routing_service.core.records.lifecycle import HoldState, ItemState, Presence
from routing_service.core.records.model import Agent, FactValue, Item
from routing_service.core.records.surge import NORMAL, SurgeCause


def _facts(agent: Agent) -> dict[str, FactValue]:
    return {**agent.attributes, "agent": agent.id, "team": agent.team}


def serves_by_plan(world: World, agent: Agent, queue: str) -> bool:
    """Whether he serves the queue at any time."""
    members = world.plan.queues[queue].members if queue in world.plan.queues else None
    return queue in agent.queues or (members is not None and holds(members, _facts(agent)))


def called_in(world: World, agent: Agent, queue: str) -> bool:
    """Whether the level of one of the queue's loads lets him serve it."""
    return any(
        load.queue == queue and _in_reserve(load, agent, world.surges[load.name].standing)
        for load in world.plan.loads.values()
        if load.name in world.surges
    )


def _in_reserve(load: LoadPlan, agent: Agent, stands: str) -> bool:
    """Called in at this level, or at one before it."""
    names = [level.name for level in load.levels]
    reached = names.index(stands) + 1 if stands else 0
    reserves = [level.reserve for level in load.levels[:reached] if level.reserve]
    return any(holds(reserve, _facts(agent)) for reserve in reserves)


def kept(world: World, agent: Agent, item: Item) -> int:
    """Units that he keeps for items more urgent than this one."""
    green = world.plan.green
    if green is None or item.green:
        return 0
    return max(
        (
            each.units
            for each in green.keep
            if any(serves_by_plan(world, agent, queue) for queue in each.queues)
            and (each.agents is None or holds(each.agents, _facts(agent)))
        ),
        default=0,
    )


def figures(world: World) -> dict[str, tuple[int, int]]:
    """Of every load what is demanded, and the units that are there for it."""
    return {
        load.name: _figure(world, load)
        for load in (world.current_plan.loads.values() if world.current_plan else ())
    }


def _figure(world: World, load: LoadPlan) -> tuple[int, int]:
    demand = units = 0
    for item in world.items.values():
        asked = {need.skill: need.level for need in item.requirements}
        counts = not load.skill or asked.get(load.skill, 0) >= load.skill_level
        waits = item.state in {ItemState.QUEUED, ItemState.OFFERED}
        if waits and item.queue == load.queue and counts:
            demand += world.plan.channel_cost.get(item.channel, 1)
    for agent in world.agents.values():
        there = agent.presence in {Presence.AVAILABLE, Presence.BUSY}
        can = not load.skill or agent.skills.get(load.skill, 0) >= load.skill_level
        if not there or "off_shift" in agent.held_back or not can:
            continue
        own = serves_by_plan(world, agent, load.queue)
        units += max(0, agent.capacity - agent.outside) if own else 0
        demand += sum(
            hold.cost
            for hold in agent.holds.values()
            if hold.state is not HoldState.RESERVED and (own or hold.queue == load.queue)
        )
    return demand, units


def level_holds(world: World, load: LoadPlan) -> bool:
    """Whether the level is the one that thresholds, and the time it is held at least, allow."""
    demand, units = figures(world)[load.name]
    if demand and not units:
        return True
    surge = world.surges.get(load.name, NORMAL)
    names = [level.name for level in load.levels]
    stands = names.index(surge.level) if surge.level else -1
    share = demand / units if demand else 0.0
    worse = [level for level in load.levels[stands + 1 :] if level.above]
    if any(share > level.above / 100 for level in worse):
        return False
    may_stay = stands < 0 or surge.held_until > 0 or share >= load.levels[stands].below / 100
    return may_stay and (demand > 0 or stands < 0 or surge.held_until > 0)


def ends_of_levels(world: World) -> dict[TimerKey, int]:
    """When a level may be left, or a switch ends."""
    found: dict[TimerKey, int] = {}
    for load, surge in world.surges.items():
        ends = [surge.held_until] if surge.held_until else []
        ends += [surge.until] if surge.switched else []
        if ends:
            found[TimerKey("surge", load)] = min(ends)
    return found


def wrong_levels(world: World) -> Iterator[str]:
    """What is wrong with the loads of World at rest, as sentences."""
    for name, counted in figures(world).items():
        known = world.loads.figures[name]
        if counted != (known.demand, known.units):
            yield f"the load {name} is {known}, counted {counted}"
        if not level_holds(world, world.plan.loads[name]):
            yield f"the load {name} is {counted} at {world.surges.get(name)}"


class Held:
    """Watches that a level, once entered, is not left before it was held as long as it must be."""

    def __init__(self) -> None:
        self._entered: dict[tuple[str, str], int] = {}

    def see(self, world: World, event: AnyEvent) -> None:
        """The event is about to happen to World."""
        if not isinstance(event, SurgeMoved):
            return
        load = world.plan.loads[event.load]
        before = world.surges.get(event.load, NORMAL)
        assert event.before == before.standing
        fell = load.index(event.surge.level) < load.index(before.level)
        if fell and event.cause is not SurgeCause.RULEBOOK:
            hold = load.levels[load.index(before.level)].hold
            assert world.now >= self._entered[event.load, before.level] + hold
        if event.surge.level != before.level:
            self._entered[event.load, event.surge.level] = world.now
