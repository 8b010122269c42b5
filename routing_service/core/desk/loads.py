"""Index of loads: what waits, what is in hand, and the units signed in, of each load of the plan.

Kept by differences, a few steps per event; derived from World's items and agents, nothing here is
journaled. Load = (cost of what waits + cost in hand) / units signed in. What is offered waits: only
an acceptance puts it in hand. In hand is all that the queue's own agents who are there handle and
wrap up, of whatever queue, and what others who are there have of this one: an agent who works
elsewhere is no room for the queue, and who is in reserve brings none.
"""

from collections.abc import Iterable, Mapping

import msgspec

from routing_service.core.plans.surge_plan import LoadPlan
from routing_service.core.records.lifecycle import HoldState, ItemState
from routing_service.core.records.model import Agent, Hold, Item
from routing_service.core.staff.staffing import is_there

_WAITING = (ItemState.QUEUED, ItemState.OFFERED)
Part = tuple[str, int, int]
"""(load, units, units in hand) that one agent adds."""


class Figure(msgspec.Struct):
    """One load: `demand` over `units`, in capacity units."""

    waiting: int = 0
    in_hand: int = 0
    units: int = 0

    @property
    def demand(self) -> int:
        """Units that would be needed to have nothing wait."""
        return self.waiting + self.in_hand


class Loads:
    """Empty, and free, for a desk whose plan names no load."""

    def __init__(self) -> None:
        self.figures: dict[str, Figure] = {}
        self.dirty: dict[str, None] = {}
        """Loads whose figures changed since somebody looked at their level."""
        self.reserves: dict[str, dict[str, None]] = {}
        """Load -> agents who serve its queue at some level."""
        self._of_queue: dict[str, tuple[LoadPlan, ...]] = {}
        self._own: dict[str, tuple[LoadPlan, ...]] = {}
        self._parts: dict[str, tuple[Part, ...]] = {}

    def watch(self, plans: Mapping[str, LoadPlan]) -> None:
        """Begin anew with these loads; items and agents are to be put again."""
        self.figures = {name: Figure() for name in plans}
        self.dirty = dict.fromkeys(plans)
        self.reserves = {name: self.reserves.get(name, {}) for name in plans}
        self._of_queue = {
            queue: tuple(plan for plan in plans.values() if plan.queue == queue)
            for queue in {plan.queue for plan in plans.values()}
        }
        self._own, self._parts = {}, {}

    def put_item(self, before: Item | None, after: Item | None, cost: int) -> None:
        """The item was `before` and is `after` now; None = not there. Its cost has not changed."""
        if before is not None and after is not None and _counts_alike(before, after):
            return
        for item, units in ((before, -cost), (after, cost)):
            if item is None or item.state not in _WAITING:
                continue
            for plan in self._of_queue.get(item.queue, ()):
                if plan.concerns(item.queue, item.requirements):
                    self.figures[plan.name].waiting += units
                    self.dirty[plan.name] = None

    def put_profile(self, agent: Agent, queues: Iterable[str]) -> None:
        """The agent's own queues, those that he serves in reserve not among them."""
        self._own[agent.id] = tuple(
            plan
            for queue in queues
            for plan in self._of_queue.get(queue, ())
            if _has_skill(plan, agent)
        )
        self.put_load(agent)

    def put_load(self, agent: Agent) -> None:
        """Presence or holds of the agent changed."""
        before, after = self._parts.get(agent.id, ()), self._shares(agent)
        if before != after:
            self._parts[agent.id] = after
            self._add(before, -1)
            self._add(after, 1)

    def drop(self, agent: str) -> None:
        """The agent is gone."""
        self._add(self._parts.pop(agent, ()), -1)
        self._own.pop(agent, None)
        for reserve in self.reserves.values():
            reserve.pop(agent, None)

    def _add(self, parts: tuple[Part, ...], by: int) -> None:
        for name, units, in_hand in parts:
            figure = self.figures[name]
            figure.units += by * units
            figure.in_hand += by * in_hand
            self.dirty[name] = None

    def _shares(self, agent: Agent) -> tuple[Part, ...]:
        if not is_there(agent):
            return ()
        own = self._own.get(agent.id, ())
        if own:
            units = max(0, agent.capacity - agent.outside)
            in_hand = sum(hold.cost for hold in agent.holds.values() if _in_hand(hold))
            mine = [(plan.name, units, in_hand) for plan in own]
        else:
            mine = []
        helped = [
            (plan.name, 0, hold.cost)
            for hold in agent.holds.values()
            if _in_hand(hold)
            for plan in self._of_queue.get(hold.queue, ())
            if plan not in own and _has_skill(plan, agent)
        ]
        return (*mine, *helped)


def _counts_alike(before: Item, after: Item) -> bool:
    """An offer changes nothing: what is proposed to somebody waits still."""
    return (
        (before.state in _WAITING) == (after.state in _WAITING)
        and before.queue == after.queue
        and before.requirements is after.requirements
    )


def _in_hand(hold: Hold) -> bool:
    return hold.state is not HoldState.RESERVED


def _has_skill(plan: LoadPlan, agent: Agent) -> bool:
    return not plan.skill or agent.skills.get(plan.skill, 0) >= plan.skill_level
