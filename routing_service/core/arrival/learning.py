"""What World learns from events about the pace of its queues: live and in recovery alike."""

from routing_service.core.arrival.preferring import matter_key
from routing_service.core.desk.pace import (
    PRIOR_HANDLING,
    Pace,
    after_answer,
    after_handling,
    after_wait,
)
from routing_service.core.desk.world import World
from routing_service.core.journal.events import AnyEvent, HoldMoved, ItemMoved
from routing_service.core.queues.lasting import waited_since
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import HoldState, HoldStep, ItemState, ItemStep
from routing_service.core.records.model import Agent, Item, Milestone

_GONE = (ItemStep.LEAVE, ItemStep.ABANDON)


def pace_of(world: World, queue: str) -> Pace:
    """What is known of the queue's pace; before that what its plan expects."""
    known = world.paces.get(queue)
    if known is not None:
        return known
    plan = world.plan.queues.get(queue)
    expected = plan.expected_handling if plan else 0
    return Pace(handling=expected or PRIOR_HANDLING)


def learn_pace(world: World, before: Agent | None, event: HoldMoved) -> None:
    """An offer was accepted, or work with its wrap-up is over; `before` is the agent until then.

    A hold without `queue` is of a journal that did not keep it, and teaches nothing.
    """
    hold = before.holds.get(event.item) if before else None
    item = world.items.get(event.item)
    if hold is None or item is None or not hold.queue:
        return
    pace = pace_of(world, hold.queue)
    if event.step is HoldStep.BEGIN:
        pace = after_answer(pace, world.now - hold.since)
        if Milestone.ASSIGNED not in item.milestones:
            pace = after_wait(pace, _waited(world, item), gave_up=False)
    elif event.state is HoldState.RELEASED and hold.state is not HoldState.RESERVED:
        pace = after_handling(pace, world.now - hold.since)
    else:
        return
    world.paces[hold.queue] = pace


def learn_of_item(world: World, before: Item, after: Item, event: AnyEvent) -> None:
    """Somebody took the item, or its customer gave up; other events teach nothing here."""
    if not isinstance(event, ItemMoved):
        return
    if event.step is ItemStep.ACCEPT and world.handlers.asked:
        _learn_handler(world, after)
    elif event.step in _GONE:
        _learn_patience(world, before)


def _learn_handler(world: World, item: Item) -> None:
    """What is made for an item makes nobody the handler of its customer."""
    if item.kind is ItemKind.REQUEST:
        for of in world.handlers.asked:
            world.handlers.learn(matter_key(world, item, of), item.owner, world.now)


def _learn_patience(world: World, before: Item) -> None:
    """Nobody had answered him before."""
    if before.state is ItemState.QUEUED and Milestone.ASSIGNED not in before.milestones:
        pace = pace_of(world, before.queue)
        world.paces[before.queue] = after_wait(pace, _waited(world, before), gave_up=True)


def _waited(world: World, item: Item) -> int:
    """Here and in a queue: an age that it came with, or time parked, says nothing of patience."""
    return max(0, world.now - max(waited_since(item), item.received_at))
