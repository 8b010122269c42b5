"""How World changes with its rulebook: another plan, another strategy, items moved to their terms.

Part of core/apply.py, which is the only one to call it.
"""

from routing_service.core.desk.calendar import (
    Calendar,
)
from routing_service.core.desk.world import (
    World,
)
from routing_service.core.evolution.derived import (
    rebuild_matters,
    refit,
    set_item_timer,
    sign_anew,
)
from routing_service.core.evolution.surging import watch_loads
from routing_service.core.journal.events import (
    ItemsRetargeted,
    RulebookActivated,
    StrategySwitched,
)
from routing_service.core.plans.plan import (
    Plan,
)
from routing_service.core.records.lifecycle import (
    ENDED_ITEM_STATES,
)


def apply_rules(
    world: World, event: RulebookActivated | ItemsRetargeted | StrategySwitched
) -> None:
    """Change what World holds of the plan, and what is derived by it."""
    match event:
        case RulebookActivated():
            _activate(world, event)
        case ItemsRetargeted():
            _retargeted(world, event)
        case StrategySwitched():
            _switch(world, event)


def _activate(world: World, event: RulebookActivated) -> None:
    before = world.current_plan
    world.stale = _concerned(world, before, event.plan)
    world.digest = event.digest
    world.source = event.source
    world.plan = event.plan
    world.switched.clear()
    world.handlers.ask(event.plan)
    world.forget_terms()
    world.calendars = {name: Calendar(plan) for name, plan in event.plan.calendars.items()}
    if world.roster.rooms.interrupt(event.plan.interrupts):
        refit(world)
        sign_anew(world)
    if (before is None or _members(before) != _members(event.plan)) and refit(world):
        sign_anew(world)
    watch_loads(world)
    if before is None or before.correlation != event.plan.correlation:
        rebuild_matters(world)
    for agent in world.agents.values():
        if world.roster.has_room(agent.id):
            world.dirty_agents[agent.id] = None  # an item may cost less now, and so fit
    if before is None or _asked(before) != _asked(event.plan):
        sign_anew(world)


def _asked(plan: Plan) -> tuple[object, ...]:
    """What waiting items need of an agent, and in which order, as far as the plan says it."""
    queues = plan.queues.items()
    terms = {name: (each.ladder, each.order, each.expected_handling) for name, each in queues}
    return plan.channel_cost, terms


def _members(plan: Plan) -> tuple[object, ...]:
    """Who serves which queue on which terms, and keeps what room, as far as the plan says it."""
    teams = {name: team.terms for name, team in plan.teams.items() if team.terms}
    members = {name: queue.members for name, queue in plan.queues.items()}
    return members, teams, plan.loads, plan.green


def _switch(world: World, event: StrategySwitched) -> None:
    if event.strategy is None:
        world.switched.pop(event.queue, None)
    else:
        world.switched[event.queue] = event.strategy


def _retargeted(world: World, event: ItemsRetargeted) -> None:
    """Auto-close, retention and the life of what waits are the new plan's."""
    for item in event.items:
        world.stale.pop(item, None)
        if item in world.items:
            set_item_timer(world, world.items[item])


def _concerned(world: World, before: Plan | None, after: Plan) -> dict[str, None]:
    """Open items, whose clocks are to be moved; the ended ones only if they stay another time."""
    if before is None or before.retention_closed != after.retention_closed:
        return dict.fromkeys(world.items)
    return {id_: None for id_, item in world.items.items() if item.state not in ENDED_ITEM_STATES}
