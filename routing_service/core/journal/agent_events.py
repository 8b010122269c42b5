"""Events of one agent: profile, presence, lease, capacity. See events.py."""

from routing_service.core.journal.event import Event
from routing_service.core.records.lifecycle import (
    HoldState,
    HoldStep,
    Presence,
)
from routing_service.core.records.model import (
    Agent,
)


class HoldMoved(Event, frozen=True, gc=False, kw_only=True, tag="hold_moved"):
    """Capacity of an agent held by an item took a step of the HOLD table.

    `channel` and `queue` say what it was offered for; a RESERVE sets them, later steps keep them.
    """

    agent: str
    item: str
    step: HoldStep
    state: HoldState
    cost: int = 0
    until: int = 0
    ready_at: int = 0
    renewals: int = 0
    channel: str = ""
    queue: str = ""


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


class AgentRemoved(Event, frozen=True, gc=False, kw_only=True, tag="agent_removed"):
    """The agent is gone; what he had in hand was queued again before."""

    agent: str
    reason: str = ""


class AgentHeldBack(Event, frozen=True, gc=False, kw_only=True, tag="agent_held_back"):
    """The agent gets nothing new before `until`, for this reason."""

    agent: str
    reason: str
    until: int


class AgentReady(Event, frozen=True, gc=False, kw_only=True, tag="agent_ready"):
    """A wait of the agent is over: a cool-down, or an item left the window of his cap."""

    agent: str


class ShiftTurned(Event, frozen=True, gc=False, kw_only=True, tag="shift_turned"):
    """The agent's shift began or ended; `until` = when it turns again, 0 = he has no shifts."""

    agent: str
    on: bool
    until: int = 0


class OfferMissed(Event, frozen=True, gc=False, kw_only=True, tag="offer_missed"):
    """The agent did not answer; `count` = in a row, 0 = he answered again."""

    agent: str
    count: int


class OutsideWorkSet(Event, frozen=True, gc=False, kw_only=True, tag="outside_work_set"):
    """So many of the agent's units are busy with work from elsewhere.

    `epoch` of the Work stream that says so; 0 = somebody else does.
    """

    agent: str
    units: int
    epoch: int = 0
