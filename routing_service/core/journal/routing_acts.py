"""What was done to bring an item to an agent, as the journal has it. Pure; decides nothing.

Each such event names the instant of the one before, so that the acts of an item are found one
after the other, latest first, without any index.
"""

from collections.abc import Iterable

import msgspec

from routing_service.core.journal.events import (
    AnyEvent,
    ItemOpened,
    ItemQueued,
    ItemRelaxed,
    OfferMade,
    OfferMoved,
)
from routing_service.core.journal.record import Record
from routing_service.core.records.model import Item

RoutingEvent = ItemQueued | ItemRelaxed | OfferMade | OfferMoved


class RoutingAct(msgspec.Struct, frozen=True, kw_only=True):
    """One act at `at`: whose command led to it, under which rulebook, and what was done.

    Of the opening `reason` says why the item is not where the rules or its label wanted it, and
    `flowed_from` names the queue that did not let it in.
    """

    at: int
    actor: str
    digest: str
    reason: str = ""
    flowed_from: str = ""
    did: RoutingEvent


def acts_of(record: Record, item: str) -> tuple[RoutingAct, ...]:
    """What the record did to the item, in order."""
    return tuple(
        RoutingAct(
            at=record.now,
            actor=record.command.actor,
            digest=record.digest,
            reason=opened.reason if opened else "",
            flowed_from=opened.flowed_from if opened else "",
            did=did,
        )
        for opened, did in map(_act, record.events)
        if did is not None and did.item == item
    )


def _act(event: AnyEvent) -> tuple[Item | None, RoutingEvent | None]:
    """(the item as it was opened, if it was; what was done, if it is an act)."""
    match event:
        case ItemOpened(record=opened):
            return opened, _first_place(opened)
        case ItemQueued() | ItemRelaxed() | OfferMade() | OfferMoved():
            return None, event
        case _:
            return None, None


def _first_place(opened: Item) -> ItemQueued:
    return ItemQueued(
        item=opened.id,
        queue=opened.queue,
        enqueued_at=opened.enqueued_at,
        rank=opened.rank,
        preferred=opened.preferred,
        preferred_until=opened.preferred_until,
        kept_as=opened.kept_as,
    )


def instant_before(acts: Iterable[RoutingAct], at: int, opened_at: int) -> int:
    """Where the acts before those of the instant `at` are; 0 = these are the first.

    `opened_at` = when the item came to be, where its first act is.
    """
    before = min((act.did.before for act in acts), default=at)
    if before:
        return before if before < at else 0
    return opened_at if opened_at < at else 0
