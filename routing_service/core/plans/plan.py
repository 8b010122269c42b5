"""The plan: all that core must know of a rulebook, as plain frozen values.

Compiled by `rulebook.compile`, put into World by the journaled command ActivateRulebook. No
behaviour and no rule conditions enter here, except the conditions core itself evaluates
(predicate.py).
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from routing_service.core.plans.predicate import Condition
from routing_service.core.plans.queue_plan import Admission, ChoicePlan, Ladder, ServiceLevel
from routing_service.core.plans.strategy import Strategy as Strategy
from routing_service.core.plans.surge_plan import GreenPlan, LoadPlan
from routing_service.core.records.model import FactValue, QueueTerms


class Order(StrEnum):
    """How a queue ranks its waiting items (design §7)."""

    AGE = "age"
    STRICT = "strict"
    SLACK = "slack"


class OnReopen(StrEnum):
    """What a met clock does when its item is re-opened."""

    KEEP = "keep"
    RESUME = "resume"
    RESTART = "restart"


class LabelType(StrEnum):
    """The type of a declared label."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    LIST = "list"


class LabelPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One declared label: what rules may read and adapters may send.

    `values` empty = any value of the type. `pii` labels are stored and matched as keyed hash only.
    """

    type: LabelType
    values: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    pii: bool = False
    derived: bool = False
    """Set by rules only; an adapter may not send it."""
    lasting: bool = False
    """Set by escalations: it stays when the other rules are asked again."""


def told(
    labels: Mapping[str, FactValue], declared: Mapping[str, LabelPlan]
) -> dict[str, FactValue]:
    """Those that stay when rules are asked again: what classify.yaml set, it sets anew."""
    return {
        name: value
        for name, value in labels.items()
        if name not in declared or not declared[name].derived or declared[name].lasting
    }


class CalendarPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Working time: zone, weekly intervals, exceptions by date.

    `weekly` has seven entries, Monday first, each a sorted tuple of (start, end) minutes of the
    local day, 0 <= start < end <= 1440. `overrides` (ISO date) win over `holidays` (ISO dates
    without work).
    """

    name: str
    zone: str
    weekly: tuple[tuple[tuple[int, int], ...], ...]
    holidays: tuple[str, ...] = ()
    overrides: dict[str, tuple[tuple[int, int], ...]] = {}


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A promise's length: working microseconds, or whole working days."""

    duration: int = 0
    workdays: int = 0
    end_of_day: bool = False


class ClockPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One promise: from the milestone `start` to the milestone `stop`.

    `targets` and `calendars` are keyed by priority; a priority without target has no such clock.
    `pause` lists the pending reasons during which the clock does not count. `warn` holds shares of
    the target in percent, ascending.
    """

    name: str
    start: str
    stop: str
    targets: dict[str, Target]
    calendars: dict[str, str]
    pause: tuple[str, ...] = ()
    warn: tuple[int, ...] = ()
    on_reopen: OnReopen = OnReopen.KEEP
    kind: str = "sla"


class WrapUpMode(StrEnum):
    """Who ends the wrap-up of a handled item: nobody before its time, the agent, or only he."""

    TIMED = "timed"
    """Exactly the queue's `wrap_up`; the agent cannot end it."""
    OPTIONAL = "optional"
    """At most `wrap_up`; the agent may end it at any time."""
    MANDATORY = "mandatory"
    """At least `wrap_up`; from then on the agent ends it, and nothing else does."""


class OfferPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What follows when offers of a queue end without an owner. Durations in microseconds; 0 = not.

    `attempts` offers without acceptance are one trigger `unanswered`, and so are each further
    `attempts`. Who declined or did not answer is passed over for `again_after` (0 = one offer
    timeout). Who did not answer `pause_after` offers in a row is away (`missed`). After an outcome
    named in `cool_down` (declined, expired, completed) the agent gets nothing for so long.
    """

    attempts: int = 0
    again_after: int = 0
    pause_after: int = 0
    cool_down: dict[str, int] = {}


class QueuePlan(msgspec.Struct, frozen=True, kw_only=True):
    """One queue: how its items are ranked, offered and finished. Durations in microseconds.

    `ttl`: so long an item may wait for an owner before it expires; 0 = for ever.
    """

    name: str
    title: str = ""
    ttl: int = 0
    strategy: Strategy = Strategy.LONGEST_IDLE
    order: Order = Order.AGE
    expected_handling: int = 0
    """How long handling takes, as far as the order by slack supposes."""
    offer_timeout: int
    wrap_up: int = 0
    wrap_up_mode: WrapUpMode = WrapUpMode.TIMED
    wrap_up_renewals: int = 0
    """How often the agent may begin the wrap-up of an item anew."""
    owner_wait: int = 0
    abandon_grace: int = 0
    """How long an abandoned item that waits keeps its place; 0 = it ends at once."""
    offers: OfferPlan = OfferPlan()
    choice: ChoicePlan = ChoicePlan()
    ladder: Ladder = Ladder()
    members: Condition | None = None
    """Agents for whom it holds serve the queue, beside those whose profile names it."""
    admission: Admission = Admission()
    service_level: ServiceLevel | None = None


class CorrelationPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts with equal values of `by` within `window` microseconds are about one matter.

    `by` holds "customer", and may hold "channel" and "label.<name>".
    """

    by: tuple[str, ...]
    window: int


class LinkPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What items of one kind have to do with those they are linked to.

    `parent_waits`: the pending reason of their parent until they answer; empty = it does not wait.
    `spread`: what is told of them is told of the requests that belong to them (milestones,
    "closed").
    """

    parent_waits: str = ""
    spread: tuple[str, ...] = ()


NO_LINKS = LinkPlan()


class TeamPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A named set of agents and the ids of those who answer for it.

    `lead` is the first of `leads`; `roles` name who does what in the team: alerts may go to them.
    `calendar` = the shifts of its agents, unless theirs say otherwise; empty = always. `terms` =
    how its agents serve queues, unless their profiles say otherwise.
    """

    name: str
    lead: str
    leads: tuple[str, ...] = ()
    roles: dict[str, tuple[str, ...]] = {}
    calendar: str = ""
    terms: dict[str, QueueTerms] = {}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The desk's plan. Durations in microseconds; priorities most urgent first.

    `boost` is the age credit of each priority. `escalations` tells which triggers have rules at
    all: "warned", "breached", "declined", "reopened", "answered" …; others are not asked.
    """

    pack: str
    version: str
    zone: str
    language: str
    priorities: tuple[str, ...]
    boost: dict[str, int]
    labels: dict[str, LabelPlan]
    queues: dict[str, QueuePlan]
    fallback_queue: str
    fallback_priority: str
    clocks: dict[str, ClockPlan]
    calendars: dict[str, CalendarPlan]
    teams: dict[str, TeamPlan]
    supervisor: str
    pending_reasons: dict[str, bool]
    """Reason -> whether the owner's capacity is held while the item is pending."""
    resume_on_contact: tuple[str, ...] = ()
    """Pending reasons that are over as soon as the customer writes."""
    interrupts: dict[str, tuple[str, ...]] = {}
    """Channel -> those whose items in hand an item of it may interrupt: they take it no room."""
    channel_cost: dict[str, int]
    """Capacity units one item of the channel uses; holds every channel the pack declares."""
    number_format: str
    auto_close: int = 0
    """Microseconds from resolved to closed by itself; 0 = never."""
    retention_closed: int
    """Microseconds a closed item stays in World before it is archived."""
    max_backdate: int
    links: dict[str, LinkPlan] = {}
    """By kind of item; one that is not here changes nothing in another."""
    correlation: CorrelationPlan | None = None
    """None = each request opens an item."""
    max_age_credit: int = 0
    """How far back `waiting_since` of a request may lie."""
    escalations: tuple[str, ...]
    agent_attributes: dict[str, LabelPlan] = {}
    """What profiles may say of agents beside skills; queues read them."""
    loads: dict[str, LoadPlan] = {}
    """What is measured, and the levels of it; empty = nothing is."""
    green: GreenPlan | None = None
