"""What rules are asked about after a decision, and what their answer leads to."""

from collections.abc import Iterable, Iterator

from routing_service.core.arrival import queueing
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.evolution.evolve_step import ruled
from routing_service.core.items import intake
from routing_service.core.journal.commands import Escalate
from routing_service.core.journal.events import (
    AlertRaised,
    AnyEvent,
    ClockMoved,
    ItemBoosted,
    ItemLabelled,
    ItemMoved,
    LinkAnswered,
    OfferMoved,
)
from routing_service.core.records.lifecycle import (
    ENDED_ITEM_STATES,
    ClockStep,
    ItemState,
    ItemStep,
    OfferStep,
)
from routing_service.core.records.model import (
    Alert,
    AlertOrder,
    EscalationVerdict,
    Item,
    Trigger,
    TriggerKind,
    Verdict,
)
from routing_service.core.staff.green import is_green

_TELLING = frozenset(
    {
        ClockStep.WARN,
        ClockStep.BREACH,
        OfferStep.DECLINE,
        OfferStep.EXPIRE,
        OfferStep.VOID,
        ItemStep.REOPEN,
        ItemStep.CLOSE,
    }
)
"""Steps that can be triggers."""
_STEPPING = (ClockMoved, OfferMoved, ItemMoved, LinkAnswered)
"""A tuple, because a union would be built anew for each event."""


_Stepping = ClockMoved | OfferMoved | ItemMoved | LinkAnswered


def triggers(world: World, events: Iterable[AnyEvent]) -> list[Trigger]:
    """The triggers in these events that the plan has escalation rules for, in order."""
    asked = world.plan.escalations if world.current_plan else ()
    if not asked:
        return []
    return [
        trigger
        for event in events
        if isinstance(event, _STEPPING) and _tells(event)
        for trigger in _triggers(world, event)
        if trigger.kind in asked
    ]


def _tells(event: _Stepping) -> bool:
    return isinstance(event, LinkAnswered) or event.step in _TELLING


def _triggers(world: World, event: _Stepping) -> Iterator[Trigger]:
    match event:
        case ClockMoved(step=ClockStep.WARN):
            yield Trigger(
                kind=TriggerKind.WARNED,
                item=event.item,
                clock=event.clock,
                share=event.share,
                due=event.at,
            )
        case ClockMoved(step=ClockStep.BREACH):
            yield Trigger(
                kind=TriggerKind.BREACHED,
                item=event.item,
                clock=event.clock,
                due=event.at,
            )
        case ItemMoved(step=ItemStep.CLOSE):
            yield Trigger(kind=TriggerKind.CLOSED, item=event.item, count=1, due=world.now)
        case LinkAnswered():
            yield Trigger(
                kind=TriggerKind.ANSWERED,
                item=event.item,
                count=1,
                due=world.now,
                linked_kind=event.kind.value,
                linked_state=event.state.value,
                linked_reason=event.reason,
            )
        case OfferMoved():
            yield from _unaccepted(world, event)
        case ItemMoved(step=ItemStep.REOPEN):
            count = world.items[event.item].reopens
            yield Trigger(kind=TriggerKind.REOPENED, item=event.item, count=count, due=world.now)
        case _:
            return


def _unaccepted(world: World, event: OfferMoved) -> Iterator[Trigger]:
    """Each decline is a trigger; each full round of offers that nobody accepted is one, too."""
    item = world.items[event.item]
    if event.step is OfferStep.DECLINE:
        count = item.declines
        yield Trigger(kind=TriggerKind.DECLINED, item=item.id, count=count, due=world.now)
    queue = None if event.open else world.plan.queues.get(item.queue)
    bound = queue.offers.attempts if queue else 0
    if bound and item.attempts and item.attempts % bound == 0:
        rounds = item.attempts // bound
        yield Trigger(kind=TriggerKind.UNANSWERED, item=item.id, count=rounds, due=world.now)


def escalate(world: World, command: Escalate, now: int) -> list[AnyEvent]:
    """Alerts, labels; then a boost, another priority or queue for an item still in work."""
    item = world.items.get(command.trigger.item)
    if item is None:
        return []
    draft = Draft(world, item, now)
    for index, order in enumerate(command.verdict.alerts, start=1):
        draft.note(AlertRaised(alert=_alert(world, item, command.trigger, order, index)))
    labels = {**item.labels, **command.verdict.labels}
    if labels != item.labels:
        draft.add(ItemLabelled(item=item.id, labels=labels))
    if item.state not in ENDED_ITEM_STATES:
        _raise_urgency(draft, command)
    return draft.events


def _alert(world: World, item: Item, trigger: Trigger, order: AlertOrder, index: int) -> Alert:
    to = dict.fromkeys(each for role in order.to for each in _resolve(world, item, role))
    return Alert(
        id=f"al{world.alerts_made + index:010d}",
        item=item.id,
        number=item.number,
        rule=order.rule,
        trigger=trigger,
        severity=order.severity,
        to=tuple(to),
        raised_at=world.now,
    )


def _resolve(world: World, item: Item, role: str) -> tuple[str, ...]:
    """A role to ids by the written fallback: owner, then leads, then the desk's supervisor.

    Other words are roles of the owner's team, then of the first team that has them, then ids.
    """
    plan = world.plan
    owner = world.agents.get(item.owner)
    team = plan.teams.get(owner.team) if owner else None
    if role == "owner" and owner is not None:
        return (owner.id,)
    if role in ("owner", "lead") and team is not None:
        return team.leads or (team.lead,)
    if role in ("owner", "lead", "supervisor"):
        return (plan.supervisor,)
    if team is not None and role in team.roles:
        return team.roles[role]
    others = (each.roles[role] for each in plan.teams.values() if role in each.roles)
    return next(others, (role,))


def _raise_urgency(draft: Draft, command: Escalate) -> None:
    item, answer = draft.item, command.verdict
    boost = item.boost + answer.boost
    wanted = answer.priority or item.priority, answer.queue or item.queue
    if wanted != (item.priority, item.queue):
        _reclassify(draft, answer, *wanted)
    if not answer.boost:
        return
    if draft.item.state in (ItemState.QUEUED, ItemState.OFFERED):
        queueing.enqueue(draft, since=draft.item.enqueued_at, boost=boost)
    else:
        draft.add(ItemBoosted(item=item.id, boost=boost))


def _reclassify(draft: Draft, answer: EscalationVerdict, priority: str, queue: str) -> None:
    item, plan = draft.item, draft.world.plan
    facts = {**item.labels, "channel": item.channel, "item_kind": item.kind.value}
    verdict = Verdict(
        digest=answer.digest,
        fired=tuple(dict.fromkeys((*item.fired, *answer.fired))),
        priority=priority,
        queue=queue,
        requirements=item.requirements,
        clocks=item.applicable_clocks,
        failed=item.classification_failed,
        green=is_green(plan, facts, priority),
    )
    named = intake.Named(
        queue=ruled(item) if queue != item.queue else "",
        priority=item.named_priority or item.priority if priority != item.priority else "",
    )
    intake.reclassify(draft, verdict, item.labels, named)
