"""What World derives from its records: deadlines, the waiting, who fits what. Rebuilt at any time.

Stores records of items, and refreshes what rests on them. Reads no events and decides nothing.
"""

from routing_service.core.desk import correlation
from routing_service.core.desk.world import World
from routing_service.core.evolution.state_steps import step_by_state
from routing_service.core.journal.commands import TimerKey, TimerKind
from routing_service.core.plans.plan import Plan
from routing_service.core.queues.bits import each_bit
from routing_service.core.queues.lasting import lives_until, waited_since
from routing_service.core.queues.relaxing import next_step_at
from routing_service.core.queues.waiting import Signature
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES, ItemState
from routing_service.core.records.model import Agent, Item
from routing_service.core.staff.green import kept_units
from routing_service.core.staff.membership import called_in, in_reserve, queues_of, terms_of


def put_item(world: World, before: Item, after: Item) -> None:
    """Store the item and refresh its own deadline and its place among the waiting."""
    world.items[after.id] = after
    if after.labels is not before.labels:
        put_matter(world, before, after)
    if after.parent != before.parent:
        put_parent(world, before, after)
    if after.owner != before.owner or after.state is not before.state:
        count_owned(world, before, -1)
        count_owned(world, after, 1)
    if _place(after) != _place(before):
        wait_no_more(world, after.id)
        if world.loads.figures:
            world.loads.put_item(before, after, world.cost(after))
        if after.state is ItemState.QUEUED:
            world.dirty_items[after.id] = None
    if (
        after.moved_at != before.moved_at
        or after.state is not before.state
        or after.preferred_until != before.preferred_until
        or after.declined_by is not before.declined_by
        or after.enqueued_at != before.enqueued_at
        or after.queue != before.queue
        or after.wake_at != before.wake_at
        or after.wave_at != before.wave_at
    ):
        set_item_timer(world, after)


def count_owned(world: World, item: Item, change: int) -> None:
    """Of who owns it. Balanced ownership counts what is not over yet, whatever state it is in."""
    if item.owner and item.state not in ENDED_ITEM_STATES:
        world.roster.put_owned(item.owner, change)


def _place(item: Item) -> tuple[object, ...]:
    return (
        item.state,
        item.queue,
        item.rank,
        item.requirements,
        item.relaxed,
        item.waited,
        item.preferred,
        item.kept_as,
        item.declined_by,
        item.green,
    )


def set_item_timer(world: World, item: Item) -> None:
    """Set the item's own deadline, or none."""
    world.timers.set(TimerKey(TimerKind.ITEM, item.id), item_deadline(world, item))


def item_deadline(world: World, item: Item) -> int | None:
    """When the item itself needs attention: end of a wait or life, auto-close, archiving.

    Reads the records only, never the time: a deadline not fired yet must survive a snapshot.
    """
    if item.state is ItemState.QUEUED:
        waits = [item.preferred_until] if item.preferred else []
        waits += item.declined_by.values()
        waits += [item.handover.until] if item.handover else []
        last = lives_until(item, world.plan.queues[item.queue].ttl)
        waits += [last + 1] if last is not None else []
        return min(waits, default=None)
    if item.state is ItemState.OFFERED:
        return item.wave_at or None
    if item.state is ItemState.LEFT:
        return item.moved_at + world.plan.queues[item.queue].abandon_grace + 1
    if item.state is ItemState.RESOLVED and world.plan.auto_close:
        return item.moved_at + world.plan.auto_close
    if item.state in ENDED_ITEM_STATES:
        return item.moved_at + world.plan.retention_closed
    if item.state in (ItemState.SCHEDULED, ItemState.SUSPENDED):
        return item.wake_at or None
    return None


def put_parent(world: World, before: Item | None, after: Item | None) -> None:
    """Index the item by its parent; None = there was none before, or there is none any more."""
    if before is not None and before.parent:
        siblings = world.children.get(before.parent, {})
        siblings.pop(before.id, None)
        if not siblings:
            world.children.pop(before.parent, None)
    if after is not None and after.parent:
        world.children.setdefault(after.parent, {})[after.id] = None


def put_matter(world: World, before: Item | None, after: Item | None) -> None:
    """Index the item by its matter; None = there was none before, or there is none any more."""
    if world.plan.correlation is None:
        return
    old = correlation.matter_of_item(world.plan, before) if before else None
    new = correlation.matter_of_item(world.plan, after) if after else None
    if before is not None and old is not None and old != new:
        items = world.matters.get(old, {})
        items.pop(before.id, None)
        if not items:
            world.matters.pop(old, None)
    if after is not None and new is not None:
        world.matters.setdefault(new, {})[after.id] = None


def rebuild_matters(world: World) -> None:
    """Index every item anew: another plan may correlate by something else."""
    world.matters.clear()
    if world.current_plan is not None and world.current_plan.correlation is not None:
        for item in world.items.values():
            put_matter(world, None, item)


def put_profile(world: World, before: Agent | None, after: Agent) -> bool:
    """Index the agent's queues and skills, and the known signatures he fits.

    True: other delays count now, so that what waits may be due at other times.
    """
    delayed = _index_profile(world, before, after)
    bit, suits = world.roster.bit(after.id), world.roster.profiles.suits
    world.fits[after.id] = sum(
        1 << number
        for number, signature in enumerate(world.waiting.signatures())
        if suits(bit, signature)
    )
    return delayed


def _index_profile(world: World, before: Agent | None, after: Agent) -> bool:
    plan = world.current_plan
    if plan is None:
        return world.roster.put_profile(before, after, after.queues, after.terms)
    own, terms = queues_of(plan, after), terms_of(plan, after)
    kept = kept_units(plan, after, own) if plan.green else 0
    queues = _with_reserve(world, plan, after, own) if plan.loads else own
    return world.roster.put_profile(before, after, queues, terms, kept)


def _with_reserve(world: World, plan: Plan, agent: Agent, own: tuple[str, ...]) -> tuple[str, ...]:
    """His own queues, and those that the levels in force call him into."""
    for name, load in plan.loads.items():
        reserve = world.loads.reserves.setdefault(name, {})
        if in_reserve(load, agent):
            reserve[agent.id] = None
        else:
            reserve.pop(agent.id, None)
    if world.loads.figures:
        world.loads.put_profile(agent, own)
    return tuple(dict.fromkeys((*own, *called_in(plan, agent, world.surges))))


def drop_profile(world: World, agent: Agent) -> bool:
    """Nothing derived finds the agent any more. True: as with put_profile."""
    delayed = world.roster.remove(agent)
    world.loads.drop(agent.id)
    del world.fits[agent.id]
    world.dirty_agents.pop(agent.id, None)
    world.timers.set(TimerKey(TimerKind.AGENT, agent.id), None)
    return delayed


def agent_deadline(agent: Agent) -> int | None:
    """When the agent himself needs attention: the end of a wait, of a shift, of his window."""
    if not (agent.held_back or agent.shift_ends or agent.taken):
        return None
    waits = list(agent.held_back.values())
    waits += [agent.shift_ends] if agent.shift_ends else []
    waits += [agent.taken[0] + agent.cap_window] if agent.taken else []
    return min(waits)


def refit(world: World) -> bool:
    """The plan may say otherwise who serves which queue: index every profile anew.

    True: as with put_profile.
    """
    delayed = False
    for agent in world.agents.values():
        delayed |= _index_profile(world, agent, agent)
        world.fits[agent.id] = 0
    for number, signature in enumerate(world.waiting.signatures()):
        _fit(world, number, signature)
    return delayed


def _fit(world: World, number: int, signature: Signature) -> None:
    """Note the signature with all who fit it."""
    for bit in each_bit(world.roster.profiles.fit(signature).bits):
        world.fits[world.roster.agent_at(bit)] |= 1 << number


def learn_signature(world: World, item: Item) -> int:
    """The number of the item's signature; a new one is added to the agents who fit it."""
    signature = world.signature(item)
    number, is_new = world.waiting.number(signature)
    if is_new:
        _fit(world, number, signature)
    return number


def let_wait(world: World, item: Item) -> None:
    """The item waits from now on, for whoever fits it and for its next step."""
    world.waiting.add(item, learn_signature(world, item), world.place(item))
    left = world.stepping.drop(item.id)
    if left:
        _set_step_timer(world, left)
    let_step(world, item)


def let_step(world: World, item: Item) -> None:
    """It stands before its next step: by its instant, and by what may bring it sooner."""
    world.stepping.by_state.drop(item.id)
    if step_by_state(world, item) is not None:
        world.stepping.by_state.put(item.id, item.queue, item.relaxed)
    at = _next_step_at(world, item)
    if at is not None:
        is_next = world.stepping.put(item.id, item.queue, at)
        if is_next:
            _set_step_timer(world, item.queue)


def _next_step_at(world: World, item: Item) -> int | None:
    """When it asks for less, or has waited long enough for agents with a delay."""
    at = next_step_at(item, world.queue(item.queue).ladder)
    delay = world.roster.profiles.next_delay(world.signature(item))
    if delay is None:
        return at
    over = waited_since(item) + delay
    return over if at is None else min(at, over)


def wait_no_more(world: World, item: str) -> None:
    """The item waits no longer."""
    world.waiting.discard(item)
    world.stepping.by_state.drop(item)
    queue = world.stepping.drop(item)
    if queue:
        _set_step_timer(world, queue)


def _set_step_timer(world: World, queue: str) -> None:
    world.timers.set(TimerKey(TimerKind.RELAX, queue), world.stepping.next_at(queue))


def sign_anew(world: World) -> None:
    """What the waiting items need of an agent, or wait for, is other than it was."""
    world.forget_terms()
    world.roster.staffing.fewer = True
    for item in world.items.values():
        if item.id in world.waiting:
            let_wait(world, item)
