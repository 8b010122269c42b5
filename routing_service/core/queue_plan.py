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
