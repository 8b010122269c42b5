"""The records World holds, as frozen values: an event replaces a record, it never changes one.

Instants are integer microseconds UTC. Derived state (indexes, heaps) lives beside World, not here.
"""

from collections.abc import Mapping

import msgspec

from routing_service.core.records.alerts import Alert as Alert
from routing_service.core.records.alerts import AlertOrder as AlertOrder
from routing_service.core.records.alerts import Trigger as Trigger
from routing_service.core.records.alerts import TriggerKind as TriggerKind
from routing_service.core.records.kinds import ItemKind, Kept, LinkOrder
from routing_service.core.records.lifecycle import (
    ClockState,
    HoldState,
    ItemState,
    OfferState,
    Presence,
)
from routing_service.core.records.milestones import IMPLICATION as IMPLICATION
from routing_service.core.records.milestones import Milestone as Milestone
from routing_service.core.records.surge import SurgeAnswer, SurgeNotice

FactValue = str | int | bool | tuple[str, ...]
Facts = Mapping[str, FactValue]

SECOND = 1_000_000
OFF_SHIFT = "off_shift"
"""Why somebody is held back when his shift is over."""


class Requirement(msgspec.Struct, frozen=True, gc=False, order=True, cache_hash=True):
    """A skill an agent must have, at least at this level."""

    skill: str
    level: int = 1


class Verdict(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What the rules decided about one item at intake or re-evaluation.

    `fired` names the rules as "stage/rule-id"; `labels` are those the classify stage set; `clocks`
    are the promises whose condition holds. `failed` = the rules could not be asked: fallback
    values.
    """

    digest: str
    fired: tuple[str, ...] = ()
    labels: dict[str, FactValue] = {}
    priority: str
    queue: str
    requirements: tuple[Requirement, ...] = ()
    clocks: tuple[str, ...] = ()
    failed: bool = False
    green: bool = False
    surge: SurgeAnswer | None = None


class EscalationVerdict(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What the escalate stage decided for one trigger. `boost` in microseconds of age."""

    digest: str
    fired: tuple[str, ...] = ()
    labels: dict[str, FactValue] = {}
    alerts: tuple[AlertOrder, ...] = ()
    boost: int = 0
    priority: str = ""
    queue: str = ""
    opens: tuple[LinkOrder, ...] = ()


class Clock(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One running promise of one item. Elapsed and due are recomputed from these instants.

    `pauses` are (from, to) spans, the open one as (from, None). `warned` = the highest share fired.
    `next_at` = when the timer fires next (a warn point or the due instant); None while paused or
    ended. `elapsed` = working time counted at the last stop or breach. `corrected_at` = when it was
    kept after all, as a late report told.
    """

    name: str
    state: ClockState
    started_at: int
    pauses: tuple[tuple[int, int | None], ...] = ()
    due: int | None = None
    next_at: int | None = None
    warned: int = 0
    breached_at: int | None = None
    met_at: int | None = None
    corrected_at: int | None = None
    elapsed: int = 0
    by_policy_change: bool = False


class Handover(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A warm transfer that runs: the owner has the item in hand until another one accepts.

    At `until` he keeps it, in the `queue` that it came from.
    """

    until: int
    queue: str


class ExpectedWait(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What half, and what nine of ten such items stay at or below, in microseconds."""

    p50: int
    p90: int


class Item(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One work item. `sealed` is ciphertext of free text and tags; `rank` the static order key."""

    id: str
    number: str
    channel: str
    customer: str
    labels: dict[str, FactValue]
    signals: tuple[str, ...] = ()
    """Found in any text of the customer so far, sorted."""
    sealed: bytes = b""
    opened_at: int
    received_at: int
    version: int = 1
    state: ItemState = ItemState.QUEUED
    reason: str = ""
    queue: str = ""
    priority: str = ""
    requirements: tuple[Requirement, ...] = ()
    fired: tuple[str, ...] = ()
    digest: str = ""
    decided_at: tuple[int, ...] = ()
    """Instants of the last verdicts on it, at most DECIDED_KEPT: the journal has their facts."""
    classification_failed: bool = False
    applicable_clocks: tuple[str, ...] = ()
    expected: ExpectedWait | None = None
    """The wait it was told when it was opened; None when nobody was there to serve it."""
    enqueued_at: int = 0
    boost: int = 0
    rank: int = 0
    offers: dict[str, str] = {}
    """Open offers by agent: one, or several where the queue broadcasts."""
    asked: int = 0
    """Offers made since it left its queue, where it is offered wave by wave."""
    wave_at: int = 0
    """When the next wave of offers goes out; 0 = none does."""
    owner: str = ""
    preferred: str = ""
    preferred_until: int = 0
    kept_as: Kept | None = None
    """What the preferred agent is to it; says nothing without one."""
    milestones: dict[str, int] = {}
    clocks: dict[str, Clock] = {}
    reopens: int = 0
    declines: int = 0
    declined_by: dict[str, int] = {}
    """Agent -> instant from which he may be offered this item again."""
    attempts: int = 0
    """Times that nobody took it, since it entered its queue: offers made at once count once."""
    handover: Handover | None = None
    transferred_from: str = ""
    """The queue that the rules had named before people moved it; empty = they did not."""
    flowed_from: str = ""
    """The queue that the rules named and that did not let it in; `reason` tells why."""
    named_queue: str = ""
    """The one they named last, where its admission or an escalation put it elsewhere."""
    named_priority: str = ""
    """Likewise the priority that an escalation has replaced."""
    relaxed: int = 0
    """Steps of its queue's ladder taken."""
    routed_at: int = 0
    """Instant of its last act (core/journal/routing_acts.py); 0 = none since it was opened."""
    waited: int = 0
    """The longest delay of agents of its queue (QueueTerms) that it has waited through."""
    moved_at: int = 0
    """Instant of the last step: auto-close and archiving count from it."""
    contacts: int = 1
    """How often the customer brought the matter up, the opening included."""
    contacted_at: int = 0
    """When he did so last, unless it was the opening."""
    wake_at: int = 0
    """When a scheduled or suspended item goes on by itself; 0 = not by itself."""
    waits_since: int = 0
    """When it last came back from an owner, or from being parked, to wait; 0 = since it came."""
    kind: ItemKind = ItemKind.REQUEST
    parent: str = ""
    """The item it was made for, or the incident that is its cause."""
    role: str = ""
    """What it is to its parent, in the desk's words."""
    merged_into: str = ""
    collaborators: dict[str, str] = {}
    """Agents beside the owner, each with his role."""
    pending_reason: str = ""
    green: bool = False
    """It goes through the green channel, as of its last classification."""
    surge: SurgeNotice | None = None
    """What its customer is told because its queue was overloaded when it came."""


class Hold(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Capacity of one agent held by one item, from `since` on; `until` ends a wrap-up."""

    item: str
    cost: int
    state: HoldState
    until: int = 0
    ready_at: int = 0
    """From when the agent may end the wrap-up himself; 0 = he may not."""
    channel: str = ""
    queue: str = ""
    """For which it was offered: its terms hold to the end, wherever the item goes meanwhile."""
    renewals: int = 0
    """How often he may still begin it anew."""
    since: int = 0


class QueueTerms(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """On which terms an agent serves a queue.

    `priority`: items of a queue where it is higher he serves first, whatever the ages. `delay`: he
    is offered those only that have waited so many microseconds.
    """

    priority: int = 0
    delay: int = 0


class Agent(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One agent: what he can do, where he stands, what he holds. `epoch` fences his Work stream."""

    id: str
    name: str = ""
    skills: dict[str, int] = {}
    attributes: dict[str, FactValue] = {}
    """Declared in the pack; membership, territory and scores of queues read them."""
    queues: tuple[str, ...] = ()
    team: str = ""
    capacity: int = 1
    presence: Presence = Presence.OFFLINE
    presence_reason: str = ""
    epoch: int = 0
    connected: bool = False
    idle_since: int = 0
    holds: dict[str, Hold] = {}
    maximum: dict[str, int] = {}
    """Channel -> how many of its items at once, beside the units; others have no such limit."""
    calendar: str = ""
    """The plan's calendar of his shifts; empty = that of his team, or always."""
    cap: int = 0
    """Items he may take within `cap_window` microseconds; 0 = as many as he can."""
    cap_window: int = 0
    taken: tuple[int, ...] = ()
    """When he took the last ones, at most `cap`; only kept with a cap."""
    held_back: dict[str, int] = {}
    """Why he gets nothing new -> until when: OFF_SHIFT, "cool_down"."""
    shift_ends: int = 0
    missed: int = 0
    """Offers in a row that he did not answer."""
    outside: int = 0
    """Units busy with work that the desk does not route."""
    outside_leased: bool = False
    """A Work stream of his said so: they are busy no longer than he has a lease."""
    terms: dict[str, QueueTerms] = {}
    """Queue -> how he serves it; what is not said here is as his team's plan says it."""


class Offer(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A time-limited proposal of an item to an agent. In time means at or before `expires_at`."""

    id: str
    item: str
    agent: str
    queue: str
    version: int
    made_at: int
    expires_at: int
    state: OfferState = OfferState.PENDING


class Remembered(msgspec.Struct, frozen=True, gc=False):
    """The first answer to an idempotency key, kept so that a repeat gets the same."""

    fingerprint: bytes
    at: int
    seq: int
    item: str = ""
    offer: str = ""
