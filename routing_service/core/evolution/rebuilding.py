"""Every index of World anew from its tables: after a snapshot was loaded, at the end of a recovery.

Decides nothing; what is rebuilt is what derived.py and surging.py keep up live.
"""

from collections.abc import Iterator

from routing_service.core.desk.world import World
from routing_service.core.evolution.derived import (
    agent_deadline,
    count_owned,
    item_deadline,
    learn_signature,
    let_step,
    put_parent,
    put_profile,
    rebuild_matters,
)
from routing_service.core.evolution.surging import rebuild_surges
from routing_service.core.journal.commands import TimerKey, TimerKind
from routing_service.core.records.lifecycle import HoldState, ItemState


def _rebuild_agents(world: World) -> None:
    if world.current_plan is not None:
        world.roster.rooms.interrupt(world.current_plan.interrupts)
    for agent_id in world.agents:
        world.roster.register(agent_id)  # positions in order of arrival, as they were given
    for agent in sorted(world.agents.values(), key=lambda agent: agent.idle_since):
        put_profile(world, None, agent)  # in this order, because the roster walks them by it
        for hold in agent.holds.values():
            until = hold.until if hold.state is HoldState.WRAP_UP else None
            world.timers.set(TimerKey(TimerKind.WRAP_UP, agent.id, hold.item), until or None)
        world.timers.set(TimerKey(TimerKind.AGENT, agent.id), agent_deadline(agent))


def rebuild(world: World) -> None:
    """Make every index anew from the tables (after a snapshot was loaded)."""
    _rebuild_agents(world)
    for offer in world.offers.values():
        world.timers.set(TimerKey(TimerKind.OFFER, offer.id), offer.expires_at + 1)
    world.timers.fill(_deadlines(world))
    for item in world.items.values():
        count_owned(world, item, 1)
        put_parent(world, None, item)
    rebuild_matters(world)
    rebuild_surges(world)
    settle_waiting(world)


def _deadlines(world: World) -> Iterator[tuple[TimerKey, int | None]]:
    """Of every item: its own, and those of its clocks."""
    for item in world.items.values():
        yield TimerKey(TimerKind.ITEM, item.id), item_deadline(world, item)
        for name, clock in item.clocks.items():
            yield TimerKey(TimerKind.CLOCK, item.id, name), clock.next_at


def settle_waiting(world: World) -> None:
    """Every queued item waits, and every level is settled: so it is at the end of a record."""
    world.dirty_items.clear()
    world.dirty_agents.clear()
    world.loads.dirty.clear()
    world.roster.staffing.fewer = False
    waiting = world.waiting
    left = [
        item
        for item in world.items.values()
        if item.state is ItemState.QUEUED and item.id not in waiting
    ]
    waiting.fill((item, learn_signature(world, item), world.place(item)) for item in left)
    for item in left:
        let_step(world, item)
    world.stepping.by_state.new.clear()
