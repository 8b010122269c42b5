"""How one record changes by one event: pure functions shared by decide (drafts) and apply (World).

Nothing else may replace a field of an Item, Clock or Agent.
"""

from typing import assert_never

from msgspec.structs import replace

from routing_service.core.events import (
    AgentConnected,
    AgentLost,
    AgentPut,
    ClockCorrected,
    ClockMoved,
    HoldMoved,
    ItemClassified,
    ItemMessaged,
    ItemMoved,
    ItemQueued,
    ItemReady,
    MilestoneReached,
    OfferMade,
    OfferMoved,
    PresenceSet,
)
from routing_service.core.lifecycle import (
    CLOCK,
    HOLD,
    ITEM,
    ClockState,
    ClockStep,
    HoldState,
    ItemStep,
    OfferStep,
    Presence,
    advance,
)
from routing_service.core.model import Agent, Clock, Hold, Item, Milestone

ItemEvent = (
    ItemClassified
    | ItemMessaged
    | ItemMoved
    | ItemQueued
    | ItemReady
    | MilestoneReached
    | ClockMoved
    | ClockCorrected
    | OfferMade
    | OfferMoved
)
AgentEvent = AgentPut | PresenceSet | AgentConnected | AgentLost | HoldMoved

DECIDED_KEPT = 8
"""Instants of verdicts that an item remembers; more than one or two are rare."""


def evolve_item(  # noqa: C901 - one row per event, nothing else
    item: Item, event: ItemEvent, now: int
) -> Item:
    """The item after the event; a row missing in the tables raises WrongState."""
    match event:
        case ClockMoved():
            clock = evolve_clock(item.clocks.get(event.clock), event)
            return replace(item, clocks={**item.clocks, event.clock: clock})
        case ItemMoved():
            return _moved(item, event, now)
        case MilestoneReached():
            return replace(item, milestones={**item.milestones, event.milestone: event.at})
        case ItemQueued():
            return _queued(item, event)
        case ItemClassified():
            return _classified(item, event, now)
        case ItemMessaged():
            signals = tuple(sorted({*item.signals, *event.signals}))
            return replace(item, version=item.version + 1, signals=signals)
        case ItemReady():
            return _ready(item, now)
        case ClockCorrected():
            corrected = replace(item.clocks[event.clock], corrected_at=event.at)
            return replace(item, clocks={**item.clocks, event.clock: corrected})
        case OfferMade():
            return replace(item, offer=event.offer, preferred="", preferred_until=0)
        case OfferMoved():
            return _offer_ended(item, event, now)
        case _:
            assert_never(event)


def _classified(item: Item, event: ItemClassified, now: int) -> Item:
    return replace(
        item,
        version=item.version + 1,
        labels=event.labels,
        priority=event.priority,
        queue=event.queue,
        requirements=event.requirements,
        fired=event.fired,
        digest=event.digest,
        decided_at=(*item.decided_at, now)[-DECIDED_KEPT:],
        applicable_clocks=event.clocks,
        classification_failed=event.failed,
    )


def _moved(item: Item, event: ItemMoved, now: int) -> Item:
    state = advance(ITEM, item.state, event.step, item.number)
    milestones = item.milestones
    if event.step is ItemStep.REOPEN:
        solved = (Milestone.SOLUTION_OFFERED, Milestone.RESOLVED, Milestone.CONFIRMED)
        again = (*solved, *event.owed)
        milestones = {name: at for name, at in milestones.items() if name not in again}
    requeued = event.step is ItemStep.REQUEUE  # taken from its owner: nobody is asked first
    return replace(
        item,
        version=item.version + 1,
        state=state,
        reason=event.reason,
        moved_at=now,
        owner="" if requeued else event.owner or item.owner,
        preferred="" if requeued else item.preferred,
        preferred_until=0 if requeued else item.preferred_until,
        milestones=milestones,
        reopens=item.reopens + (event.step is ItemStep.REOPEN),
        pending_reason=event.reason if event.step is ItemStep.PEND else "",
    )


def _queued(item: Item, event: ItemQueued) -> Item:
    return replace(
        item,
        queue=event.queue,
        enqueued_at=event.enqueued_at,
        boost=event.boost,
        rank=event.rank,
        preferred=event.preferred,
        preferred_until=event.preferred_until,
    )


def _offer_ended(item: Item, event: OfferMoved, now: int) -> Item:
    if event.step is OfferStep.DECLINE:
        declined_by = {**item.declined_by, event.agent: event.retry_at}
        item = replace(item, declines=item.declines + 1, declined_by=declined_by)
    return replace(item, offer="", declined_by=_still_declined(item, now))


def _ready(item: Item, now: int) -> Item:
    """Waits that are over are forgotten: what is left names the item's next deadline."""
    still = _still_declined(item, now)
    if item.preferred_until > now:
        return replace(item, declined_by=still)
    return replace(item, declined_by=still, preferred="", preferred_until=0)


def _still_declined(item: Item, now: int) -> dict[str, int]:
    if all(retry_at > now for retry_at in item.declined_by.values()):
        return item.declined_by
    return {agent: retry_at for agent, retry_at in item.declined_by.items() if retry_at > now}


def evolve_clock(clock: Clock | None, event: ClockMoved) -> Clock:
    """The clock after the event; None = the clock was idle."""
    before = (
        clock
        if clock is not None
        else Clock(name=event.clock, state=ClockState.IDLE, started_at=event.at)
    )
    state = advance(CLOCK, before.state, event.step, event.clock)
    moved = replace(before, state=state, due=event.due, next_at=event.next_at)
    match event.step:
        case ClockStep.START | ClockStep.RETARGET:
            return moved
        case ClockStep.WARN:
            return replace(moved, warned=event.share)
        case ClockStep.PAUSE:
            return replace(moved, pauses=(*before.pauses, (event.at, None)))
        case ClockStep.RESUME | ClockStep.CANCEL:
            return replace(moved, pauses=_closed_pauses(before, event.at))
        case ClockStep.MEET:
            return replace(
                moved,
                due=before.due,
                met_at=event.at,
                elapsed=event.elapsed,
                pauses=_closed_pauses(before, event.at),
            )
        case ClockStep.BREACH:
            return replace(
                moved,
                breached_at=event.at,
                elapsed=event.elapsed,
                by_policy_change=event.by_policy_change,
                pauses=_closed_pauses(before, event.at),
            )
        case ClockStep.REOPEN:
            return _clock_reopened(before, moved, event)
        case _:
            assert_never(event.step)


def _closed_pauses(clock: Clock, at: int) -> tuple[tuple[int, int | None], ...]:
    return tuple((start, at if end is None else end) for start, end in clock.pauses)


def _clock_reopened(before: Clock, moved: Clock, event: ClockMoved) -> Clock:
    """Resumed: the time since it was met counts as a pause. Restarted: `reason` says so."""
    if event.reason == "restart":
        return replace(moved, started_at=event.at, pauses=(), warned=0, met_at=None)
    gap = (before.met_at if before.met_at is not None else event.at, event.at)
    return replace(moved, pauses=(*before.pauses, gap), met_at=None)


def evolve_agent(agent: Agent | None, event: AgentEvent, now: int) -> Agent:
    """The agent after the event; None = not known before (AgentPut only)."""
    if isinstance(event, AgentPut):
        return _profile(agent, event.agent, now)
    if agent is None:
        raise LookupError(event)
    match event:
        case PresenceSet():
            stays = event.presence is agent.presence or event.presence is not Presence.AVAILABLE
            return replace(
                agent,
                presence=event.presence,
                presence_reason=event.reason,
                idle_since=agent.idle_since if stays else now,
            )
        case AgentConnected():
            return replace(agent, epoch=event.epoch, connected=True)
        case AgentLost():
            return replace(
                agent,
                connected=False,
                presence=Presence.OFFLINE,
                presence_reason="lost",
            )
        case HoldMoved():
            return _held(agent, event, now)
        case _:
            assert_never(event)


def _profile(before: Agent | None, profile: Agent, now: int) -> Agent:
    if before is None:
        return Agent(
            id=profile.id,
            name=profile.name,
            skills=profile.skills,
            queues=profile.queues,
            team=profile.team,
            capacity=profile.capacity,
            idle_since=now,
        )
    return replace(
        before,
        name=profile.name,
        skills=profile.skills,
        queues=profile.queues,
        team=profile.team,
        capacity=profile.capacity,
    )


def _held(agent: Agent, event: HoldMoved, now: int) -> Agent:
    hold = agent.holds.get(event.item)
    state = advance(HOLD, hold.state if hold else HoldState.NONE, event.step, agent.id)
    holds = dict(agent.holds)
    if state is HoldState.RELEASED:
        del holds[event.item]
    else:
        cost = hold.cost if hold else event.cost
        holds[event.item] = Hold(item=event.item, cost=cost, state=state, until=event.until)
    return replace(agent, holds=holds, idle_since=now)  # whoever was asked last is asked last
