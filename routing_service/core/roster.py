"""Index of agents as bitmaps: who is in a queue, who has a skill, who is free, who is how loaded.

One Python integer per property with a bit per agent (performance research §4.1); candidates are an
AND. Derived from World's agents and rebuilt from them; nothing here is journaled.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from routing_service.core.lifecycle import Presence
from routing_service.core.model import Agent, Requirement

_Key = TypeVar("_Key")

FULL_LOAD = 1000
_FEW = 64


def held_units(agent: Agent) -> int:
    """Capacity units in use, reserved by offers and wrap-up included."""
    return sum(hold.cost for hold in agent.holds.values())


def free_units(agent: Agent) -> int:
    """Capacity units an offer could take now; 0 unless the agent is available."""
    if agent.presence is not Presence.AVAILABLE:
        return 0
    return max(0, agent.capacity - held_units(agent))


class Roster:
    """Bit positions are given once per agent id and never reused."""

    def __init__(self) -> None:
        self._bit_of: dict[str, int] = {}
        self._id_of: list[str] = []
        self._idle_since: dict[int, int] = {}
        self._in_queue: dict[str, int] = {}
        self._skilled: dict[Requirement, int] = {}
        self._free: dict[int, int] = {}
        self._loaded: dict[int, int] = {}
        self._placed: dict[int, tuple[int, int]] = {}

    def bit(self, agent: str) -> int:
        """Position of the agent's bit."""
        return self._bit_of[agent]

    def agent_at(self, bit: int) -> str:
        """Id of the agent at this position."""
        return self._id_of[bit]

    def put_profile(self, before: Agent | None, agent: Agent) -> None:
        """The agent's queues and skills are new or changed."""
        if agent.id not in self._bit_of:
            self._bit_of[agent.id] = len(self._id_of)
            self._id_of.append(agent.id)
        mask = 1 << self._bit_of[agent.id]
        if before is not None:
            _clear(self._in_queue, before.queues, mask)
            _clear(self._skilled, _requirements(before), mask)
        _set(self._in_queue, agent.queues, mask)
        _set(self._skilled, _requirements(agent), mask)
        self.put_load(agent)

    def put_load(self, agent: Agent) -> None:
        """Presence, holds or idle time of the agent changed."""
        bit = self._bit_of[agent.id]
        mask = 1 << bit
        free = free_units(agent)
        load = held_units(agent) * FULL_LOAD // max(1, agent.capacity)
        was_free, was_load = self._placed.get(bit, (0, 0))
        if bit in self._placed:
            _clear(self._loaded, (was_load,), mask)
        _clear(self._free, range(free + 1, was_free + 1), mask)  # only what changed: capacities
        _set(self._free, range(was_free + 1, free + 1), mask)  # may be 10,000 units
        _set(self._loaded, (load,), mask)
        self._placed[bit] = (free, load)
        if self._idle_since.get(bit) != agent.idle_since:
            self._idle_since.pop(bit, None)
            self._idle_since[bit] = agent.idle_since

    def members(self, queue: str) -> int:
        """Bits of the queue's agents."""
        return self._in_queue.get(queue, 0)

    def skilled(self, members: int, requirements: tuple[Requirement, ...]) -> int:
        """Those of `members` who meet every requirement."""
        for requirement in requirements:
            members &= self._skilled.get(requirement, 0)
        return members

    def free(self, cost: int) -> int:
        """Bits of the agents with at least `cost` units free."""
        return self._free.get(cost, 0)

    def idlest(self, bits: int, count: int) -> list[tuple[int, int, str]]:
        """The first `count` as (idle since, load in thousandths, id), longest idle first."""
        if bits.bit_count() > _FEW:
            return self._walk(bits, count)
        return sorted(self._ranked(bit) for bit in each_bit(bits))[:count]

    def _ranked(self, bit: int) -> tuple[int, int, str]:
        return self._idle_since[bit], self._placed[bit][1], self._id_of[bit]

    def _walk(self, bits: int, count: int) -> list[tuple[int, int, str]]:
        """Through the agents in idle order; ends after the tie that completes `count`."""
        found: list[tuple[int, int, str]] = []
        for bit, since in self._idle_since.items():
            if len(found) >= count and since != found[-1][0]:
                break
            if bits >> bit & 1:
                found.append(self._ranked(bit))
        return sorted(found)[:count]

    def by_load(self, bits: int) -> Iterator[int]:
        """Bits of the agents of one load after the other, lightest first."""
        for load in sorted(self._loaded):
            of_load = bits & self._loaded[load]
            if of_load:
                yield of_load


def each_bit(bits: int) -> Iterator[int]:
    """Positions of the set bits, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _requirements(agent: Agent) -> list[Requirement]:
    """Every (skill, level) the agent meets."""
    return [
        Requirement(skill, level)
        for skill, reached in agent.skills.items()
        for level in range(1, reached + 1)
    ]


def _set(table: dict[_Key, int], keys: Iterable[_Key], mask: int) -> None:
    for key in keys:
        table[key] = table.get(key, 0) | mask


def _clear(table: dict[_Key, int], keys: Iterable[_Key], mask: int) -> None:
    for key in keys:
        rest = table.get(key, 0) & ~mask
        if rest:
            table[key] = rest
        else:
            table.pop(key, None)  # gone already when a profile names a queue twice
