"""How an item changes by offers of it: made, ended, and who is passed over for how long."""

from msgspec.structs import replace

from routing_service.core.journal.events import OfferMade, OfferMoved
from routing_service.core.records.lifecycle import OfferStep
from routing_service.core.records.model import Item

_IN_VAIN = (OfferStep.DECLINE, OfferStep.EXPIRE, OfferStep.VOID)


def offered(item: Item, event: OfferMade, now: int) -> Item:
    """One more agent is asked; nobody is waited for any more."""
    offers = {**item.offers, event.agent: event.offer}
    return replace(
        item, offers=offers, preferred="", preferred_until=0, kept_as=None, routed_at=now
    )


def ended(item: Item, event: OfferMoved, now: int) -> Item:
    """The offer is over: who did not take it is passed over, a round that nobody took counted."""
    if event.step in (OfferStep.DECLINE, OfferStep.EXPIRE):
        declines = item.declines + (event.step is OfferStep.DECLINE)
        declined_by = {**item.declined_by, event.agent: event.retry_at}
        item = replace(item, declines=declines, declined_by=declined_by)
    if event.step in _IN_VAIN:
        item = replace(item, attempts=item.attempts + (event.open == 0))
        if event.agent == item.preferred:  # named while he was asked already
            item = replace(item, preferred="", preferred_until=0, kept_as=None)
    if event.step is OfferStep.ACCEPT:
        item = replace(item, attempts=0)
    offers = {agent: offer for agent, offer in item.offers.items() if agent != event.agent}
    return replace(item, offers=offers, declined_by=_still_declined(item, now), routed_at=now)


def ready(item: Item, now: int) -> Item:
    """Waits that are over are forgotten: what is left names the item's next deadline."""
    still = _still_declined(item, now)
    if item.preferred_until > now:
        return replace(item, declined_by=still)
    return replace(item, declined_by=still, preferred="", preferred_until=0, kept_as=None)


def _still_declined(item: Item, now: int) -> dict[str, int]:
    if all(retry_at > now for retry_at in item.declined_by.values()):
        return item.declined_by
    return {agent: retry_at for agent, retry_at in item.declined_by.items() if retry_at > now}
