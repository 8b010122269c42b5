"""Decisions about request events: opened, message, updated, abandoned; and cancelling."""

from typing import NamedTuple, assert_never

from routing_service.core.arrival import preferring, queueing
from routing_service.core.desk.world import DAY, World
from routing_service.core.evolution.draft import Draft
from routing_service.core.handling import offers, transfers
from routing_service.core.items.opening import opened
from routing_service.core.journal.commands import Cancel, RequestKind, Submit
from routing_service.core.journal.events import (
    AnyEvent,
    ItemClassified,
    ItemLabelled,
    ItemMessaged,
    ItemOpened,
)
from routing_service.core.plans.plan import told
from routing_service.core.promises import clocks, new_terms
from routing_service.core.records.errors import Invalid, WrongState
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES, ItemState, ItemStep
from routing_service.core.records.model import SECOND, FactValue, Item, Verdict


class Named(NamedTuple):
    """What a verdict of an escalation replaces: empty = nothing."""

    queue: str = ""
    priority: str = ""


NOTHING = Named()
LONGEST_PARKED = 366 * DAY
"""Scheduled or suspended until then; longer is a mistake in the instant."""
DEFLECTED = "deflected"
"""Why an item ended that the surge stage sent elsewhere."""
MAX_AHEAD = 300 * SECOND
"""A source clock may be this far ahead of ours (issue of the spine: 5 minutes)."""


def occurred(world: World, occurred_at: int, now: int) -> int:
    """The source's instant, not later than now; Invalid outside of what the pack accepts."""
    if occurred_at > now + MAX_AHEAD:
        raise Invalid(
            "OCCURRED_IN_FUTURE",
            "occurred_at is more than 5 minutes ahead of the service: check the source's clock.",
        )
    if occurred_at < now - world.plan.max_backdate:
        raise Invalid(
            "OCCURRED_TOO_EARLY",
            "occurred_at is older than the rulebook's max_backdate accepts.",
        )
    return min(occurred_at, now)


def check_credit(world: World, waiting_since: int, now: int) -> None:
    """Invalid for age credit that is longer than the pack's `max_age_credit`, or in the future."""
    if waiting_since > now + MAX_AHEAD:
        raise Invalid("WAITING_SINCE_AHEAD", "waiting_since lies in the future.")
    if waiting_since and waiting_since < now - world.plan.max_age_credit:
        raise Invalid(
            "WAITING_SINCE_TOO_EARLY",
            "waiting_since is further back than the rulebook's max_age_credit allows.",
        )


def check_wake(at: int, now: int) -> None:
    """Invalid(FIELD_OUT_OF_RANGE) for more than a year ahead."""
    if at > now + LONGEST_PARKED:
        raise Invalid("FIELD_OUT_OF_RANGE", "An item is parked for at most 366 days.")


def submit(world: World, command: Submit, now: int) -> list[AnyEvent]:
    """What a request event of the customer's side leads to."""
    at = occurred(world, command.occurred_at, now)
    match command.kind:
        case RequestKind.OPENED:
            check_credit(world, command.waiting_since, now)
            check_wake(command.scheduled_for, now)
            event = opened(world, command, given(command), at, now)
            return [event] if event.record.surge is None else _noticed(world, event, now)
        case RequestKind.UPDATED:
            return _update(world, command, now)
        case RequestKind.LABELLED:
            return _label(world, command)
        case RequestKind.ABANDONED:
            return _abandon(world, command, now)
        case RequestKind.RETURNED:
            return _come_back(world, command, now)
        case RequestKind.MESSAGE:
            raise AssertionError(command.kind)  # decided in core/items/contacts.py
        case _:
            assert_never(command.kind)


def _noticed(world: World, event: ItemOpened, now: int) -> list[AnyEvent]:
    """The item that came at a level; it is over at once when its customer is sent elsewhere."""
    if event.record.surge is None or not event.record.surge.deflected_to:
        return [event]
    draft = Draft(world, event.record, now)
    draft.move(ItemStep.CANCEL, DEFLECTED)
    clocks.cancel(draft, DEFLECTED)
    return [event, *draft.events]


def _abandon(world: World, command: Submit, now: int) -> list[AnyEvent]:
    """The customer is gone: who waited may come back for the queue's grace, his place kept."""
    item = world.item(command.item, command.version)
    waits = item.state in (ItemState.QUEUED, ItemState.OFFERED) and item.handover is None
    if not waits or not world.queue(item.queue).abandon_grace:
        return end(world, item.id, ItemStep.ABANDON, "by_customer", now)
    draft = Draft(world, item, now)
    offers.withdraw(draft, "abandon")
    draft.move(ItemStep.LEAVE, "by_customer")
    return draft.events


def _come_back(world: World, command: Submit, now: int) -> list[AnyEvent]:
    """The customer is back within the grace: he waits where he would be had he stayed."""
    draft = Draft(world, world.item(command.item, command.version), now)
    if command.sealed or command.signals:
        draft.add(_messaged(command))
    put_back(draft, "by_customer")
    return draft.events


def put_back(draft: Draft, reason: str) -> None:
    """He has the place that he would have had he stayed; an agent who is gone is not waited for."""
    draft.move(ItemStep.RETURN, reason)
    item = draft.item
    gone = preferring.why_not_wait(draft.world, item)
    comes = queueing.Comes.FREE if gone else queueing.Comes.STAYS
    queueing.enqueue(draft, since=item.enqueued_at, boost=item.boost, comes=comes)


def _messaged(command: Submit) -> ItemMessaged:
    return ItemMessaged(item=command.item, signals=command.signals, sealed=command.sealed)


def given(command: Submit) -> Verdict:
    """The rules' verdict that the command carries."""
    if command.verdict is None:
        raise Invalid("VERDICT_MISSING", "The rules were not asked about this event.")
    return command.verdict


def classify(
    draft: Draft, verdict: Verdict, labels: dict[str, FactValue], named: Named = NOTHING
) -> None:
    """Put the rules' verdict on the item; the labels set by the classify stage win."""
    draft.add(
        ItemClassified(
            item=draft.item.id,
            digest=verdict.digest,
            fired=verdict.fired,
            labels={**labels, **verdict.labels},
            priority=verdict.priority,
            queue=verdict.queue,
            requirements=verdict.requirements,
            clocks=verdict.clocks,
            failed=verdict.failed,
            green=verdict.green,
            named_queue=named.queue,
            named_priority=named.priority,
        )
    )


def _update(world: World, command: Submit, now: int) -> list[AnyEvent]:
    """Labels changed and the rules were asked again: priority, clocks and queue follow."""
    item = world.item(command.item, command.version)
    not_ended(item)
    draft = Draft(world, item, now)
    verdict = transfers.respect(item, given(command))
    if command.sealed or command.signals:
        draft.add(_messaged(command))
    reclassify(draft, verdict, {**told(item.labels, world.plan.labels), **command.labels})
    return draft.events


def _label(world: World, command: Submit) -> list[AnyEvent]:
    """Labels changed, and nobody asks the rules: place, clocks and priority stay as they are."""
    item = world.item(command.item, command.version)
    not_ended(item)
    told: list[AnyEvent] = [ItemLabelled(item=item.id, labels={**item.labels, **command.labels})]
    return [_messaged(command), *told] if command.sealed or command.signals else told


def reclassify(
    draft: Draft, verdict: Verdict, labels: dict[str, FactValue], named: Named = NOTHING
) -> None:
    """A new verdict on an item in work: clocks get new targets, another queue takes it over."""
    before = draft.item
    place = (before.queue, before.requirements)
    moves = place != (verdict.queue, verdict.requirements)
    if moves:
        offers.withdraw(draft, "rerouted")
    clocks.settle(draft)
    classify(draft, verdict, labels, named)
    new_terms.retarget(draft)
    state = draft.item.state
    if moves:
        offers.release(draft)
    if moves and state in (ItemState.QUEUED, ItemState.ASSIGNED):
        draft.move(ItemStep.REQUEUE, "rerouted")
    if draft.item.state in (ItemState.QUEUED, ItemState.OFFERED):
        anew = moves or preferring.names_others(draft.world, draft.item, before.labels)
        comes = queueing.Comes.ENTERS if anew else queueing.Comes.STAYS
        queueing.enqueue(draft, since=draft.item.enqueued_at, boost=draft.item.boost, comes=comes)


def not_ended(item: Item) -> None:
    """WrongState(ILLEGAL_TRANSITION) for an item that has ended."""
    if item.state in ENDED_ITEM_STATES:
        raise WrongState(
            "ILLEGAL_TRANSITION",
            f"{item.number} is {item.state.value}: open a new item.",
            state=item.state.value,
        )


def end(world: World, item_id: str, step: ItemStep, reason: str, now: int) -> list[AnyEvent]:
    """The item ends without being resolved: offer and capacity back, clocks without verdict."""
    draft = Draft(world, world.item(item_id), now)
    offers.withdraw(draft, step.value)
    offers.release(draft)
    draft.move(step, reason)
    clocks.cancel(draft, step.value)
    return draft.events


def cancel(world: World, command: Cancel, now: int) -> list[AnyEvent]:
    """Cancel an open item; a version that is not the current one is refused."""
    item = world.item(command.item, command.version)
    return end(world, item.id, ItemStep.CANCEL, command.reason, now)
