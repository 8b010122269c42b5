"""What rules see: labels, signals and facts of World, as one flat mapping of names to values.

Names are part of the rule language (rules/README.md). No rule is evaluated here.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from routing_service.core.desk import correlation
from routing_service.core.desk.world import World
from routing_service.core.plans.plan import Plan, told
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.model import Facts, FactValue, Item, Requirement, Trigger
from routing_service.core.steering.sampling import draw


class Newcomer(msgspec.Struct, frozen=True, gc=False):
    """Of a request that opens an item: whose it is, when it came, and what it is made for.

    `later` = it is scheduled, and so no repeat contact.
    """

    customer: str = ""
    now: int = 0
    kind: ItemKind = ItemKind.REQUEST
    role: str = ""
    later: bool = False


UNKNOWN = Newcomer()
SURGE = "surge."
"""Prefix of the facts that levels become: the level of the load, or missing."""
OWNER = "owner."
"""Prefix of the facts that the owner's attributes become when a trigger is answered."""


def submit_facts(  # noqa: PLR0913 - all that an event says, each by its name
    world: World,
    channel: str,
    labels: Mapping[str, FactValue],
    signals: Iterable[str],
    item: str = "",
    new: Newcomer = UNKNOWN,
) -> dict[str, FactValue]:
    """Facts of an opened or updated item; a repeat contact is about the item it joins.

    An existing item keeps its labels unless they are sent anew, and every signal it ever showed.
    """
    if item:
        known = world.item(item)
        return item_facts(world.plan, known, labels, signals, known.contacts)
    earlier, contacts = _before(world, channel, labels, new)
    if earlier is not None:
        return item_facts(world.plan, earlier, labels, signals, earlier.contacts + 1)
    facts: dict[str, FactValue] = dict(labels)
    facts.update(channel=channel, contacts=contacts + 1, item_kind=new.kind.value)
    if new.role:
        facts["link_role"] = new.role
    facts.update((f"signal.{name}", True) for name in signals)
    if world.surges and new.kind is ItemKind.REQUEST and not new.later:
        facts.update(_levels(world))
    return facts


def _levels(world: World) -> dict[str, FactValue]:
    """What is made for an item, such as the call-back it was offered, is never deflected.

    Nor is what begins later: nobody knows how loaded the queue will be by then.
    """
    stand = world.surges.items()
    return {f"{SURGE}{load}": surge.standing for load, surge in stand if surge.standing}


def surge_facts(
    plan: Plan, facts: Facts, queue: str, requirements: Iterable[Requirement]
) -> dict[str, FactValue] | None:
    """What the surge stage sees of a new item that the rules sent to this queue.

    Of the loads only those that it is part of; None when none of them is at a level.
    """
    asked = tuple(requirements)
    met = {
        f"{SURGE}{load.name}"
        for load in plan.loads.values()
        if f"{SURGE}{load.name}" in facts and load.concerns(queue, asked)
    }
    if not met:
        return None
    seen = {
        name: each for name, each in facts.items() if name in met or name[: len(SURGE)] != SURGE
    }
    return {**seen, "queue": queue}


def _before(
    world: World, channel: str, labels: Mapping[str, FactValue], new: Newcomer
) -> tuple[Item | None, int]:
    plan = world.current_plan
    if plan is None or plan.correlation is None or new.kind is not ItemKind.REQUEST:
        return None, 0
    matter = correlation.matter_of(plan, new.customer, channel, labels)
    now = new.now or world.now
    earlier = None if new.later else correlation.earlier(world, matter, now)
    return earlier, correlation.contacts(world, matter, now)


def item_facts(
    plan: Plan, item: Item, labels: Mapping[str, FactValue], signals: Iterable[str], contacts: int
) -> dict[str, FactValue]:
    """Facts of an item that is there, with what is added to it now."""
    facts: dict[str, FactValue] = {**told(item.labels, plan.labels), **labels}
    facts.update(channel=item.channel, contacts=contacts, item_kind=item.kind.value)
    if item.role:
        facts["link_role"] = item.role
    facts.update((f"signal.{name}", True) for name in (*item.signals, *signals))
    return facts


def escalation_facts(world: World, trigger: Trigger) -> dict[str, FactValue]:
    """Facts of a trigger: the item's labels, place and draw, what happened, who owns it."""
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
        contacts=item.contacts,
        item_kind=item.kind.value,
        sample=draw(item.id),
    )
    if item.role:
        facts["link_role"] = item.role
    if trigger.clock:
        facts["clock"] = trigger.clock
    if trigger.linked_kind:
        facts.update(linked_kind=trigger.linked_kind, linked_state=trigger.linked_state)
        facts.update(linked_reason=trigger.linked_reason)
    if item.owner:
        facts["owner"] = item.owner
        facts.update(_of_owner(world, item.owner))
    return facts


def _of_owner(world: World, owner: str) -> Iterator[tuple[str, FactValue]]:
    """What his profile says of him, as far as the pack declares it and it is not personal."""
    agent, declared = world.agents.get(owner), world.plan.agent_attributes
    for name, value in agent.attributes.items() if agent is not None else ():
        if name in declared and not declared[name].pii:
            yield f"{OWNER}{name}", value
