"""Decisions about an item's place in its queue, and for whom it is kept there at first."""

from enum import Enum
from typing import assert_never

from routing_service.core.arrival import preferring
from routing_service.core.arrival.preferring import NOBODY, Preferred
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.journal.events import ItemQueued
from routing_service.core.plans.plan import Order
from routing_service.core.records.kinds import Kept
from routing_service.core.records.model import Item

STRICT_BAND = 10**17
"""Wider than any instant in microseconds: a strict queue ranks by priority first."""


class Comes(Enum):
    """How an item gets its place: it decides for whom the item is kept at first."""

    STAYS = "stays"
    """It was in the queue, and is kept for whom it was kept."""
    ENTERS = "enters"
    """For whom the queue prefers."""
    FREE = "free"
    """For nobody."""
    RETURNS = "returns"
    """For its owner, or else for whom the queue prefers."""


def enqueue(draft: Draft, *, since: int, boost: int, comes: Comes = Comes.STAYS) -> None:
    """Give the item its place: a static rank by age, priority and escalation boost (design §7)."""
    item = draft.item
    kept = _kept_for(draft, comes)
    draft.add(
        ItemQueued(
            item=item.id,
            queue=item.queue,
            enqueued_at=since,
            boost=boost,
            rank=rank(draft.world, item.queue, item.priority, since - boost),
            preferred=kept.agent,
            preferred_until=kept.until,
            kept_as=kept.kept_as,
            before=item.routed_at,
        )
    )


def _kept_for(draft: Draft, comes: Comes) -> Preferred:
    """Nobody who could not have it."""
    world, item = draft.world, draft.item
    match comes:
        case Comes.FREE:
            return NOBODY
        case Comes.ENTERS:
            return preferring.preferred(world, item, draft.now)
        case Comes.RETURNS:
            until = draft.now + world.queue(item.queue).owner_wait
            kept = Preferred(item.owner, until, Kept.OWNER)
            waits = until > draft.now
            if waits and not preferring.why_not_wait(world, preferring.keeping(item, kept)):
                return kept
            return preferring.preferred(world, item, draft.now)
        case Comes.STAYS:
            kept = Preferred(item.preferred, item.preferred_until, item.kept_as)
            over = item.preferred_until <= draft.now or preferring.lacks(world, item)
            return NOBODY if over else kept
        case _:
            assert_never(comes)


def anybodys(item: Item) -> ItemQueued:
    """The agent whom the waiting item is kept for is gone: its place stays, and all may have it."""
    return ItemQueued(
        item=item.id,
        queue=item.queue,
        enqueued_at=item.enqueued_at,
        boost=item.boost,
        rank=item.rank,
        before=item.routed_at,
    )


def rerank(draft: Draft) -> None:
    """Another plan may give the item another place; what it has waited and won stays its own."""
    item = draft.item
    now = rank(draft.world, item.queue, item.priority, item.enqueued_at - item.boost)
    if now != item.rank:
        enqueue(draft, since=item.enqueued_at, boost=item.boost)


def rank(world: World, queue: str, priority: str, since: int) -> int:
    """The static order key: the instant from which it counts as waiting, less its priority's."""
    plan = world.plan
    key = since - plan.boost.get(priority, 0)
    if world.queue(queue).order is Order.STRICT:
        key += plan.priorities.index(priority) * STRICT_BAND
    return key
