"""What World learns from events about the pace of its queues: live and in recovery alike."""

from routing_service.core.events import HoldMoved
from routing_service.core.lifecycle import HoldState, HoldStep
from routing_service.core.model import Agent
from routing_service.core.pace import Pace, after_answer, after_handling
from routing_service.core.world import World


def learn_pace(world: World, before: Agent | None, event: HoldMoved) -> None:
    """An offer was accepted, or work with its wrap-up is over; `before` is the agent until then.

    A hold without `since` is of a journal that did not count it, and teaches nothing.
    """
    hold = before.holds.get(event.item) if before else None
    item = world.items.get(event.item)
    if hold is None or item is None or not hold.since:
        return
    pace = world.paces.get(item.queue) or Pace()
    if event.step is HoldStep.BEGIN:
        world.paces[item.queue] = after_answer(pace, world.now - hold.since)
    elif event.state is HoldState.RELEASED and hold.state is not HoldState.RESERVED:
        world.paces[item.queue] = after_handling(pace, world.now - hold.since)
