"""Gauges that follow World: open items, oldest waits, clocks, agents, capacity, one desk each.

Kept by differences, from the same events and records that every watcher gets, so that neither a
scrape nor the event loop ever walks all items. World itself is read once, after a recovery.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from routing_service.core.desk.world import World
from routing_service.core.evolution.evolve_agent import AgentEvent, evolve_agent
from routing_service.core.journal.events import AgentPut, AgentRemoved, ItemArchived
from routing_service.core.plans.plan import Plan
from routing_service.core.records.lifecycle import (
    ENDED_ITEM_STATES,
    OPEN_ITEM_STATES,
    ClockState,
    ItemState,
    Presence,
)
from routing_service.core.records.model import Agent, Item
from routing_service.core.staff.roster import held_units
from routing_service.server import metric_names as names
from routing_service.server.series import Number, Tables
from routing_service.server.surges import Surges

_WAITING = frozenset({ItemState.QUEUED, ItemState.OFFERED})
_COMPACT_FROM = 64


class Mirror:
    """What one desk's gauges are made of."""

    def __init__(self, desk: str, tables: Tables, surges: Surges) -> None:
        self._desk = desk
        self._surges = surges
        self._open = tables.gauge(names.ITEMS_OPEN)
        self._oldest = tables.gauge(names.OLDEST_WAITING)
        self._running = tables.gauge(names.CLOCKS_RUNNING)
        self._overdue = tables.gauge(names.CLOCKS_OVERDUE)
        self._presence = tables.gauge(names.AGENTS)
        self._total = tables.gauge(names.CAPACITY).child(desk, "total")
        self._held = tables.gauge(names.CAPACITY).child(desk, "held")
        self._items: dict[str, Item] = {}
        self._agents: dict[str, Agent] = {}
        self._ages: dict[Number, _Ages] = {}
        for presence in Presence:
            self._presence.child(desk, presence.value)

    def seed(self, world: World) -> None:
        """Begin with this World; what was counted before is dropped."""
        for item in list(self._items.values()):
            self._swap_item(item, None)
        for agent in self._agents.values():
            self._swap_agent(agent, None)
        self._items.clear()
        self._agents.clear()
        opened = [item for item in world.items.values() if item.state not in ENDED_ITEM_STATES]
        self._items.update((item.id, item) for item in opened)
        self._count_all(opened)
        for agent in world.agents.values():
            self._agents[agent.id] = agent
            self._swap_agent(None, agent)

    def _count_all(self, items: Sequence[Item]) -> None:
        """What putting one item after the other comes to, in a third of the time."""
        places = Counter((item.queue, item.state) for item in items)
        for (queue, state), number in places.items():
            if state in OPEN_ITEM_STATES:
                self._open.child(self._desk, queue, state.value).value += number
        clocks = Counter(
            (name, clock.state) for item in items for name, clock in item.clocks.items()
        )
        for (name, stands), number in clocks.items():
            if stands is ClockState.RUNNING:
                self._running.child(self._desk, name).value += number
            elif stands is ClockState.BREACHED:
                self._overdue.child(self._desk, name).value += number
        for queue in {item.queue for item in items}:
            oldest = self._oldest.child(self._desk, queue)
            ages = self._ages.setdefault(oldest, _Ages())
            ages.fill(item for item in items if item.queue == queue and item.state in _WAITING)
            oldest.value = ages.oldest()

    def prepare(self, plan: Plan) -> None:
        """Show 0 for the plan's queues and clocks before anything happens there."""
        for queue in plan.queues:
            for state in sorted(OPEN_ITEM_STATES, key=lambda each: each.value):
                self._open.child(self._desk, queue, state.value)
            self._oldest.child(self._desk, queue)
        self._surges.prepare(plan, self._items.values(), self._agents.values())
        for clock in plan.clocks:
            self._running.child(self._desk, clock)
            self._overdue.child(self._desk, clock)

    def item(self, item: str) -> Item | None:
        """The item as last seen, unless it has ended."""
        return self._items.get(item)

    def put_item(self, item: Item) -> None:
        """The item is now this."""
        before = self._items.get(item.id)
        if item.state in ENDED_ITEM_STATES:
            self._items.pop(item.id, None)
        else:
            self._items[item.id] = item
        self._swap_item(before, item)

    def drop_item(self, event: ItemArchived) -> None:
        """The item has left World."""
        before = self._items.pop(event.item, None)
        if before is not None:
            self._swap_item(before, None)

    def move_agent(self, event: AgentEvent | AgentRemoved, now: int) -> None:
        """The agent changed by this event."""
        if isinstance(event, AgentRemoved):
            self._swap_agent(self._agents.pop(event.agent, None), None)
            return
        id_ = event.agent.id if isinstance(event, AgentPut) else event.agent
        before = self._agents.get(id_)
        after = self._agents[id_] = evolve_agent(before, event, now)
        self._swap_agent(before, after)

    def _swap_item(self, before: Item | None, after: Item | None) -> None:
        if self._surges.watched:
            self._surges.put_item(before, after)
        if before is None or after is None or _place(before) != _place(after):
            self._count_place(before, -1)
            self._count_place(after, 1)
        if before is None or after is None or before.clocks is not after.clocks:
            self._count_clocks(before, -1)
            self._count_clocks(after, 1)

    def _count_place(self, item: Item | None, by: int) -> None:
        if item is None or item.state not in OPEN_ITEM_STATES:
            return
        self._open.child(self._desk, item.queue, item.state.value).value += by
        if item.state in _WAITING:
            oldest = self._oldest.child(self._desk, item.queue)
            ages = self._ages.get(oldest) or self._ages.setdefault(oldest, _Ages())
            if by > 0:
                ages.add(item)
            else:
                ages.discard(item)
            oldest.value = ages.oldest()

    def _count_clocks(self, item: Item | None, by: int) -> None:
        if item is None:
            return
        for name, clock in item.clocks.items():
            if clock.state is ClockState.RUNNING:
                self._running.child(self._desk, name).value += by
            elif clock.state is ClockState.BREACHED:
                self._overdue.child(self._desk, name).value += by

    def _swap_agent(self, before: Agent | None, after: Agent | None) -> None:
        if self._surges.watched:
            self._surges.put_agent(before, after)
        for agent, by in ((before, -1), (after, 1)):
            if agent is not None:
                self._presence.child(self._desk, agent.presence.value).value += by
                self._held.value += by * held_units(agent)
                if agent.presence is not Presence.OFFLINE:
                    self._total.value += by * agent.capacity


def _place(item: Item) -> tuple[object, ...]:
    return item.state, item.queue, item.enqueued_at


class _Ages:
    """Since when each item of one queue waits; the oldest first."""

    def __init__(self) -> None:
        self._since: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []

    def add(self, item: Item) -> None:
        self._since[item.id] = item.enqueued_at
        heappush(self._heap, (item.enqueued_at, item.id))
        if len(self._heap) > 2 * len(self._since) + _COMPACT_FROM:
            self._heap = [(since, id_) for id_, since in self._since.items()]
            heapify(self._heap)

    def fill(self, items: Iterable[Item]) -> None:
        """Many at once: one heap is made of them at the end."""
        self._since.update((item.id, item.enqueued_at) for item in items)
        self._heap = [(since, id_) for id_, since in self._since.items()]
        heapify(self._heap)

    def discard(self, item: Item) -> None:
        self._since.pop(item.id, None)

    def oldest(self) -> int:
        """Instant in microseconds; 0 = nobody waits."""
        heap = self._heap
        while heap and self._since.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
        return heap[0][0] if heap else 0
