"""Decisions about offers and assignments: propose, accept, decline, complete, free capacity."""

from collections.abc import Sequence

from routing_service.core.choice.broadcasting import next_wave
from routing_service.core.choice.matching import Found
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.handling import overdue, resting, wrapping
from routing_service.core.journal.commands import Accept, Complete, Decline
from routing_service.core.journal.events import (
    AnyEvent,
    MilestoneReached,
    OfferMade,
    OfferMoved,
    WaveSent,
)
from routing_service.core.promises import clocks
from routing_service.core.records.errors import Conflict, NotFound, WrongState
from routing_service.core.records.lifecycle import (
    OFFER,
    HoldState,
    HoldStep,
    ItemStep,
    OfferState,
    OfferStep,
    advance,
)
from routing_service.core.records.model import Item, Milestone, Offer

TAKEN = "taken"
"""Why an offer is rescinded."""


def propose(world: World, item: Item, found: Sequence[Found], now: int) -> list[AnyEvent]:
    """Offer a queued item to these agents: their capacity is reserved from here on."""
    draft = Draft(world, item, now)
    _reserve(draft, found)
    draft.move(ItemStep.OFFER)
    _ask(draft, found)
    next_at = next_wave(world, item, len(found), now)
    if next_at:
        draft.add(WaveSent(item=item.id, asked=len(found), next_at=next_at))
    return draft.events


def widen(world: World, item: Item, found: Sequence[Found], now: int) -> list[AnyEvent]:
    """A further wave to these agents, while the offers made before stay open."""
    draft = Draft(world, item, now)
    _reserve(draft, found)
    _ask(draft, found)
    asked = item.asked + len(found)
    next_at = next_wave(world, item, asked, now)
    draft.add(WaveSent(item=item.id, asked=asked, next_at=next_at))
    return draft.events


def _reserve(draft: Draft, found: Sequence[Found]) -> None:
    for agent, _ in found:
        if draft.held(agent) is HoldState.WRAP_UP:  # the same item comes back: wrap-up is over
            draft.hold(agent, HoldStep.RELEASE)
        draft.hold(agent, HoldStep.RESERVE)


def _ask(draft: Draft, found: Sequence[Found]) -> None:
    world, item = draft.world, draft.item
    expires_at = draft.now + world.queue(item.queue).offer_timeout
    for number, (agent, why) in enumerate(found, world.offers_made + 1):
        draft.add(
            OfferMade(
                offer=f"of{number:010d}",
                item=item.id,
                agent=agent,
                queue=item.queue,
                version=item.version,
                expires_at=expires_at,
                why=why,
                before=item.routed_at,
            )
        )


def accept(world: World, command: Accept, now: int) -> list[AnyEvent]:
    """The agent becomes the owner. One winner: any later answer gets a precise error.

    Whoever else was offered the item has his capacity back with the same decision.
    """
    offer = _answerable(world, command, now)
    draft = Draft(world, world.items[offer.item], now)
    draft.hold(offer.agent, HoldStep.BEGIN)
    if draft.item.handover is not None:
        finish_handling(draft)  # a warm transfer: the first owner is free only now
    for other in draft.item.offers:
        if other != offer.agent:
            draft.drop_offer(other, OfferStep.RESCIND, TAKEN)
    draft.add(
        OfferMoved(
            offer=offer.id,
            item=offer.item,
            agent=offer.agent,
            step=OfferStep.ACCEPT,
            state=advance(OFFER, offer.state, OfferStep.ACCEPT, offer.id),
            before=draft.item.routed_at,
        )
    )
    draft.move(ItemStep.ACCEPT, owner=offer.agent)
    if Milestone.ASSIGNED not in draft.item.milestones:
        draft.add(MilestoneReached(item=offer.item, milestone=Milestone.ASSIGNED, at=now))
        clocks.reach(draft, Milestone.ASSIGNED, now)
    return draft.events


def decline(world: World, command: Decline, now: int) -> list[AnyEvent]:
    """The agent refuses; without `retry_at` he is passed over for the queue's window."""
    offer = _answerable(world, command, now)
    item = world.items[offer.item]
    draft = Draft(world, item, now)
    retry_at = command.retry_at or again_at(draft)
    draft.end_offer(offer.agent, OfferStep.DECLINE, command.reason, retry_at)
    overdue.make_up(draft)
    agent = world.agents[offer.agent]
    return [*draft.events, *resting.declined(world, agent, offer.queue, now)]


def expire(world: World, offer: Offer, now: int) -> list[AnyEvent]:
    """Nobody answered: the agent is passed over for a while, the item goes to others."""
    draft = Draft(world, world.items[offer.item], now)
    draft.end_offer(offer.agent, OfferStep.EXPIRE, "not_answered", again_at(draft))
    overdue.make_up(draft)
    agent = world.agents[offer.agent]
    return [*draft.events, *resting.missed(world, agent, offer.queue, now)]


def again_at(draft: Draft) -> int:
    """From when the agent who did not take the item may be asked again, unless he says."""
    queue = draft.world.queue(draft.item.queue)
    return draft.now + (queue.offers.again_after or queue.offer_timeout)


def _answerable(world: World, command: Accept | Decline, now: int) -> Offer:
    """The pending offer that this answer is about, or the precise reason why there is none."""
    agent = world.agent(command.agent)
    resting.check_epoch(agent, command.epoch)
    offer = world.offers.get(command.offer) or world.ended_offers.get(command.offer)
    if offer is None:
        raise NotFound("OFFER_NOT_FOUND", "No such offer is known (any more).")
    if offer.agent != command.agent:
        raise WrongState("OFFER_NOT_YOURS", "The offer was made to another agent.")
    if offer.version != command.version:
        raise Conflict("OFFER_VERSION", "Answer with the version that the offer carried.")
    late = offer.state is OfferState.PENDING and now > offer.expires_at
    if offer.state is OfferState.EXPIRED or late:
        raise WrongState("OFFER_EXPIRED", "The offer's time ran out; wait for the next offer.")
    if offer.state is not OfferState.PENDING:
        raise WrongState(
            "OFFER_NOT_PENDING",
            f"The offer is already {offer.state.value}.",
            state=offer.state.value,
        )
    return offer


def complete(world: World, command: Complete, now: int) -> list[AnyEvent]:
    """Handling is done: wrap-up begins, or the capacity is free at once."""
    item = world.item(command.item, command.version)
    agent = world.agent(command.agent)
    resting.check_epoch(agent, command.epoch)
    hold = agent.holds.get(item.id)
    if hold is None or hold.state is not HoldState.HANDLING:
        raise WrongState("NOT_HANDLING", "The agent is not handling this item now.")
    draft = Draft(world, item, now)
    finish_handling(draft)
    return draft.events


def finish_handling(draft: Draft) -> None:
    """The owner's capacity goes into wrap-up, or is released when the queue has none."""
    owner = draft.item.owner
    if draft.held(owner) is not HoldState.HANDLING:
        return
    handed = draft.item.handover
    plan = draft.world.plan.queues.get(handed.queue if handed else draft.item.queue)
    if plan is None or not plan.wrap_up:
        draft.hold(owner, HoldStep.RELEASE)
        queue = plan.name if plan else ""
        for event in resting.cool_down(draft.world, owner, queue, "completed", draft.now):
            draft.note(event)
    else:
        wrapping.begin(draft, owner, plan)


def release(draft: Draft) -> None:
    """The owner's capacity is free again, without wrap-up."""
    if draft.held(draft.item.owner) is HoldState.HANDLING:
        draft.hold(draft.item.owner, HoldStep.RELEASE)


def withdraw(draft: Draft, reason: str) -> None:
    """If the item is offered, take every offer of it back; it is queued afterwards."""
    for agent in draft.item.offers:
        draft.end_offer(agent, OfferStep.WITHDRAW, reason)
