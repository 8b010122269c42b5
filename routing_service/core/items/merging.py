"""Decisions about merging: two items of a customer are about one thing, and one of them goes on."""

from itertools import islice

from routing_service.core.arrival import queueing
from routing_service.core.desk import family
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.handling import offers
from routing_service.core.journal.events import AnyEvent, ItemAbsorbed, ItemLinked, ItemMoved
from routing_service.core.journal.link_commands import Merge
from routing_service.core.promises import clocks
from routing_service.core.records.errors import Invalid, WrongState
from routing_service.core.records.lifecycle import (
    ENDED_ITEM_STATES,
    ITEM,
    ItemState,
    ItemStep,
    advance,
)
from routing_service.core.records.model import Item

_WAITING = frozenset({ItemState.QUEUED, ItemState.OFFERED})


def merge(world: World, command: Merge, now: int) -> list[AnyEvent]:
    """The item ends; its contacts, messages and links are the survivor's from now on.

    Both waiting, the survivor has the age of the older one and the larger boost. Invalid: into
    itself. WrongState: another customer or kind (CANNOT_MERGE), one of them is resolved or has
    ended, the survivor belongs to the item (LINK_CYCLE), or the family gets too many generations
    (LINK_TOO_DEEP).
    """
    item, into = world.item(command.item, command.version), world.item(command.into)
    _check(world, item, into)
    draft = Draft(world, item, now)
    offers.withdraw(draft, "merged")
    offers.release(draft)
    draft.add(
        ItemMoved(
            item=item.id,
            step=ItemStep.MERGE,
            state=advance(ITEM, draft.item.state, ItemStep.MERGE, item.number),
            reason=command.reason,
            into=into.id,
        )
    )
    clocks.cancel(draft, "merged")
    survivor = Draft(world, into, now)
    survivor.add(_absorbed(item, into))
    if _parent_to_inherit(world, item, into) is not None:
        survivor.add(ItemLinked(item=into.id, parent=item.parent, role=item.role))
    if {item.state, into.state} <= _WAITING:
        _take_place(survivor, item)
    return [*draft.events, *_moved_links(world, item, into), *survivor.events]


def _take_place(survivor: Draft, item: Item) -> None:
    """The survivor waits as if it had come with the older one, and was as often escalated."""
    into = survivor.item
    since, boost = min(item.enqueued_at, into.enqueued_at), max(item.boost, into.boost)
    if (since, boost) != (into.enqueued_at, into.boost):
        queueing.enqueue(survivor, since=since, boost=boost)


def _check(world: World, item: Item, into: Item) -> None:
    if item.id == into.id:
        raise Invalid("FIELD_OUT_OF_RANGE", "An item cannot be merged into itself.")
    if (item.customer, item.kind) != (into.customer, into.kind):
        raise WrongState("CANNOT_MERGE", "Only items of one customer and one kind are merged.")
    if into.state is ItemState.RESOLVED or into.state in ENDED_ITEM_STATES:
        raise WrongState(
            "ILLEGAL_TRANSITION",
            f"{into.number} is {into.state.value}: merge into an item that is open.",
            state=into.state.value,
            step=ItemStep.MERGE.value,
        )
    if item.id in {each.id for each in family.ancestors(world, into)}:
        raise WrongState("LINK_CYCLE", "The survivor belongs to the item that would end.")
    for child in family.children(world, item.id):
        family.check_parent(world, child, into)
    parent = _parent_to_inherit(world, item, into)
    if parent is not None:
        family.check_parent(world, into, parent)


def _parent_to_inherit(world: World, item: Item, into: Item) -> Item | None:
    """The survivor belongs to what the item belonged to, unless it has a parent or is above it."""
    above = {each.id for each in family.ancestors(world, item)}
    return None if into.parent or into.id in above else world.items.get(item.parent)


def _moved_links(world: World, item: Item, into: Item) -> list[AnyEvent]:
    return [
        ItemLinked(item=child.id, parent=into.id, role=child.role)
        for child in family.children(world, item.id)
    ]


def _absorbed(item: Item, into: Item) -> ItemAbsorbed:
    return ItemAbsorbed(
        item=into.id,
        merged=item.id,
        signals=item.signals,
        contacts=item.contacts,
        collaborators=_joining(item, into),
    )


def _joining(item: Item, into: Item) -> dict[str, str]:
    """Those of the item who work on the survivor from now on, as far as there is room for them."""
    room = family.MAX_COLLABORATORS - len(into.collaborators)
    helping = item.collaborators.items()
    new = (each for each in helping if each[0] not in into.collaborators)
    return dict(islice(new, room))
