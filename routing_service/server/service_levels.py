"""How items of queues with a declared service level count towards it, by the queue's own terms.

The share is `met / (met + missed)`; it is formed by whoever reads the counters, never here.
"""

from routing_service.core.plans.plan import Plan, QueuePlan
from routing_service.core.plans.queue_plan import ServiceLevel
from routing_service.core.queues.lasting import waited_since
from routing_service.core.records.model import Item
from routing_service.server import metric_names as names
from routing_service.server.series import Tables

MET, MISSED, LEFT_OUT = "met", "missed", "left_out"


class ServiceLevels:
    """Counts of one desk, under the plan in force."""

    def __init__(self, desk: str, tables: Tables) -> None:
        self._desk = desk
        self._items = tables.counter(names.SERVICE_LEVEL_ITEMS)
        self._goals = tables.gauge(names.SERVICE_LEVEL_GOAL)
        self._queues: dict[str, QueuePlan] = {}

    def prepare(self, plan: Plan) -> None:
        """The queues that promise something; figures of other terms go on beside the new ones."""
        self._queues = {name: queue for name, queue in plan.queues.items() if queue.service_level}
        for name, queue in self._queues.items():
            if queue.service_level is not None:
                goal = self._goals.child(self._desk, name, queue.service_level.variant)
                goal.value = queue.service_level.percent / 100

    def answered(self, queue: str, item: Item, now: int) -> None:
        """An agent took the item out of this queue."""
        level = self._level(queue)
        if level is not None:
            in_time = now - waited_since(item) <= level.within
            outcome = "answered_in_time" if in_time else "answered_late"
            self._count(level, queue, item, outcome, MET if in_time else MISSED)

    def abandoned(self, item: Item, left: int) -> None:
        """The customer left at this instant, before anybody had taken the item."""
        level = self._level(item.queue)
        if level is None:
            return
        if left - waited_since(item) <= level.short_abandon:
            self._count(level, item.queue, item, "abandoned_short", LEFT_OUT)
        else:
            counts = MISSED if level.count_abandons else LEFT_OUT
            self._count(level, item.queue, item, "abandoned", counts)

    def opened(self, item: Item) -> None:
        """A new item; the queue that did not admit it has a flow-out."""
        level = self._level(item.flowed_from)
        if level is not None:
            counts = MISSED if level.count_flow_outs else LEFT_OUT
            self._count(level, item.flowed_from, item, "flowed_out", counts)

    def _level(self, queue: str) -> ServiceLevel | None:
        plan = self._queues.get(queue)
        return plan.service_level if plan else None

    def _count(
        self, level: ServiceLevel, queue: str, item: Item, outcome: str, counts: str
    ) -> None:
        labels = (self._desk, queue, item.channel, outcome, counts, level.variant)
        self._items.child(*labels).value += 1
