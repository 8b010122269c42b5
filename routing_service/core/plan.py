"""The plan: all that core must know of a rulebook, as plain frozen values.

Compiled by `rulebook.compile`, put into World by the journaled command ActivateRulebook. No
behaviour and no rule conditions enter here, except the conditions core itself evaluates
(core/predicate.py).
"""

from enum import StrEnum

import msgspec


class Strategy(StrEnum):
    """Which of the qualified free agents is tried first."""

    LONGEST_IDLE = "longest_idle"
    LEAST_LOADED = "least_loaded"


class Order(StrEnum):
    """How a queue ranks its waiting items (design §7)."""

    AGE = "age"
    STRICT = "strict"


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
    """Set by the classify stage only; an adapter may not send it."""


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


class QueuePlan(msgspec.Struct, frozen=True, kw_only=True):
    """One queue: how its items are ranked, offered and finished. Durations in microseconds."""

    name: str
    title: str = ""
    strategy: Strategy = Strategy.LONGEST_IDLE
    order: Order = Order.AGE
    offer_timeout: int
    wrap_up: int = 0
    owner_wait: int = 0


class TeamPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A named set of agents and the ids of those who answer for it."""

    name: str
    lead: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The desk's plan. Durations in microseconds; priorities most urgent first.

    `boost` is the age credit of each priority. `escalations` tells which triggers have rules at
    all: "warned", "breached", "declined", "reopened"; others are not asked.
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
    channel_cost: dict[str, int]
    """Capacity units one item of the channel uses; holds every channel the pack declares."""
    number_format: str
    auto_close: int = 0
    """Microseconds from resolved to closed by itself; 0 = never."""
    retention_closed: int
    """Microseconds a closed item stays in World before it is archived."""
    max_backdate: int
    escalations: tuple[str, ...]
