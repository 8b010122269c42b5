"""One agent's open stream: what waits to be sent on it. Each offer goes out once, then its end.

Knows neither the transport nor the partition.
"""

import asyncio
from collections.abc import Sequence

from routing_service.core.desk.world import World
from routing_service.core.journal.events import OfferMade, OfferMoved
from routing_service.core.records.errors import Overloaded, RoutingError
from routing_service.core.records.lifecycle import HoldState
from routing_service.pb.routing.v1 import work_pb2
from routing_service.server import convert, convert_events, wire
from routing_service.server.commit import Committed
from routing_service.server.wire import span

MAX_WAITING = 1_000
"""Messages that may wait for one agent's stream before it is let go."""


class Seat:
    """One Work stream: what waits to be sent on it, and whether it still counts."""

    def __init__(self, agent: str) -> None:
        self.agent = agent
        self.epoch = 0
        self._waiting: list[work_pb2.WorkResponse] = []
        self._early: list[work_pb2.WorkResponse] | None = []
        self._offers: set[str] = set()
        self._arrived = asyncio.Event()
        self._error: RoutingError | None = None
        self._finished = False

    def open(self, epoch: int, first: Sequence[work_pb2.WorkResponse]) -> None:
        """Begin with these; what was offered since they were read follows, once."""
        self.epoch = epoch
        early, self._early = self._early or [], None
        for message in (*first, *early):
            self.push(message)

    def push(self, message: work_pb2.WorkResponse) -> None:
        """Send soon. An offer is sent once, its end only if it was sent."""
        if self._early is not None:
            self._early.append(message)
        elif self._is_news(message):
            self._waiting.append(message)
            self._arrived.set()
            if len(self._waiting) > MAX_WAITING:
                self.end(Overloaded("SUBSCRIBER_TOO_SLOW", "Read the Work stream: connect again."))

    def _is_news(self, message: work_pb2.WorkResponse) -> bool:
        offers = self._offers
        match message.WhichOneof("body"):
            case "offer_made":
                known = message.offer_made.offer.id in offers
                offers.add(message.offer_made.offer.id)
                return not known
            case "offer_ended":
                known = message.offer_ended.offer_id in offers
                offers.discard(message.offer_ended.offer_id)
                return known
            case _:
                return True

    def end(self, error: RoutingError) -> None:
        """Let the stream go with this error."""
        self._error = self._error or error
        self._arrived.set()

    def finish(self) -> None:
        """Let the stream go when all that waits is sent."""
        self._finished = True
        self._arrived.set()

    async def take(self) -> list[work_pb2.WorkResponse]:
        """All that waits; nothing once it is finished. Raises what `end` was given."""
        while not self._waiting and self._error is None and not self._finished:
            self._arrived.clear()
            await self._arrived.wait()
        if self._error is not None:
            raise self._error
        taken, self._waiting = self._waiting, []
        return taken


def opening(
    world: World, agent: str, epoch: int, lease_seconds: float
) -> list[work_pb2.WorkResponse]:
    """What a new stream begins with: the lease, then the offers that are pending."""
    holds = world.agent(agent).holds.values()
    leased = work_pb2.WorkResponse.Leased(
        epoch=epoch,
        lease_duration=span(round(lease_seconds * 1_000_000)),
        held_item_ids=[hold.item for hold in holds if hold.state is HoldState.HANDLING],
        wrapping_up_item_ids=[hold.item for hold in holds if hold.state is HoldState.WRAP_UP],
    )
    pending = [
        work_pb2.WorkResponse.OfferMade(
            offer=convert.offer(world.offers[item.offers[agent]]), item=convert.work_item(item)
        )
        for hold in holds
        if hold.state is HoldState.RESERVED and agent in (item := world.items[hold.item]).offers
    ]
    return [
        work_pb2.WorkResponse(leased=leased),
        *(work_pb2.WorkResponse(offer_made=made) for made in pending),
    ]


def made(event: OfferMade, committed: Committed) -> work_pb2.WorkResponse:
    """An offer for the agent it names."""
    item = committed.items.get(event.item)
    message = work_pb2.WorkResponse.OfferMade(
        offer=convert_events.offered(event, committed.record.now).offer,
        item=convert.work_item(item) if item is not None else None,
    )
    return work_pb2.WorkResponse(offer_made=message)


def ended(event: OfferMoved) -> work_pb2.WorkResponse:
    """The end of an offer."""
    message = work_pb2.WorkResponse.OfferEnded(
        offer_id=event.offer, state=wire.OFFER_STATE[event.state], reason=event.reason
    )
    return work_pb2.WorkResponse(offer_ended=message)
