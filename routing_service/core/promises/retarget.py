"""Another rulebook came in force: open items are moved to its terms, some at a time.

Between two slices other commands run. An item not moved yet keeps the clocks and the place it has;
the writer moves it first when a command or a deadline is about it.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from routing_service.core.arrival import queueing
from routing_service.core.desk import family
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.journal.commands import TimerKey, TimerKind
from routing_service.core.journal.events import AnyEvent, ItemRelaxed, ItemsRetargeted
from routing_service.core.promises import clocks, new_terms
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES, ItemState

SLICE = 250
"""Items of one record: about 10 ms."""
_ON_THE_LADDER = (ItemState.QUEUED, ItemState.OFFERED, ItemState.LEFT)


def settle_overdue(world: World, now: int) -> list[AnyEvent]:
    """What was due before now under the plan that another one is about to replace."""
    overdue = world.take_due(now, len(world.timers))
    items = dict.fromkeys(key.subject for key in overdue if key.kind == TimerKind.CLOCK)
    events: list[AnyEvent] = []
    for item in items:
        draft = Draft(world, world.items[item], now)
        clocks.settle(draft)
        events += draft.events
    return events


def next_slice(world: World) -> tuple[str, ...]:
    """The items to move next, in the order in which they came."""
    return tuple(islice(world.stale, SLICE))


def not_moved(world: World, items: Iterable[str]) -> tuple[str, ...]:
    """Those of these items, and of who belongs to them, that are still to be moved."""
    concerned = (each for item in items for each in family.relatives(world, item))
    return tuple(item for item in dict.fromkeys(concerned) if item in world.stale)


def items_of(world: World, timers: Iterable[TimerKey]) -> Iterator[str]:
    """The items that these deadlines are about."""
    for timer in timers:
        offer = world.offers.get(timer.subject) if timer.kind == TimerKind.OFFER else None
        yield offer.item if offer else timer.subject


def retarget(world: World, items: Iterable[str], now: int) -> list[AnyEvent]:
    """Clocks of these items, and the places of those who wait, by the plan in force."""
    ids = tuple(items)
    events: list[AnyEvent] = []
    for item in ids:
        events += _moved(world, item, now)
    return [*events, ItemsRetargeted(items=ids)] if ids else []


def _moved(world: World, item_id: str, now: int) -> list[AnyEvent]:
    item = world.items.get(item_id)
    if item is None or item.state in ENDED_ITEM_STATES:
        return []
    draft = Draft(world, item, now)
    clocks.settle(draft)
    new_terms.retarget(draft)
    if draft.item.state in (ItemState.QUEUED, ItemState.OFFERED):
        queueing.rerank(draft)
    if draft.item.state in _ON_THE_LADDER:
        _stand_on_it(draft)
    return draft.events


def _stand_on_it(draft: Draft) -> None:
    """Steps that the new ladder does not have were not taken: others may come to their place."""
    item, last = draft.item, len(draft.world.queue(draft.item.queue).ladder.steps)
    if item.relaxed > last:
        draft.add(ItemRelaxed(item=item.id, step=last, before=item.routed_at))
