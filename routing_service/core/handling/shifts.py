"""When agents are on shift, by their calendar or their team's: off shift they get nothing new."""

from routing_service.core.desk.calendar import Calendar
from routing_service.core.desk.world import World
from routing_service.core.journal.events import AgentReady, AnyEvent, ShiftTurned
from routing_service.core.records.model import OFF_SHIFT, Agent


def at_deadline(world: World, agent: Agent, now: int) -> list[AnyEvent]:
    """A wait of the agent is over, or his shift turns."""
    turns = agent.shift_ends or agent.held_back.get(OFF_SHIFT, now + 1)
    if turns <= now:
        return turned(world, agent, now)
    return [AgentReady(agent=agent.id)]


def turned(world: World, agent: Agent, now: int) -> list[AnyEvent]:
    """How the agent's shift stands now, if that is not what his record says."""
    calendar = _calendar(world, agent)
    stands = (OFF_SHIFT not in agent.held_back, agent.shift_ends or agent.held_back.get(OFF_SHIFT))
    if calendar is None:
        if stands == (True, None):
            return []
        return [ShiftTurned(agent=agent.id, on=True)]
    on = calendar.is_open(now)
    until = calendar.closes_after(now) if on else calendar.opens_after(now)
    if stands == (on, until):
        return []
    return [ShiftTurned(agent=agent.id, on=on, until=until)]


def turn_all(world: World, now: int) -> list[AnyEvent]:
    """Another plan has other calendars and teams."""
    return [event for agent in world.agents.values() for event in turned(world, agent, now)]


def _calendar(world: World, agent: Agent) -> Calendar | None:
    """None = always on shift; so is who names a calendar that the plan no longer has."""
    team = world.plan.teams.get(agent.team)
    name = agent.calendar or (team.calendar if team else "")
    calendar = world.calendars.get(name)
    return None if calendar is None or calendar.is_always else calendar
