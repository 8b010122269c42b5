"""What is wrong with a World at rest: records against each other, indexes against records."""

from collections.abc import Iterator
from itertools import islice

from routing_service.core.desk import correlation, family
from routing_service.core.desk.world import Matter, World
from routing_service.core.records.lifecycle import (
    ENDED_ITEM_STATES,
    OPEN_ITEM_STATES,
    ClockState,
    HoldState,
    ItemState,
)
from routing_service.core.records.model import Clock, Item
from tests.property import naive
from tests.property.naive_loads import wrong_levels


def contradictions(world: World) -> Iterator[str]:
    """What is wrong with World at rest, as sentences; nothing when all is well."""
    yield from _offers(world)
    yield from _owners(world)
    yield from _people(world)
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


def _people(world: World) -> Iterator[str]:
    """Nothing rests on who is gone, on a lease that is over, or on steps that no ladder has."""
    for agent in world.agents.values():
        if agent.outside_leased and not agent.connected:
            yield f"{agent.id} has work from elsewhere by a lease that is over"
    for item in world.items.values():
        if item.state in ENDED_ITEM_STATES:
            continue
        waits = item.state in {ItemState.QUEUED, ItemState.OFFERED}
        owner = item.owner if item.state in OPEN_ITEM_STATES else ""  # what is solved tells by whom
        people = {*item.collaborators, owner, item.preferred if waits else ""}
        gone = people - {"", *world.agents}
        if gone or len(item.collaborators) > family.MAX_COLLABORATORS:
            yield f"{item.id} rests on {gone or item.collaborators}"
        if (
            waits
            and item.id not in world.stale
            and item.relaxed > len(world.plan.queues[item.queue].ladder.steps)
        ):
            yield f"{item.id} has taken {item.relaxed} steps of a shorter ladder"


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
