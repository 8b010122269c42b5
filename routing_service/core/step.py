"""`step` and `turn`: how a command runs to its end. The only drivers of decide and apply.

The partition, verify, rule cases and simulations all use them, so what one says the other does.
"""

from heapq import heappop, heappush
from typing import Protocol

import msgspec
from msgspec.structs import replace

from routing_service.core.apply import apply
from routing_service.core.choice import matching
from routing_service.core.deadlines import at_deadline
from routing_service.core.decide import decide
from routing_service.core.desk.world import World
from routing_service.core.evolution import state_steps
from routing_service.core.evolution.derived import let_wait
from routing_service.core.handling import agents, offers, shifts
from routing_service.core.items import links
from routing_service.core.journal.command import ENGINE
from routing_service.core.journal.commands import (
    ActivateRulebook,
    AnyCommand,
    Escalate,
    PutAgents,
    StopEscalation,
    Submit,
    Tick,
)
from routing_service.core.journal.events import AnyEvent
from routing_service.core.journal.record import ENGINE_VERSION, Record
from routing_service.core.promises import retarget
from routing_service.core.records.kinds import LinkOrder
from routing_service.core.records.lifecycle import ItemState
from routing_service.core.records.model import EscalationVerdict, Facts, Item, Trigger, Verdict
from routing_service.core.steering import escalation, levels
from routing_service.core.steering.facts import Newcomer, escalation_facts, submit_facts

MAX_ROUNDS = 8
"""Escalations of escalations within one command (design §2)."""


class Step(msgspec.Struct, frozen=True):
    """What one command led to, and what rules must be asked next."""

    record: Record
    triggers: tuple[Trigger, ...]


class Escalations(Protocol):
    """The escalate stage of a rulebook."""

    def escalate(self, facts: Facts) -> EscalationVerdict:
        """What to do about the trigger the facts describe."""
        ...

    def intake(self, facts: Facts) -> Verdict | None:
        """What to do with an item that a rule opens; None = no rules yet."""
        ...


def step(world: World, command: AnyCommand, now: int, *, dev: bool = False) -> Step:
    """Decide, apply, and match until nothing changes. RoutingError: World is as it was."""
    digest = world.digest
    before = world.now
    world.now = now
    try:
        events = decide(world, command, now)
    except Exception:
        world.now = before
        raise
    world.seq += 1
    _apply_all(world, events)
    if isinstance(command, Tick):
        events += _fire(world, command, now)
    if isinstance(command, ActivateRulebook):
        first = retarget.next_slice(world)
        events += _follow_up(world, retarget.retarget(world, first, now))
        events += _follow_up(world, shifts.turn_all(world, now))
        events += _follow_up(world, agents.let_go_unable(world, world.waiting.keepers()))
    if isinstance(command, PutAgents):
        put = [agent.id for agent in command.agents]
        events += _follow_up(world, agents.let_go_unable(world, put))
    events += _spread(world, events, now)
    if world.loads.dirty:
        events += _settle(world)
    events += _match(world, now)
    while world.loads.dirty:  # who is called in from elsewhere adds to the load there
        events += _settle(world)
        events += _match(world, now)
    record = Record(
        seq=world.seq,
        now=now,
        engine_version=ENGINE_VERSION,
        digest=digest,
        command=command,
        events=tuple(events),
        dev=dev,
    )
    return Step(record, tuple(escalation.triggers(world, events)))


def _apply_all(world: World, events: list[AnyEvent]) -> None:
    for event in events:
        apply(world, event)


def _follow_up(world: World, events: list[AnyEvent]) -> list[AnyEvent]:
    _apply_all(world, events)
    return events


def _fire(world: World, command: Tick, now: int) -> list[AnyEvent]:
    """Deadline by deadline: an earlier one may cancel a later one."""
    events: list[AnyEvent] = []
    for timer in command.timers:
        due = world.timers.due(timer)
        if due is not None and due <= now:
            events += _follow_up(world, at_deadline(world, timer, now))
    return events


def _spread(world: World, events: list[AnyEvent], now: int) -> list[AnyEvent]:
    """What follows for parents and children, and for theirs; a family has few generations."""
    if not world.children:
        return []
    told: list[AnyEvent] = []
    ahead = list(events)
    while ahead:
        ahead = [
            followed
            for event in ahead
            for followed in _follow_up(world, links.follow(world, event, now))
        ]
        told += ahead
    return told


def _settle(world: World) -> list[AnyEvent]:
    """Levels follow their loads before anything is offered: what waits is its load either way."""
    return _follow_up(world, levels.settle(world))


def _match(world: World, now: int) -> list[AnyEvent]:
    """Offer what is waiting to whoever is free, and ask for less where a state calls for it."""
    events = _serve_all(world, now)
    while world.stepping.by_state and (stepped := state_steps.due(world)):
        events += _follow_up(world, [*stepped])
        events += _serve_all(world, now)
    return events


def _serve_all(world: World, now: int) -> list[AnyEvent]:
    """Offer until nothing changes any more.

    Again and again, the best-ranked item that anybody can take goes to the agent its queue's
    strategy prefers. Only what came in or lost its offer, and the best item of whoever came free,
    can be that one: everything else could not be served before and cannot be now. An agent who
    serves another of what waits first is left to it, and asked again when that has an agent.
    """
    events: list[AnyEvent] = []
    heads: list[_Head] = []
    elsewhere: dict[str, None] = {}
    while world.dirty_items or world.dirty_agents or heads:
        _note_heads(world, heads)
        if heads:
            served = _follow_up(world, _serve(world, heappop(heads), elsewhere, now))
            if elsewhere and (served or not heads):
                world.dirty_agents.update(elsewhere)
                elsewhere.clear()
            events += served
    return events


_Head = tuple[int, str, str]
"""(rank, item, the agent who came free and whose best item it is; empty = the item came in)."""


def _note_heads(world: World, heads: list[_Head]) -> None:
    alone = len(world.dirty_items) == 1 and not world.dirty_agents and not heads
    for item_id in world.dirty_items:
        item = world.items.get(item_id)
        if item is not None and (item.state is ItemState.QUEUED or _wave_due(item, world.now)):
            if (
                not alone and item.state is ItemState.QUEUED
            ):  # it competes with others for whoever is free
                let_wait(world, item)
            heappush(heads, (0 if alone else world.place(item), item_id, ""))
    world.dirty_items.clear()
    for agent in world.dirty_agents:
        best = matching.item_for(world, agent) if world.roster.has_room(agent) else None
        if best is not None:
            heappush(heads, (world.place(best), best.id, agent))
    world.dirty_agents.clear()


def _serve(world: World, head: _Head, elsewhere: dict[str, None], now: int) -> list[AnyEvent]:
    _, item_id, agent = head
    if agent:
        world.dirty_agents[agent] = None  # whatever becomes of this one, he may have room for more
    item = world.items[item_id]
    if _wave_due(item, now):
        found = matching.willing_agents_for(world, item, elsewhere)
        return offers.widen(world, item, found, now)
    if item.state is not ItemState.QUEUED:
        return []
    found = matching.willing_agents_for(world, item, elsewhere)
    if found:
        return offers.propose(world, item, found, now)
    if item_id not in world.waiting:
        let_wait(world, item)
    return []


def _wave_due(item: Item, now: int) -> bool:
    """Whether it is to be offered to more agents, though it is offered already."""
    return 0 < item.wave_at <= now


def turn(
    world: World,
    command: AnyCommand,
    now: int,
    rules: Escalations,
    *,
    dev: bool = False,
) -> list[Record]:
    """A command and the escalations it triggers, all at the same instant, as journal records."""
    done = step(world, command, now, dev=dev)
    records = [done.record]
    triggers = done.triggers
    for number in range(1, MAX_ROUNDS + 1):
        further: list[Trigger] = []
        for trigger in triggers:
            answer = _escalate(world, trigger, rules, number)
            done = step(world, answer, now, dev=dev)
            records.append(done.record)
            further += done.triggers
            for order in answer.verdict.opens:
                opening = _opening(world, trigger.item, order, rules, now)
                if opening is not None:
                    done = step(world, opening, now, dev=dev)
                    records.append(done.record)
                    further += done.triggers
        triggers = tuple(further)
    if triggers:
        stop = StopEscalation(actor=ENGINE, trigger=triggers[0], rounds=MAX_ROUNDS)
        records.append(step(world, stop, now, dev=dev).record)
    return records


def _opening(
    world: World, item: str, order: LinkOrder, rules: Escalations, now: int
) -> Submit | None:
    """The linked item that a rule opens, with what the rules make of it."""
    command = links.ordered(world, item, order.kind, order.role, now)
    if command is None:
        return None
    new = Newcomer(command.customer, now, command.item_kind, command.role)
    facts = submit_facts(world, command.channel, command.labels, (), "", new)
    return replace(command, facts=facts, verdict=rules.intake(facts))


def _escalate(world: World, trigger: Trigger, rules: Escalations, number: int) -> Escalate:
    facts = escalation_facts(world, trigger)
    return Escalate(
        actor=ENGINE,
        trigger=trigger,
        facts=facts,
        verdict=rules.escalate(facts),
        round=number,
    )
