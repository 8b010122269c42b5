"""Follows the desk's event log while the replay runs, and waits for what must have come through."""

import asyncio
from collections.abc import Callable

from routing_service.cli.connection import Connection
from routing_service.cli.replay.observed import Observed
from routing_service.core.records.errors import Unavailable
from routing_service.pb.routing.v1 import agent_pb2
from routing_service.pb.routing.v1.event_service_pb2 import WatchRequest, WatchResponse
from routing_service.pb.routing.v1.event_service_pb2_grpc import EventServiceStub

PATIENCE_SECONDS = 60.0
"""What the service has answered is on the stream within milliseconds; this only ends a fault."""


class Watching:
    """One subscription. `seen` is up to date with everything received."""

    def __init__(self, stub: EventServiceStub, to: Connection) -> None:
        self.seen = Observed()
        self._begun = False
        self._news = asyncio.Condition()
        request = WatchRequest(desk=to.desk, include_snapshot=True)
        self._call = stub.Watch(request, metadata=to.metadata)
        self._task = asyncio.create_task(self._follow(), name="watch")

    async def begun(self) -> None:
        """The subscription stands: nothing that happens from now on is missed."""
        await self._until(lambda: self._begun)

    async def offer(self, offer_id: str) -> agent_pb2.Offer:
        """The offer, as soon as the stream has told of it."""
        await self._until(lambda: offer_id in self.seen.offers)
        return self.seen.offers[offer_id]

    async def remark(self, remark: str) -> None:
        """The stream has come to the change of an agent that gave this reason."""
        await self._until(lambda: remark in self.seen.remarks)

    async def end(self) -> None:
        """Unsubscribe."""
        self._call.cancel()
        await asyncio.wait([self._task])

    async def _follow(self) -> None:
        try:
            async for message in self._call:
                await self._take(message)
        finally:
            async with self._news:
                self._news.notify_all()

    async def _take(self, message: WatchResponse) -> None:
        async with self._news:
            self._begun = self._begun or message.snapshot_complete
            for event in message.events:
                self.seen.see(event)
            self._news.notify_all()

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._news:
            await self._news.wait_for(lambda: holds() or self._task.done())
        if not holds():
            self._task.result()  # what ended the stream, if it was an error
            raise Unavailable("WATCH_ENDED", "The service ended the event stream.")
