"""Internal events of one journal record as public events: a pure function of that record alone.

So live delivery and catching up from the journal give the same events, ids and cursors.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from routing_service.core.journal import events as core
from routing_service.core.journal.commands import Escalate, Submit
from routing_service.core.journal.events import AnyEvent
from routing_service.core.journal.record import Record
from routing_service.core.records.lifecycle import ClockStep, ItemState, ItemStep, OfferStep
from routing_service.core.records.model import Item, Milestone, Offer
from routing_service.pb.routing.v1 import event_pb2, event_service_pb2
from routing_service.pb.routing.v1.event_pb2 import Event
from routing_service.server import convert, convert_agent_events, convert_surge, cursor, wire
from routing_service.server import convert_desk_events as desk_events
from routing_service.server import convert_families as families
from routing_service.server import convert_promises as promises
from routing_service.server.wire import stamp

KIND_OF = {
    field.name: event_service_pb2.EventKind.Value(f"EVENT_KIND_{field.name.upper()}")
    for field in Event.DESCRIPTOR.oneofs_by_name["body"].fields
}
"""Name of a body to the EventKind that filters by it; fails at import when one lacks the other."""


class Told(msgspec.Struct, frozen=True):
    """A public event with what filters ask of it. `queue` is set when it puts an item into one."""

    event: Event
    index: int
    kind: int
    item: str = ""
    queue: str = ""


def public_events(desk: str, record: Record) -> tuple[Told, ...]:
    """What subscribers are told of the record, in order."""
    at = stamp(record.now)
    told: list[Told] = []
    for happened in record.events:
        for event in _public(happened, record):
            index = len(told) + 1
            event.id = f"{record.seq}.{index}"
            event.cursor = cursor.write(desk, cursor.Place(record.seq, index))
            event.occurred_at.CopyFrom(at)
            told.append(_told(event, index, happened))
    return tuple(told)


def _told(event: Event, index: int, happened: AnyEvent) -> Told:
    body = event.WhichOneof("body") or ""
    item = getattr(happened, "item", "")
    if isinstance(happened, core.AlertRaised):
        item = happened.alert.item
    return Told(event, index, KIND_OF[body], item, _queue(happened))


def _queue(happened: AnyEvent) -> str:
    match happened:
        case core.ItemOpened():
            return happened.record.queue
        case core.ItemClassified() | core.ItemQueued():
            return happened.queue
        case _:
            return ""


def _public(happened: AnyEvent, record: Record) -> Iterator[Event]:
    tell = TOLD.get(type(happened))
    return iter(()) if tell is None else tell(happened, record)


def _opened(happened: core.ItemOpened, record: Record) -> Iterator[Event]:
    """Step by step, as if each had been an event: subscribers need not know the first record."""
    item = happened.record
    sent = record.command.labels if isinstance(record.command, Submit) else item.labels
    yield Event(
        item_opened=event_pb2.ItemOpened(
            item_id=item.id,
            number=item.number,
            channel=item.channel,
            opened_at=stamp(item.opened_at),
            labels=convert.labels(sent),
            kind=wire.ITEM_KIND[item.kind],
            parent_item_id=item.parent,
            role=item.role,
            surge=convert_surge.notice(item.surge),
        )
    )
    for step in _first_steps(item):
        yield from TOLD[type(step)](step, record)


def _first_steps(item: Item) -> Iterator[AnyEvent]:
    """What the first record of an item says, in the words of the events that come later."""
    yield core.ItemClassified(
        item=item.id,
        digest=item.digest,
        fired=item.fired,
        labels=item.labels,
        priority=item.priority,
        queue=item.queue,
        requirements=item.requirements,
        failed=item.classification_failed,
    )
    for milestone, at in item.milestones.items():
        yield core.MilestoneReached(item=item.id, milestone=Milestone(milestone), at=at)
    for clock in item.clocks.values():
        yield core.ClockMoved(
            item=item.id,
            clock=clock.name,
            step=ClockStep.START,
            state=clock.state,
            at=clock.started_at,
            due=clock.due,
        )
    if item.state is ItemState.SCHEDULED:
        yield core.ItemMoved(item=item.id, step=ItemStep.SCHEDULE, state=item.state)
        return
    yield core.ItemQueued(
        item=item.id, queue=item.queue, enqueued_at=item.enqueued_at, rank=item.rank
    )


def _classified(happened: core.ItemClassified) -> event_pb2.ItemClassified:
    return event_pb2.ItemClassified(
        item_id=happened.item,
        priority=happened.priority,
        queue=happened.queue,
        requirements=convert.requirements(happened.requirements),
        fired_rules=happened.fired,
        rulebook_digest=happened.digest,
        labels=convert.labels(happened.labels),
        failed=happened.failed,
    )


def _labelled(happened: core.ItemLabelled) -> event_pb2.ItemLabelled:
    return event_pb2.ItemLabelled(item_id=happened.item, labels=convert.labels(happened.labels))


def _messaged(happened: core.ItemMessaged) -> event_pb2.ItemMessaged:
    again = happened.contact is not None
    return event_pb2.ItemMessaged(item_id=happened.item, repeat_contact=again)


def _archived(happened: core.ItemArchived) -> event_pb2.ItemArchived:
    return event_pb2.ItemArchived(item_id=happened.item)


def _moved(happened: core.ItemMoved) -> event_pb2.ItemMoved:
    return event_pb2.ItemMoved(
        item_id=happened.item,
        step=wire.ITEM_STEP[happened.step],
        state=wire.ITEM_STATE[happened.state],
        reason=happened.reason,
        owner=happened.owner,
    )


def _queued(happened: core.ItemQueued) -> event_pb2.ItemQueued:
    return event_pb2.ItemQueued(
        item_id=happened.item,
        queue=happened.queue,
        enqueued_at=stamp(happened.enqueued_at),
        preferred_agent_id=happened.preferred,
    )


def offered(happened: core.OfferMade, now: int) -> event_pb2.OfferMade:
    """The offer as it was made at `now`."""
    made = Offer(
        id=happened.offer,
        item=happened.item,
        agent=happened.agent,
        queue=happened.queue,
        version=happened.version,
        made_at=now,
        expires_at=happened.expires_at,
    )
    return event_pb2.OfferMade(offer=convert.offer(made))


def _answered(happened: core.OfferMoved) -> Iterator[Event]:
    moved = event_pb2.OfferMoved(
        offer_id=happened.offer,
        item_id=happened.item,
        agent_id=happened.agent,
        state=wire.OFFER_STATE[happened.state],
        reason=happened.reason,
    )
    yield Event(offer_moved=moved)
    if happened.step is OfferStep.ACCEPT:
        made = event_pb2.AssignmentMade(
            item_id=happened.item, agent_id=happened.agent, offer_id=happened.offer
        )
        yield Event(assignment_made=made)


def _alert(happened: core.AlertRaised, record: Record) -> event_pb2.AlertRaised:
    """Queue and priority as of the trigger: the facts the rules were asked with name them."""
    alert = convert.alert(happened.alert)
    if isinstance(record.command, Escalate):
        alert.queue = str(record.command.facts.get("queue", ""))
        alert.priority = str(record.command.facts.get("priority", ""))
    return event_pb2.AlertRaised(alert=alert)


Tell = Callable[[Any, Record], Iterator[Event]]
"""From an event of the type it stands for; the table below pairs them."""

TOLD: Mapping[type[AnyEvent], Tell] = {
    core.ItemOpened: _opened,
    core.ItemClassified: lambda it, _: iter([Event(item_classified=_classified(it))]),
    core.ItemMoved: lambda it, _: iter([Event(item_moved=_moved(it))]),
    core.ItemQueued: lambda it, _: iter([Event(item_queued=_queued(it))]),
    core.ItemLabelled: lambda it, _: iter([Event(item_labelled=_labelled(it))]),
    core.ItemLinked: lambda it, _: iter([Event(item_linked=families.linked(it))]),
    core.ItemAbsorbed: lambda it, _: iter([Event(item_absorbed=families.absorbed(it))]),
    core.LinkAnswered: lambda it, _: iter([Event(link_answered=families.answered(it))]),
    core.CollaboratorsSet: lambda it, _: iter([Event(collaborators_set=families.joined(it))]),
    core.ItemMessaged: lambda it, _: iter([Event(item_messaged=_messaged(it))]),
    core.ItemArchived: lambda it, _: iter([Event(item_archived=_archived(it))]),
    core.MilestoneReached: lambda it, _: iter([Event(milestone_reached=promises.reached(it))]),
    core.ClockMoved: lambda it, _: iter([Event(clock_moved=promises.clock(it))]),
    core.ClockCorrected: lambda it, _: iter([Event(clock_corrected=promises.corrected(it))]),
    core.OfferMade: lambda it, record: iter([Event(offer_made=offered(it, record.now))]),
    core.OfferMoved: lambda it, _: _answered(it),
    core.AlertRaised: lambda it, record: iter([Event(alert_raised=_alert(it, record))]),
    core.ItemRelaxed: lambda it, _: iter(
        [Event(item_relaxed=event_pb2.ItemRelaxed(item_id=it.item, step=it.step))]
    ),
    core.StrategySwitched: lambda it, _: iter([Event(strategy_switched=desk_events.switched(it))]),
    core.SurgeMoved: lambda it, _: iter([Event(surge_moved=convert_surge.moved(it))]),
    core.RulebookActivated: lambda it, _: iter(
        [Event(rulebook_activated=desk_events.activated(it))]
    ),
    core.OwnerRemoved: lambda it, _: iter(
        [Event(owner_removed=event_pb2.OwnerRemoved(item_id=it.item, agent_id=it.agent))]
    ),
    **dict.fromkeys(
        convert_agent_events.TOLD,
        lambda it, _: iter([Event(agent_changed=convert_agent_events.changed(it))]),
    ),
}
UNTOLD = (
    core.ItemsRetargeted,
    core.AgentReady,
    core.HoldMoved,
    core.OfferMissed,
    core.ItemBoosted,
    core.ItemReady,
    core.ItemWaited,
    core.RequestRemembered,
    core.ConsumerAcked,
    core.EscalationLoopStopped,
    core.WaveSent,
)
"""Nobody else's business: bookkeeping that the events beside it imply."""
