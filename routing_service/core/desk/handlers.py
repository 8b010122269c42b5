"""Table: who accepted a request of a customer or of a matter last; only what is asked for.

Part of World's state, because items are archived sooner than that is forgotten. Knows no items.
"""

from collections import OrderedDict

from routing_service.core.plans.plan import Plan
from routing_service.core.plans.queue_plan import Matters
from routing_service.core.records.model import FactValue

KEPT = 1_000_000
"""Customers and matters that are remembered, those of the latest handling."""

Key = tuple[FactValue, ...]


class Handlers:
    """`known`: customer or matter -> (agent, instant), latest last."""

    def __init__(self) -> None:
        self.known: OrderedDict[Key, tuple[str, int]] = OrderedDict()
        self.asked: dict[Matters, int] = {}
        """What the plan's queues ask for, and how long ago at most, in microseconds."""

    def ask(self, plan: Plan) -> None:
        """Another plan is in force; what none of its queues asks for is forgotten."""
        self.asked = {}
        for queue in plan.queues.values():
            for wish in queue.choice.prefer:
                if wish.handled is not None:
                    longest = max(self.asked.get(wish.handled, 0), wish.within)
                    self.asked[wish.handled] = longest
        if not self.asked:
            self.known.clear()

    def last(self, key: Key, since: int) -> str:
        """The agent, if he accepted not before `since`; empty when there is none."""
        agent, at = self.known.get(key, ("", 0))
        return agent if at >= since else ""

    def learn(self, key: Key, agent: str, now: int) -> None:
        """He has accepted a request of it just now."""
        self.known[key] = (agent, now)
        self.known.move_to_end(key)
        oldest = now - max(self.asked.values())
        while len(self.known) > KEPT or next(iter(self.known.values()))[1] < oldest:
            self.known.popitem(last=False)
