"""What core holds, as messages of the wire: total functions that decide and look up nothing."""

from collections.abc import Iterable, Mapping

from routing_service.core.records.lifecycle import ClockState
from routing_service.core.records.model import (
    Agent,
    Alert,
    Clock,
    FactValue,
    Item,
    Offer,
    QueueTerms,
    Requirement,
    Trigger,
)
from routing_service.core.staff.roster import held_units
from routing_service.pb.routing.v1 import (
    agent_pb2,
    alert_pb2,
    clock_pb2,
    request_event_pb2,
    work_item_pb2,
)
from routing_service.server import convert_surge, wire
from routing_service.server.wire import span, stamp, stamp_if

NO_DUE = frozenset({ClockState.IDLE, ClockState.PAUSED, ClockState.CANCELLED})


def label_value(value: FactValue) -> work_item_pb2.LabelValue:
    """A label's value; bool before int, since each bool is an int."""
    match value:
        case bool():
            return work_item_pb2.LabelValue(boolean=value)
        case int():
            return work_item_pb2.LabelValue(integer=value)
        case str():
            return work_item_pb2.LabelValue(text=value)
        case _:
            return work_item_pb2.LabelValue(list=work_item_pb2.StringList(values=value))


def labels(values: Mapping[str, FactValue]) -> dict[str, work_item_pb2.LabelValue]:
    """Labels by name."""
    return {name: label_value(value) for name, value in values.items()}


def requirements(wanted: Iterable[Requirement]) -> list[work_item_pb2.Requirement]:
    """Skills an agent must have."""
    return [work_item_pb2.Requirement(skill=each.skill, level=each.level) for each in wanted]


def clock(kept: Clock, elapsed: int | None = None) -> clock_pb2.Clock:
    """One promise; `elapsed` in working microseconds when it was computed."""
    paused = kept.pauses[-1][0] if kept.state is ClockState.PAUSED and kept.pauses else None
    return clock_pb2.Clock(
        name=kept.name,
        state=wire.CLOCK_STATE[kept.state],
        started_at=stamp_if(kept.started_at),
        due=None if kept.state in NO_DUE else stamp_if(kept.due),
        elapsed=None if elapsed is None else span(elapsed),
        breached_at=stamp_if(kept.breached_at),
        met_at=stamp_if(kept.met_at),
        warned_percent=kept.warned,
        paused_since=stamp_if(paused),
        by_policy_change=kept.by_policy_change,
    )


def promise(item: Item, result: request_event_pb2.SubmitResult) -> None:
    """Add every clock of the item with its due instant, in the order of names.

    Written in place: to make each message by itself and copy it in takes three times as long.
    """
    for name, kept in sorted(item.clocks.items()):
        told = result.promises.add(clock=name)
        if kept.due and kept.state not in NO_DUE:
            told.due.seconds, micros = divmod(kept.due, wire.MICRO)
            told.due.nanos = micros * 1000


def work_item(item: Item, elapsed: Mapping[str, int] | None = None) -> work_item_pb2.WorkItem:
    """The item; clocks carry `elapsed` (working microseconds by name) where it was computed."""
    counted = elapsed or {}
    ended = item.state in wire.ENDED
    told = work_item_pb2.WorkItem(
        id=item.id,
        number=item.number,
        channel=item.channel,
        customer_id=item.customer,
        priority=item.priority,
        queue=item.queue,
        state=wire.ITEM_STATE[item.state],
        reason=item.reason,
        version=item.version,
        opened_at=stamp(item.opened_at),
        received_at=stamp(item.received_at),
        enqueued_at=stamp(item.enqueued_at),
        owner=item.owner,
        offer_ids=item.offers.values(),
        requirements=requirements(item.requirements),
        milestones=_reached(item),
        clocks=[clock(kept, counted.get(name)) for name, kept in sorted(item.clocks.items())],
        reopens=item.reopens,
        labels=labels(item.labels),
        fired_rules=item.fired,
        rulebook_digest=item.digest,
        classification_failed=item.classification_failed,
        ended_at=stamp(item.moved_at) if ended else None,
        contacts=item.contacts,
        wake_at=stamp_if(item.wake_at),
        handover_until=stamp(item.handover.until) if item.handover else None,
        transferred_from=item.transferred_from,
        surge=convert_surge.notice(item.surge),
        green=item.green,
    )
    _put_family(told, item)
    return told


def _reached(item: Item) -> list[work_item_pb2.MilestoneTime]:
    """Its milestones in the order in which they were reached."""
    return [
        work_item_pb2.MilestoneTime(milestone=wire.MILESTONE_NAMED[name], at=stamp(at))
        for name, at in sorted(item.milestones.items(), key=lambda pair: pair[1])
    ]


def _put_family(told: work_item_pb2.WorkItem, item: Item) -> None:
    told.kind = wire.ITEM_KIND[item.kind]
    told.parent_item_id = item.parent
    told.role = item.role
    told.merged_into = item.merged_into
    told.collaborators.update(item.collaborators)


def offer(made: Offer) -> agent_pb2.Offer:
    """One offer."""
    return agent_pb2.Offer(
        id=made.id,
        item_id=made.item,
        agent_id=made.agent,
        queue=made.queue,
        version=made.version,
        made_at=stamp(made.made_at),
        expires_at=stamp(made.expires_at),
        state=wire.OFFER_STATE[made.state],
    )


def profile(agent: Agent) -> agent_pb2.Agent:
    """What an agent can do."""
    return agent_pb2.Agent(
        id=agent.id,
        display_name=agent.name,
        skills=agent.skills,
        attributes=labels(agent.attributes),
        queues=agent.queues,
        team=agent.team,
        capacity=agent.capacity,
        calendar=agent.calendar,
        cap=agent.cap,
        cap_window=span(agent.cap_window) if agent.cap else None,
        maximum=agent.maximum,
        terms={queue: _terms(each) for queue, each in agent.terms.items()},
    )


def _terms(terms: QueueTerms) -> agent_pb2.QueueTerms:
    return agent_pb2.QueueTerms(
        priority=terms.priority, delay=span(terms.delay) if terms.delay else None
    )


def agent_status(agent: Agent) -> agent_pb2.AgentStatus:
    """Where an agent stands."""
    return agent_pb2.AgentStatus(
        agent_id=agent.id,
        presence=wire.PRESENCE[agent.presence],
        reason=agent.presence_reason,
        connected=agent.connected,
        capacity=agent.capacity,
        held=held_units(agent),
        outside=agent.outside,
        held_back=[
            agent_pb2.HeldBack(reason=reason, until=stamp(until))
            for reason, until in sorted(agent.held_back.items())
        ],
        missed=agent.missed,
    )


def trigger(cause: Trigger) -> alert_pb2.Trigger:
    """What made a rule raise an alert."""
    return alert_pb2.Trigger(
        kind=wire.TRIGGER_KIND[cause.kind],
        clock=cause.clock,
        percent=cause.share,
        count=cause.count,
        due=stamp_if(cause.due),
    )


def alert(raised: Alert) -> alert_pb2.Alert:
    """A message to people or systems."""
    return alert_pb2.Alert(
        id=raised.id,
        item_id=raised.item,
        number=raised.number,
        rule=raised.rule,
        trigger=trigger(raised.trigger),
        severity=raised.severity,
        to=raised.to,
        raised_at=stamp(raised.raised_at),
    )
