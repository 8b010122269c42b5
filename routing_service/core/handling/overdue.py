"""What fell due while an item was offered in vain: the end of its life, steps, delays of agents.

The time of an offer is time of waiting. Before anybody else is asked the item is as it would be had
it stood in its queue; else agents who answer nothing could keep it from all others for ever.
"""

from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.journal.events import ItemRelaxed, ItemWaited
from routing_service.core.promises import clocks
from routing_service.core.queues.lasting import lives_until, waited_since
from routing_service.core.queues.relaxing import steps_due
from routing_service.core.records.lifecycle import ItemState, ItemStep
from routing_service.core.records.model import Item

TTL = "ttl"
"""Why an item ended for which nobody came in time."""


def make_up(draft: Draft) -> None:
    """For an item that is back in its queue; one that its owner keeps is not."""
    if draft.item.state is not ItemState.QUEUED:
        return
    last = lives_until(draft.item, draft.world.queue(draft.item.queue).ttl)
    if last is not None and last < draft.now:
        draft.move(ItemStep.EXPIRE, TTL)
        clocks.cancel(draft, ItemStep.EXPIRE.value)
        return
    while due := steps(draft.world, draft.item, draft.now):  # a step may widen it to other delays
        for step in due:
            draft.add(step)


def steps(world: World, item: Item, now: int) -> list[ItemRelaxed | ItemWaited]:
    """The steps of a waiting item that are due by time."""
    found: list[ItemRelaxed | ItemWaited] = []
    step = steps_due(item, world.queue(item.queue).ladder, now)
    if step > item.relaxed:
        found.append(ItemRelaxed(item=item.id, step=step, before=item.routed_at))
    signature = world.signature(item)
    delay = world.roster.profiles.longest_delay(signature, now - waited_since(item))
    if delay > signature.waited:
        found.append(ItemWaited(item=item.id, delay=delay))
    return found
