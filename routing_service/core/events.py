"""What happened: the only things that change World, and what journal, metrics and streams read.

Past participles; each carries all that `apply` needs, so that recovery asks neither rules nor
clock. The instant is the record's `now`. Tags are part of the journal format: never reuse or
rename one.
"""

import msgspec

from routing_service.core.lifecycle import (
    ClockState,
    ClockStep,
    HoldState,
    HoldStep,
    ItemState,
    ItemStep,
    OfferState,
    OfferStep,
    Presence,
)
from routing_service.core.model import (
    Agent,
    Alert,
    FactValue,
    Item,
    MatchRecord,
    Milestone,
    Requirement,
    Trigger,
)
from routing_service.core.plan import Plan


class Event(
    msgspec.Struct, frozen=True, gc=False, kw_only=True, tag_field="ev", omit_defaults=True
):
    """Something that happened."""


class RulebookActivated(Event, frozen=True, gc=False, kw_only=True, tag="rulebook_activated"):
    """The desk now runs under this rulebook."""

    digest: str
    plan: Plan
    source: bytes


class ItemOpened(Event, frozen=True, gc=False, kw_only=True, tag="item_opened"):
    """A work item came to be: classified, its first clocks running, with its place in a queue.

    One event, not one per step: an opened item is by far the most frequent thing that happens.
    `number_day` is the day whose numbers its number belongs to (core/numbering.py).
    """

    item: str
    record: Item
    number_day: str = ""


class ItemClassified(Event, frozen=True, gc=False, kw_only=True, tag="item_classified"):
    """The rules' verdict on the item, again after an update."""

    item: str
    digest: str
    fired: tuple[str, ...] = ()
    labels: dict[str, FactValue] = {}
    priority: str
    queue: str
    requirements: tuple[Requirement, ...] = ()
    clocks: tuple[str, ...] = ()
    failed: bool = False


class ItemMessaged(Event, frozen=True, gc=False, kw_only=True, tag="item_messaged"):
    """The customer wrote again; `signals` are those found in this text."""

    item: str
    signals: tuple[str, ...] = ()
    sealed: bytes = b""


class ItemMoved(Event, frozen=True, gc=False, kw_only=True, tag="item_moved"):
    """The item took a step of the ITEM table. `owner` is set by ACCEPT and lost by REQUEUE.

    `owed` are the milestones that a re-opening undoes beside those of a solution.
    """

    item: str
    step: ItemStep
    state: ItemState
    reason: str = ""
    owner: str = ""
    owed: tuple[str, ...] = ()


class ItemQueued(Event, frozen=True, gc=False, kw_only=True, tag="item_queued"):
    """The item has this place in this queue; `preferred` is asked first until `preferred_until`."""

    item: str
    queue: str
    enqueued_at: int
    boost: int = 0
    rank: int
    preferred: str = ""
    preferred_until: int = 0


class ItemReady(Event, frozen=True, gc=False, kw_only=True, tag="item_ready"):
    """A wait of a queued item is over (the preferred agent's, a decliner's): match it again."""

    item: str


class MilestoneReached(Event, frozen=True, gc=False, kw_only=True, tag="milestone_reached"):
    """Reached at `at` (source time). `implied` = by a later milestone."""

    item: str
    milestone: Milestone
    at: int
    implied: bool = False


class ClockMoved(Event, frozen=True, gc=False, kw_only=True, tag="clock_moved"):
    """A clock took a step of the CLOCK table.

    `at` is the instant that counts (source time for a stop, the due instant for a breach), `share`
    the warned percentage, `elapsed` working microseconds counted so far (stops and breaches).
    """

    item: str
    clock: str
    step: ClockStep
    state: ClockState
    at: int
    due: int | None = None
    next_at: int | None = None
    share: int = 0
    elapsed: int = 0
    reason: str = ""
    by_policy_change: bool = False


class ClockCorrected(Event, frozen=True, gc=False, kw_only=True, tag="clock_corrected"):
    """A late report shows that the promise was kept at `at`; the breach already told stays told."""

    item: str
    clock: str
    at: int
    elapsed: int = 0


class OfferMade(Event, frozen=True, gc=False, kw_only=True, tag="offer_made"):
    """The item is proposed to an agent, whose capacity it holds meanwhile."""

    offer: str
    item: str
    agent: str
    queue: str
    version: int
    expires_at: int
    why: MatchRecord


class OfferMoved(Event, frozen=True, gc=False, kw_only=True, tag="offer_moved"):
    """An offer ended, by a row of the OFFER table."""

    offer: str
    item: str
    agent: str
    step: OfferStep
    state: OfferState
    reason: str = ""
    retry_at: int = 0


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


class AlertRaised(Event, frozen=True, gc=False, kw_only=True, tag="alert_raised"):
    """A message to people or systems."""

    alert: Alert


class EscalationLoopStopped(
    Event, frozen=True, gc=False, kw_only=True, tag="escalation_loop_stopped"
):
    """Escalations triggered each other past the bound."""

    trigger: Trigger
    rounds: int


class RequestRemembered(Event, frozen=True, gc=False, kw_only=True, tag="request_remembered"):
    """The idempotency key (scope: desk, caller) has its first answer."""

    caller: str
    key: str
    fingerprint: bytes
    item: str = ""
    offer: str = ""


class ConsumerAcked(Event, frozen=True, gc=False, kw_only=True, tag="consumer_acked"):
    """A named consumer has everything up to this place."""

    consumer: str
    seq: int
    index: int


class ItemArchived(Event, frozen=True, gc=False, kw_only=True, tag="item_archived"):
    """The ended item leaves World; History serves it from now on."""

    item: str


AnyEvent = (
    RulebookActivated
    | ItemOpened
    | ItemClassified
    | ItemMessaged
    | ItemMoved
    | ItemQueued
    | ItemReady
    | MilestoneReached
    | ClockMoved
    | ClockCorrected
    | OfferMade
    | OfferMoved
    | HoldMoved
    | AgentPut
    | PresenceSet
    | AgentConnected
    | AgentLost
    | AlertRaised
    | EscalationLoopStopped
    | RequestRemembered
    | ConsumerAcked
    | ItemArchived
)
