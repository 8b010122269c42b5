"""What can be reached for a customer. Part of model.py, which everybody reads it from."""

from enum import StrEnum


class Milestone(StrEnum):
    """What was reached for the customer; orthogonal to state. Order: see IMPLIES."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    RESPONDED = "responded"
    ENGAGED = "engaged"
    SOLUTION_OFFERED = "solution_offered"
    CUSTOMER_UPDATED = "customer_updated"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"


IMPLICATION = (
    Milestone.ACKNOWLEDGED,
    Milestone.RESPONDED,
    Milestone.ENGAGED,
    Milestone.SOLUTION_OFFERED,
    Milestone.RESOLVED,
    Milestone.CONFIRMED,
)
"""A later one implies unmet earlier ones at the same instant (design §5)."""
