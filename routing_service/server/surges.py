"""Figures of loads and their levels, one desk: the index that core keeps, fed by what committed.

So neither a scrape nor the event loop reads World. What counts is said in metric_names.py.
"""

from collections.abc import Iterable
from math import nan

from routing_service.core.desk.loads import Loads
from routing_service.core.desk.world import World
from routing_service.core.journal.events import SurgeMoved
from routing_service.core.plans.plan import Plan
from routing_service.core.plans.surge_plan import LoadPlan
from routing_service.core.records.model import Agent, Item
from routing_service.core.records.surge import NORMAL, Surge, SurgeCause
from routing_service.core.staff.membership import queues_of
from routing_service.server import metric_names as names
from routing_service.server.series import Tables

DEFLECTED, MOVED, OFFERED, TOLD = "deflected", "moved", "offered", "told"


class Surges:
    """Nothing is kept for a desk whose plan names no load."""

    def __init__(self, desk: str, tables: Tables) -> None:
        self._desk = desk
        self._loads = Loads()
        self._plan: Plan | None = None
        self.watched = False
        """Whether there is anything to keep."""
        self._surges: dict[str, Surge] = {}
        self._ratio = tables.gauge(names.LOAD_RATIO)
        self._level = tables.gauge(names.SURGE_LEVEL)
        self._switched = tables.gauge(names.SURGE_SWITCHED)
        self._changes = tables.counter(names.SURGE_CHANGES)
        self._notices = tables.counter(names.SURGE_NOTICES)

    def seed(self, world: World) -> None:
        """The levels of this World; nothing is counted as new."""
        self._surges = dict(world.surges)

    def prepare(self, plan: Plan, items: Iterable[Item], agents: Iterable[Agent]) -> None:
        """Begin anew with the loads of this plan; those that are gone are shown no longer."""
        for load in self._plan.loads.values() if self._plan else ():
            for table in (self._ratio, self._level, self._switched):
                table.drop(self._desk, load.queue, load.name)
        self._plan, self.watched = plan, bool(plan.loads)
        self._loads.watch(plan.loads)
        if not self.watched:
            return
        for item in items:
            self.put_item(None, item)
        for agent in agents:
            self.put_agent(None, agent)
        for load in plan.loads.values():
            self._begin(load)

    def _begin(self, load: LoadPlan) -> None:
        """The series whose rates must start at 0, and where the load stands."""
        self._show_level(load.name)
        for answer in (DEFLECTED, MOVED, OFFERED, TOLD):
            self._notices.child(self._desk, load.queue, answer)
        for level in load.levels:
            for cause in (SurgeCause.LOAD, SurgeCause.SWITCHED):
                self._changes.child(self._desk, load.name, level.name, cause.value)

    def put_item(self, before: Item | None, after: Item | None) -> None:
        """The item was and is now this; None = it is not open."""
        item = after or before
        if self._plan is None or item is None:
            return
        self._loads.put_item(before, after, self._plan.channel_cost.get(item.channel, 1))

    def put_agent(self, before: Agent | None, after: Agent | None) -> None:
        """The agent was and is now this; None = he is not there."""
        if self._plan is None:
            return
        if after is None:
            self._loads.drop(before.id if before else "")
        elif before is None or _profile(before) != _profile(after):
            self._loads.put_profile(after, queues_of(self._plan, after))
        else:
            self._loads.put_load(after)

    def moved(self, event: SurgeMoved) -> None:
        """A load stands otherwise."""
        self._surges[event.load] = event.surge
        if event.surge.standing != event.before:
            level = event.surge.standing or "none"
            self._changes.child(self._desk, event.load, level, event.cause.value).value += 1
        if self._plan is not None and event.load in self._plan.loads:
            self._show_level(event.load)

    def opened(self, item: Item) -> None:
        """A new item; what its customer is told because of a load is counted once."""
        notice = item.surge
        if notice is None:
            return
        queue = item.flowed_from or item.queue
        answer = TOLD if notice.message else ""
        answer = OFFERED if notice.offer else answer
        answer = MOVED if item.reason == "surge" else answer
        answer = DEFLECTED if notice.deflected_to else answer
        if answer:
            self._notices.child(self._desk, queue, answer).value += 1

    def show(self) -> None:
        """What changed, at the end of a record."""
        if self._plan is None or not self._loads.dirty:
            return
        for name in self._loads.dirty:
            figure, queue = self._loads.figures[name], self._plan.loads[name].queue
            ratio = figure.demand / figure.units if figure.units else nan
            self._ratio.child(self._desk, queue, name).value = 0.0 if not figure.demand else ratio
        self._loads.dirty.clear()

    def _show_level(self, name: str) -> None:
        if self._plan is None:
            return
        load, surge = self._plan.loads[name], self._surges.get(name, NORMAL)
        labels = (self._desk, load.queue, name)
        self._level.child(*labels).value = load.index(surge.standing) + 1
        self._switched.child(*labels).value = surge.switched


def _profile(agent: Agent) -> tuple[object, ...]:
    return agent.queues, agent.attributes, agent.skills, agent.team
