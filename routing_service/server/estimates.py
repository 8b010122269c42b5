"""How good the estimated waits were: what an answered item was told against what it waited.

Only items that were told to wait, and waited in one go, count: of those who find somebody free it
would be no feat.
"""

from routing_service.core.plans.plan import Plan
from routing_service.core.records.model import SECOND, Item
from routing_service.server import metric_names as names
from routing_service.server.series import Tables

OUTCOMES = WITHIN_P50, WITHIN_P90, LONGER = "p50", "p90", "longer"


class Estimates:
    """Counts the answers of one desk."""

    def __init__(self, desk: str, tables: Tables) -> None:
        self._desk = desk
        self._outcomes = tables.counter(names.ESTIMATES)
        self._errors = tables.histogram(names.ESTIMATE_ERROR)

    def prepare(self, plan: Plan) -> None:
        """Make the series whose rates must start at 0."""
        for queue in plan.queues:
            for outcome in OUTCOMES:
                self._outcomes.child(self._desk, queue, outcome)

    def answered(self, item: Item, at: int) -> None:
        """The item was accepted for the first time, at `at`."""
        told = item.expected
        if told is None or told.p50 == told.p90 or item.waits_since:
            return
        waited = at - item.received_at
        outcome = WITHIN_P50 if waited <= told.p50 else WITHIN_P90 if waited <= told.p90 else LONGER
        direction = "shorter" if waited <= told.p50 else "longer"
        self._outcomes.child(self._desk, item.queue, outcome).value += 1
        self._errors.child(self._desk, item.queue, direction).observe(
            abs(waited - told.p50) / SECOND
        )
