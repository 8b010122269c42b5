"""Index of agents as bitmaps: who is in a queue, who has a skill, who is free, who is how loaded.

One Python integer per property with a bit per agent (performance research §4.1); candidates are an
AND. Derived from World's agents and rebuilt from them; nothing here is journaled.
"""

from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from typing import TypeVar

from routing_service.core.bits import each_bit
from routing_service.core.idleness import Idleness
from routing_service.core.lifecycle import Presence
from routing_service.core.model import Agent, FactValue, Requirement
from routing_service.core.rooms import Rooms, takes_work
from routing_service.core.staffing import Staffing
from routing_service.core.waiting import Signature

_Key = TypeVar("_Key")

FULL_LOAD = 1000
_FEW = 24
"""Up to so many, looking at each is quicker than at bitmaps of many."""


def held_units(agent: Agent) -> int:
    """Capacity units in use: reserved by offers, handling, wrap-up, and work from elsewhere."""
    return sum(hold.cost for hold in agent.holds.values()) + agent.outside


def free_units(agent: Agent) -> int:
    """Capacity units an offer could take now; 0 for who takes nothing new, see `takes_work`."""
    if not takes_work(agent):
        return 0
    return max(0, agent.capacity - held_units(agent))


class Roster:
    """Bit positions are given once per agent id and never reused: in order of arrival."""

    def __init__(self) -> None:
        self._bit_of: dict[str, int] = {}
        self._id_of: list[str] = []
        self._masks: list[int] = []
        self._idle = Idleness()
        self._in_queue: dict[str, int] = {}
        self._sizes: dict[str, int] = {}
        self._queues: dict[int, tuple[str, ...]] = {}
        self._skilled: dict[Requirement, int] = {}
        self._having: dict[str, dict[FactValue, int]] = {}
        self._present: dict[Presence, int] = {}
        self._presence: list[Presence] = []
        self._free: dict[int, int] = {}
        self._loaded: dict[int, int] = {}
        self._owning: dict[int, int] = {}
        self._owned: dict[str, int] = {}
        self._placed: list[tuple[int, int]] = []
        self._idleness: list[tuple[int, int, str]] = []
        self._burden: list[tuple[int, int, str]] = []
        self.staffing = Staffing()
        self.rooms = Rooms()

    def bit(self, agent: str) -> int:
        """Position of the agent's bit."""
        return self._bit_of[agent]

    def bit_if_known(self, agent: str) -> int:
        """The same; -1 for somebody who is not here."""
        return self._bit_of.get(agent, -1)

    def agent_at(self, bit: int) -> str:
        """Id of the agent at this position."""
        return self._id_of[bit]

    def register(self, agent: str) -> None:
        """Give the agent his position, if he has none yet."""
        if agent in self._bit_of:
            return
        mask = 1 << len(self._id_of)
        self._bit_of[agent] = len(self._id_of)
        self._id_of.append(agent)
        self._masks.append(mask)
        self._presence.append(Presence.OFFLINE)
        self._placed.append((0, 0))
        self._idleness.append((0, 0, agent))
        self._burden.append((0, 0, agent))
        _set(self._present, (Presence.OFFLINE,), mask)
        _set(self._loaded, (0,), mask)
        _set(self._owning, (self._owned.get(agent, 0),), mask)

    def put_profile(
        self,
        before: Agent | None,
        agent: Agent,
        queues: tuple[str, ...],
    ) -> None:
        """The agent's profile is new or changed; `queues` are all that he is a member of."""
        self.register(agent.id)
        self.staffing.changed()
        mask = 1 << self._bit_of[agent.id]
        if before is not None:
            _clear(self._in_queue, self._queues.get(mask, ()), mask)
            _clear(self._skilled, _requirements(before), mask)
            for name, value in _attributes(before):
                _clear(self._having[name], (value,), mask)
        _set(self._in_queue, queues, mask)
        self._queues[mask] = queues
        self._sizes.clear()
        _set(self._skilled, _requirements(agent), mask)
        for name, value in _attributes(agent):
            _set(self._having.setdefault(name, {}), (value,), mask)
        self.put_load(agent)

    def put_load(self, agent: Agent) -> None:
        """Presence, holds or idle time of the agent changed."""
        bit = self._bit_of[agent.id]
        mask = self._masks[bit]
        self.staffing.put(bit, agent)
        if self._presence[bit] is not agent.presence:
            _clear(self._present, (self._presence[bit],), mask)
            _set(self._present, (agent.presence,), mask)
            self._presence[bit] = agent.presence
        free = free_units(agent)
        load = held_units(agent) * FULL_LOAD // max(1, agent.capacity)
        was_free, was_load = self._placed[bit]
        if free != was_free:  # only what changed: capacities may be 10,000 units
            _clear(self._free, range(free + 1, was_free + 1), mask)
            _set(self._free, range(was_free + 1, free + 1), mask)
        if load != was_load:
            _clear(self._loaded, (was_load,), mask)
            _set(self._loaded, (load,), mask)
        self._placed[bit] = (free, load)
        self._idleness[bit] = (agent.idle_since, load, agent.id)
        self._burden[bit] = (load, agent.idle_since, agent.id)
        if self.rooms.put(bit, mask, agent) or free:
            self._idle.put(bit, mask, agent.idle_since)
        else:
            self._idle.drop(bit, mask)

    def remove(self, agent: Agent) -> None:
        """The agent is gone: nothing here finds him any more; his position is not given again."""
        self.put_profile(agent, Agent(id=agent.id, idle_since=agent.idle_since), ())
        bit = self._bit_of.pop(agent.id)
        mask = self._masks[bit]
        _clear(self._present, (self._presence[bit],), mask)
        _clear(self._loaded, (self._placed[bit][1],), mask)
        _clear(self._owning, (self._owned.get(agent.id, 0),), mask)
        del self._queues[mask]
        self.rooms.drop(bit, mask)

    def load(self, agent: str) -> int:
        """Capacity in use, in thousandths."""
        return self._placed[self._bit_of[agent]][1]

    def put_owned(self, agent: str, change: int) -> None:
        """The agent owns so many open items more or less; he may have to be put yet."""
        before = self._owned.get(agent, 0)
        self._owned[agent] = before + change
        if agent in self._bit_of:
            mask = 1 << self._bit_of[agent]
            _clear(self._owning, (before,), mask)
            _set(self._owning, (before + change,), mask)

    def in_presence(self, presence: Presence) -> int:
        """Bits of those who are in this presence."""
        return self._present.get(presence, 0)

    def serves(self, agent: str, queue: str) -> bool:
        """Whether the agent is a member of the queue."""
        bit = self._bit_of.get(agent, -1)
        return bit >= 0 and bool(self.members(queue) >> bit & 1)

    def members(self, queue: str) -> int:
        """Bits of the queue's agents."""
        return self._in_queue.get(queue, 0)

    def members_for(self, signature: Signature) -> int:
        """Bits of the agents of the queue and of those it was widened to."""
        members = self._in_queue.get(signature.queue, 0)
        for queue in signature.further:
            members |= self._in_queue.get(queue, 0)
        return members

    def size(self, signature: Signature) -> int:
        """How many agents `members_for` gives."""
        if signature.further:
            return self.members_for(signature).bit_count()
        size = self._sizes.get(signature.queue)
        if size is None:
            size = self._sizes[signature.queue] = self.members(signature.queue).bit_count()
        return size

    def fitting(self, members: int, signature: Signature) -> int:
        """Those of `members` who meet every requirement and are not above the ceiling."""
        fit = self.skilled(members, signature.requirements)
        if signature.ceiling:
            for each in signature.requirements:
                fit &= ~self._skilled.get(Requirement(each.skill, signature.ceiling + 1), 0)
        return fit

    def skilled(self, members: int, requirements: tuple[Requirement, ...]) -> int:
        """Those of `members` who meet every requirement."""
        for requirement in requirements:
            members &= self._skilled.get(requirement, 0)
        return members

    def having(self, attribute: str, value: FactValue) -> int:
        """Bits of those whose attribute has the value; a list attribute has each of its own."""
        return self._having.get(attribute, {}).get(value, 0)

    def values(self, attribute: str) -> Mapping[FactValue, int]:
        """Value of the attribute to the bits of those who have it."""
        return self._having.get(attribute, {})

    def free(self, cost: int, channel: str = "") -> int:
        """Bits of the agents with at least `cost` units free for an item of the channel."""
        return self.rooms.free(channel, cost, self._free.get(cost, 0))

    def units(self, agent: str) -> Mapping[str, int]:
        """Units free by channel; under "" those of every channel that is not named."""
        bit = self._bit_of[agent]
        return {"": self._placed[bit][0], **self.rooms.of(bit)}

    def has_room(self, agent: str) -> bool:
        """Whether the agent could take an item of any channel, by what is known here."""
        bit = self._bit_of[agent]
        return self._placed[bit][0] > 0 or any(self.rooms.of(bit).values())

    def idlest(self, bits: int, count: int) -> list[tuple[int, int, str]]:
        """The first `count` of free agents as (idle since, load in thousandths, id)."""
        known = self._idleness
        if bits.bit_count() <= _FEW:
            return sorted([known[bit] for bit in each_bit(bits)])[:count]
        found: list[tuple[int, int, str]] = []
        for bucket in self._idle.buckets:
            of_it = bits & bucket.bits
            if of_it:
                found += nsmallest(count - len(found), [known[bit] for bit in each_bit(of_it)])
                if len(found) >= count:
                    break
        return found

    def lightest(self, bits: int, count: int) -> list[tuple[int, int, str]]:
        """The first `count` as (load in thousandths, idle since, id), least loaded first."""
        known = self._burden
        if bits.bit_count() <= _FEW:
            return sorted([known[bit] for bit in each_bit(bits)])[:count]
        best: list[tuple[int, int, str]] = []
        for load in sorted(self._loaded):
            of_load = bits & self._loaded[load]
            if of_load:
                idlest = self.idlest(of_load, count - len(best))
                best += [(load, since, agent) for since, load, agent in idlest]
            if len(best) >= count:
                break
        return best

    def by_owned(self, bits: int) -> Iterator[tuple[int, int]]:
        """(open items owned, bits of those who own so many), fewest first."""
        for owned in sorted(self._owning):
            of_owned = bits & self._owning[owned]
            if of_owned:
                yield owned, of_owned


def _requirements(agent: Agent) -> list[Requirement]:
    """Every (skill, level) the agent meets."""
    return [
        Requirement(skill, level)
        for skill, reached in agent.skills.items()
        for level in range(1, reached + 1)
    ]


def _attributes(agent: Agent) -> list[tuple[str, FactValue]]:
    """Every (attribute, value); of a list each value by itself."""
    return [
        (name, each)
        for name, value in agent.attributes.items()
        for each in (dict.fromkeys(value) if isinstance(value, tuple) else (value,))
    ]


def _set(table: dict[_Key, int], keys: Iterable[_Key], mask: int) -> None:
    for key in keys:
        table[key] = table.get(key, 0) | mask


def _clear(table: dict[_Key, int], keys: Iterable[_Key], mask: int) -> None:
    """Of keys under which the mask stands, each named once."""
    for key in keys:
        rest = table[key] ^ mask
        if rest:
            table[key] = rest
        else:
            del table[key]
