"""Decisions about merging: two items of a customer are about one thing, and one of them goes on."""

from routing_service.core import clocks, family, offers
from routing_service.core.draft import Draft
from routing_service.core.errors import Invalid, WrongState
from routing_service.core.events import AnyEvent, ItemAbsorbed, ItemLinked, ItemMoved
from routing_service.core.lifecycle import (
    ENDED_ITEM_STATES,
    ITEM,
    ItemState,
    ItemStep,
    advance,
)
from routing_service.core.link_commands import Merge
from routing_service.core.model import Item
from routing_service.core.world import World


def merge(world: World, command: Merge, now: int) -> list[AnyEvent]:
    """The item ends; its contacts, messages and links are the survivor's from now on.

    Invalid: into itself. WrongState: another customer or kind (CANNOT_MERGE), one of them is
    resolved or has ended, or the survivor belongs to the item (LINK_CYCLE).
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
    return [*draft.events, *_moved_links(world, item, into), _absorbed(item, into)]


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
        collaborators=item.collaborators,
    )
