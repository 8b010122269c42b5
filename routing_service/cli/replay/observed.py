"""What a subscriber learns of each item from the event log alone: a fold over public events.

The figures of the demo are made of this and of nothing else, so they are what any client sees.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from routing_service.pb.routing.v1 import agent_pb2, clock_pb2, event_pb2, work_item_pb2


@dataclasses.dataclass(slots=True)
class Story:
    """One item so far. `priority` is by its labels; what escalations made of it is not counted in.

    Instants are microseconds, None = not (or no longer).
    """

    opened_at: int
    priority: str = ""
    ruling: str = ""
    group: str = ""
    assigned_at: int | None = None
    resolved_at: int | None = None
    pauses: int = 0
    reopens: int = 0
    reassignments: int = 0
    warnings: int = 0
    breaches: int = 0
    alerts: int = 0
    priority_changes: int = 0
    closed_by_itself: bool = False


class Observed:
    """All items of the stream, the offers that stand, and how far the stream has come."""

    def __init__(self) -> None:
        self.stories: dict[str, Story] = {}
        self.offers: dict[str, agent_pb2.Offer] = {}
        self.remarks: set[str] = set()
        self.events = 0
        self._taken_in_by: Mapping[str, Callable[[Any], None]] = {
            "item_opened": self._opened,
            "item_classified": self._classified,
            "item_moved": self._moved,
            "milestone_reached": self._reached,
            "clock_moved": self._clock,
            "offer_made": self._offered,
            "offer_moved": self._offer_ended,
            "alert_raised": self._alerted,
            "agent_changed": self._agent,
        }

    def see(self, event: event_pb2.Event) -> None:
        """Take in the next event; kinds that nothing is made of are only counted."""
        self.events += 1
        kind = event.WhichOneof("body")
        if kind in self._taken_in_by:
            self._taken_in_by[kind](getattr(event, kind))

    def _opened(self, event: event_pb2.ItemOpened) -> None:
        self.stories[event.item_id] = Story(opened_at=micros(event.opened_at))

    def _offered(self, event: event_pb2.OfferMade) -> None:
        self.offers[event.offer.id] = event.offer

    def _offer_ended(self, event: event_pb2.OfferMoved) -> None:
        self.offers.pop(event.offer_id, None)

    def _alerted(self, event: event_pb2.AlertRaised) -> None:
        self.stories[event.alert.item_id].alerts += 1

    def _agent(self, event: event_pb2.AgentChanged) -> None:
        self.remarks.add(event.reason)

    def _classified(self, event: event_pb2.ItemClassified) -> None:
        story = self.stories[event.item_id]
        story.priority_changes += bool(story.ruling) and story.ruling != event.priority
        story.ruling = event.priority
        if not any(rule.startswith("escalate/") for rule in event.fired_rules):
            story.priority = event.priority
        group = event.labels["assignment_group"].text if "assignment_group" in event.labels else ""
        story.reassignments += bool(story.group) and story.group != group
        story.group = group

    def _moved(self, event: event_pb2.ItemMoved) -> None:
        story = self.stories[event.item_id]
        story.pauses += event.step == event_pb2.ITEM_STEP_PEND
        if event.step == event_pb2.ITEM_STEP_REOPEN:
            story.reopens += 1
            story.resolved_at = None
        if event.step == event_pb2.ITEM_STEP_CLOSE:
            story.closed_by_itself = event.reason == "auto_close"

    def _reached(self, event: event_pb2.MilestoneReached) -> None:
        story = self.stories[event.item_id]
        if event.milestone == work_item_pb2.MILESTONE_ASSIGNED:
            story.assigned_at = micros(event.at)
        if event.milestone == work_item_pb2.MILESTONE_RESOLVED:
            story.resolved_at = micros(event.at)

    def _clock(self, event: event_pb2.ClockMoved) -> None:
        story = self.stories[event.item_id]
        story.warnings += event.step == clock_pb2.CLOCK_STEP_WARN
        story.breaches += event.step == clock_pb2.CLOCK_STEP_BREACH


def micros(at: Timestamp) -> int:
    """A timestamp in microseconds."""
    return at.seconds * 1_000_000 + at.nanos // 1000
