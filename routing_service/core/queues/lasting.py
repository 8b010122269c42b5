"""Since when an item waits for an owner, and how long it may (`ttl`). Pure; decides nothing."""

from routing_service.core.records.model import Item, Milestone


def waited_since(item: Item) -> int:
    """Since when it has waited without a break, an age that it came with included."""
    return max(item.enqueued_at, item.waits_since)


def lives_until(item: Item, ttl: int) -> int | None:
    """The last instant at which it may still wait; None = it may wait for ever.

    An age that it came with counts, time it was parked does not. What had an owner once and waits
    again was taken care of, however old it is.
    """
    if not ttl or Milestone.ASSIGNED in item.milestones:
        return None
    return waited_since(item) + ttl
