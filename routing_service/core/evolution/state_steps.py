"""Steps that a state of the queue brings before their time: nobody on shift, too many waiting.

An index of the waiting items that stand before such a step, and what is due of them. Derived from
World's items; nothing here is journaled.
"""

from collections.abc import Iterable, Iterator

from routing_service.core.desk.world import World
from routing_service.core.journal.events import ItemRelaxed
from routing_service.core.plans.queue_plan import RelaxStep
from routing_service.core.queues.waiting import Signature
from routing_service.core.records.model import Item


def step_by_state(world: World, item: Item) -> RelaxStep | None:
    """The item's next step, if a state may bring it. Kept for one agent, an item takes none."""
    steps = world.queue(item.queue).ladder.steps
    if item.relaxed >= len(steps) or item.preferred:
        return None
    step = steps[item.relaxed]
    return step if step.unstaffed or step.crowded else None


def due(world: World) -> list[ItemRelaxed]:
    """Items whose next step is brought by how things are now, in the order of their ids.

    Whether nobody is there is asked of those that began to wait, and of all when someone left.
    """
    index, staffing = world.stepping.by_state, world.roster.staffing
    found: set[str] = set()
    nobody: dict[Signature, bool] = {}
    for (queue, number), items in index.groups():
        step = world.queue(queue).ladder.steps[number]
        if step.crowded and _crowded(world, queue, step.crowded):
            found.update(items)
        elif step.unstaffed:
            asked = items if staffing.fewer else index.new & items.keys()
            found.update(_unstaffed(world, asked, nobody))
    index.new.clear()
    staffing.fewer = False
    return [
        ItemRelaxed(item=id_, step=world.items[id_].relaxed + 1, before=world.items[id_].routed_at)
        for id_ in sorted(found)
    ]


def _crowded(world: World, queue: str, per_agent: int) -> bool:
    """Whether so many or more wait in the queue for each of its agents who is on shift."""
    there = world.roster.profiles.members(queue) & world.roster.staffing.on_shift
    return world.waiting.count(queue) >= per_agent * there.bit_count()


def _unstaffed(world: World, items: Iterable[str], nobody: dict[Signature, bool]) -> Iterator[str]:
    """Those for which nobody on shift has what they ask."""
    profiles, on_shift = world.roster.profiles, world.roster.staffing.on_shift
    for id_ in items:
        signature = world.signature(world.items[id_])
        if signature not in nobody:
            there = profiles.members_for(signature) & on_shift
            nobody[signature] = not profiles.fitting(there, signature)
        if nobody[signature]:
            yield id_
