"""Decisions about agents who are removed: what they had in hand waits again, with all its age."""

from routing_service.core.arrival import queueing
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.handling import offers, overdue
from routing_service.core.journal.commands import RemoveAgents
from routing_service.core.journal.events import (
    AgentRemoved,
    AnyEvent,
    CollaboratorsSet,
    HoldMoved,
    OwnerRemoved,
)
from routing_service.core.records.errors import Invalid
from routing_service.core.records.lifecycle import (
    ENDED_ITEM_STATES,
    HOLD,
    OPEN_ITEM_STATES,
    HoldState,
    HoldStep,
    ItemState,
    ItemStep,
    OfferStep,
    advance,
)
from routing_service.core.records.model import Agent, Item

REMOVED = "agent_removed"
_KEPT = (ItemState.QUEUED, ItemState.OFFERED)
_HIS_AGAIN = OPEN_ITEM_STATES - {ItemState.ASSIGNED}
"""Where an item keeps its former owner, to whom it comes back."""


def remove(world: World, command: RemoveAgents, now: int) -> list[AnyEvent]:
    """All of them or none. NotFound for an agent who is not here."""
    if len(set(command.agents)) != len(command.agents):
        raise Invalid("FIELD_OUT_OF_RANGE", "Name each agent once.", field="agent_ids")
    events: list[AnyEvent] = []
    leaving = {agent: world.agent(agent) for agent in command.agents}
    for item in world.items.values():
        if _has_part(item, leaving):
            events += _taken_back(world, item, leaving, now)
        elif item.preferred in leaving and item.state in _KEPT:
            events.append(queueing.anybodys(item))
    for agent in leaving.values():
        events += _wrapped_up(agent)
        events.append(AgentRemoved(agent=agent.id, reason=command.reason))
    return events


def _has_part(item: Item, leaving: dict[str, Agent]) -> bool:
    if item.owner in leaving or not leaving.keys().isdisjoint(item.collaborators):
        return True
    return any(item.id in agent.holds for agent in leaving.values())


def _taken_back(world: World, item: Item, leaving: dict[str, Agent], now: int) -> list[AnyEvent]:
    """Offers are voided, what he owned waits again; nothing waits for him, parked or in a queue."""
    draft = Draft(world, item, now)
    owned = item.owner in leaving and (
        item.state is ItemState.ASSIGNED or item.handover is not None
    )
    _drop_collaborators(draft, leaving)
    for agent in item.offers:
        if owned or agent in leaving:
            draft.end_offer(agent, OfferStep.VOID, REMOVED)
    if item.owner in leaving:
        offers.release(draft)
    if owned:
        draft.move(ItemStep.REQUEUE, REMOVED)
        comes = queueing.Comes.FREE
        queueing.enqueue(draft, since=item.enqueued_at, boost=item.boost, comes=comes)
    else:
        _without_them(draft, leaving)
        if item.offers:
            overdue.make_up(draft)
    return draft.events


def _drop_collaborators(draft: Draft, leaving: dict[str, Agent]) -> None:
    item = draft.item
    left = {agent: role for agent, role in item.collaborators.items() if agent not in leaving}
    if left != item.collaborators and item.state not in ENDED_ITEM_STATES:
        draft.add(CollaboratorsSet(item=item.id, collaborators=left))


def _without_them(draft: Draft, leaving: dict[str, Agent]) -> None:
    """Who is gone owns nothing that is parked, and nothing waits for him."""
    item = draft.item
    if item.owner in leaving and item.state in _HIS_AGAIN:
        draft.add(OwnerRemoved(item=item.id, agent=item.owner))
    if item.preferred in leaving and item.state in _KEPT:
        draft.add(queueing.anybodys(item))


def _wrapped_up(agent: Agent) -> list[AnyEvent]:
    return [
        HoldMoved(
            agent=agent.id,
            item=hold.item,
            step=HoldStep.RELEASE,
            state=advance(HOLD, hold.state, HoldStep.RELEASE, agent.id),
            cost=hold.cost,
        )
        for hold in agent.holds.values()
        if hold.state is HoldState.WRAP_UP
    ]
