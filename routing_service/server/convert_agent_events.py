"""What becomes of agents, as public events."""

from collections.abc import Callable, Mapping
from typing import Any

from routing_service.core.journal import events as core
from routing_service.core.journal.events import AnyEvent
from routing_service.core.records.lifecycle import Presence
from routing_service.pb.routing.v1 import event_pb2
from routing_service.pb.routing.v1.event_pb2 import AgentChanged
from routing_service.server import convert, wire
from routing_service.server.wire import stamp, stamp_if


def changed(happened: AnyEvent) -> AgentChanged:
    """The agent is another one by this event, which is of a type in TOLD."""
    return TOLD[type(happened)](happened)


def _put(happened: core.AgentPut) -> AgentChanged:
    return AgentChanged(
        agent_id=happened.agent.id,
        step=event_pb2.AGENT_STEP_PUT,
        agent=convert.profile(happened.agent),
    )


def _presence(happened: core.PresenceSet) -> AgentChanged:
    return AgentChanged(
        agent_id=happened.agent,
        step=event_pb2.AGENT_STEP_PRESENCE,
        presence=wire.PRESENCE[happened.presence],
        reason=happened.reason,
    )


def _connected(happened: core.AgentConnected) -> AgentChanged:
    return AgentChanged(agent_id=happened.agent, step=event_pb2.AGENT_STEP_CONNECT)


def _lost(happened: core.AgentLost) -> AgentChanged:
    return AgentChanged(
        agent_id=happened.agent,
        step=event_pb2.AGENT_STEP_LOSE,
        presence=wire.PRESENCE[Presence.OFFLINE],
    )


def _removed(happened: core.AgentRemoved) -> AgentChanged:
    return AgentChanged(
        agent_id=happened.agent, step=event_pb2.AGENT_STEP_REMOVE, reason=happened.reason
    )


def _held_back(happened: core.AgentHeldBack) -> AgentChanged:
    return AgentChanged(
        agent_id=happened.agent,
        step=event_pb2.AGENT_STEP_HOLD_BACK,
        reason=happened.reason,
        until=stamp(happened.until),
    )


def _shift(happened: core.ShiftTurned) -> AgentChanged:
    begins = event_pb2.AGENT_STEP_SHIFT_BEGIN
    return AgentChanged(
        agent_id=happened.agent,
        step=begins if happened.on else event_pb2.AGENT_STEP_SHIFT_END,
        until=stamp_if(happened.until),
    )


def _outside(happened: core.OutsideWorkSet) -> AgentChanged:
    return AgentChanged(
        agent_id=happened.agent, step=event_pb2.AGENT_STEP_OUTSIDE_WORK, units=happened.units
    )


TOLD: Mapping[type[AnyEvent], Callable[[Any], AgentChanged]] = {
    core.AgentPut: _put,
    core.PresenceSet: _presence,
    core.AgentConnected: _connected,
    core.AgentLost: _lost,
    core.AgentRemoved: _removed,
    core.AgentHeldBack: _held_back,
    core.ShiftTurned: _shift,
    core.OutsideWorkSet: _outside,
}
