"""How an agent changes by one event: a pure function, shared with whoever mirrors the agents."""

from typing import assert_never, get_args

from msgspec.structs import replace

from routing_service.core.journal.events import (
    AgentConnected,
    AgentHeldBack,
    AgentLost,
    AgentPut,
    AgentReady,
    AgentRemoved,
    HoldMoved,
    OfferMissed,
    OutsideWorkSet,
    PresenceSet,
    ShiftTurned,
)
from routing_service.core.records.lifecycle import HOLD, HoldState, HoldStep, Presence, advance
from routing_service.core.records.model import OFF_SHIFT, Agent, Hold

AgentEvent = (
    AgentPut
    | PresenceSet
    | AgentConnected
    | AgentLost
    | HoldMoved
    | AgentHeldBack
    | AgentReady
    | OfferMissed
    | OutsideWorkSet
    | ShiftTurned
)
"""All but AgentRemoved, which leaves no record."""
AGENT_EVENTS = (*get_args(AgentEvent), AgentRemoved)


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
                missed=0 if event.presence is Presence.AVAILABLE else agent.missed,
            )
        case AgentConnected():
            return replace(agent, epoch=event.epoch, connected=True)
        case AgentLost():
            return replace(
                agent,
                connected=False,
                presence=Presence.OFFLINE,
                presence_reason="lost",
                outside=0 if agent.outside_leased else agent.outside,
                outside_leased=False,
            )
        case HoldMoved():
            return _held(agent, event, now)
        case _:
            return _more_or_less(agent, event, now)


def _more_or_less(
    agent: Agent,
    event: AgentHeldBack | AgentReady | OfferMissed | OutsideWorkSet | ShiftTurned,
    now: int,
) -> Agent:
    """What changes how much the agent may be given now."""
    match event:
        case AgentHeldBack():
            return replace(agent, held_back={**agent.held_back, event.reason: event.until})
        case AgentReady():
            waits = {why: until for why, until in agent.held_back.items() if until > now}
            return replace(agent, held_back=waits, taken=_in_window(agent, now))
        case OfferMissed():
            return replace(agent, missed=event.count)
        case OutsideWorkSet():
            return replace(agent, outside=event.units, outside_leased=event.epoch > 0)
        case ShiftTurned():
            waits = {why: until for why, until in agent.held_back.items() if why != OFF_SHIFT}
            if not event.on:
                waits[OFF_SHIFT] = event.until
            return replace(agent, held_back=waits, shift_ends=event.until if event.on else 0)
        case _:
            assert_never(event)


def _in_window(agent: Agent, now: int) -> tuple[int, ...]:
    return tuple(at for at in agent.taken if at > now - agent.cap_window)


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
            maximum=profile.maximum,
            calendar=profile.calendar,
            cap=profile.cap,
            cap_window=profile.cap_window,
            terms=profile.terms,
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
        maximum=profile.maximum,
        calendar=profile.calendar,
        cap=profile.cap,
        cap_window=profile.cap_window,
        terms=profile.terms,
        taken=before.taken if profile.cap else (),
    )


def _held(agent: Agent, event: HoldMoved, now: int) -> Agent:
    hold = agent.holds.get(event.item)
    state = advance(HOLD, hold.state if hold else HoldState.NONE, event.step, agent.id)
    holds = dict(agent.holds)
    if event.step is HoldStep.BEGIN:
        taken = (*agent.taken, now)[-agent.cap :] if agent.cap else ()
        agent = replace(agent, missed=0, taken=taken)
    if state is HoldState.RELEASED:
        del holds[event.item]
    else:
        cost = hold.cost if hold else event.cost
        since = hold.since if hold else now
        holds[event.item] = Hold(
            item=event.item,
            cost=cost,
            state=state,
            until=event.until,
            since=since,
            ready_at=event.ready_at,
            renewals=event.renewals,
            channel=hold.channel if hold else event.channel,
            queue=hold.queue if hold else event.queue,
        )
    return replace(agent, holds=holds, idle_since=now)  # whoever was asked last is asked last
