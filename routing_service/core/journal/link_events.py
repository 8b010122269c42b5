"""Events of items that have to do with each other. See events.py."""

from routing_service.core.journal.event import Event
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ItemState


class ItemLinked(Event, frozen=True, gc=False, kw_only=True, tag="item_linked"):
    """The item belongs to `parent` from now on; empty = to none any more."""

    item: str
    parent: str
    role: str = ""


class ItemAbsorbed(Event, frozen=True, gc=False, kw_only=True, tag="item_absorbed"):
    """Another item was merged into this one: what it had goes on here."""

    item: str
    merged: str
    signals: tuple[str, ...] = ()
    contacts: int = 0
    collaborators: dict[str, str] = {}  # noqa: RUF012 - a struct copies its defaults


class LinkAnswered(Event, frozen=True, gc=False, kw_only=True, tag="link_answered"):
    """What was made for this item is over: `state` and `reason` of the child are the answer.

    `owner` is the item's own, to whom the answer goes.
    """

    item: str
    child: str
    kind: ItemKind
    state: ItemState
    reason: str = ""
    owner: str = ""


class CollaboratorsSet(Event, frozen=True, gc=False, kw_only=True, tag="collaborators_set"):
    """These agents work on the item beside its owner, each in his role."""

    item: str
    collaborators: dict[str, str]


LinkEvent = ItemLinked | ItemAbsorbed | LinkAnswered | CollaboratorsSet
