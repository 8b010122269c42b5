"""Decisions about agents: profiles, presence, lease."""

from routing_service.core.attributes import check_attributes
from routing_service.core.commands import (
    ConnectAgent,
    LoseAgent,
    PutAgents,
    SetPresence,
)
from routing_service.core.draft import Draft
from routing_service.core.errors import Invalid, NotFound
from routing_service.core.events import (
    AgentConnected,
    AgentLost,
    AgentPut,
    AnyEvent,
    PresenceSet,
)
from routing_service.core.lifecycle import OfferStep, Presence
from routing_service.core.model import Agent
from routing_service.core.offers import check_epoch
from routing_service.core.world import World

MAX_LEVEL = 10
MAX_CAPACITY = 10_000


def put_agents(world: World, command: PutAgents) -> list[AnyEvent]:
    """Create or replace profiles: all of them or none."""
    for agent in command.agents:
        _check(world, agent)
    return [AgentPut(agent=agent) for agent in command.agents]


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
    for queue in agent.queues:
        world.queue(queue)
    if agent.attributes:
        check_attributes(agent, world.plan.agent_attributes)
    if agent.team and agent.team not in world.plan.teams:
        raise NotFound("TEAM_NOT_FOUND", "The rulebook has no such team.", team=agent.team[:64])


def set_presence(world: World, command: SetPresence, now: int) -> list[AnyEvent]:
    """What the agent says about himself; what he handles stays his, offline he answers no offer."""
    agent = world.agent(command.agent)
    check_epoch(agent, command.epoch)
    said = PresenceSet(agent=agent.id, presence=command.presence, reason=command.reason)
    if command.presence is not Presence.OFFLINE:
        return [said]
    return [said, *_void_offers(world, agent, "agent_offline", now)]


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
    return [lost, *_void_offers(world, agent, "lease_lost", now)]


def _void_offers(world: World, agent: Agent, reason: str, now: int) -> list[AnyEvent]:
    """What is offered to him is queued again."""
    events: list[AnyEvent] = []
    for item_id in agent.holds:
        item = world.items.get(item_id)
        offer = world.offers.get(item.offer) if item else None
        if item is not None and offer is not None and offer.agent == agent.id:
            draft = Draft(world, item, now)
            draft.end_offer(OfferStep.VOID, reason)
            events += draft.events
    return events
