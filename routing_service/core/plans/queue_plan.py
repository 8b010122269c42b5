"""The parts of a queue's plan: how it chooses, relaxes and admits, which service level it has.

Plain frozen values, compiled by the rulebook; durations in microseconds. No behaviour.
"""

from enum import StrEnum

import msgspec

from routing_service.core.plans.strategy import Strategy


class Territory(msgspec.Struct, frozen=True, kw_only=True):
    """Agents whose attribute has the value of the item's label come first."""

    label: str
    attribute: str


class Matters(StrEnum):
    """Of what somebody was the last handler."""

    CUSTOMER = "customer"
    MATTER = "matter"
    """What contacts with an equal correlation key are about."""


class Preference(msgspec.Struct, frozen=True, kw_only=True):
    """An agent who is asked first, and alone, for `wait`.

    He whom the value of the item's `label` names, or who accepted a request about the same
    `handled` last, at most `within` ago.
    """

    wait: int
    label: str = ""
    handled: Matters | None = None
    within: int = 0


class BroadcastPlan(msgspec.Struct, frozen=True, kw_only=True):
    """How an item is offered to several agents at once, should the queue do so.

    Those whom the strategy `by` ranks first are asked; at most `at_most` offers are made before
    the item is in its queue again. A progressive broadcast asks `wave` more `every` so long.
    """

    by: Strategy = Strategy.LONGEST_IDLE
    at_most: int = 20
    wave: int = 1
    every: int = 10_000_000


class ChoicePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the strategies of a queue go by beside what is counted anyway."""

    in_order: tuple[str, ...] = ()
    """Ids of agents, first asked first; the others come after them (fixed order)."""
    random_by: str = ""
    """Integer attribute that weighs a random choice; empty, or an agent without it: 1."""
    weights: dict[str, int] = {}
    """Of a weighted score: "skill", "idle", "room" or an integer attribute, to its weight."""
    idle_full: int = 1_800_000_000
    """Who is idle for so long has the whole share of "idle"."""
    territory: Territory | None = None
    prefer: tuple[Preference, ...] = ()
    """The first of them who can come is the one."""
    broadcast: BroadcastPlan = BroadcastPlan()


class RelaxStep(msgspec.Struct, frozen=True, kw_only=True):
    """`after` so long of waiting an item asks for this much less, beside what it asked less before.

    `lower`: levels every skill loses. `drop`: skills not asked for any more. `queues`: their agents
    may take it, too. `no_ceiling`: agents above the ladder's ceiling may. `anyone`: nothing is
    asked but to serve one of the queues. Taken at once, whatever has waited: `unstaffed` when
    nobody who is signed in and on shift has what the item asks, `crowded` when so many or more wait
    in the queue for each of its agents who is; 0 = not.
    """

    after: int
    lower: int = 0
    drop: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    no_ceiling: bool = False
    anyone: bool = False
    unstaffed: bool = False
    crowded: int = 0


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """How a queue's items ask for less while they wait; the last step is where they stay.

    `floor`: `lower` takes no level below it. `ceiling`: agents above this level of a skill asked
    for are left for others; 0 = none is.
    """

    steps: tuple[RelaxStep, ...] = ()
    floor: int = 1
    ceiling: int = 0


class Otherwise(StrEnum):
    """What becomes of a new item that its queue does not admit."""

    WAIT = "wait"
    """It is admitted all the same."""
    REFUSE = "refuse"
    """The request is refused, and the adapter told so."""
    QUEUE = "queue"
    """Another queue gets it."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What to do, and with QUEUE which queue is next."""

    then: Otherwise = Otherwise.WAIT
    queue: str = ""


class Absence(StrEnum):
    """Why an agent who has what an item asks does not count as somebody who can serve it."""

    OFFLINE = "offline"
    AWAY = "away"
    BUSY = "busy"
    DRAINING = "draining"
    FULL = "full"
    """Available, but without room for the item."""


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a queue lets in. Asked in this order: opening hours, limit, whether anybody can serve.

    `calendar` empty = always open. `limit` = so many may wait; 0 = any number. `absences` = who is
    in one of these does not count; none = not asked.
    """

    calendar: str = ""
    closed: Answer = Answer()
    limit: int = 0
    full: Answer = Answer()
    absences: tuple[Absence, ...] = ()
    unserved: Answer = Answer()


class ServiceLevel(msgspec.Struct, frozen=True, kw_only=True):
    """Which share of the items is to be answered within a time, and which items count.

    Who leaves within `short_abandon` counts neither way; 0 = there are no short ones.
    """

    percent: int
    within: int
    short_abandon: int = 0
    count_abandons: bool = True
    count_flow_outs: bool = False

    @property
    def variant(self) -> str:
        """A name that differs when anything but the goal does: figures of two never mix."""
        seconds = self.within // 1_000_000
        short = self.short_abandon // 1_000_000
        counted = "a" * self.count_abandons + "f" * self.count_flow_outs
        return f"{seconds}s/{short}s/{counted or 'answered'}"
