"""Who is there to serve: a bitmap of agents per number of capacity units. Derived from World.

Counts people who are there, busy or not; who is free at this moment is the roster's.
"""

from routing_service.core.lifecycle import Presence
from routing_service.core.model import Agent

_THERE = (Presence.AVAILABLE, Presence.BUSY)


class Staffing:
    """Changes with presence and profiles only, which are rare beside offers."""

    def __init__(self) -> None:
        self._there: dict[int, int] = {}
        self._units: dict[int, int] = {}

    def put(self, bit: int, agent: Agent) -> None:
        """The agent as he is now."""
        units = agent.capacity if agent.presence in _THERE else 0
        before = self._units.get(bit, 0)
        if units == before:
            return
        mask = 1 << bit
        self._units[bit] = units
        if before:
            self._there[before] ^= mask
        if units:
            self._there[units] = self._there.get(units, 0) | mask

    def present(self, agents: int) -> int:
        """Bits of those of `agents` who are there."""
        return sum(agents & there for there in self._there.values())  # no agent is in two of them

    def slots(self, agents: int, cost: int) -> int:
        """How many items of this cost those of `agents` who are there can have at once."""
        return sum(
            (agents & there).bit_count() * (units // cost) for units, there in self._there.items()
        )
