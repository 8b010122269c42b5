"""Index of what profiles say, as bitmaps of agents: queues and terms, skills, attributes.

Changes with profiles only, which are rare beside offers: what it finds out about a signature is
kept until then. Derived from World's agents and rebuilt from them; nothing here is journaled.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

import msgspec

from routing_service.core.queues.bits import clear_bits, set_bits
from routing_service.core.queues.waiting import Signature
from routing_service.core.records.model import Agent, FactValue, QueueTerms, Requirement

SIGNATURES_KEPT = 2_000
"""Signatures of which is known who fits them: a bitmap of 10,000 agents is 1.3 KB."""

MAX_LEVEL = 10
"""Skill levels go from 1 to it."""
_NOBODY: Final = (0,) * (MAX_LEVEL + 1)
PLAIN: Final = QueueTerms()
Terms = Mapping[str, QueueTerms]
"""Queue -> the terms on which an agent serves it; one that is not here: at once, none before."""


class Fitting(msgspec.Struct, frozen=True, gc=False):
    """Who serves the queues of a signature, and the bits of those who have what it asks, too."""

    in_queue: int
    skilled: int
    bits: int
    """Those who have it and whose delay is over."""


class Profiles:
    """A bit per agent; the roster says which."""

    def __init__(self) -> None:
        self._in_queue: dict[str, int] = {}
        self._queues: dict[int, tuple[str, ...]] = {}
        self._terms: dict[int, Terms] = {}
        self._late: dict[str, dict[int, int]] = {}
        self._levels: dict[str, list[int]] = {}
        """Skill -> at the place of each level the bits of those who have at least that."""
        self._having: dict[str, dict[FactValue, int]] = {}
        self._fitting: dict[Signature, Fitting] = {}
        self.choosy = 0
        """Bits of those who serve one of their queues before another."""

    def put(
        self, bit: int, before: Agent | None, agent: Agent, queues: tuple[str, ...], terms: Terms
    ) -> bool:
        """The agent's profile; `queues` are all that he serves. True: other delays count now."""
        was_late = self._delays()
        mask = 1 << bit
        self._fitting.clear()
        if before is not None:
            self._withdraw(bit, mask, before)
        set_bits(self._in_queue, queues, mask)
        self._queues[bit] = queues
        self._put_terms(bit, mask, queues, terms)
        for skill, reached in agent.skills.items():
            levels = self._levels.setdefault(skill, [0] * (MAX_LEVEL + 1))
            for level in range(1, reached + 1):
                levels[level] |= mask
        for name, value in _attributes(agent):
            set_bits(self._having.setdefault(name, {}), (value,), mask)
        return self._delays() != was_late

    def _withdraw(self, bit: int, mask: int, before: Agent) -> None:
        queues, terms = self._queues.pop(bit, ()), self._terms.pop(bit, {})
        clear_bits(self._in_queue, queues, mask)
        for queue in queues:
            if queue in terms and terms[queue].delay:
                late = self._late[queue]
                clear_bits(late, (terms[queue].delay,), mask)
                if not late:
                    del self._late[queue]
        for skill, reached in before.skills.items():
            levels = self._levels[skill]
            for level in range(1, reached + 1):
                levels[level] ^= mask
        for name, value in _attributes(before):
            clear_bits(self._having[name], (value,), mask)

    def _put_terms(self, bit: int, mask: int, queues: tuple[str, ...], terms: Terms) -> None:
        self.choosy &= ~mask
        if not terms:
            return
        self._terms[bit] = terms
        if len({terms.get(queue, PLAIN).priority for queue in queues}) > 1:
            self.choosy |= mask
        for queue in queues:
            if queue in terms and terms[queue].delay:
                set_bits(self._late.setdefault(queue, {}), (terms[queue].delay,), mask)

    def _delays(self) -> dict[str, tuple[int, ...]]:
        return {queue: tuple(sorted(late)) for queue, late in self._late.items()}

    def drop(self, bit: int, agent: Agent) -> bool:
        """He is gone. True: other delays count now."""
        changed = self.put(bit, agent, Agent(id=agent.id), (), {})
        del self._queues[bit]
        return changed

    def members(self, queue: str) -> int:
        """Bits of the queue's agents."""
        return self._in_queue.get(queue, 0)

    def members_for(self, signature: Signature) -> int:
        """Bits of the agents of the queue and of those it was widened to, their delays aside."""
        members = self._in_queue.get(signature.queue, 0)
        for queue in signature.further:
            members |= self._in_queue.get(queue, 0)
        return members

    def fit(self, signature: Signature) -> Fitting:
        """Who may be offered such items when he has room."""
        known = self._fitting.get(signature)
        if known is None:
            if len(self._fitting) >= SIGNATURES_KEPT:
                self._fitting.clear()
            known = self._fitting[signature] = self._find(signature)
        return known

    def suits(self, bit: int, signature: Signature) -> bool:
        """Whether the agent is one of them: of one it is told without counting all."""
        skilled = self.fitting(self.members_for(signature), signature)
        return bool(self._in_time(skilled, signature) >> bit & 1)

    def _find(self, signature: Signature) -> Fitting:
        members = self.members_for(signature)
        skilled = self.fitting(members, signature)
        bits = self._in_time(skilled, signature)
        return Fitting(members.bit_count(), skilled.bit_count(), bits)

    def _in_time(self, skilled: int, signature: Signature) -> int:
        """Those whose delay is over."""
        if not self._late:
            return skilled
        bits = 0
        for queue in (signature.queue, *signature.further):
            bits |= skilled & self._members_in_time(queue, signature.waited)
        return bits

    def _members_in_time(self, queue: str, waited: int) -> int:
        """Members whose delay is not longer than that."""
        bits = self._in_queue.get(queue, 0)
        for delay, late in self._late.get(queue, {}).items():
            if delay > waited:
                bits &= ~late
        return bits

    def next_delay(self, signature: Signature) -> int | None:
        """The next of the delays of these agents that such items have not waited through."""
        if not self._late:
            return None
        delays = self._delays_for(signature)
        return min((delay for delay in delays if delay > signature.waited), default=None)

    def longest_delay(self, signature: Signature, waited: int) -> int:
        """The longest of the delays of these agents that is over after so long; 0 = none is."""
        delays = self._delays_for(signature) if self._late else ()
        return max((delay for delay in delays if delay <= waited), default=0)

    def _delays_for(self, signature: Signature) -> Iterator[int]:
        queues = (signature.queue, *signature.further)
        return chain.from_iterable(self._late.get(queue, ()) for queue in queues)

    def delay(self, bit: int, signature: Signature) -> int:
        """How long such an item waits before this agent may be offered it.

        Of who serves none of its queues: before he would be, were he a member of its own.
        """
        if bit not in self._terms:
            return 0
        of_own = self._terms[bit].get(signature.queue, PLAIN)
        return min(terms.delay for terms in self._terms_for(bit, signature) or [of_own])

    def priority(self, bit: int, signature: Signature) -> int:
        """Before which other items this agent serves such items: higher goes first."""
        waited = signature.waited
        found = [each for each in self._terms_for(bit, signature) if each.delay <= waited]
        return max((each.priority for each in found), default=0)

    def _terms_for(self, bit: int, signature: Signature) -> list[QueueTerms]:
        """Of each queue by which he may have such items."""
        mine, terms = self._queues.get(bit, ()), self._terms.get(bit, {})
        queues = (signature.queue, *signature.further)
        return [terms.get(queue, PLAIN) for queue in queues if queue in mine]

    def fitting(self, members: int, signature: Signature) -> int:
        """Those of `members` who meet every requirement and are not above the ceiling."""
        fit = self.skilled(members, signature.requirements)
        if signature.ceiling:
            for each in signature.requirements:
                fit &= ~self.levels(each.skill)[signature.ceiling + 1]
        return fit

    def skilled(self, members: int, requirements: tuple[Requirement, ...]) -> int:
        """Those of `members` who meet every requirement."""
        for need in requirements:
            members &= self.levels(need.skill)[need.level] if need.level <= MAX_LEVEL else 0
        return members

    def levels(self, skill: str) -> Sequence[int]:
        """At the place of each level, 1 to MAX_LEVEL, the bits of those who have at least that."""
        return self._levels.get(skill, _NOBODY)

    def having(self, attribute: str, value: FactValue) -> int:
        """Bits of those whose attribute has the value; a list attribute has each of its own."""
        return self._having.get(attribute, {}).get(value, 0)

    def values(self, attribute: str) -> Mapping[FactValue, int]:
        """Value of the attribute to the bits of those who have it."""
        return self._having.get(attribute, {})


def _attributes(agent: Agent) -> list[tuple[str, FactValue]]:
    """Every (attribute, value); of a list each value by itself."""
    return [
        (name, each)
        for name, value in agent.attributes.items()
        for each in (dict.fromkeys(value) if isinstance(value, tuple) else (value,))
    ]
