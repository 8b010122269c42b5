"""The specification written plainly: who gets what, which deadlines stand, what waits where.

Reads only World's tables, never its indexes; as slow as it is short.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import TimerKey
from routing_service.core.plans.plan import Order
from routing_service.core.plans.queue_plan import RelaxStep
from routing_service.core.records.kinds import Kept
from routing_service.core.records.lifecycle import (
    ENDED_ITEM_STATES,
    ClockState,
    HoldState,
    ItemState,
    Presence,
)
from routing_service.core.records.model import Agent, Clock, Hold, Item, QueueTerms
from tests.builders import DAY
from tests.property.naive_loads import called_in, ends_of_levels, kept, serves_by_plan
from tests.property.naive_strategies import chosen, held

__all__ = ["can_take", "due", "fits", "held", "late_items", "matches", "timers", "waiting"]


def can_take(world: World, agent: Agent, item: Item) -> bool:
    """Whether the item may be offered to the agent now."""
    cost = world.plan.channel_cost.get(item.channel, 1)
    return (
        takes_work(agent)
        and agent.id not in item.offers
        and room(world, agent, item.channel) - kept(world, agent, item) >= cost
        and fits(world, agent, item)
        and (item.preferred == agent.id or delay(world, agent, item) <= item.waited)
        and item.declined_by.get(agent.id, 0) <= world.now
        and item.preferred in {"", agent.id}
    )


def room(world: World, agent: Agent, channel: str) -> int:
    """Units left for the channel: what it may interrupt takes none while it is handled."""
    same = [hold for hold in agent.holds.values() if hold.channel == channel]
    if channel in agent.maximum and len(same) >= agent.maximum[channel]:
        return 0
    yielding = world.plan.interrupts.get(channel, ())
    interrupted = sum(
        hold.cost
        for hold in agent.holds.values()
        if hold.state is HoldState.HANDLING and hold.channel in yielding
    )
    return agent.capacity - held(agent) + interrupted


def fits(world: World, agent: Agent, item: Item) -> bool:
    """Whether he serves the item's queue, or one it was widened to, and can do what it asks."""
    ladder = world.plan.queues[item.queue].ladder
    taken = _taken(world, item)
    if not any(_serves(world, agent, queue) for queue in _queues(world, item)):
        return False
    if any(step.anyone for step in taken):
        return True
    dropped = {skill for step in taken for skill in step.drop}
    asked = [need for need in item.requirements if need.skill not in dropped]
    limited = ladder.ceiling and not _means_one(item)
    limited = limited and not any(step.no_ceiling for step in taken)
    for need in asked:
        level = agent.skills.get(need.skill, 0)
        lowered = max(ladder.floor, need.level - sum(step.lower for step in taken))
        if level < min(need.level, lowered) or (limited and level > ladder.ceiling):
            return False
    return True


def served_by(world: World, agent: Agent, item: Item) -> tuple[int, int, str]:
    """Where the item stands for the agent: what he serves first, then by its place."""
    return -urgency(world, agent, item), place(world, item), item.id


def delay(world: World, agent: Agent, item: Item) -> int:
    """So long an item waits before the agent may have it: by the queue where it is shortest."""
    return min((each.delay for each in _terms(world, agent, item)), default=0)


def urgency(world: World, agent: Agent, item: Item) -> int:
    """What the agent serves first, whatever the ages: first of all what waits for him alone.

    Who serves all alike goes by rank.
    """
    if not _is_choosy(world, agent):
        return 0
    if item.preferred:
        return 2**62
    found = [each for each in _terms(world, agent, item) if each.delay <= item.waited]
    return max((each.priority for each in found), default=0)


def _terms(world: World, agent: Agent, item: Item) -> list[QueueTerms]:
    """Of each queue by which he may have the item, his own before his team's."""
    team = world.plan.teams.get(agent.team)
    terms = {**(team.terms if team else {}), **agent.terms}
    queues = sorted(_queues(world, item))
    return [terms.get(name, QueueTerms()) for name in queues if _serves(world, agent, name)]


def _queues(world: World, item: Item) -> set[str]:
    return {item.queue, *(name for step in _taken(world, item) for name in step.queues)}


def _taken(world: World, item: Item) -> tuple[RelaxStep, ...]:
    """The steps by which it asks for less: of its owner, or who is named, all of them."""
    steps = world.plan.queues[item.queue].ladder.steps
    return steps if _means_one(item) else steps[: item.relaxed]


def _means_one(item: Item) -> bool:
    return bool(item.preferred) and item.kept_as in {Kept.OWNER, Kept.NAMED}


def _is_choosy(world: World, agent: Agent) -> bool:
    """Whether he serves one of his queues before another."""
    team = world.plan.teams.get(agent.team)
    terms = {**(team.terms if team else {}), **agent.terms}
    mine = [name for name in world.plan.queues if _serves(world, agent, name)]
    mine += [name for name in agent.queues if name not in world.plan.queues]
    return len({terms.get(name, QueueTerms()).priority for name in mine}) > 1


def _serves(world: World, agent: Agent, queue: str) -> bool:
    return serves_by_plan(world, agent, queue) or called_in(world, agent, queue)


def takes_work(agent: Agent) -> bool:
    """Signed in, on shift, rested, and not yet given all he may be given for now."""
    reserved = [hold for hold in agent.holds.values() if hold.state is HoldState.RESERVED]
    below_cap = not agent.cap or len(agent.taken) + len(reserved) < agent.cap
    return agent.presence is Presence.AVAILABLE and not agent.held_back and below_cap


def waiting(world: World) -> list[Item]:
    """Queued items in the order in which they are served."""
    queued = (item for item in world.items.values() if item.state is ItemState.QUEUED)
    return sorted(queued, key=lambda item: (place(world, item), item.id))


def place(world: World, item: Item) -> int:
    """By slack: when handling must begin for the first promise that is not kept yet."""
    queue = world.plan.queues[item.queue]
    if queue.order is not Order.SLACK:
        return item.rank
    clocks = item.clocks.values()
    unmet = [clock for clock in clocks if clock.state in {ClockState.RUNNING, ClockState.BREACHED}]
    due = min((clock.due for clock in unmet if clock.due), default=item.enqueued_at + DAY)
    return due - queue.expected_handling - item.boost


def matches(world: World) -> Iterator[tuple[str, str]]:
    """(item, agent) of every offer due: the best-ranked item that anybody can take goes first."""
    agents, turns = dict(world.agents), dict(world.turns)
    left = [item for item in world.items.values() if wave_due(world, item)]
    left = sorted([*waiting(world), *left], key=lambda item: (place(world, item), item.id))
    while True:
        while found := _first_match(world, agents, left, turns):
            item, chosen = found
            left.remove(item)
            for agent in chosen:
                yield item.id, agent.id
                turns[item.queue] = agent.id
                agents[agent.id] = _asked(world, agent, item)
        stepped = [item for item in left if step_by_state(world, item, left)]
        if not stepped:
            return
        left = [replace(i, relaxed=i.relaxed + 1) if i in stepped else i for i in left]


def step_by_state(world: World, item: Item, waits: Sequence[Item]) -> bool:
    """Whether how things are brings the item's next step, while these wait."""
    steps = world.plan.queues[item.queue].ladder.steps[item.relaxed :]
    if item.state is not ItemState.QUEUED or item.preferred or not steps:
        return False
    there = [agent for agent in world.agents.values() if _on_shift(agent)]
    if steps[0].unstaffed and not any(fits(world, agent, item) for agent in there):
        return True
    agents = sum(_serves(world, agent, item.queue) for agent in there)
    crowd = [each for each in waits if (each.queue, each.state) == (item.queue, ItemState.QUEUED)]
    return bool(steps[0].crowded) and len(crowd) >= steps[0].crowded * agents


def _on_shift(agent: Agent) -> bool:
    """Signed in, not about to leave, and on shift; on a break or not."""
    gone = {Presence.OFFLINE, Presence.DRAINING}
    return agent.presence not in gone and "off_shift" not in agent.held_back


def _asked(world: World, agent: Agent, item: Item) -> Agent:
    """The agent with the item offered to him."""
    cost = world.plan.channel_cost.get(item.channel, 1)
    wrapping = agent.holds.get(item.id)
    hold = Hold(
        item=item.id,
        cost=wrapping.cost if wrapping else cost,
        state=HoldState.RESERVED,
        channel=item.channel,
    )
    return replace(agent, holds={**agent.holds, item.id: hold}, idle_since=world.now)


def wave_due(world: World, item: Item) -> bool:
    """Whether it is to be offered to more agents now, beside those who have an offer of it."""
    return item.state is ItemState.OFFERED and 0 < item.wave_at <= world.now


def _first_match(
    world: World, agents: dict[str, Agent], left: list[Item], turns: dict[str, str]
) -> tuple[Item, list[Agent]] | None:
    for item in list(left):
        able = [agent for agent in agents.values() if can_take(world, agent, item)]
        while able:
            asked = chosen(world, item, able, turns)
            unwilling = [each for each in asked if _serves_another_first(world, each, item, left)]
            if asked and not unwilling:
                return item, asked
            able = [each for each in able if each not in unwilling] if unwilling else []
            if not able and wave_due(world, item):
                left.remove(item)  # the next wave is later
    return None


def _serves_another_first(world: World, agent: Agent, item: Item, left: Sequence[Item]) -> bool:
    """Whether he could take something now that he serves before this item."""
    waits = [other for other in left if other.state is ItemState.QUEUED]
    mine = [other for other in waits if can_take(world, agent, other)]
    return any(urgency(world, agent, other) > urgency(world, agent, item) for other in mine)


def timers(world: World) -> dict[TimerKey, int]:
    """Every deadline that must stand, read from the records."""
    found: dict[TimerKey, int] = {}
    for offer in world.offers.values():
        found[TimerKey("offer", offer.id)] = offer.expires_at + 1
    for agent in world.agents.values():
        waits = [*agent.held_back.values(), *([agent.shift_ends] if agent.shift_ends else [])]
        waits += [agent.taken[0] + agent.cap_window] if agent.taken else []
        if waits:
            found[TimerKey("agent", agent.id)] = min(waits)
        for hold in agent.holds.values():
            if hold.state is HoldState.WRAP_UP and hold.until:
                found[TimerKey("wrap_up", agent.id, hold.item)] = hold.until
    for item in world.items.values():
        found |= _of_item(world, item)
    return found | _steps(world) | ends_of_levels(world)


def _steps(world: World) -> dict[TimerKey, int]:
    """Per queue when the next of its items takes a step."""
    found: dict[TimerKey, int] = {}
    for item in world.items.values():
        at = _step_at(world, item)
        if at is not None:
            key = TimerKey("relax", item.queue)
            found[key] = min(found.get(key, at), at)
    return found


def _step_at(world: World, item: Item) -> int | None:
    if item.state is not ItemState.QUEUED:
        return None
    steps = world.plan.queues[item.queue].ladder.steps[item.relaxed :]
    comes = [steps[0].after] if steps else []
    if not item.preferred:
        terms = [each for agent in world.agents.values() for each in _terms(world, agent, item)]
        comes += [each.delay for each in terms if each.delay > item.waited]
    return max(item.enqueued_at, item.waits_since) + min(comes) if comes else None


def _of_item(world: World, item: Item) -> dict[TimerKey, int]:
    clocks = item.clocks.values()
    found = {TimerKey("clock", item.id, clock.name): clock.next_at for clock in clocks}
    found[TimerKey("item", item.id)] = _item_due(world, item)
    return {key: due for key, due in found.items() if due is not None}


def _item_due(world: World, item: Item) -> int | None:
    """Next wait or end of life in a queue, auto-close when resolved, archiving when ended."""
    if item.state in ENDED_ITEM_STATES:
        return item.moved_at + world.plan.retention_closed
    if item.state is ItemState.RESOLVED and world.plan.auto_close:
        return item.moved_at + world.plan.auto_close
    if item.state is ItemState.LEFT:
        return item.moved_at + world.plan.queues[item.queue].abandon_grace + 1
    if item.state in {ItemState.SCHEDULED, ItemState.SUSPENDED}:
        return item.wake_at or None
    if item.state is ItemState.OFFERED:
        return item.wave_at or None
    if item.state is not ItemState.QUEUED:
        return None
    waits = [*item.declined_by.values(), *([item.preferred_until] if item.preferred else [])]
    waits += [item.handover.until] if item.handover else []
    ttl = 0 if "assigned" in item.milestones else world.plan.queues[item.queue].ttl
    return min(
        [*waits, *([max(item.enqueued_at, item.waits_since) + ttl + 1] if ttl else [])],
        default=None,
    )


def due(world: World, item: Item, clock: Clock) -> int | None:
    """Start, target and every paused microsecond once; None where working hours have a say."""
    plan = world.plan.clocks.get(clock.name)
    target = plan.targets.get(item.priority) if plan else None
    if plan is None or target is None or plan.calendars[item.priority] != "always":
        return None
    not_counted, reached = 0, clock.started_at
    for begin, end in sorted((begin, end or world.now) for begin, end in clock.pauses):
        not_counted += max(0, end - max(begin, reached))
        reached = max(reached, end)
    return clock.started_at + target.duration + not_counted


def late_items(world: World) -> set[str]:
    """Queued items with a wait that is over, though its deadline was not fired yet."""
    queued = [item for item in world.items.values() if item.state is ItemState.QUEUED]
    later = world.now + 1
    return {
        item.id
        for item in queued
        if min(_item_due(world, item) or later, _step_at(world, item) or later) <= world.now
    }


def late_waves(world: World) -> set[str]:
    """Items of which a wave of offers is due, or overdue."""
    return {item.id for item in world.items.values() if wave_due(world, item)}
