"""A witness reads the journal record by record, believes nothing, and notes every row it saw taken.

Its World is made from events alone, so that comparing it with the live one proves recovery.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import islice
from typing import Any, Final

from routing_service.core import correlation, family, sla
from routing_service.core.apply import apply
from routing_service.core.commands import Tick, WrapUp
from routing_service.core.events import (
    AlertRaised,
    AnyEvent,
    ClockMoved,
    HoldMoved,
    ItemMoved,
    ItemOpened,
    ItemReady,
    OfferMade,
    OfferMoved,
    SurgeMoved,
)
from routing_service.core.journal import Record
from routing_service.core.lifecycle import (
    CLOCK,
    ENDED_ITEM_STATES,
    HOLD,
    ITEM,
    OFFER,
    ClockState,
    ClockStep,
    HoldState,
    HoldStep,
    ItemState,
    OfferState,
    OfferStep,
)
from routing_service.core.model import Clock, Item
from routing_service.core.rebuilding import settle_waiting
from routing_service.core.world import Matter, World
from routing_service.store.codec import frames, freeze
from tests.property import naive, naive_loads
from tests.property.naive_loads import Held, wrong_levels

Row = tuple[str, Enum, Enum]
TABLES: Final[dict[str, Mapping[Any, Enum]]] = {
    "ITEM": ITEM,
    "OFFER": OFFER,
    "CLOCK": CLOCK,
    "HOLD": HOLD,
}


def frozen(world: World) -> list[bytes]:
    """All that a snapshot would keep."""
    return list(frames(freeze(world, dev=False)))


def tables(world: World) -> tuple[object, ...]:
    """All that World knows and did not derive, in its order; read without the codec."""
    return (
        (world.desk, world.seq, world.now, world.digest, world.source, world.current_plan),
        (world.items_made, world.offers_made, world.alerts_made, dict(world.consumers)),
        (world.number_day, world.numbers_of_day, dict(world.turns), dict(world.switched)),
        dict(world.surges),
        list(world.items.items()),
        list(world.agents.items()),
        list(world.offers.items()),
        list(world.ended_offers.items()),
        list(world.remembered.items()),
        list(world.handlers.known.items()),
    )


class Witness:
    """`see` every record in order; `rows` counts what was taken of each table."""

    def __init__(self, desk: str) -> None:
        self.world = World(desk)
        self.rows: Counter[Row] = Counter()
        self.snapshots: list[list[bytes]] = [frozen(self.world)]
        self.states: list[tuple[object, ...]] = [tables(self.world)]
        self._ids: set[str] = set()
        self._held = Held()

    def see(self, record: Record) -> None:
        """Check each event where it happened, then that matching did what it had to."""
        world = self.world
        assert record.seq == world.seq + 1
        assert record.now >= world.now
        world.seq, world.now = record.seq, record.now
        start = _match_start(record)
        for event in record.events[:start]:
            self._take(event)
        fired = {event.item for event in record.events if isinstance(event, ItemReady)}
        waved = {item for item in fired if item in world.items} & naive.late_waves(world)
        late = naive.late_items(world) | naive.late_waves(world)
        again = any(isinstance(event, SurgeMoved) for event in record.events[start:])
        comparable = (
            not late - waved and not again
        )  # a late one is matched when it fires, or before
        due = list(naive.matches(world)) if comparable else []
        for event in record.events[start:]:
            self._take(event)
        moved = {event.agent for event in record.events if isinstance(event, HoldMoved)}
        moved &= set(world.agents)
        assert all(
            world.agents[agent].idle_since == world.now for agent in moved & set(world.agents)
        )
        settle_waiting(world)
        self.snapshots.append(frozen(world))
        self.states.append(tables(world))
        made = [event for event in record.events if isinstance(event, OfferMade)]
        assert not comparable or sorted(due) == sorted((each.item, each.agent) for each in made)

    def _take(self, event: AnyEvent) -> None:
        match event:
            case ItemMoved():
                self._row("ITEM", self.world.items[event.item].state, event.step, event.state)
            case OfferMade():
                self._new(event.offer)
            case OfferMoved():
                self._offer(event)
            case ClockMoved():
                self._clock(event)
            case HoldMoved():
                self._hold(event)
            case ItemOpened():
                self._opened(event)
            case AlertRaised():
                self._new(event.alert.id)
            case _:
                pass
        self._held.see(self.world, event)
        apply(self.world, event)

    def _opened(self, event: ItemOpened) -> None:
        self._new(event.item)
        for clock in event.record.clocks.values():
            self._row("CLOCK", ClockState.IDLE, ClockStep.START, clock.state)

    def _new(self, id_: str) -> None:
        assert id_ not in self._ids
        self._ids.add(id_)

    def _row(self, table: str, before: Enum, step: Enum, after: Enum) -> None:
        assert TABLES[table][before, step] is after
        self.rows[table, before, step] += 1

    def _offer(self, event: OfferMoved) -> None:
        offer = self.world.offers[event.offer]
        assert (offer.agent, offer.item) == (event.agent, event.item)
        assert (self.world.now > offer.expires_at) >= (event.step is OfferStep.EXPIRE)
        assert self.world.now <= offer.expires_at or event.step is not OfferStep.ACCEPT
        self._row("OFFER", OfferState.PENDING, event.step, event.state)

    def _hold(self, event: HoldMoved) -> None:
        agent = self.world.agents[event.agent]
        hold = agent.holds.get(event.item)
        if event.step is HoldStep.RESERVE:
            assert naive.takes_work(agent)
            free = naive.room(self.world, agent, event.channel)
            kept = naive_loads.kept(self.world, agent, self.world.items[event.item])
            assert event.cost <= free - kept
        self._row("HOLD", hold.state if hold else HoldState.NONE, event.step, event.state)

    def _clock(self, event: ClockMoved) -> None:
        clock = self.world.items[event.item].clocks.get(event.clock)
        self._row("CLOCK", clock.state if clock else ClockState.IDLE, event.step, event.state)
        if clock is None or event.by_policy_change:
            return
        if event.step is ClockStep.BREACH:
            assert clock.due is not None
            assert event.at == clock.due < self.world.now
        if event.step is ClockStep.MEET and event.state is ClockState.MET:
            assert event.at <= _due(self.world, event, clock)


def _due(world: World, event: ClockMoved, clock: Clock) -> int:
    """The due of a clock that counts, were it to count on from now if it is paused."""
    item, plan = world.items[event.item], world.plan.clocks[event.clock]
    calendar = world.calendars[plan.calendars[item.priority]]
    return sla.schedule(clock, plan, plan.targets[item.priority], calendar, world.now).due


def _match_start(record: Record) -> int:
    """Where in the record matching begins: its first offer ends what was decided."""
    for index, event in enumerate(record.events):
        if isinstance(event, HoldMoved) and event.step is HoldStep.RESERVE:
            return index - _frees_its_own_wrap_up(record, index)
    return len(record.events)


def _frees_its_own_wrap_up(record: Record, reserve: int) -> bool:
    """An item that comes back to who still wraps it up ends the wrap-up first."""
    before, offered = record.events[reserve - 1], record.events[reserve]
    command = record.command
    fired = command.timers if isinstance(command, Tick) else ()
    said = (command.agent, command.item) if isinstance(command, WrapUp) else ()
    return (
        isinstance(before, HoldMoved)
        and isinstance(offered, HoldMoved)
        and before.step is HoldStep.RELEASE
        and (before.agent, before.item) == (offered.agent, offered.item)
        and (before.agent, before.item) != said
        and all((key.subject, key.part) != (before.agent, before.item) for key in fired)
    )


def contradictions(world: World) -> Iterator[str]:
    """What is wrong with World at rest, as sentences; nothing when all is well."""
    yield from _offers(world)
    yield from _owners(world)
    yield from _waiting(world)
    yield from _clocks(world)
    yield from _families(world)
    yield from wrong_levels(world)
    expected = naive.timers(world)
    if world.next_due() != min(expected.values(), default=None):
        yield f"the next deadline is {world.next_due()}"
    if len(world.timers) != len(expected):
        yield f"{len(world.timers)} timers stand instead of {len(expected)}"
    for key, due in expected.items():
        if world.timers.due(key) != due:
            yield f"timer {key} is due at {world.timers.due(key)} instead of {due}"


def _offers(world: World) -> Iterator[str]:
    offered = {
        offer: (item.id, agent)
        for item in world.items.values()
        for agent, offer in item.offers.items()
    }
    pending = {offer.id: (offer.item, offer.agent) for offer in world.offers.values()}
    if offered != pending:
        yield f"items say {offered}, offers say {pending}"
    for offer in world.offers.values():
        if world.agents[offer.agent].holds[offer.item].state is not HoldState.RESERVED:
            yield f"{offer.id} reserves nothing"
        if world.items[offer.item].state is not ItemState.OFFERED:
            yield f"{offer.item} has {offer.id} and is not offered"


def _families(world: World) -> Iterator[str]:
    """Indexes of families and matters as the records say; nobody is his own ancestor."""
    children: dict[str, set[str]] = {}
    matters: dict[Matter, set[str]] = {}
    for item in world.items.values():
        if item.parent:
            children.setdefault(item.parent, set()).add(item.id)
        matter = correlation.matter_of_item(world.plan, item)
        if matter is not None:
            matters.setdefault(matter, set()).add(item.id)
        if len(list(islice(family.ancestors(world, item), family.MAX_DEPTH))) == family.MAX_DEPTH:
            yield f"{item.id} has too many ancestors"
        if (item.state is ItemState.MERGED) != bool(item.merged_into):
            yield f"{item.id} is {item.state.value}, merged into '{item.merged_into}'"
    if children != {parent: set(ids) for parent, ids in world.children.items()}:
        yield f"families are {world.children} instead of {children}"
    if matters != {matter: set(ids) for matter, ids in world.matters.items()}:
        yield f"matters are {world.matters} instead of {matters}"


def _owners(world: World) -> Iterator[str]:
    working: dict[str, str] = {}
    for agent in world.agents.values():
        for hold in agent.holds.values():
            if hold.state is HoldState.RESERVED and agent.id not in world.items[hold.item].offers:
                yield f"{agent.id} reserves {hold.item} without an offer"
            if hold.state is HoldState.HANDLING:
                if hold.item in working:
                    yield f"{hold.item} is with {working[hold.item]} and {agent.id}"
                working[hold.item] = agent.id
            if hold.state is HoldState.HANDLING and not _owns(world, agent.id, hold.item):
                yield f"{agent.id} handles {hold.item} without owning it"


def _clocks(world: World) -> Iterator[str]:
    for item in world.items.values():
        for clock in item.clocks.values():
            for wrong in _clock(world, item, clock):
                yield f"{item.id} ({item.state.value}) {clock}: {wrong}"


def _clock(world: World, item: Item, clock: Clock) -> Iterator[str]:
    """What counts has a due and fires by its breach; only what is paused has an open pause."""
    counts = clock.state is ClockState.RUNNING
    if counts != (clock.next_at is not None) or (counts and clock.due is None):
        yield "it counts without firing, or fires without counting"
    if counts and item.state in ENDED_ITEM_STATES:
        yield "it counts though the item has ended"
    if counts and naive.due(world, item, clock) not in {None, clock.due}:
        yield f"it is due at {naive.due(world, item, clock)}"
    if clock.due and clock.next_at and clock.next_at > max(clock.due + 1, world.now):
        yield "it fires after its due"
    if (clock.state is ClockState.PAUSED) != any(end is None for _, end in clock.pauses):
        yield "its pauses do not fit its state"


def _owns(world: World, agent: str, item: str) -> bool:
    owned = world.items[item]
    owning = {ItemState.ASSIGNED, ItemState.PENDING}
    if owned.handover is not None:
        owning = {ItemState.QUEUED, ItemState.OFFERED}
    return owned.owner == agent and owned.state in owning


def _waiting(world: World) -> Iterator[str]:
    queued = naive.waiting(world)
    if len(world.waiting) != len(queued):
        yield f"{len(world.waiting)} wait instead of {len(queued)}"
    late = naive.late_items(world)
    for item in queued:
        ahead = [other.id for other in queued if other.queue == item.queue].index(item.id)
        if world.waiting.position(item) != ahead + 1:
            yield f"{item.id} is at {world.waiting.position(item)} instead of {ahead + 1}"
        if naive.step_by_state(world, item, queued):
            yield f"{item.id} waits before step {item.relaxed + 1} that is due as things are"
        able = [a.id for a in world.agents.values() if naive.can_take(world, a, item)]
        if able and item.id not in late:
            yield f"{item.id} waits although {able} could take it"
