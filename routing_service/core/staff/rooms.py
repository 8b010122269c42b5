"""Room for one more item by channel, where units alone do not say it: maxima and interruptions.

A bitmap of agents per channel and number of units. Derived from World; only channels that an agent
or the plan says something about, and agents whom that concerns, are here.
"""

from collections.abc import Mapping

from routing_service.core.records.lifecycle import HoldState, Presence
from routing_service.core.records.model import Agent

Interrupts = Mapping[str, tuple[str, ...]]
"""Channel -> those whose items in hand it may interrupt."""


def takes_work(agent: Agent) -> bool:
    """Available, on shift, not cooling down, and below the cap of his window."""
    if agent.presence is not Presence.AVAILABLE or agent.held_back:
        return False
    if not agent.cap:
        return True
    reserved = sum(hold.state is HoldState.RESERVED for hold in agent.holds.values())
    return len(agent.taken) + reserved < agent.cap


def room(agent: Agent, channel: str, interrupts: Interrupts) -> int:
    """Units that an item of this channel could take of the agent now.

    What it may interrupt takes no room away from it while it is handled.
    """
    if not takes_work(agent) or at_maximum(agent, channel):
        return 0
    return units_left(agent, channel, interrupts)


def at_maximum(agent: Agent, channel: str) -> bool:
    """Whether he has as many items of the channel as he may have at once."""
    limit = agent.maximum.get(channel)
    return limit is not None and in_hand(agent, channel) >= limit


def in_hand(agent: Agent, channel: str) -> int:
    """Items of the channel that hold capacity of his."""
    return sum(hold.channel == channel for hold in agent.holds.values())


def units_left(agent: Agent, channel: str, interrupts: Interrupts) -> int:
    """Units that his capacity leaves for the channel, whether or not he takes work."""
    yielding = interrupts.get(channel, ())
    used = sum(
        hold.cost
        for hold in agent.holds.values()
        if hold.state is not HoldState.HANDLING or hold.channel not in yielding
    )
    return max(0, agent.capacity - agent.outside - used)


class Rooms:
    """Of the agents with a maximum, and of all while the plan lets channels interrupt others."""

    def __init__(self) -> None:
        self.channels: frozenset[str] = frozenset()
        """Those that have a say; it only grows until another plan is in force."""
        self._interrupts: Interrupts = {}
        self._of: dict[int, tuple[Agent, dict[str, int]]] = {}
        self._special = 0
        self._bits: dict[tuple[str, int], int] = {}

    def interrupt(self, interrupts: Interrupts) -> bool:
        """The plan's interruptions; True when they are others, and every agent is to be put."""
        if interrupts == self._interrupts:
            return False
        self._interrupts = interrupts
        self.channels |= frozenset(interrupts)
        return True

    def put(self, bit: int, mask: int, agent: Agent) -> int:
        """The agent as he is now; the most units that any of these channels could take."""
        if not agent.maximum and not self._interrupts:
            if self._of and bit in self._of:
                self._drop(bit, mask)
            return 0
        further = frozenset(agent.maximum) - self.channels
        if further:
            self.channels |= further
            for other, (known, _) in list(self._of.items()):
                self.put(other, 1 << other, known)
        return self._place(bit, mask, agent)

    def _place(self, bit: int, mask: int, agent: Agent) -> int:
        before = self._of[bit][1] if bit in self._of else {}
        now = {channel: room(agent, channel, self._interrupts) for channel in self.channels}
        for channel, units in now.items():
            was = before.get(channel, 0)
            for each in range(units + 1, was + 1):
                self._bits[channel, each] ^= mask
            for each in range(was + 1, units + 1):
                self._bits[channel, each] = self._bits.get((channel, each), 0) | mask
        self._of[bit] = (agent, now)
        self._special |= mask
        return max(now.values(), default=0)

    def drop(self, bit: int, mask: int) -> None:
        """The agent is gone."""
        if bit in self._of:
            self._drop(bit, mask)

    def _drop(self, bit: int, mask: int) -> None:
        for channel, units in self._of.pop(bit)[1].items():
            for each in range(1, units + 1):
                self._bits[channel, each] ^= mask
        self._special &= ~mask

    def free(self, channel: str, cost: int, plain: int) -> int:
        """Bits of who has so many units for the channel; `plain` = by units alone."""
        if channel not in self.channels:
            return plain
        return plain & ~self._special | self._bits.get((channel, cost), 0)

    def of(self, bit: int) -> Mapping[str, int]:
        """Channel -> units, where it is not what the units alone say."""
        known = self._of.get(bit)
        return known[1] if known else {}
