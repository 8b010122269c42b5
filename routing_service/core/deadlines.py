"""Decisions at a deadline: a warn point, a breach, the end of an offer, wrap-up or wait."""

from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.handling import offers, overdue, shifts, wrapping
from routing_service.core.items import intake, parking, reports
from routing_service.core.journal.commands import TimerKey, TimerKind
from routing_service.core.journal.events import (
    AnyEvent,
    ItemArchived,
    ItemReady,
    WaveSent,
)
from routing_service.core.promises import clocks, sla
from routing_service.core.queues.lasting import lives_until
from routing_service.core.records.lifecycle import (
    ENDED_ITEM_STATES,
    ClockStep,
    ItemState,
    ItemStep,
)
from routing_service.core.steering import levels

MAX_STEPS = 500
"""Items of a queue that take a step in one tick."""


def at_deadline(world: World, timer: TimerKey, now: int) -> list[AnyEvent]:
    """What the deadline leads to; every branch moves or ends the timer that fired."""
    match TimerKind(timer.kind):
        case TimerKind.CLOCK:
            return _clock(world, timer.subject, timer.part, now)
        case TimerKind.OFFER:
            return offers.expire(world, world.offers[timer.subject], now)
        case TimerKind.WRAP_UP:
            return wrapping.over(world, timer.subject, timer.part, now)
        case TimerKind.AGENT:
            return shifts.at_deadline(world, world.agents[timer.subject], now)
        case TimerKind.ITEM:
            return _item(world, timer.subject, now)
        case TimerKind.RELAX:
            return _relax(world, timer.subject, now)
        case TimerKind.SURGE:
            return levels.at_deadline(world, timer.subject, now)


def _clock(world: World, item_id: str, name: str, now: int) -> list[AnyEvent]:
    draft = Draft(world, world.items[item_id], now)
    clock = draft.item.clocks[name]
    plan = world.plan.clocks[name]
    found = clocks.terms(draft, plan)
    if found is None:
        clocks.move(draft, plan, ClockStep.CANCEL, now, reason="not_applicable")
        return draft.events
    target, calendar = found
    due = sla.schedule(clock, plan, target, calendar, now)
    if due.share:
        told_at = max(due.next_at, clock.next_at or 0)  # a new target may have put it in the past
        clocks.move(draft, plan, ClockStep.WARN, told_at, share=due.share)
    else:
        clocks.breach(draft, plan, due.due)
    return draft.events


def _item(world: World, item_id: str, now: int) -> list[AnyEvent]:
    item = world.items[item_id]
    draft = Draft(world, item, now)
    if item.handover is not None and item.handover.until <= now:
        return _handover_over(draft)
    if item.state is ItemState.LEFT:
        draft.move(ItemStep.ABANDON, "did_not_return", until=item.moved_at)
        clocks.cancel(draft, ItemStep.ABANDON.value)
        return draft.events
    if item.state is ItemState.OFFERED:
        return [*overdue.steps(world, item, now), ItemReady(item=item_id)]  # for its next wave
    if item.state is ItemState.QUEUED:
        last = lives_until(item, world.queue(item.queue).ttl)
        if last is not None and last < now:
            return intake.end(world, item_id, ItemStep.EXPIRE, overdue.TTL, now)
        return [ItemReady(item=item_id)]
    if item.state in ENDED_ITEM_STATES:
        return [ItemArchived(item=item_id)]
    if item.state in (ItemState.SCHEDULED, ItemState.SUSPENDED):
        parking.wake(draft)
        return draft.events
    reports.close(draft, "auto_close")
    return draft.events


def _handover_over(draft: Draft) -> list[AnyEvent]:
    """The owner has it again; a late tick may find it offered yet: then no more are asked."""
    if draft.item.state is ItemState.OFFERED:
        draft.add(WaveSent(item=draft.item.id, asked=draft.item.asked, next_at=0))
    else:
        draft.move(ItemStep.RETAIN, "nobody_accepted")
    return draft.events


def _relax(world: World, queue: str, now: int) -> list[AnyEvent]:
    """Those of the queue whose step is due; when they are very many, the rest by the next tick."""
    due = world.stepping.due(queue, now, MAX_STEPS)
    return [step for item in due for step in overdue.steps(world, world.items[item], now)]
