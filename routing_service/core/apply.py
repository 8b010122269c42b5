"""`apply`: the only mutation of World. The same function runs live and in recovery.

It stores the record that `evolve` made and refreshes what is derived from it. It decides nothing.
"""

from itertools import takewhile
from typing import assert_never

from msgspec.structs import replace

from routing_service.core.arrival.learning import learn_of_item, learn_pace
from routing_service.core.desk.numbering import count_number
from routing_service.core.desk.world import (
    ENDED_OFFERS_KEPT,
    REMEMBER_AT_MOST,
    REMEMBER_FOR,
    World,
)
from routing_service.core.evolution.apply_rules import apply_rules
from routing_service.core.evolution.derived import (
    agent_deadline,
    drop_profile,
    item_deadline,
    let_wait,
    put_item,
    put_matter,
    put_parent,
    put_profile,
    set_item_timer,
    sign_anew,
    wait_no_more,
)
from routing_service.core.evolution.evolve import evolve_item
from routing_service.core.evolution.evolve_agent import AgentEvent, evolve_agent
from routing_service.core.evolution.surging import apply_surge
from routing_service.core.journal.commands import TimerKey, TimerKind
from routing_service.core.journal.events import (
    AgentConnected,
    AgentHeldBack,
    AgentLost,
    AgentPut,
    AgentReady,
    AgentRemoved,
    AlertRaised,
    AnyEvent,
    ClockCorrected,
    ClockMoved,
    CollaboratorsSet,
    ConsumerAcked,
    EscalationLoopStopped,
    HoldMoved,
    ItemAbsorbed,
    ItemArchived,
    ItemBoosted,
    ItemClassified,
    ItemLabelled,
    ItemLinked,
    ItemMessaged,
    ItemMoved,
    ItemOpened,
    ItemQueued,
    ItemReady,
    ItemRelaxed,
    ItemsRetargeted,
    ItemWaited,
    LinkAnswered,
    MilestoneReached,
    OfferMade,
    OfferMissed,
    OfferMoved,
    OutsideWorkSet,
    OwnerRemoved,
    PresenceSet,
    RequestRemembered,
    RulebookActivated,
    ShiftTurned,
    StrategySwitched,
    SurgeMoved,
    WaveSent,
)
from routing_service.core.records.lifecycle import (
    HoldState,
    OfferState,
)
from routing_service.core.records.model import Agent, Item, Offer, Remembered


def apply(world: World, event: AnyEvent) -> None:
    """Change World by one event of the record whose `seq` and `now` World already carries."""
    match event:
        case ItemOpened() | RequestRemembered():
            _accepted(world, event)
        case ClockMoved():
            _clock(world, event)
        case MilestoneReached() | ItemMessaged() | ItemBoosted() | ClockCorrected():
            item = world.items[event.item]
            world.items[event.item] = evolve_item(item, event, world.now)
        case (
            (ItemMoved() | ItemQueued() | ItemClassified() | ItemLabelled())
            | (ItemRelaxed() | ItemWaited() | OwnerRemoved() | WaveSent())
            | (ItemLinked() | ItemAbsorbed() | LinkAnswered() | CollaboratorsSet())
        ):
            before = world.items[event.item]
            after = evolve_item(before, event, world.now)
            learn_of_item(world, before, after, event)
            put_item(world, before, after)
        case ItemReady():
            _ready(world, event)
        case OfferMade() | OfferMoved():
            _offer(world, event)
        case (
            AgentPut()
            | PresenceSet()
            | AgentConnected()
            | AgentLost()
            | HoldMoved()
            | AgentHeldBack()
            | AgentReady()
            | OfferMissed()
            | OutsideWorkSet()
            | ShiftTurned()
            | AgentRemoved()
        ):
            _agent(world, event)
        case _:
            _desk(world, event)


def _clock(world: World, event: ClockMoved) -> None:
    before = world.items[event.item]
    item = evolve_item(before, event, world.now)
    world.items[event.item] = item
    world.timers.set(TimerKey(TimerKind.CLOCK, event.item, event.clock), event.next_at)
    if item.id in world.waiting and world.place(item) != world.place(before):
        let_wait(world, item)  # nobody free can take it: only its place is another


def _accepted(world: World, event: ItemOpened | RequestRemembered) -> None:
    """The two events of most records."""
    if isinstance(event, RequestRemembered):
        _remember(world, event)
        return
    count_number(world, event.number_day)
    _opened(world, event.record)


def _opened(world: World, item: Item) -> None:
    world.items_made += 1
    world.items[item.id] = item
    world.dirty_items[item.id] = None
    for name, clock in item.clocks.items():
        world.timers.set(TimerKey(TimerKind.CLOCK, item.id, name), clock.next_at)
    put_matter(world, None, item)
    if item.parent:
        put_parent(world, None, item)
    if world.loads.figures:
        world.loads.put_item(None, item, world.cost(item))
    deadline = item_deadline(world, item)
    if deadline is not None:
        world.timers.set(TimerKey(TimerKind.ITEM, item.id), deadline)


def _ready(world: World, event: ItemReady) -> None:
    """Matched again even if the record stays the same: who declined may be asked again."""
    after = evolve_item(world.items[event.item], event, world.now)
    world.items[after.id] = after
    wait_no_more(world, after.id)
    world.dirty_items[after.id] = None
    set_item_timer(world, after)


def _desk(
    world: World,
    event: RulebookActivated
    | ItemsRetargeted
    | StrategySwitched
    | SurgeMoved
    | AlertRaised
    | EscalationLoopStopped
    | ConsumerAcked
    | ItemArchived,
) -> None:
    match event:
        case RulebookActivated() | ItemsRetargeted() | StrategySwitched():
            apply_rules(world, event)
        case SurgeMoved():
            apply_surge(world, event)
        case AlertRaised():
            world.alerts_made += 1
        case EscalationLoopStopped():
            pass  # told to streams and metrics; World holds nothing of it
        case ConsumerAcked():
            world.consumers[event.consumer] = (event.seq, event.index)
        case ItemArchived():
            world.timers.set(TimerKey(TimerKind.ITEM, event.item), None)
            archived = world.items.pop(event.item)
            put_matter(world, archived, None)
            put_parent(world, archived, None)
            world.stale.pop(event.item, None)
        case _:
            assert_never(event)


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


def _offer(world: World, event: OfferMade | OfferMoved) -> None:
    key = TimerKey(TimerKind.OFFER, event.offer)
    if isinstance(event, OfferMade):
        world.offers_made += 1
        world.turns[event.queue] = event.agent
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


def _pass_turns(world: World, leaving: str) -> None:
    """Round robin goes on where it stood: as if who came before him had been asked last."""
    turns = [queue for queue, last in world.turns.items() if last == leaving]
    if turns:
        before = takewhile(lambda agent: agent != leaving, world.agents)
        world.turns.update(dict.fromkeys(turns, max(enumerate(before), default=(0, ""))[1]))


def _removed(world: World, agent: str) -> None:
    _pass_turns(world, agent)
    if drop_profile(world, world.agents.pop(agent)):
        sign_anew(world)


def _agent(world: World, event: AgentEvent | AgentRemoved) -> None:
    if isinstance(event, AgentRemoved):
        _removed(world, event.agent)
        return
    id_ = event.agent.id if isinstance(event, AgentPut) else event.agent
    before = world.agents.get(id_)
    after = evolve_agent(before, event, world.now)
    world.agents[id_] = after
    _index(world, before, after, event)
    if world.loads.figures:
        world.loads.put_load(after)
    if world.roster.has_room(id_):
        world.dirty_agents[id_] = None
    if isinstance(event, HoldMoved):
        learn_pace(world, before, event)
        wrap_up = event.until if event.state is HoldState.WRAP_UP else None
        world.timers.set(TimerKey(TimerKind.WRAP_UP, id_, event.item), wrap_up or None)
    due = agent_deadline(after)
    if due is not None or (before is not None and agent_deadline(before) is not None):
        world.timers.set(TimerKey(TimerKind.AGENT, id_), due)


def _index(world: World, before: Agent | None, after: Agent, event: AgentEvent) -> None:
    if isinstance(event, AgentPut):
        known = world.roster.rooms.channels
        delayed = put_profile(world, before, after)
        if delayed or world.roster.rooms.channels is not known:
            sign_anew(world)
    elif isinstance(event, HoldMoved):
        world.roster.put_holds(after)
    else:
        world.roster.put_load(after)
