"""Decisions about how a queue chooses while it runs: another strategy until the next activation."""

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import SwitchStrategy
from routing_service.core.journal.events import AnyEvent, StrategySwitched
from routing_service.core.plans.plan import QueuePlan, Strategy
from routing_service.core.plans.strategy import BROADCASTS
from routing_service.core.records.errors import Invalid


def switch(world: World, command: SwitchStrategy) -> list[AnyEvent]:
    """The queue goes by this strategy from now on; None = by the rulebook's again.

    Invalid(STRATEGY_NOT_PREPARED) when the rulebook does not say what the strategy goes by.
    """
    queue = world.queue(command.queue)
    if command.strategy is not None:
        _prepared(queue, command.strategy)
    return [StrategySwitched(queue=queue.name, strategy=command.strategy)]


def _prepared(queue: QueuePlan, strategy: Strategy) -> None:
    missing = lacking(queue, strategy)
    if missing:
        raise Invalid(
            "STRATEGY_NOT_PREPARED",
            f"The rulebook does not give this queue `{missing}`, which the strategy goes by.",
            queue=queue.name,
            key=missing,
        )
    if strategy is Strategy.PROGRESSIVE_BROADCAST and not waves_meet(queue):
        raise Invalid(
            "STRATEGY_NOT_PREPARED",
            "The next wave would come when the offers of the one before have ended:"
            " `broadcast.every` of the queue is not shorter than its `offer_timeout`.",
            queue=queue.name,
            key="broadcast.every",
        )


def waves_meet(queue: QueuePlan) -> bool:
    """Whether offers of one wave of the queue are open yet when the next one goes out."""
    return queue.choice.broadcast.every < queue.offer_timeout


def lacking(queue: QueuePlan, strategy: Strategy) -> str:
    """The key a queue needs for the strategy and does not have; empty when it has all."""
    choice = queue.choice
    strategy = choice.broadcast.by if strategy in BROADCASTS else strategy
    needed = {
        Strategy.FIXED_ORDER: ("in_order", bool(choice.in_order)),
        Strategy.WEIGHTED_SCORE: ("weights", bool(choice.weights)),
        Strategy.TERRITORY: ("territory", choice.territory is not None),
    }
    key, given = needed.get(strategy, ("", True))
    return "" if given else key
