"""Where an item stands in the order of its queue: one number, smallest first.

By age and strictly the number is static (core/arrival/queueing.py gives it once). By slack it is
the latest instant at which handling can begin and the most urgent promise still be kept: it follows
the item's clocks and is never stored.
"""

from routing_service.core.plans.plan import Order, QueuePlan
from routing_service.core.records.lifecycle import ClockState
from routing_service.core.records.model import Item

UNPROMISED = 86_400_000_000
"""An item without a promise is placed as if it were due a day after it came: nobody starves."""

_UNMET = (ClockState.RUNNING, ClockState.BREACHED)


def place(item: Item, queue: QueuePlan) -> int:
    """The item's number in this queue, in microseconds."""
    if queue.order is not Order.SLACK:
        return item.rank
    dues = [
        clock.due
        for clock in item.clocks.values()
        if clock.due is not None and clock.state in _UNMET
    ]
    due = min(dues, default=item.enqueued_at + UNPROMISED)
    return due - queue.expected_handling - item.boost
