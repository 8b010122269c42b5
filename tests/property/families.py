"""Moves about items that have to do with each other, and which item a move is about."""

from msgspec.structs import replace

from routing_service.core.desk.world import World
from routing_service.core.items.links import inherited
from routing_service.core.journal.commands import (
    AnyCommand,
    Cancel,
    Report,
    ReportKind,
    RequestKind,
    Submit,
)
from routing_service.core.journal.link_commands import Link, Merge, SetCollaborators
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES, ItemState
from routing_service.core.records.model import Item
from routing_service.core.steering.facts import Newcomer, submit_facts
from tests.builders import HOUR
from tests.property.moves import Move, chosen, pick
from tests.property.rich import Rules


def item_of(world: World, move: Move, *states: ItemState) -> Item | None:
    """One in these states, or any at all for every twelfth move."""
    fitting = [item for item in world.items.values() if item.state in states]
    return pick(fitting if move.also else world.items.values(), move.which)


OPEN = tuple(state for state in ItemState if state not in ENDED_ITEM_STATES)


def made_for(world: World, move: Move, now: int) -> AnyCommand | None:
    """What is made for an item: help, a call-back for later, an incident for nobody."""
    parent = item_of(world, move, *OPEN)
    kind = chosen(tuple(ItemKind), move.how)
    if parent is None:
        return None
    command = Submit(
        actor="adapter",
        kind=RequestKind.OPENED,
        occurred_at=now,
        item_kind=kind,
        parent="" if kind is ItemKind.INCIDENT else parent.id,
        role="helper",
        scheduled_for=now + HOUR if kind is ItemKind.CALLBACK else 0,
    )
    command = inherited(world, command, now) if command.parent else command
    new = Newcomer(command.customer, now, kind, command.role)
    facts = submit_facts(world, command.channel, command.labels, (), "", new)
    return replace(command, facts=facts, verdict=Rules(world.digest).intake(facts))


def link(world: World, move: Move, _now: int) -> AnyCommand | None:
    """An item belongs to another one, or to none any more."""
    item, parent = item_of(world, move, *OPEN), pick(world.items, move.how)
    if item is None or parent is None:
        return None
    return Link(item=item.id, parent="" if move.when == 0 else parent, role="affected")


def merge(world: World, move: Move, _now: int) -> AnyCommand | None:
    """Two items of one customer become one."""
    item = item_of(world, move, *OPEN)
    if item is None:
        return None
    return Merge(item=item.id, into=_alike(world, item, move.how), reason="duplicate")


def _alike(world: World, item: Item, die: int) -> str:
    """One that it may be merged into; itself, an ended one or another customer's at times."""
    alike = [
        each.id
        for each in world.items.values()
        if (each.customer, each.kind) == (item.customer, item.kind) and each.id != item.id
    ]
    return pick(alike if die else world.items, die) or item.id


def collaborate(world: World, move: Move, _now: int) -> AnyCommand | None:
    """An agent works on an item beside its owner."""
    item, agent = item_of(world, move, *OPEN), pick(world.agents, move.how)
    return SetCollaborators(item=item.id, collaborators={agent: "aid"}) if item and agent else None


def park(world: World, move: Move, now: int) -> AnyCommand | None:
    """An item is laid aside or begins at another instant; at times one that cannot."""
    item = item_of(world, move, *OPEN)
    kinds = (ReportKind.SUSPENDED, ReportKind.SUSPENDED, ReportKind.SCHEDULED)
    kind = chosen((*kinds, ReportKind.ACTIVATED), move.how)
    until = now + HOUR if move.also % 3 else 0
    return Report(kind=kind, item=item.id, occurred_at=now, until=until) if item else None


RARE = (ItemState.LEFT, ItemState.SCHEDULED, ItemState.SUSPENDED, ItemState.PENDING)


def rare(world: World, move: Move, now: int) -> AnyCommand | None:
    """Whatever may be asked about an item in a state that few items ever are in."""
    states = {item.state for item in world.items.values()}
    state = pick([each for each in RARE if each in states], move.when)
    there = [each for each in world.items.values() if each.state is state]
    item = pick([each for each in there if each.kind is ItemKind.REQUEST] or there, move.which)
    if item is None:
        return None
    submits = (RequestKind.ABANDONED, RequestKind.RETURNED)
    reports = (ReportKind.RESOLVED, ReportKind.SUSPENDED, ReportKind.SCHEDULED, ReportKind.RESUMED)
    choices: tuple[AnyCommand, ...] = (
        Cancel(item=item.id, reason="not wanted"),
        *[Merge(item=item.id, into=_alike(world, item, move.also), reason="duplicate")] * 3,
        *(Submit(kind=kind, item=item.id, occurred_at=now, sealed=b"more") for kind in submits),
        *(Report(kind=kind, item=item.id, occurred_at=now, until=now + HOUR) for kind in reports),
    )
    return chosen(choices, move.how)
