"""Events of one agent: profile, presence, lease, capacity. See core/events.py."""

from routing_service.core.event import Event
from routing_service.core.lifecycle import (
    HoldState,
    HoldStep,
    Presence,
)
from routing_service.core.model import (
    Agent,
)


class HoldMoved(Event, frozen=True, gc=False, kw_only=True, tag="hold_moved"):
    """Capacity of an agent held by an item took a step of the HOLD table."""

    agent: str
    item: str
    step: HoldStep
    state: HoldState
    cost: int = 0
    until: int = 0


class AgentPut(Event, frozen=True, gc=False, kw_only=True, tag="agent_put"):
    """The agent's profile is now this (presence, epoch and holds of the record are ignored)."""

    agent: Agent


class PresenceSet(Event, frozen=True, gc=False, kw_only=True, tag="presence_set"):
    """The agent's declared availability."""

    agent: str
    presence: Presence
    reason: str = ""


class AgentConnected(Event, frozen=True, gc=False, kw_only=True, tag="agent_connected"):
    """A Work stream of this epoch holds the agent's lease."""

    agent: str
    epoch: int


class AgentLost(Event, frozen=True, gc=False, kw_only=True, tag="agent_lost"):
    """The lease of this epoch ran out."""

    agent: str
    epoch: int
