"""Counters and histograms of one desk, from the events just committed. Never fed by a recovery.

What "met", "waited" or "late" means here is said in the help of each family (metric_names.py).
"""

from collections.abc import Callable

from routing_service.core.desk.world import World
from routing_service.core.journal.events import (
    AlertRaised,
    AnyEvent,
    ClockMoved,
    EscalationLoopStopped,
    ItemMessaged,
    ItemMoved,
    ItemOpened,
    MilestoneReached,
    OfferMade,
    OfferMoved,
)
from routing_service.core.plans.plan import Plan
from routing_service.core.queues.lasting import waited_since
from routing_service.core.records.lifecycle import (
    ClockState,
    ClockStep,
    ItemStep,
    OfferState,
    OfferStep,
)
from routing_service.core.records.model import SECOND, Item, Milestone, TriggerKind
from routing_service.server import metric_names as names
from routing_service.server.estimates import Estimates
from routing_service.server.series import Tables
from routing_service.server.service_levels import ServiceLevels
from routing_service.server.surges import Surges

COUNTED = frozenset(
    {
        AlertRaised,
        ClockMoved,
        EscalationLoopStopped,
        ItemMessaged,
        ItemMoved,
        ItemOpened,
        MilestoneReached,
        OfferMade,
        OfferMoved,
    }
)
"""The events that `Counts.count` looks at."""
MADE = "made"
_OF_CLOCKS = (TriggerKind.WARNED, TriggerKind.BREACHED)
_ENDED_OFFER = tuple(state.value for state in OfferState if state is not OfferState.PENDING)


class Counts:
    """What happened on one desk. `now` tells the wall's microseconds at release."""

    def __init__(self, desk: str, tables: Tables, now: Callable[[], int], surges: Surges) -> None:
        self._desk = desk
        self._surges = surges
        self._now = now
        self._queue_of_offer: dict[str, str] = {}
        self._submitted = tables.counter(names.ITEMS_SUBMITTED)
        self._transitions = tables.counter(names.TRANSITIONS)
        self._contacts = tables.counter(names.REPEAT_CONTACTS)
        self._offers = tables.counter(names.OFFERS)
        self._waits = tables.histogram(names.WAIT_SECONDS)
        self._estimates = Estimates(desk, tables)
        self._levels = ServiceLevels(desk, tables)
        self._responses = tables.histogram(names.RESPONSE_SECONDS)
        self._resolutions = tables.histogram(names.RESOLUTION_SECONDS)
        self._outcomes = tables.counter(names.CLOCK_OUTCOMES)
        self._elapsed = tables.histogram(names.CLOCK_ELAPSED)
        self._warnings = tables.counter(names.CLOCK_WARNINGS)
        self._alerts = tables.counter(names.ALERTS)
        self._lateness = tables.histogram(names.ALERT_LATENESS).child(desk)
        self._loops = tables.counter(names.ESCALATION_LOOPS).child(desk)

    def seed(self, world: World) -> None:
        """Remember which queue each pending offer is of; nothing is counted."""
        self._queue_of_offer = {offer.id: offer.queue for offer in world.offers.values()}

    def prepare(self, plan: Plan) -> None:
        """Make the series whose rates must start at 0: promises and offers of this plan."""
        self._levels.prepare(plan)
        self._estimates.prepare(plan)
        for clock in plan.clocks.values():
            for priority in clock.targets:
                for outcome in ("met", "breached"):
                    self._outcomes.child(self._desk, clock.name, priority, outcome)
                self._warnings.child(self._desk, clock.name, priority)
        for queue in plan.queues:
            for outcome in (MADE, *_ENDED_OFFER):
                self._offers.child(self._desk, queue, outcome)

    def count(self, event: AnyEvent, item: Item | None, now: int) -> None:
        """One event of a record of this `now`; `item` as it was right after the record."""
        if item is not None:
            self._count_item(event, item, now)
        match event:
            case OfferMade():
                self._queue_of_offer[event.offer] = event.queue
                self._offers.child(self._desk, event.queue, MADE).value += 1
            case AlertRaised():
                self._alert(event, item)
            case EscalationLoopStopped():
                self._loops.value += 1
            case _:
                pass  # counted by its item above

    def _count_item(self, event: AnyEvent, item: Item, now: int) -> None:
        match event:
            case ItemMessaged() if event.contact is not None:
                self._contacts.child(self._desk, item.queue, event.contact.value).value += 1
            case ItemOpened():
                self._levels.opened(item)
                if event.record.contacts > 1:
                    self._contacts.child(self._desk, item.queue, "opened").value += 1
                self._surges.opened(event.record)
                self._submitted.child(
                    self._desk, item.queue, item.channel, item.priority
                ).value += 1
            case ClockMoved():
                self._clock(event, item)
            case MilestoneReached():
                self._milestone(event, item)
            case ItemMoved():
                self._moved(event, item, now)
            case OfferMoved():
                self._offer_ended(event, item, now)
            case _:
                pass  # counted without its item

    def _moved(self, event: ItemMoved, item: Item, now: int) -> None:
        self._transitions.child(self._desk, item.queue, event.step.value).value += 1
        if event.step is ItemStep.ABANDON and _only_waited(item):
            self._levels.abandoned(item, event.until or now)

    def _offer_ended(self, event: OfferMoved, item: Item, now: int) -> None:
        queue = self._queue_of_offer.pop(event.offer, item.queue)
        self._offers.child(self._desk, queue, event.state.value).value += 1
        if event.step is OfferStep.ACCEPT:
            self._levels.answered(queue, item, now)
            self._waits.child(self._desk, queue, item.channel).observe(
                _seconds(waited_since(item), now)
            )

    def _milestone(self, event: MilestoneReached, item: Item) -> None:
        if event.milestone is Milestone.ASSIGNED:
            self._estimates.answered(item, event.at)
        if event.milestone is Milestone.RESPONDED:
            histogram = self._responses
        elif event.milestone is Milestone.RESOLVED:
            histogram = self._resolutions
        else:
            return
        histogram.child(self._desk, item.queue, item.priority).observe(
            _seconds(item.opened_at, event.at)
        )

    def _clock(self, event: ClockMoved, item: Item) -> None:
        labels = (self._desk, event.clock, item.priority)
        match event.step:
            case ClockStep.WARN:
                self._warnings.child(*labels).value += 1
            case ClockStep.BREACH:
                self._outcomes.child(*labels, "breached").value += 1
            case ClockStep.MEET:
                self._elapsed.child(*labels).observe(event.elapsed / SECOND)
                if event.state is ClockState.MET:
                    self._outcomes.child(*labels, "met").value += 1
            case _:
                pass  # starts, pauses and new targets end nothing

    def _alert(self, event: AlertRaised, item: Item | None) -> None:
        alert = event.alert
        self._alerts.child(self._desk, alert.severity).value += 1
        if alert.trigger.kind in _OF_CLOCKS:
            known_since = 0 if item is None else item.received_at
            due = max(alert.trigger.due, known_since)  # a backdated item cannot alert earlier
            self._lateness.observe(_seconds(due, self._now()))


def _only_waited(item: Item) -> bool:
    """Begun, and never with anybody."""
    reached = item.milestones
    return Milestone.OPENED in reached and Milestone.ASSIGNED not in reached


def _seconds(since: int, until: int) -> float:
    """From microseconds; a source's clock ahead of ours gives 0."""
    return max(0, until - since) / SECOND
