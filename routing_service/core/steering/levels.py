"""Decisions about the levels of loads: by their thresholds, by a switch, at the end of either.

A level is entered as soon as the load is above its threshold. It is left when the load is below
the lower one and the level was held long enough, so that it never flaps.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from routing_service.core.desk.loads import Figure
from routing_service.core.desk.world import DAY, World
from routing_service.core.journal.events import AnyEvent, SurgeMoved
from routing_service.core.journal.surge_commands import SwitchSurge
from routing_service.core.plans.plan import Plan
from routing_service.core.plans.surge_plan import LoadPlan
from routing_service.core.records.errors import Invalid, NotFound, WrongState
from routing_service.core.records.surge import NORMAL, Surge, SurgeCause

LONGEST_SWITCH = 7 * DAY
"""A switch for longer is a rule: it belongs into the rulebook."""


def settle(world: World) -> list[AnyEvent]:
    """The levels that loads which changed have reached or left by now."""
    names = tuple(world.loads.dirty)
    world.loads.dirty.clear()
    events: list[AnyEvent] = []
    for name in names:
        surge = world.surges.get(name, NORMAL)
        after = by_load(world.plan.loads[name], surge, world.loads.figures[name], world.now)
        if after != surge:
            events.append(_moved(world, name, after, SurgeCause.LOAD))
    return events


def by_load(plan: LoadPlan, surge: Surge, figure: Figure, now: int) -> Surge:
    """The record after a look at the load; with nobody signed in there is none, and it stays."""
    demand, units = figure.demand, figure.units
    if demand and not units:
        return surge
    stands = plan.index(surge.level)
    for index in range(len(plan.levels) - 1, stands, -1):
        level = plan.levels[index]
        if level.above and demand * 100 > level.above * units:
            return _entered(plan, surge, index, now)
    if stands < 0 or now < surge.held_until or not _is_below(plan, stands, demand, units):
        return surge
    lower = range(stands - 1, -1, -1)
    stays = (index for index in lower if not _is_below(plan, index, demand, units))
    return _entered(plan, surge, next(stays, -1), now)


def _is_below(plan: LoadPlan, index: int, demand: int, units: int) -> bool:
    """Whether the load does not keep the level up; one to switch to is kept up by no load."""
    level = plan.levels[index]
    return not demand or not level.above or demand * 100 < level.below * units


def _entered(plan: LoadPlan, surge: Surge, index: int, now: int) -> Surge:
    if index < 0:
        return replace(surge, level="", held_until=0)
    level = plan.levels[index]
    return replace(surge, level=level.name, held_until=now + level.hold)


def at_deadline(world: World, load: str, now: int) -> list[AnyEvent]:
    """A switch ends, or a level was held long enough and may be left."""
    surge = world.surges[load]
    if surge.switched and surge.until <= now:
        return [_moved(world, load, _by_itself(surge), SurgeCause.RETURNED)]
    after = by_load(world.plan.loads[load], surge, world.loads.figures[load], now)
    if after != surge:
        return [_moved(world, load, after, SurgeCause.LOAD)]
    return [_moved(world, load, replace(surge, held_until=0), SurgeCause.HOLD_OVER)]


def switch(world: World, command: SwitchSurge, now: int) -> list[AnyEvent]:
    """Loads stand at a level for a time, or go by themselves again.

    NotFound: LOAD_NOT_FOUND, LEVEL_NOT_FOUND. Invalid: FIELD_REQUIRED without a reason,
    FIELD_OUT_OF_RANGE for an end that is not within a week. WrongState(NOT_SWITCHED) when there is
    nothing to release.
    """
    if not command.reason.strip():
        raise Invalid("FIELD_REQUIRED", "Say why: the journal keeps it.", field="reason")
    if command.release:
        return _released(world, command)
    if not now < command.until <= now + LONGEST_SWITCH:
        raise Invalid(
            "FIELD_OUT_OF_RANGE", "A switch ends in the future, within 7 days.", field="until"
        )
    return [
        _moved(world, load, _switched(world, load, command), SurgeCause.SWITCHED, command)
        for load in _concerned(world, command)
    ]


def _concerned(world: World, command: SwitchSurge) -> list[str]:
    plans = world.plan.loads
    _check_load(world, command)
    asked = [command.load] if command.load else list(plans)
    having = [each for each in asked if not command.level or plans[each].index(command.level) >= 0]
    if not having:
        known = dict.fromkeys(level.name for each in asked for level in plans[each].levels)
        raise NotFound(
            "LEVEL_NOT_FOUND",
            "The rulebook has no such level.",
            level=command.level[:64],
            known=", ".join(known),
        )
    return having


def _check_load(world: World, command: SwitchSurge) -> None:
    known = world.plan.loads
    if not known:
        raise NotFound("LOAD_NOT_FOUND", "The rulebook measures no loads.")
    if command.load and command.load not in known:
        raise NotFound(
            "LOAD_NOT_FOUND",
            "The rulebook has no such load.",
            load=command.load[:64],
            known=", ".join(known),
        )


def _switched(world: World, load: str, command: SwitchSurge) -> Surge:
    return replace(
        world.surges.get(load, NORMAL),
        switched=True,
        to=command.level,
        until=command.until,
        by=command.actor,
        reason=command.reason,
    )


def _released(world: World, command: SwitchSurge) -> list[AnyEvent]:
    _check_load(world, command)
    given_back = [
        name
        for name, surge in world.surges.items()
        if surge.switched and command.load in ("", name)
    ]
    if not given_back:
        raise WrongState("NOT_SWITCHED", "No such load was switched: there is nothing to release.")
    return [
        _moved(world, name, _by_itself(world.surges[name]), SurgeCause.RELEASED, command)
        for name in given_back
    ]


def _by_itself(surge: Surge) -> Surge:
    return replace(surge, switched=False, to="", until=0, by="", reason="")


def outlived(world: World, plan: Plan) -> Iterator[AnyEvent]:
    """Levels that the rulebook about to be in force does not have are left before it is."""
    for name, surge in world.surges.items():
        after, new = surge, plan.loads.get(name)
        if new is None or new.index(surge.level) < 0:
            after = replace(after, level="", held_until=0)
        if surge.switched and (new is None or (surge.to and new.index(surge.to) < 0)):
            after = _by_itself(after)
        if after != surge:
            yield _moved(world, name, after, SurgeCause.RULEBOOK)


def _moved(
    world: World, load: str, surge: Surge, cause: SurgeCause, command: SwitchSurge | None = None
) -> SurgeMoved:
    figure, plan = world.loads.figures[load], world.plan.loads[load]
    return SurgeMoved(
        load=load,
        queue=plan.queue,
        skill=plan.skill,
        skill_level=plan.skill_level if plan.skill else 0,
        surge=surge,
        cause=cause,
        before=world.surges.get(load, NORMAL).standing,
        demand=figure.demand,
        units=figure.units,
        by=command.actor if command else "",
        reason=command.reason if command else "",
    )
