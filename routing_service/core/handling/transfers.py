"""Decisions about transfers: an item goes to another queue or agent, blind or warm; age stays.

Who may be offered the item in the end is matching's business.
"""

from msgspec.structs import replace

from routing_service.core.arrival import preferring, queueing
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.evolution.evolve_step import NEVER
from routing_service.core.handling import offers, resting
from routing_service.core.journal.commands import Transfer
from routing_service.core.journal.events import AnyEvent, ItemClassified, ItemQueued
from routing_service.core.records.errors import WrongState
from routing_service.core.records.kinds import Kept
from routing_service.core.records.lifecycle import ItemState, ItemStep
from routing_service.core.records.model import Item, Requirement, Verdict

TRIES = 5
"""A warm transfer goes on for so many offer timeouts, unless the caller says how long."""


def transfer(world: World, command: Transfer, now: int) -> list[AnyEvent]:
    """Blind: the item leaves its owner at once. Warm: he has it in hand until another accepts.

    WrongState: the item has no owner to keep it (warm), is parked, or ended; `by` does not own it;
    the agent named does not serve the queue or lacks a skill (AGENT_CANNOT_SERVE).
    """
    draft = Draft(world, world.item(command.item, command.version), now)
    _check_giver(draft, command)
    requirements = () if command.drop_requirements else draft.item.requirements
    queue = command.queue or _home(draft.item)
    world.queue(queue)
    if command.agent:
        _check_taker(world, draft.item, command.agent, queue, requirements)
    if command.warm:
        _hand_over(draft, command)
    else:
        _take_away(draft, command)
    if requirements != draft.item.requirements:
        _require(draft, requirements)
    _enqueue(draft, command, queue)
    return draft.events


def _home(item: Item) -> str:
    """The queue that an item goes back to."""
    return item.handover.queue if item.handover else item.queue


def _check_giver(draft: Draft, command: Transfer) -> None:
    if not command.by:
        return
    resting.check_epoch(draft.world.agent(command.by), command.epoch)
    if draft.item.owner != command.by or draft.item.state is not ItemState.ASSIGNED:
        raise WrongState("NOT_HANDLING", "The agent is not handling this item now.")


def _check_taker(
    world: World, item: Item, agent: str, queue: str, requirements: tuple[Requirement, ...]
) -> None:
    world.agent(agent)
    there = replace(item, queue=queue, requirements=requirements)
    kept = preferring.keeping(there, preferring.Preferred(agent, NEVER, Kept.NAMED))
    has_it = agent == item.owner and item.state is ItemState.ASSIGNED
    if has_it or preferring.lacks(world, kept):
        raise WrongState(
            "AGENT_CANNOT_SERVE",
            "The agent has the item already, does not serve the queue, lacks a skill or the room:"
            " name a queue he serves, drop the requirements, or name another agent.",
            agent=agent[:64],
            queue=queue,
        )


def _hand_over(draft: Draft, command: Transfer) -> None:
    """The owner stays; HAND_OVER is possible from `assigned` only."""
    timeout = draft.world.queue(command.queue or draft.item.queue).offer_timeout
    until = draft.now + (command.wait or TRIES * timeout)
    draft.move(ItemStep.HAND_OVER, command.reason or "warm", until=until)


def _take_away(draft: Draft, command: Transfer) -> None:
    """The owner's handling is done, and he is passed over for a while."""
    offers.withdraw(draft, "transferred")
    offers.finish_handling(draft)
    until = 0 if command.agent == draft.item.owner else offers.again_at(draft)
    draft.move(ItemStep.TRANSFER, command.reason or "blind", until=until)


def _require(draft: Draft, requirements: tuple[Requirement, ...]) -> None:
    item = draft.item
    draft.add(
        ItemClassified(
            item=item.id,
            digest=item.digest,
            fired=item.fired,
            labels=item.labels,
            priority=item.priority,
            queue=item.queue,
            requirements=requirements,
            clocks=item.applicable_clocks,
            failed=item.classification_failed,
            green=item.green,
        )
    )


def _enqueue(draft: Draft, command: Transfer, queue: str) -> None:
    """Its place in the queue, with all its age; the agent named is waited for."""
    item = draft.item
    plan = draft.world.queue(queue)
    wait = command.wait or plan.owner_wait or plan.offer_timeout
    draft.add(
        ItemQueued(
            item=item.id,
            queue=queue,
            enqueued_at=item.enqueued_at,
            boost=item.boost,
            rank=queueing.rank(draft.world, queue, item.priority, item.enqueued_at - item.boost),
            preferred=command.agent,
            preferred_until=draft.now + wait if command.agent else 0,
            kept_as=Kept.NAMED if command.agent else None,
            before=item.routed_at,
        )
    )


def respect(item: Item, verdict: Verdict) -> Verdict:
    """A new verdict changes only what it says otherwise than the one before.

    An item stays where people, its admission or an escalation put it, and as urgent as it was made;
    moved by people it also asks for what it asked then.
    """
    if item.named_priority and verdict.priority == item.named_priority:
        verdict = replace(verdict, priority=item.priority)
    by_people = {item.transferred_from, item.handover.queue if item.handover else ""} - {""}
    if verdict.queue in by_people:
        return replace(verdict, queue=item.queue, requirements=item.requirements)
    if item.named_queue and verdict.queue == item.named_queue:
        asked = item.requirements if by_people else verdict.requirements
        return replace(verdict, queue=item.queue, requirements=asked)
    return verdict
