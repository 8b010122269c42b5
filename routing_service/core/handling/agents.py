"""Decisions about agents: profiles, presence, lease."""

from collections.abc import Iterable

from routing_service.core.arrival import preferring, queueing
from routing_service.core.desk.world import DAY, World
from routing_service.core.evolution.draft import Draft
from routing_service.core.evolution.evolve_agent import evolve_agent
from routing_service.core.handling import overdue, shifts
from routing_service.core.handling.attributes import check_attributes
from routing_service.core.handling.resting import check_epoch
from routing_service.core.journal.commands import (
    ConnectAgent,
    LoseAgent,
    PutAgents,
    SetOutsideWork,
    SetPresence,
)
from routing_service.core.journal.events import (
    AgentConnected,
    AgentLost,
    AgentPut,
    AnyEvent,
    OutsideWorkSet,
    PresenceSet,
)
from routing_service.core.records.errors import Invalid, NotFound
from routing_service.core.records.lifecycle import OfferStep, Presence
from routing_service.core.records.model import Agent, QueueTerms
from routing_service.core.staff.profiles import MAX_LEVEL

MAX_CAPACITY = 10_000
MAX_CAP = 1_000
MAX_WINDOW = 31 * DAY
MAX_PRIORITY = 100
_LIMITS = {
    "cap": f"A cap is between 1 and {MAX_CAP} items, with a window of at most 31 days.",
    "maximum": "A channel's maximum is 0 or more items.",
    "terms": f"A priority is between 0 and {MAX_PRIORITY}, a delay at most 31 days.",
}


def put_agents(world: World, command: PutAgents, now: int) -> list[AnyEvent]:
    """Create or replace profiles: all of them or none."""
    for agent in command.agents:
        _check(world, agent)
    events: list[AnyEvent] = []
    for agent in command.agents:
        put = AgentPut(agent=agent)
        after = evolve_agent(world.agents.get(agent.id), put, now)
        events += [put, *shifts.turned(world, after, now)]
    return events


def let_go_unable(world: World, agents: Iterable[str]) -> list[AnyEvent]:
    """What is kept for agents who by a new profile or rulebook cannot have it goes to others."""
    return [
        queueing.anybodys(world.items[item])
        for agent in agents
        for item in world.waiting.kept_for(agent)
        if preferring.lacks(world, world.items[item])
    ]


def _check(world: World, agent: Agent) -> None:
    """Invalid or NotFound, naming the agent."""
    if not agent.id:
        raise Invalid("FIELD_REQUIRED", "Every agent needs an id.", field="agents.id")
    if not 0 < agent.capacity <= MAX_CAPACITY:
        raise Invalid(
            "FIELD_OUT_OF_RANGE",
            f"Capacity is between 1 and {MAX_CAPACITY} units.",
            agent=agent.id[:64],
            field="capacity",
        )
    if any(not 0 < level <= MAX_LEVEL for level in agent.skills.values()):
        raise Invalid(
            "FIELD_OUT_OF_RANGE",
            f"Skill levels are between 1 and {MAX_LEVEL}.",
            agent=agent.id[:64],
            field="skills",
        )
    _check_limits(world, agent)
    for queue in (*agent.queues, *agent.terms):
        world.queue(queue)
    if agent.attributes:
        check_attributes(agent, world.plan.agent_attributes)
    if agent.team and agent.team not in world.plan.teams:
        raise NotFound("TEAM_NOT_FOUND", "The rulebook has no such team.", team=agent.team[:64])


def _check_limits(world: World, agent: Agent) -> None:
    """A cap has a window, shifts have a calendar, and limits are of channels that there are."""
    costs = world.plan.channel_cost
    unknown = [channel for channel in agent.maximum if channel not in costs]
    if unknown:
        raise Invalid(
            "CHANNEL_UNKNOWN",
            "The rulebook declares no such channel.",
            agent=agent.id[:64],
            field="maximum",
            channel=unknown[0][:64],
        )
    wrong = ""
    if not 0 <= agent.cap <= MAX_CAP or (agent.cap > 0) != (0 < agent.cap_window <= MAX_WINDOW):
        wrong = "cap"
    elif any(limit < 0 for limit in agent.maximum.values()):
        wrong = "maximum"
    elif any(not _in_range(each) for each in agent.terms.values()):
        wrong = "terms"
    if wrong:
        raise Invalid("FIELD_OUT_OF_RANGE", _LIMITS[wrong], agent=agent.id[:64], field=wrong)
    if agent.calendar and agent.calendar not in world.plan.calendars:
        raise NotFound(
            "CALENDAR_NOT_FOUND", "The rulebook has no such calendar.", calendar=agent.calendar[:64]
        )


def _in_range(terms: QueueTerms) -> bool:
    return 0 <= terms.priority <= MAX_PRIORITY and 0 <= terms.delay <= MAX_WINDOW


def set_presence(world: World, command: SetPresence, now: int) -> list[AnyEvent]:
    """What the agent says about himself; what he handles stays his.

    Offline he answers no offer: what is offered to him goes to others. Draining he finishes all
    that he has, an offer made before included. In both nothing is kept for him any more.
    """
    agent = world.agent(command.agent)
    check_epoch(agent, command.epoch)
    gone: list[AnyEvent] = []
    if command.presence is Presence.OFFLINE:
        gone = _void_offers(world, agent, "agent_offline", now)
    if command.presence in (Presence.OFFLINE, Presence.DRAINING):
        gone += _let_go(world, agent)
    said = PresenceSet(agent=agent.id, presence=command.presence, reason=command.reason)
    return [said, *gone]


def set_outside_work(world: World, command: SetOutsideWork) -> list[AnyEvent]:
    """Units busy elsewhere count like held ones; what he already has in hand stays his.

    What his Work stream says holds as long as his lease, what others say until they say otherwise.
    """
    agent = world.agent(command.agent)
    check_epoch(agent, command.epoch)
    if not 0 <= command.units <= MAX_CAPACITY:
        raise Invalid(
            "FIELD_OUT_OF_RANGE",
            f"Units are between 0 and {MAX_CAPACITY}.",
            agent=agent.id[:64],
            field="units",
        )
    return [OutsideWorkSet(agent=agent.id, units=command.units, epoch=command.epoch)]


def connect(world: World, command: ConnectAgent) -> list[AnyEvent]:
    """A Work stream opens: the next epoch fences the one before."""
    agent = world.agent(command.agent)
    return [AgentConnected(agent=agent.id, epoch=agent.epoch + 1)]


def lose(world: World, command: LoseAgent, now: int) -> list[AnyEvent]:
    """The lease ran out: his offers are voided and go to others. A newer epoch: nothing happens."""
    agent = world.agent(command.agent)
    if command.epoch != agent.epoch or not agent.connected:
        return []
    lost = AgentLost(agent=agent.id, epoch=agent.epoch)
    return [lost, *_void_offers(world, agent, "lease_lost", now), *_let_go(world, agent)]


def _let_go(world: World, agent: Agent) -> list[AnyEvent]:
    """What is kept for him goes to others."""
    return [queueing.anybodys(world.items[item]) for item in world.waiting.kept_for(agent.id)]


def _void_offers(world: World, agent: Agent, reason: str, now: int) -> list[AnyEvent]:
    """What is offered to him is queued again."""
    events: list[AnyEvent] = []
    for item_id in agent.holds:
        item = world.items.get(item_id)
        if item is not None and agent.id in item.offers:
            draft = Draft(world, item, now)
            draft.end_offer(agent.id, OfferStep.VOID, reason)
            overdue.make_up(draft)
            events += draft.events
    return events
