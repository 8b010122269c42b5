"""What World derives of loads and levels: figures, deadlines, who serves in reserve.

Part of core/apply.py and derived.py. Decides nothing.
"""

from routing_service.core.desk.world import World
from routing_service.core.evolution.derived import put_profile, sign_anew
from routing_service.core.journal.commands import TimerKey, TimerKind
from routing_service.core.journal.events import SurgeMoved
from routing_service.core.records.surge import NORMAL, Surge
from routing_service.core.staff.membership import queues_of


def apply_surge(world: World, event: SurgeMoved) -> None:
    """Store the record; who is in reserve comes in or goes when another level is in force."""
    before = world.surges.get(event.load, NORMAL).standing
    if event.surge == NORMAL:
        world.surges.pop(event.load, None)
    else:
        world.surges[event.load] = event.surge
    _set_timer(world, event.load)
    plan = world.plan.loads[event.load]
    if plan.reserves(before) != plan.reserves(event.surge.standing):
        _call_in(world, event.load)


def _call_in(world: World, load: str) -> None:
    """Those in reserve serve the queue, or do so no more."""
    delayed = False
    for agent_id in tuple(world.loads.reserves.get(load, ())):
        agent = world.agents[agent_id]
        delayed |= put_profile(world, agent, agent)
        if world.roster.has_room(agent_id):
            world.dirty_agents[agent_id] = None
    if delayed:
        sign_anew(world)


def _set_timer(world: World, load: str) -> None:
    world.timers.set(TimerKey(TimerKind.SURGE, load), deadline(world.surges.get(load, NORMAL)))


def deadline(surge: Surge) -> int | None:
    """When the load needs attention though nothing changes it: the end of a hold or of a switch."""
    ends = [surge.held_until] if surge.held_until else []
    ends += [surge.until] if surge.switched else []
    return min(ends, default=None)


def watch_loads(world: World) -> None:
    """Figures of the plan's loads anew, from all items and agents."""
    plan = world.current_plan
    if plan is None or not (plan.loads or world.loads.figures):
        return
    world.loads.watch(plan.loads)
    if not plan.loads:
        return
    for item in world.items.values():
        world.loads.put_item(None, item, world.cost(item))
    for agent in world.agents.values():
        world.loads.put_profile(agent, queues_of(plan, agent))


def rebuild_surges(world: World) -> None:
    """After a snapshot was loaded: figures, and when levels and switches end."""
    watch_loads(world)
    for load in world.surges:
        _set_timer(world, load)
