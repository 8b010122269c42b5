"""Index of agents as bitmaps: who is present, who is free, who is how loaded.

One Python integer per property with a bit per agent (performance research §4.1); candidates are an
AND. Derived from World's agents and rebuilt from them; nothing here is journaled.
"""

from collections.abc import Iterator, Mapping, Sequence

from routing_service.core.queues.bits import clear_bits, is_one, listed, set_bits
from routing_service.core.queues.waiting import Signature
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Agent
from routing_service.core.staff.idleness import Idleness
from routing_service.core.staff.keeping import Keeping
from routing_service.core.staff.profiles import SIGNATURES_KEPT, Profiles, Terms
from routing_service.core.staff.rooms import Rooms, takes_work
from routing_service.core.staff.staffing import Staffing

FULL_LOAD = 1000
_FEW = 12
"""Up to so many, looking at each is quicker than at bitmaps of many."""


def held_units(agent: Agent) -> int:
    """Capacity units in use: reserved by offers, handling, wrap-up, and work from elsewhere."""
    held = agent.outside
    for hold in agent.holds.values():
        held += hold.cost
    return held


class Roster:
    """Bit positions are given once per agent id and never reused: in order of arrival."""

    def __init__(self) -> None:
        self._bit_of: dict[str, int] = {}
        self._id_of: list[str] = []
        self._masks: list[int] = []
        self._idle = Idleness()
        self._present: dict[Presence, int] = {}
        self._presence: list[Presence] = []
        self._free: dict[int, int] = {}
        self._loaded: dict[int, int] = {}
        self._owning: dict[int, int] = {}
        self._owned: dict[str, int] = {}
        self._placed: list[tuple[int, int]] = []
        self._idleness: list[tuple[int, int, str]] = []
        self._burden: list[tuple[int, int, str]] = []
        self._available: dict[Signature, int] = {}
        self.profiles = Profiles()
        self.keeping = Keeping()
        self.staffing = Staffing(self.keeping)
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
        set_bits(self._present, (Presence.OFFLINE,), mask)
        set_bits(self._loaded, (0,), mask)
        set_bits(self._owning, (self._owned.get(agent, 0),), mask)

    def put_profile(
        self,
        before: Agent | None,
        agent: Agent,
        queues: tuple[str, ...],
        terms: Terms,
        kept: int = 0,
    ) -> bool:
        """The agent's profile is new or changed: see Profiles.put.

        `kept` = his last units, which are for the green channel.
        """
        self.register(agent.id)
        self.staffing.changed()
        self._available.clear()
        bit = self._bit_of[agent.id]
        self.keeping.put(self._masks[bit], kept)
        changed = self.profiles.put(bit, before, agent, queues, terms)
        self.put_load(agent)
        return changed

    def put_load(self, agent: Agent) -> None:
        """Anything but the profile of the agent changed."""
        bit = self._bit_of[agent.id]
        self.staffing.put(bit, agent)
        if self._presence[bit] is not agent.presence:
            mask = self._masks[bit]
            clear_bits(self._present, (self._presence[bit],), mask)
            set_bits(self._present, (agent.presence,), mask)
            self._presence[bit] = agent.presence
            self._available.clear()
        self.put_holds(agent)

    def put_holds(self, agent: Agent) -> None:
        """What the agent has in hand changed, and since when he is idle: most changes are such."""
        id_, since = agent.id, agent.idle_since
        bit = self._bit_of[id_]
        mask = self._masks[bit]
        held = held_units(agent)
        free = agent.capacity - held if held < agent.capacity and takes_work(agent) else 0
        load = held * FULL_LOAD // (agent.capacity or 1)
        was_free, was_load = self._placed[bit]
        if free != was_free:  # only what changed: capacities may be 10,000 units
            clear_bits(self._free, range(free + 1, was_free + 1), mask)
            set_bits(self._free, range(was_free + 1, free + 1), mask)
        if load != was_load:
            clear_bits(self._loaded, (was_load,), mask)
            set_bits(self._loaded, (load,), mask)
        self._placed[bit] = (free, load)
        self._idleness[bit] = (since, load, id_)
        self._burden[bit] = (load, since, id_)
        if self.rooms.put(bit, mask, agent) or free:
            self._idle.put(bit, mask, since)
        else:
            self._idle.drop(bit, mask)

    def remove(self, agent: Agent) -> bool:
        """The agent is gone: nothing here finds him any more; his position is not given again."""
        self.staffing.changed()
        self._available.clear()
        self.put_load(Agent(id=agent.id, idle_since=agent.idle_since))
        bit = self._bit_of.pop(agent.id)
        mask = self._masks[bit]
        clear_bits(self._present, (self._presence[bit],), mask)
        clear_bits(self._loaded, (self._placed[bit][1],), mask)
        clear_bits(self._owning, (self._owned.get(agent.id, 0),), mask)
        self.rooms.drop(bit, mask)
        self.keeping.put(mask, 0)
        self._masks[bit] = 0  # as wide as all positions before it: too much for who comes and goes
        return self.profiles.drop(bit, agent)

    def load(self, agent: str) -> int:
        """Capacity in use, in thousandths."""
        return self._placed[self._bit_of[agent]][1]

    def put_owned(self, agent: str, change: int) -> None:
        """The agent owns so many open items more or less; he may have to be put yet."""
        before = self._owned.pop(agent, 0)
        if before + change:
            self._owned[agent] = before + change
        if agent in self._bit_of:
            mask = 1 << self._bit_of[agent]
            clear_bits(self._owning, (before,), mask)
            set_bits(self._owning, (before + change,), mask)

    def in_presence(self, presence: Presence) -> int:
        """Bits of those who are in this presence."""
        return self._present.get(presence, 0)

    def available(self, signature: Signature) -> int:
        """How many of those who fit the signature are available."""
        known = self._available.get(signature)
        if known is None:
            if len(self._available) >= SIGNATURES_KEPT:
                self._available.clear()
            there = self.profiles.fit(signature).bits & self.in_presence(Presence.AVAILABLE)
            known = self._available[signature] = there.bit_count()
        return known

    def free(self, cost: int, channel: str = "") -> int:
        """Bits of the agents with at least `cost` units free for an item of the channel."""
        return self.rooms.free(channel, cost, self._free.get(cost, 0))

    def free_for(self, signature: Signature) -> int:
        """Bits of the agents with room for an item of the signature, whether or not they fit it."""
        if not self.keeping.keepers or signature.green:
            return self.rooms.free(
                signature.channel, signature.cost, self._free.get(signature.cost, 0)
            )
        return self.keeping.for_others(
            signature.cost, lambda units: self.free(units, signature.channel)
        )

    def kept(self, agent: str) -> int:
        """Units that the agent keeps for the green channel."""
        return self.keeping.of(self._masks[self._bit_of[agent]]) if self.keeping.keepers else 0

    def rooms_of(self, agent: str) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Units free by channel, for other items and for those of the green channel."""
        units = self.units(agent)
        if not self.keeping.keepers:
            return units, units
        kept = self.kept(agent)
        return {channel: free - kept for channel, free in units.items()}, units

    def units(self, agent: str) -> Mapping[str, int]:
        """Units free by channel; under "" those of every channel that is not named."""
        bit = self._bit_of[agent]
        by_channel = self.rooms.of(bit)
        units = self._placed[bit][0]
        return {"": units, **by_channel} if by_channel else {"": units}

    def has_room(self, agent: str) -> bool:
        """Whether the agent could take an item of any channel, by what is known here."""
        bit = self._bit_of[agent]
        return self._placed[bit][0] > 0 or any(self.rooms.of(bit).values())

    def idlest(self, bits: int, count: int) -> list[tuple[int, int, str]]:
        """The first `count` of free agents as (idle since, load in thousandths, id)."""
        known = self._idleness
        if is_one(bits):
            return [known[bits.bit_length() - 1]]
        if bits.bit_count() <= _FEW:
            return sorted([known[bit] for bit in listed(bits)])[:count]
        found: list[tuple[int, int, str]] = []
        for bucket in self._idle.buckets:
            of_it = bits & bucket.bits
            if of_it:
                found += sorted([known[bit] for bit in listed(of_it)])
                if len(found) >= count:
                    break
        return found[:count]

    def lightest(self, bits: int, count: int) -> list[tuple[int, int, str]]:
        """The first `count` as (load in thousandths, idle since, id), least loaded first."""
        known = self._burden
        if is_one(bits):
            return [known[bits.bit_length() - 1]]
        if bits.bit_count() <= _FEW:
            return sorted([known[bit] for bit in listed(bits)])[:count]
        best: list[tuple[int, int, str]] = []
        for load in sorted(self._loaded):
            of_load = bits & self._loaded[load]
            if of_load:
                idlest = self.idlest(of_load, count - len(best))
                best += [(load, since, agent) for since, load, agent in idlest]
            if len(best) >= count:
                break
        return best

    def burdens(self, places: Sequence[int]) -> list[tuple[int, int, str]]:
        """(load in thousandths, idle since, id) of each of these agents."""
        known = self._burden
        return [known[bit] for bit in places]

    def by_owned(self, bits: int) -> Iterator[tuple[int, int]]:
        """(open items owned, bits of those who own so many), fewest first."""
        for owned in sorted(self._owning):
            of_owned = bits & self._owning[owned]
            if of_owned:
                yield owned, of_owned
