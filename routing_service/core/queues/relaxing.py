"""How a waiting item asks for less: what it needs of an agent at its step, and when the next is.

Pure. Steps count from the instant from which the item counts as waiting, so its place is kept; of
what comes back from an owner, or from being parked, they count anew.
"""

import msgspec
from msgspec.structs import replace

from routing_service.core.plans.queue_plan import Ladder, RelaxStep
from routing_service.core.queues.lasting import waited_since
from routing_service.core.records.model import Item, Requirement


class Need(msgspec.Struct, frozen=True, gc=False):
    """What an agent must have: membership of one of the queues, these levels, none above `ceiling`.

    `ceiling` 0 = no limit.
    """

    queues: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    ceiling: int = 0


def need(item: Item, ladder: Ladder) -> Need:
    """What the item needs at the step it has reached."""
    queues: tuple[str, ...] = (item.queue,)
    requirements, ceiling = item.requirements, ladder.ceiling
    for step in ladder.steps[: item.relaxed]:
        queues += tuple(name for name in step.queues if name not in queues)
        requirements = _lessened(requirements, step, ladder.floor)
        ceiling = 0 if step.no_ceiling or step.anyone else ceiling
    return Need(queues, requirements, ceiling)


def least(item: Item, ladder: Ladder) -> Need:
    """What the item asks of its owner or who is named: no more than it would at last.

    They are meant, so they are not left for others either, whatever the ceiling.
    """
    asked = need(replace(item, relaxed=len(ladder.steps)), ladder)
    return Need(asked.queues, asked.requirements)


def _lessened(
    requirements: tuple[Requirement, ...], step: RelaxStep, floor: int
) -> tuple[Requirement, ...]:
    """Levels go down to the floor at most, and none goes up to it."""
    if step.anyone:
        return ()
    return tuple(
        Requirement(each.skill, max(min(each.level, floor), each.level - step.lower))
        for each in requirements
        if each.skill not in step.drop
    )


def next_step_at(item: Item, ladder: Ladder) -> int | None:
    """When the item takes its next step; None when it has none left."""
    if item.relaxed >= len(ladder.steps):
        return None
    return waited_since(item) + ladder.steps[item.relaxed].after


def steps_due(item: Item, ladder: Ladder, now: int) -> int:
    """How many steps the item has taken when those that are due by now are."""
    waited = now - waited_since(item)
    due = sum(step.after <= waited for step in ladder.steps)
    return max(due, min(item.relaxed, len(ladder.steps)))
