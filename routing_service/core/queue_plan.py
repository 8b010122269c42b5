"""The parts of a queue's plan: whom it asks first, how it relaxes, whom it admits.

Plain frozen values, compiled by the rulebook; durations in microseconds. No behaviour.
"""

import msgspec


class Territory(msgspec.Struct, frozen=True, kw_only=True):
    """Agents whose attribute has the value of the item's label come first."""

    label: str
    attribute: str


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


class RelaxStep(msgspec.Struct, frozen=True, kw_only=True):
    """`after` so long of waiting an item asks for this much less, beside what it asked less before.

    `lower`: levels every skill loses. `drop`: skills not asked for any more. `queues`: their agents
    may take it, too. `no_ceiling`: agents above the ladder's ceiling may. `anyone`: nothing is
    asked but to serve one of the queues. `unstaffed`: taken at once when nobody who is signed in
    has what the item asks.
    """

    after: int
    lower: int = 0
    drop: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    no_ceiling: bool = False
    anyone: bool = False
    unstaffed: bool = False


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """How a queue's items ask for less while they wait; the last step is where they stay.

    `floor`: `lower` takes no level below it. `ceiling`: agents above this level of a skill asked
    for are left for others; 0 = none is.
    """

    steps: tuple[RelaxStep, ...] = ()
    floor: int = 1
    ceiling: int = 0


NO_LADDER = Ladder()
