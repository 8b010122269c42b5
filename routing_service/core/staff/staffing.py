"""Who is there to serve: a bitmap of agents per number of capacity units. Derived from World.

Counts people who are there and on shift, busy or not, less what they do elsewhere; who is free at
this moment is the roster's. What follows from that for a signature is kept until somebody comes,
goes or changes.
"""

import msgspec

from routing_service.core.queues.waiting import Signature
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import OFF_SHIFT, Agent
from routing_service.core.staff.keeping import Keeping

_THERE = (Presence.AVAILABLE, Presence.BUSY)
_ON_SHIFT = (*_THERE, Presence.AWAY)
_KEPT = 1_000


def is_there(agent: Agent) -> bool:
    """Signed in and on shift, busy or not."""
    return agent.presence in _THERE and OFF_SHIFT not in agent.held_back


def is_on_shift(agent: Agent) -> bool:
    """Signed in, not about to leave, and on shift; on a break or not."""
    return agent.presence in _ON_SHIFT and OFF_SHIFT not in agent.held_back


class Serving(msgspec.Struct):
    """The agents for a signature: who they are, how many items they can have at once.

    `shares`: of the agents of another queue who are there, the share that is among them.
    """

    agents: int
    slots: int
    shares: dict[str, float] = {}


class Staffing:
    """Changes with presence and profiles only, which are rare beside offers."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping
        self._there: dict[int, int] = {}
        self._units: dict[int, int] = {}
        self._serving: dict[Signature, Serving] = {}
        self.on_shift = 0
        """Bits of those who are signed in, not about to leave, and on shift, on a break or not."""
        self.fewer = False
        """Whether somebody went, or has other queues or skills, since this was asked last."""

    def put(self, bit: int, agent: Agent) -> None:
        """The agent as he is now."""
        self._shift(1 << bit, on=is_on_shift(agent))
        units = max(0, agent.capacity - agent.outside) if is_there(agent) else 0
        before = self._units.get(bit, 0)
        if units == before:
            return
        mask = 1 << bit
        self._units[bit] = units
        if before:
            self._there[before] ^= mask
        if units:
            self._there[units] = self._there.get(units, 0) | mask
        self._serving.clear()

    def _shift(self, mask: int, *, on: bool) -> None:
        was_on = bool(self.on_shift & mask)
        if was_on != on:
            self.on_shift ^= mask
            self.fewer |= was_on

    def changed(self) -> None:
        """Somebody has other queues or skills now."""
        self._serving.clear()
        self.fewer = True

    def known(self, signature: Signature) -> Serving | None:
        """What was found out about the signature since the last change."""
        return self._serving.get(signature)

    def learn(self, signature: Signature, agents: int) -> Serving:
        """`agents` are the bits of those who fit it."""
        if len(self._serving) >= _KEPT:
            self._serving.clear()
        serving = Serving(agents, self._slots(agents, signature))
        self._serving[signature] = serving
        return serving

    def share(self, serving: Serving, queue: str, members: int) -> float:
        """Of the `members` of the queue who are there, the share that is among those serving."""
        share = serving.shares.get(queue)
        if share is None:
            shared = self.present(members & serving.agents).bit_count()
            share = shared / self.present(members).bit_count() if shared else 0.0
            serving.shares[queue] = share
        return share

    def present(self, agents: int) -> int:
        """Bits of those of `agents` who are there."""
        return sum(agents & there for there in self._there.values())  # no agent is in two of them

    def _slots(self, agents: int, signature: Signature) -> int:
        """How many such items those of `agents` who are there can have at once."""
        cost, keeping = signature.cost, self._keeping
        if keeping.keepers and not signature.green:
            return sum(
                keeping.slots(agents & there, units, cost) for units, there in self._there.items()
            )
        return sum(
            (agents & there).bit_count() * (units // cost) for units, there in self._there.items()
        )
