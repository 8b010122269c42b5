"""What happened: the only things that change World, and what journal, metrics and streams read.

Past participles; each carries all that `apply` needs, so that recovery asks neither rules nor
clock. The instant is the record's `now`. Tags are part of the journal format: never reuse or
rename one.
"""

from routing_service.core.journal.agent_events import (
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
from routing_service.core.journal.event import Event
from routing_service.core.journal.item_events import (
    ClockCorrected,
    ClockMoved,
    ItemArchived,
    ItemBoosted,
    ItemClassified,
    ItemLabelled,
    ItemMessaged,
    ItemMoved,
    ItemOpened,
    ItemQueued,
    ItemReady,
    ItemRelaxed,
    ItemWaited,
    MilestoneReached,
    OfferMade,
    OfferMoved,
    OwnerRemoved,
    WaveSent,
)
from routing_service.core.journal.link_events import (
    CollaboratorsSet,
    ItemAbsorbed,
    ItemLinked,
    LinkAnswered,
)
from routing_service.core.plans.plan import Plan, Strategy
from routing_service.core.records.model import (
    Alert,
    Trigger,
)
from routing_service.core.records.surge import Surge, SurgeCause

__all__ = [
    "AgentConnected",
    "AgentHeldBack",
    "AgentLost",
    "AgentPut",
    "AgentReady",
    "AgentRemoved",
    "AlertRaised",
    "AnyEvent",
    "ClockCorrected",
    "ClockMoved",
    "CollaboratorsSet",
    "ConsumerAcked",
    "EscalationLoopStopped",
    "Event",
    "HoldMoved",
    "ItemAbsorbed",
    "ItemArchived",
    "ItemBoosted",
    "ItemClassified",
    "ItemLabelled",
    "ItemLinked",
    "ItemMessaged",
    "ItemMoved",
    "ItemOpened",
    "ItemQueued",
    "ItemReady",
    "ItemRelaxed",
    "ItemWaited",
    "ItemsRetargeted",
    "LinkAnswered",
    "MilestoneReached",
    "OfferMade",
    "OfferMissed",
    "OfferMoved",
    "OutsideWorkSet",
    "OwnerRemoved",
    "PresenceSet",
    "RequestRemembered",
    "RulebookActivated",
    "ShiftTurned",
    "StrategySwitched",
    "SurgeMoved",
    "WaveSent",
]


class RulebookActivated(Event, frozen=True, gc=False, kw_only=True, tag="rulebook_activated"):
    """The desk now runs under this rulebook."""

    digest: str
    plan: Plan
    source: bytes


class StrategySwitched(Event, frozen=True, gc=False, kw_only=True, tag="strategy_switched"):
    """The queue chooses by this strategy until the next activation; None = by the rulebook's."""

    queue: str
    strategy: Strategy | None = None


class SurgeMoved(Event, frozen=True, gc=False, kw_only=True, tag="surge_moved"):
    """A load, of this queue and skill, stands like this now; `before` is the level until then.

    `demand` over `units` is the load, in capacity units. `by` and `reason` are a person's, of a
    switch and its release.
    """

    load: str
    queue: str
    skill: str = ""
    skill_level: int = 0
    surge: Surge
    cause: SurgeCause
    before: str = ""
    demand: int = 0
    units: int = 0
    by: str = ""
    reason: str = ""


class ItemsRetargeted(Event, frozen=True, gc=False, kw_only=True, tag="items_retargeted"):
    """Clocks, places and deadlines of these items are now those of the rulebook in force."""

    items: tuple[str, ...]


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


AnyEvent = (
    RulebookActivated
    | ItemsRetargeted
    | StrategySwitched
    | SurgeMoved
    | ItemOpened
    | ItemClassified
    | ItemLabelled
    | ItemLinked
    | ItemAbsorbed
    | LinkAnswered
    | CollaboratorsSet
    | ItemMessaged
    | ItemMoved
    | ItemQueued
    | ItemBoosted
    | ItemReady
    | ItemRelaxed
    | ItemWaited
    | MilestoneReached
    | ClockMoved
    | ClockCorrected
    | OfferMade
    | OfferMoved
    | OwnerRemoved
    | WaveSent
    | HoldMoved
    | AgentPut
    | PresenceSet
    | AgentConnected
    | AgentLost
    | AgentHeldBack
    | AgentReady
    | AgentRemoved
    | OfferMissed
    | OutsideWorkSet
    | ShiftTurned
    | AlertRaised
    | EscalationLoopStopped
    | RequestRemembered
    | ConsumerAcked
    | ItemArchived
)
