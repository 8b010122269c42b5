"""How long an item may wait for an owner (`ttl` of its queue). Pure; decides nothing."""

from routing_service.core.model import Item, Milestone


def lives_until(item: Item, ttl: int) -> int | None:
    """The last instant at which it may still wait; None = it may wait for ever.

    An age that it came with counts, time it was parked does not. What had an owner once and waits
    again was taken care of, however old it is.
    """
    if not ttl or Milestone.ASSIGNED in item.milestones:
        return None
    return max(item.enqueued_at, item.resumed_at) + ttl
