"""Which earlier item a repeat contact is about: contacts with the same key are about one matter.

Reads items and the index `World.matters` (kept by core/evolution/derived.py); decides nothing.
"""

from collections.abc import Mapping

from routing_service.core.desk.family import survivor
from routing_service.core.desk.world import Matter, World
from routing_service.core.plans.plan import Plan
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES, ItemState
from routing_service.core.records.model import FactValue, Item

CUSTOMER = "customer"
CHANNEL = "channel"
LABEL = "label."
"""Before the name of a label in a correlation's `by`."""


def matter_of(
    plan: Plan, customer: str, channel: str, labels: Mapping[str, FactValue]
) -> Matter | None:
    """The key of a contact, or None when the pack has none or a part of it is not known."""
    if plan.correlation is None:
        return None
    parts = tuple(_part(name, customer, channel, labels) for name in plan.correlation.by)
    return None if "" in parts else parts


def _part(name: str, customer: str, channel: str, labels: Mapping[str, FactValue]) -> FactValue:
    if name == CUSTOMER:
        return customer
    return channel if name == CHANNEL else labels.get(name.removeprefix(LABEL), "")


def matter_of_item(plan: Plan, item: Item) -> Matter | None:
    """The key of an item; what was made of a request, such as a consult, is no contact."""
    if item.kind is not ItemKind.REQUEST:
        return None
    return matter_of(plan, item.customer, item.channel, item.labels)


def earlier(world: World, matter: Matter | None, now: int) -> Item | None:
    """The item that a contact at `now` joins or re-opens: the newest open one, else resolved one.

    A resolved one only within the window; whatever ended some other way stays ended.
    """
    known = _known(world, matter)
    since = now - _window(world)
    resolved = [
        item for item in known if item.state is ItemState.RESOLVED and item.moved_at >= since
    ]
    in_work = [item for item in known if _in_work(item)]
    return max(in_work or resolved, key=lambda item: item.id, default=None)


def contacts(world: World, matter: Matter | None, now: int) -> int:
    """How often the matter came up before `now`, if the last time lies within the window."""
    last = max(_known(world, matter), key=lambda item: (last_contact(item), item.id), default=None)
    if last is None or last_contact(last) < now - _window(world):
        return 0
    return last.contacts


def last_contact(item: Item) -> int:
    """When the customer brought it up last."""
    return item.contacted_at or item.received_at


def _in_work(item: Item) -> bool:
    """What is scheduled has not begun: whoever asks now is not to wait until it does."""
    resting = (ItemState.RESOLVED, ItemState.SCHEDULED)
    return item.state not in ENDED_ITEM_STATES and item.state not in resting


def _known(world: World, matter: Matter | None) -> list[Item]:
    if matter is None:
        return []
    found = (survivor(world, world.items[item]) for item in world.matters.get(matter, ()))
    return list({item.id: item for item in found}.values())


def _window(world: World) -> int:
    return world.plan.correlation.window if world.plan.correlation else 0
