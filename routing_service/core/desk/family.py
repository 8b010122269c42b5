"""Who belongs to whom: parents, children and survivors of items. Reads World, decides nothing."""

from collections.abc import Iterator

from routing_service.core.desk.world import World
from routing_service.core.records.errors import WrongState
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES
from routing_service.core.records.model import Item

MAX_DEPTH = 8
"""Generations: an incident, its requests, their collaborations … more is a mistake."""
MAX_COLLABORATORS = 50
"""Agents beside the owner of one item."""
HELPING = frozenset({ItemKind.COLLABORATION, ItemKind.CONSULT, ItemKind.APPROVAL})
"""Made while their parent is worked on, and of no use after it."""


def children(world: World, item: str) -> list[Item]:
    """The items that belong to this one and are in World, in the order in which they came."""
    return [world.items[child] for child in sorted(world.children.get(item, ()))]


def open_children(world: World, item: str) -> list[Item]:
    """Those that have not ended."""
    return [child for child in children(world, item) if child.state not in ENDED_ITEM_STATES]


def ancestors(world: World, item: Item) -> Iterator[Item]:
    """The item's parent, its parent's parent, and so on, as far as they are in World."""
    while (parent := world.items.get(item.parent)) is not None:
        yield parent
        item = parent


def generations(world: World, item: Item) -> int:
    """Generations from the first ancestor down to the item, both included."""
    return 1 + sum(1 for _ in ancestors(world, item))


def relatives(world: World, item_id: str) -> Iterator[str]:
    """Everything that a change of the item may change: itself, those above it, those below it."""
    yield item_id
    item = world.items.get(item_id)
    if item is not None and world.children:
        yield from (above.id for above in ancestors(world, item))
        yield from _below(world, item_id)


def _below(world: World, item_id: str) -> Iterator[str]:
    for child in children(world, item_id):
        yield child.id
        yield from _below(world, child.id)


def survivor(world: World, item: Item) -> Item:
    """What the item was merged into in the end; itself when it was not."""
    while (into := world.items.get(item.merged_into)) is not None:
        item = into
    return item


def check_parent(world: World, item: Item | None, parent: Item) -> None:
    """WrongState: LINK_CYCLE, or LINK_TOO_DEEP. `item` None = it is only about to come."""
    above = (parent, *ancestors(world, parent))
    if item is not None and item.id in {each.id for each in above}:
        raise WrongState("LINK_CYCLE", "The item would be its own parent, or that of its parent.")
    below = 1 if item is None else depth(world, item)
    if len(above) + below > MAX_DEPTH:
        raise WrongState("LINK_TOO_DEEP", f"Linked items have at most {MAX_DEPTH} generations.")


def depth(world: World, item: Item) -> int:
    """Generations from the item downwards, itself included."""
    return 1 + max((depth(world, child) for child in children(world, item.id)), default=0)
