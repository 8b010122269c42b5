"""Agents' connections: who holds a lease, and what happens when he is gone.

Only connecting and losing are journaled; silence and grace stay here, on real time.
"""

import asyncio
import logging
from collections.abc import Sequence

from routing_service.core.desk.world import World
from routing_service.core.journal.command import ENGINE
from routing_service.core.journal.commands import LoseAgent
from routing_service.core.journal.events import AgentRemoved, OfferMade, OfferMoved
from routing_service.core.records.errors import (
    Conflict,
    NotFound,
    Overloaded,
    RoutingError,
    Unavailable,
)
from routing_service.server.commit import Committed
from routing_service.server.connecting import ConnectRequest
from routing_service.server.identity import caller
from routing_service.server.partition import Partition
from routing_service.server.requests import SeqCommandRequest
from routing_service.server.seats import Seat, ended, made, opening

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
"""Between two tries to tell a desk that recovers."""


class Leases:
    """The seats of one desk. A watcher of its partition; tells it when an agent is lost."""

    def __init__(self, grace_seconds: float) -> None:
        self._grace = grace_seconds
        self._seats: dict[str, list[Seat]] = {}
        self._graces: dict[str, asyncio.Task[None]] = {}
        self._ended: RoutingError | None = None

    def serve(self, partition: Partition) -> None:
        """The partition to tell; it exists only after its watchers."""
        self._partition = partition

    async def sit(self, agent: str, lease_seconds: float) -> Seat:
        """A new stream of the agent takes his lease over; the one before is let go."""
        if self._ended is not None:
            raise self._ended
        seat = Seat(agent)
        self._seats.setdefault(agent, []).append(seat)
        request = ConnectRequest(actor=caller().actor, agent=agent)
        connecting = asyncio.ensure_future(self._partition.ask(request))
        try:
            epoch = await asyncio.shield(connecting)
            self._forget_grace(agent)
            first = await self._partition.query(
                lambda world: opening(world, agent, epoch, lease_seconds)
            )
            seat.open(epoch, first)
        except BaseException:
            self._drop(seat)
            connecting.add_done_callback(lambda done: self._not_taken(agent, done))
            raise
        for other in self._seats[agent]:
            if other.epoch and other.epoch < epoch:
                other.end(Conflict("LEASE_LOST", "A newer Work stream of this agent took over."))
        return seat

    def _not_taken(self, agent: str, connecting: "asyncio.Future[int]") -> None:
        """The stream was gone before it had begun: as if it had broken off then."""
        if connecting.cancelled() or connecting.exception() is not None or self._ended is not None:
            return
        epoch = connecting.result()
        if not any(other.epoch > epoch for other in self._seats.get(agent, ())):
            self._lose_later(agent, epoch, self._grace)

    def leave(self, seat: Seat, *, silent: bool) -> None:
        """The stream is over: after the grace (at once after silence) the agent is lost."""
        self._drop(seat)
        newer = any(other.epoch > seat.epoch for other in self._seats.get(seat.agent, ()))
        if not newer and self._ended is None:
            self._lose_later(seat.agent, seat.epoch, 0.0 if silent else self._grace)

    def end(self, error: RoutingError) -> None:
        """Let every stream go; nobody is lost by our own shutdown."""
        self._ended = error
        for agent in tuple(self._graces):
            self._forget_grace(agent)
        for seats in self._seats.values():
            for seat in seats:
                seat.end(error)

    def committed(self, desk: str, batch: Sequence[Committed]) -> None:
        """Tell the agents concerned about offers made and ended."""
        if self._seats:
            for committed in batch:
                for event in committed.record.events:
                    if isinstance(event, OfferMade | OfferMoved):
                        self._tell(event, committed)
                    elif isinstance(event, AgentRemoved):
                        self._let_go(event.agent)

    def recovered(self, world: World, cause: str, seconds: float) -> None:
        """At the start nobody is connected: those who were get one grace to come back."""
        if cause == "start":
            for agent in world.agents.values():
                if agent.connected:
                    self._lose_later(agent.id, agent.epoch, self._grace)

    def _tell(self, event: OfferMade | OfferMoved, committed: Committed) -> None:
        seats = self._seats.get(event.agent)
        if not seats:
            return
        message = made(event, committed) if isinstance(event, OfferMade) else ended(event)
        for seat in seats:
            seat.push(message)

    def _let_go(self, agent: str) -> None:
        for seat in self._seats.get(agent, ()):
            seat.end(NotFound("AGENT_REMOVED", "The agent was removed from this desk."))

    def _drop(self, seat: Seat) -> None:
        seats = self._seats.get(seat.agent, [])
        if seat in seats:
            seats.remove(seat)
        if not seats:
            self._seats.pop(seat.agent, None)

    def _lose_later(self, agent: str, epoch: int, seconds: float) -> None:
        self._forget_grace(agent)
        task = asyncio.create_task(self._lose(agent, epoch, seconds))
        self._graces[agent] = task
        task.add_done_callback(lambda done: self._grace_over(agent, done))

    async def _lose(self, agent: str, epoch: int, seconds: float) -> None:
        """Until it is durable: an agent who is gone must not be offered anything."""
        lost = SeqCommandRequest(actor=ENGINE, asked=LoseAgent(agent=agent, epoch=epoch))
        while self._ended is None:
            await asyncio.sleep(seconds)
            try:
                await self._partition.ask(lost)
            except NotFound:
                return  # removed meanwhile
            except (Unavailable, Overloaded) as error:
                log.warning("lose_agent", extra={"reason": error.reason})
                seconds = RETRY_SECONDS
            else:
                return

    def _grace_over(self, agent: str, task: "asyncio.Task[None]") -> None:
        if self._graces.get(agent) is task:
            del self._graces[agent]

    def _forget_grace(self, agent: str) -> None:
        grace = self._graces.pop(agent, None)
        if grace is not None:
            grace.cancel()
