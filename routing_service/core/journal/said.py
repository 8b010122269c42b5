"""What either side can say of an item. Part of commands.py, which everybody reads it from."""

from enum import StrEnum


class RequestKind(StrEnum):
    """What the customer's side says."""

    OPENED = "opened"
    MESSAGE = "message"
    UPDATED = "updated"
    LABELLED = "labelled"
    RETURNED = "returned"
    ABANDONED = "abandoned"


class ReportKind(StrEnum):
    """What the handling side says. The first seven are milestones, the rest move the item."""

    ACKNOWLEDGED = "acknowledged"
    RESPONDED = "responded"
    ENGAGED = "engaged"
    SOLUTION_OFFERED = "solution_offered"
    CUSTOMER_UPDATED = "customer_updated"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    PENDING = "pending"
    RESUMED = "resumed"
    REOPENED = "reopened"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    SCHEDULED = "scheduled"
    ACTIVATED = "activated"
