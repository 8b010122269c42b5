"""`decide`: the one pure function from (World, command, now) to what happens. It changes nothing.

Raises RoutingError when the command cannot be; then nothing happened and nothing is journaled.
"""

from collections.abc import Iterable
from typing import assert_never

from routing_service.core.desk.world import World
from routing_service.core.handling import agents, leaving, offers, transfers, wrapping
from routing_service.core.items import contacts, intake, links, merging, reports
from routing_service.core.journal.commands import (
    Accept,
    AckEvents,
    ActivateRulebook,
    AnyCommand,
    Cancel,
    Complete,
    ConnectAgent,
    Decline,
    Escalate,
    LoseAgent,
    PutAgents,
    RemoveAgents,
    Report,
    RequestKind,
    Retarget,
    SetOutsideWork,
    SetPresence,
    StopEscalation,
    Submit,
    SwitchStrategy,
    Tick,
    Transfer,
    WrapUp,
)
from routing_service.core.journal.events import (
    AnyEvent,
    ConsumerAcked,
    EscalationLoopStopped,
    ItemMessaged,
    ItemOpened,
    OfferMoved,
    RequestRemembered,
    RulebookActivated,
)
from routing_service.core.journal.link_commands import Link, Merge, SetCollaborators
from routing_service.core.journal.surge_commands import SwitchSurge
from routing_service.core.plans.plan import Plan
from routing_service.core.promises import retarget
from routing_service.core.records.errors import Overloaded, WrongState
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES
from routing_service.core.steering import escalation, levels, switching

MAX_CONSUMERS = 1_000
_OfTheDesk = (
    ActivateRulebook | Retarget | Tick | StopEscalation | SwitchStrategy | SwitchSurge | AckEvents
)
_OfAgents = PutAgents | RemoveAgents | SetPresence | SetOutsideWork | ConnectAgent | LoseAgent
_NotOfItems = _OfAgents | WrapUp | _OfTheDesk


def decide(world: World, command: AnyCommand, now: int) -> list[AnyEvent]:
    """The events of one command; ticks are decided deadline by deadline in core/step.py."""
    events = _decide(world, command, now)
    if command.request_id:
        events.append(_remember(command, events))
    return events


def _decide(  # noqa: C901, PLR0912 - one row per command, nothing else
    world: World, command: AnyCommand, now: int
) -> list[AnyEvent]:
    match command:
        case Submit(kind=RequestKind.OPENED):
            return contacts.opened(world, command, now)
        case Submit(kind=RequestKind.MESSAGE):
            return contacts.message(world, command, now)
        case Submit():
            return intake.submit(world, command, now)
        case Report():
            return reports.report(world, command, now)
        case Cancel():
            return intake.cancel(world, command, now)
        case Merge():
            return merging.merge(world, command, now)
        case Link():
            return links.link(world, command, now)
        case SetCollaborators():
            return links.set_collaborators(world, command, now)
        case Transfer():
            return transfers.transfer(world, command, now)
        case Accept():
            return offers.accept(world, command, now)
        case Decline():
            return offers.decline(world, command, now)
        case Complete():
            return offers.complete(world, command, now)
        case Escalate():
            return escalation.escalate(world, command, now)
        case _:
            return _decide_agents(world, command, now)


def _decide_agents(world: World, command: _NotOfItems, now: int) -> list[AnyEvent]:
    match command:
        case PutAgents():
            return agents.put_agents(world, command, now)
        case RemoveAgents():
            return leaving.remove(world, command, now)
        case SetOutsideWork():
            return agents.set_outside_work(world, command)
        case WrapUp():
            return wrapping.wrap_up(world, command, now)
        case SetPresence():
            return agents.set_presence(world, command, now)
        case ConnectAgent():
            return agents.connect(world, command)
        case LoseAgent():
            return agents.lose(world, command, now)
        case _:
            return _decide_desk(world, command, now)


def _decide_desk(world: World, command: _OfTheDesk, now: int) -> list[AnyEvent]:
    match command:
        case ActivateRulebook():
            check_queues_in_use(world, command.plan)
            return [
                *retarget.settle_overdue(world, now),
                *levels.outlived(world, command.plan),
                RulebookActivated(digest=command.digest, plan=command.plan, source=command.source),
            ]
        case StopEscalation():
            return [EscalationLoopStopped(trigger=command.trigger, rounds=command.rounds)]
        case SwitchStrategy():
            return switching.switch(world, command)
        case SwitchSurge():
            return levels.switch(world, command, now)
        case AckEvents():
            _check_room(world, command.consumer)
            return [ConsumerAcked(consumer=command.consumer, seq=command.seq, index=command.index)]
        case Retarget():
            return retarget.retarget(world, command.items, now)
        case Tick():
            return []
        case _:
            assert_never(command)


def check_queues_in_use(world: World, plan: Plan) -> None:
    """WrongState(QUEUE_IN_USE): a plan without a queue or priority of open items strands them."""
    if world.current_plan is None or not _lacks(plan, world.current_plan):
        return
    for item in world.items.values():
        if item.state in ENDED_ITEM_STATES:
            continue
        queues = {item.queue, item.handover.queue if item.handover else item.queue}
        if queues - plan.queues.keys() or item.priority not in plan.priorities:
            raise WrongState(
                "QUEUE_IN_USE",
                "Open items have a queue or priority that the new rulebook lacks:"
                " finish or move them first.",
                queue=item.queue,
                priority=item.priority,
            )


def _lacks(plan: Plan, before: Plan) -> bool:
    """Whether a queue or priority is gone; usually none is, and no item need be looked at."""
    gone = before.queues.keys() - plan.queues.keys()
    return bool(gone or set(before.priorities) - set(plan.priorities))


def _check_room(world: World, consumer: str) -> None:
    """Consumers live in every snapshot, so their number is bounded."""
    if consumer not in world.consumers and len(world.consumers) >= MAX_CONSUMERS:
        raise Overloaded("TOO_MANY_CONSUMERS", f"A desk keeps {MAX_CONSUMERS} named consumers.")


_NAMING = (ItemOpened, ItemMessaged, OfferMoved)


def subject(command: AnyCommand, events: Iterable[AnyEvent]) -> tuple[str, str]:
    """(item, offer) that the command made or was about; empty where there is none."""
    item: str = getattr(command, "item", "")
    offer: str = getattr(command, "offer", "")
    if not item:
        touched = (event.item for event in events if isinstance(event, _NAMING))
        item = next(touched, "")
    return item, offer


def _remember(command: AnyCommand, events: list[AnyEvent]) -> RequestRemembered:
    item, offer = subject(command, events)
    return RequestRemembered(
        caller=command.actor,
        key=command.request_id,
        fingerprint=command.fingerprint,
        item=item,
        offer=offer,
    )
