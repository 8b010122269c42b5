"""How an agent changes by one event: a pure function, shared with whoever mirrors the agents."""

from typing import assert_never

from msgspec.structs import replace

from routing_service.core.events import (
    AgentConnected,
    AgentLost,
    AgentPut,
    HoldMoved,
    PresenceSet,
)
from routing_service.core.lifecycle import HOLD, HoldState, Presence, advance
from routing_service.core.model import Agent, Hold

AgentEvent = AgentPut | PresenceSet | AgentConnected | AgentLost | HoldMoved


def evolve_agent(agent: Agent | None, event: AgentEvent, now: int) -> Agent:
    """The agent after the event; None = not known before (AgentPut only)."""
    if isinstance(event, AgentPut):
        return _profile(agent, event.agent, now)
    if agent is None:
        raise LookupError(event)
    match event:
        case PresenceSet():
            stays = event.presence is agent.presence or event.presence is not Presence.AVAILABLE
            return replace(
                agent,
                presence=event.presence,
                presence_reason=event.reason,
                idle_since=agent.idle_since if stays else now,
            )
        case AgentConnected():
            return replace(agent, epoch=event.epoch, connected=True)
        case AgentLost():
            return replace(
                agent,
                connected=False,
                presence=Presence.OFFLINE,
                presence_reason="lost",
            )
        case HoldMoved():
            return _held(agent, event, now)
        case _:
            assert_never(event)


def _profile(before: Agent | None, profile: Agent, now: int) -> Agent:
    if before is None:
        return Agent(
            id=profile.id,
            name=profile.name,
            skills=profile.skills,
            attributes=profile.attributes,
            queues=profile.queues,
            team=profile.team,
            capacity=profile.capacity,
            idle_since=now,
        )
    return replace(
        before,
        name=profile.name,
        skills=profile.skills,
        attributes=profile.attributes,
        queues=profile.queues,
        team=profile.team,
        capacity=profile.capacity,
    )


def _held(agent: Agent, event: HoldMoved, now: int) -> Agent:
    hold = agent.holds.get(event.item)
    state = advance(HOLD, hold.state if hold else HoldState.NONE, event.step, agent.id)
    holds = dict(agent.holds)
    if state is HoldState.RELEASED:
        del holds[event.item]
    else:
        cost = hold.cost if hold else event.cost
        since = hold.since if hold else now
        holds[event.item] = Hold(
            item=event.item, cost=cost, state=state, until=event.until, since=since
        )
    return replace(agent, holds=holds, idle_since=now)  # whoever was asked last is asked last
