"""What keeps an agent from new work for a while: cool-downs and offers he missed; and the fence.

Decides nothing about items.
"""

from collections.abc import Iterator

from routing_service.core.desk.world import World
from routing_service.core.journal.events import AgentHeldBack, AnyEvent, OfferMissed, PresenceSet
from routing_service.core.records.errors import Conflict
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Agent

COOL_DOWN = "cool_down"
MISSED = "missed"


def check_epoch(agent: Agent, epoch: int) -> None:
    """A client of an earlier Work stream, or of one whose lease is over, may not act.

    Conflict(STALE_EPOCH, LEASE_LOST). 0 = the caller is not a Work stream.
    """
    if epoch and epoch != agent.epoch:
        raise Conflict("STALE_EPOCH", "A newer Work stream holds this agent's lease: reconnect.")
    if epoch and not agent.connected:
        raise Conflict("LEASE_LOST", "The lease of this Work stream ran out: reconnect.")


def cool_down(world: World, agent: str, queue: str, outcome: str, now: int) -> Iterator[AnyEvent]:
    """After this outcome he gets nothing for as long as the queue says."""
    plan = world.plan.queues.get(queue)
    span = plan.offers.cool_down.get(outcome, 0) if plan else 0
    until = max(now + span, world.agents[agent].held_back.get(COOL_DOWN, 0))
    if span:
        yield AgentHeldBack(agent=agent, reason=COOL_DOWN, until=until)


def missed(world: World, agent: Agent, queue: str, now: int) -> Iterator[AnyEvent]:
    """He did not answer: counted, and after as many as the queue bears he is away."""
    count = agent.missed + 1
    yield OfferMissed(agent=agent.id, count=count)
    bound = world.queue(queue).offers.pause_after
    if bound and count >= bound and agent.presence is Presence.AVAILABLE:
        yield PresenceSet(agent=agent.id, presence=Presence.AWAY, reason=MISSED)
    yield from cool_down(world, agent.id, queue, "expired", now)


def declined(world: World, agent: Agent, queue: str, now: int) -> Iterator[AnyEvent]:
    """He answered, if only to refuse."""
    if agent.missed:
        yield OfferMissed(agent=agent.id, count=0)
    yield from cool_down(world, agent.id, queue, "declined", now)
