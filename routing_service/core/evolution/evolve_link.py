"""How an item changes by an event about its links: a pure function shared by decide and apply."""

from typing import assert_never

from msgspec.structs import replace

from routing_service.core.journal.link_events import (
    CollaboratorsSet,
    ItemAbsorbed,
    ItemLinked,
    LinkAnswered,
    LinkEvent,
)
from routing_service.core.records.model import Item


def evolve_link(item: Item, event: LinkEvent) -> Item:
    """The item after the event."""
    item = replace(item, version=item.version + 1)
    match event:
        case ItemLinked():
            return replace(item, parent=event.parent, role=event.role)
        case ItemAbsorbed():
            return replace(
                item,
                signals=tuple(sorted({*item.signals, *event.signals})),
                contacts=item.contacts + event.contacts,
                collaborators={**event.collaborators, **item.collaborators},
            )
        case LinkAnswered():
            return item
        case CollaboratorsSet():
            return replace(item, collaborators=event.collaborators)
        case _:
            assert_never(event)
