"""A witness reads the journal record by record, believes nothing, and notes every row it saw taken.

Its World is made from events alone, so that comparing it with the live one proves recovery.
"""

from collections import Counter
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from routing_service.core.apply import apply
from routing_service.core.desk.world import World
from routing_service.core.evolution.rebuilding import settle_waiting
from routing_service.core.journal.commands import AnyCommand, Tick, WrapUp
from routing_service.core.journal.events import (
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
from routing_service.core.journal.record import Record
from routing_service.core.promises import sla
from routing_service.core.records.lifecycle import (
    CLOCK,
    HOLD,
    ITEM,
    OFFER,
    ClockState,
    ClockStep,
    HoldState,
    HoldStep,
    OfferState,
    OfferStep,
)
from routing_service.core.records.model import Agent, Clock, Item
from routing_service.store.codec import frames, freeze
from tests.property import naive, naive_loads
from tests.property.naive_loads import Held

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
        self._released: tuple[str, Agent] = ("", Agent(id=""))
        self._settled = True

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
        self._settled = not again  # else who serves a queue changes while it is matched
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
            self._best_for(agent, self.world.items[event.item])
        self._released = (event.item, agent)
        self._row("HOLD", hold.state if hold else HoldState.NONE, event.step, event.state)

    def _best_for(self, agent: Agent, item: Item) -> None:
        """Of all that he could be offered at this instant, he serves none before this one.

        An item that comes back to who still wraps it up is his before its wrap-up is over.
        """
        released, before = self._released
        able = before if (released, before.id) == (item.id, agent.id) else agent
        late = naive.late_items(self.world)
        for other in naive.waiting(self.world) if self._settled else ():
            if other.id not in late and naive.can_take(self.world, able, other):
                assert naive.served_by(self.world, able, item) <= naive.served_by(
                    self.world, able, other
                )

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
    return (
        isinstance(before, HoldMoved)
        and isinstance(offered, HoldMoved)
        and before.step is HoldStep.RELEASE
        and (before.agent, before.item) == (offered.agent, offered.item)
        and (before.agent, before.item) not in _asked_to_end(record.command)
    )


def _asked_to_end(command: AnyCommand) -> set[tuple[str, str]]:
    """(agent, item) of the wrap-ups that the command itself is to end."""
    match command:
        case Tick(timers=timers):
            return {(key.subject, key.part) for key in timers}
        case WrapUp(agent=agent, item=item):
            return {(agent, item)}
        case _:
            return set()
