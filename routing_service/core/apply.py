"""`apply`: the only mutation of World. The same function runs live and in recovery.

It stores the record that `evolve` made and refreshes what is derived from it. It decides nothing.
"""

from typing import assert_never

from msgspec.structs import replace

from routing_service.core.calendar import Calendar
from routing_service.core.commands import TimerKey, TimerKind
from routing_service.core.events import (
    AgentConnected,
    AgentLost,
    AgentPut,
    AlertRaised,
    AnyEvent,
    ClockCorrected,
    ClockMoved,
    ConsumerAcked,
    EscalationLoopStopped,
    HoldMoved,
    ItemArchived,
    ItemClassified,
    ItemMessaged,
    ItemMoved,
    ItemOpened,
    ItemQueued,
    ItemReady,
    MilestoneReached,
    OfferMade,
    OfferMoved,
    PresenceSet,
    RequestRemembered,
    RulebookActivated,
)
from routing_service.core.evolve import AgentEvent, evolve_agent, evolve_item
from routing_service.core.lifecycle import (
    ENDED_ITEM_STATES,
    HoldState,
    ItemState,
    OfferState,
)
from routing_service.core.model import Agent, Item, Offer, Remembered
from routing_service.core.numbering import count_number
from routing_service.core.roster import each_bit, free_units
from routing_service.core.world import (
    ENDED_OFFERS_KEPT,
    REMEMBER_AT_MOST,
    REMEMBER_FOR,
    World,
)


def apply(world: World, event: AnyEvent) -> None:
    """Change World by one event of the record whose `seq` and `now` World already carries."""
    match event:
        case ItemOpened():
            count_number(world, event.number_day)
            _opened(world, event.record)
        case ClockMoved():
            item = evolve_item(world.items[event.item], event, world.now)
            world.items[event.item] = item
            key = TimerKey(TimerKind.CLOCK, event.item, event.clock)
            world.timers.set(key, event.next_at)
        case MilestoneReached() | ItemMessaged() | ClockCorrected():
            item = world.items[event.item]
            world.items[event.item] = evolve_item(item, event, world.now)
        case ItemMoved() | ItemQueued() | ItemClassified():
            before = world.items[event.item]
            put_item(world, before, evolve_item(before, event, world.now))
        case ItemReady():
            _ready(world, event)
        case OfferMade() | OfferMoved():
            _offer(world, event)
        case AgentPut() | PresenceSet() | AgentConnected() | AgentLost() | HoldMoved():
            _agent(world, event)
        case _:
            _desk(world, event)


def _opened(world: World, item: Item) -> None:
    world.items_made += 1
    world.items[item.id] = item
    world.dirty_items[item.id] = None
    for name, clock in item.clocks.items():
        world.timers.set(TimerKey(TimerKind.CLOCK, item.id, name), clock.next_at)


def _ready(world: World, event: ItemReady) -> None:
    """Matched again even if the record stays the same: who declined may be asked again."""
    after = evolve_item(world.items[event.item], event, world.now)
    world.items[after.id] = after
    world.waiting.discard(after.id)
    world.dirty_items[after.id] = None
    _set_item_timer(world, after)


def _desk(
    world: World,
    event: RulebookActivated
    | AlertRaised
    | EscalationLoopStopped
    | RequestRemembered
    | ConsumerAcked
    | ItemArchived,
) -> None:
    match event:
        case RulebookActivated():
            _activate(world, event)
        case AlertRaised():
            world.alerts_made += 1
        case EscalationLoopStopped():
            pass  # told to streams and metrics; World holds nothing of it
        case RequestRemembered():
            _remember(world, event)
        case ConsumerAcked():
            world.consumers[event.consumer] = (event.seq, event.index)
        case ItemArchived():
            world.timers.set(TimerKey(TimerKind.ITEM, event.item), None)
            del world.items[event.item]
        case _:
            assert_never(event)


def _activate(world: World, event: RulebookActivated) -> None:
    costs = world.current_plan.channel_cost if world.current_plan else {}
    world.digest = event.digest
    world.source = event.source
    world.current_plan = event.plan
    world.calendars = {name: Calendar(plan) for name, plan in event.plan.calendars.items()}
    for item in world.items.values():
        if item.state is ItemState.RESOLVED or item.state in ENDED_ITEM_STATES:
            _set_item_timer(world, item)  # auto-close and retention are the new plan's
    for agent in world.agents.values():
        if free_units(agent):
            world.dirty_agents[agent.id] = None  # an item may cost less now, and so fit
    if costs != event.plan.channel_cost:
        _sign_anew(world)


def _sign_anew(world: World) -> None:
    """What the waiting items need of an agent has changed with their costs."""
    for item in world.items.values():
        if item.id in world.waiting:
            world.waiting.add(item, learn_signature(world, item))


def _remember(world: World, event: RequestRemembered) -> None:
    remembered = world.remembered
    remembered[event.caller, event.key] = Remembered(
        event.fingerprint, world.now, world.seq, event.item, event.offer
    )
    while remembered:
        oldest = next(iter(remembered))
        if len(remembered) <= REMEMBER_AT_MOST and (
            remembered[oldest].at > world.now - REMEMBER_FOR
        ):
            break
        remembered.popitem(last=False)


def put_item(world: World, before: Item, after: Item) -> None:
    """Store the item and refresh its own deadline and its place among the waiting."""
    world.items[after.id] = after
    if _place(after) != _place(before):
        world.waiting.discard(after.id)
        if after.state is ItemState.QUEUED:
            world.dirty_items[after.id] = None
    if (
        after.moved_at != before.moved_at
        or after.state is not before.state
        or after.preferred_until != before.preferred_until
        or after.declined_by is not before.declined_by
    ):
        _set_item_timer(world, after)


def _place(item: Item) -> tuple[object, ...]:
    return item.state, item.queue, item.rank, item.requirements, item.preferred, item.declined_by


def _set_item_timer(world: World, item: Item) -> None:
    world.timers.set(TimerKey(TimerKind.ITEM, item.id), item_deadline(world, item))


def item_deadline(world: World, item: Item) -> int | None:
    """When the item itself needs attention: end of a wait, auto-close, archiving.

    Reads the records only, never the time: a deadline not fired yet must survive a snapshot.
    """
    if item.state is ItemState.QUEUED:
        waits = [item.preferred_until] if item.preferred else []
        waits += item.declined_by.values()
        return min(waits, default=None)
    if item.state is ItemState.RESOLVED and world.plan.auto_close:
        return item.moved_at + world.plan.auto_close
    if item.state in ENDED_ITEM_STATES:
        return item.moved_at + world.plan.retention_closed
    return None


def _offer(world: World, event: OfferMade | OfferMoved) -> None:
    key = TimerKey(TimerKind.OFFER, event.offer)
    if isinstance(event, OfferMade):
        world.offers_made += 1
        world.offers[event.offer] = Offer(
            id=event.offer,
            item=event.item,
            agent=event.agent,
            queue=event.queue,
            version=event.version,
            made_at=world.now,
            expires_at=event.expires_at,
        )
        world.timers.set(key, event.expires_at + 1)  # an answer exactly at the deadline is in time
    else:
        _end_offer(world, world.offers.pop(event.offer), event.state)
        world.timers.set(key, None)
    before = world.items[event.item]
    put_item(world, before, evolve_item(before, event, world.now))


def _end_offer(world: World, offer: Offer, state: OfferState) -> None:
    world.ended_offers[offer.id] = replace(offer, state=state)
    if len(world.ended_offers) > ENDED_OFFERS_KEPT:
        world.ended_offers.popitem(last=False)


def _agent(world: World, event: AgentEvent) -> None:
    id_ = event.agent.id if isinstance(event, AgentPut) else event.agent
    before = world.agents.get(id_)
    after = evolve_agent(before, event, world.now)
    world.agents[id_] = after
    if isinstance(event, AgentPut):
        put_profile(world, before, after)
    else:
        world.roster.put_load(after)
    if free_units(after):
        world.dirty_agents[id_] = None
    if isinstance(event, HoldMoved):
        wrap_up = event.until if event.state is HoldState.WRAP_UP else None
        world.timers.set(TimerKey(TimerKind.WRAP_UP, id_, event.item), wrap_up)


def put_profile(world: World, before: Agent | None, after: Agent) -> None:
    """Index the agent's queues and skills, and the known signatures he fits."""
    world.roster.put_profile(before, after)
    mine = 1 << world.roster.bit(after.id)
    world.fits[after.id] = sum(
        1 << number
        for number, signature in enumerate(world.waiting.signatures())
        if world.roster.skilled(world.roster.members(signature.queue), signature.requirements)
        & mine
    )


def learn_signature(world: World, item: Item) -> int:
    """The number of the item's signature; a new one is added to the agents who fit it."""
    signature = world.signature(item)
    number, is_new = world.waiting.number(signature)
    if is_new:
        members = world.roster.members(signature.queue)
        for bit in each_bit(world.roster.skilled(members, signature.requirements)):
            agent = world.roster.agent_at(bit)
            world.fits[agent] |= 1 << number
    return number


def rebuild(world: World) -> None:
    """Make every index anew from the tables (after a snapshot was loaded)."""
    for agent in sorted(world.agents.values(), key=lambda agent: agent.idle_since):
        put_profile(world, None, agent)  # in this order, because the roster walks them by it
        for hold in agent.holds.values():
            until = hold.until if hold.state is HoldState.WRAP_UP else None
            world.timers.set(TimerKey(TimerKind.WRAP_UP, agent.id, hold.item), until)
    for offer in world.offers.values():
        world.timers.set(TimerKey(TimerKind.OFFER, offer.id), offer.expires_at + 1)
    for item in world.items.values():
        _set_item_timer(world, item)
        for name, clock in item.clocks.items():
            world.timers.set(TimerKey(TimerKind.CLOCK, item.id, name), clock.next_at)
    settle_waiting(world)


def settle_waiting(world: World) -> None:
    """Every queued item waits: at the end of a record nothing is left to match (recovery)."""
    world.dirty_items.clear()
    world.dirty_agents.clear()
    for item in world.items.values():
        if item.state is ItemState.QUEUED and item.id not in world.waiting:
            world.waiting.add(item, learn_signature(world, item))
