"""Who keeps units for the green channel: a bitmap of agents per number of units. Derived.

Knows no item and no room; roster.py asks it.
"""

from collections.abc import Callable

_Free = Callable[[int], int]
"""Units -> bits of the agents who have so many free."""


class Keeping:
    """Empty, and free, unless the plan has a green channel."""

    def __init__(self) -> None:
        self._of: dict[int, int] = {}
        self.keepers: dict[int, int] = {}
        """Units kept -> bits of the agents who keep as many."""

    def put(self, mask: int, kept: int) -> None:
        """The agent of this bit keeps so many units; 0 = none."""
        before = self._of.pop(mask, 0)
        if before:
            rest = self.keepers[before] ^ mask
            if rest:
                self.keepers[before] = rest
            else:
                del self.keepers[before]
        if kept:
            self._of[mask] = kept
            self.keepers[kept] = self.keepers.get(kept, 0) | mask

    def of(self, mask: int) -> int:
        """Units that the agent of this bit keeps."""
        return self._of.get(mask, 0)

    def for_others(self, cost: int, free: _Free) -> int:
        """Bits of who has room for an item of this cost that may not use what is kept."""
        having = free(cost)
        for kept, keepers in self.keepers.items():
            having = having & ~keepers | free(cost + kept) & keepers
        return having

    def slots(self, agents: int, units: int, cost: int) -> int:
        """How many such items `agents`, who have these units each, can have at once."""
        keeping, most = 0, 0
        for kept, keepers in self.keepers.items():
            keeping |= keepers
            most += (agents & keepers).bit_count() * (max(0, units - kept) // cost)
        return most + (agents & ~keeping).bit_count() * (units // cost)
