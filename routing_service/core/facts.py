"""What rules see: labels, signals and facts of World, as one flat mapping of names to values.

Names are part of the rule language (rules/README.md). No rule is evaluated here.
"""

from collections.abc import Iterable, Mapping

from routing_service.core.model import FactValue, Trigger
from routing_service.core.world import World


def submit_facts(
    world: World,
    channel: str,
    labels: Mapping[str, FactValue],
    signals: Iterable[str],
    item: str = "",
) -> dict[str, FactValue]:
    """Facts of an opened or updated item.

    An existing item keeps its labels unless they are sent anew, and every signal it ever showed.
    """
    before = world.item(item) if item else None
    facts: dict[str, FactValue] = {**before.labels, **labels} if before else dict(labels)
    facts["channel"] = before.channel if before else channel
    shown = (*before.signals, *signals) if before else signals
    facts.update((f"signal.{name}", True) for name in shown)
    return facts


def escalation_facts(world: World, trigger: Trigger) -> dict[str, FactValue]:
    """Facts of a trigger: the item's labels and place, what happened, how many items wait there."""
    item = world.items[trigger.item]
    facts: dict[str, FactValue] = dict(item.labels)
    facts.update(
        channel=item.channel,
        priority=item.priority,
        queue=item.queue,
        state=item.state.value,
        trigger=trigger.kind.value,
        share=trigger.share,
        count=trigger.count,
        waiting=world.waiting.count(item.queue),
    )
    if trigger.clock:
        facts["clock"] = trigger.clock
    if item.owner:
        facts["owner"] = item.owner
    return facts
