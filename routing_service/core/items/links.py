"""Decisions about linked items: joining, what follows for parent and children, who helps.

What one item does to another is decided here and nowhere else (the pack's `links`); `follow` is
asked about every event, so it says quickly that nothing follows.
"""

from msgspec.structs import replace

from routing_service.core.desk import family
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.items import intake, reports
from routing_service.core.journal.command import ENGINE
from routing_service.core.journal.commands import RequestKind, Submit
from routing_service.core.journal.events import (
    AnyEvent,
    CollaboratorsSet,
    ItemLinked,
    ItemMoved,
    ItemOpened,
    LinkAnswered,
    MilestoneReached,
)
from routing_service.core.journal.link_commands import Link, SetCollaborators
from routing_service.core.plans.plan import NO_LINKS, LinkPlan
from routing_service.core.records.errors import Invalid
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES, ItemState, ItemStep
from routing_service.core.records.model import Item, Milestone

_TELLING = (ItemMoved, MilestoneReached, ItemOpened)
"""Events that something may follow from; a tuple, because a union would be built anew."""
_OPEN_TO_PAUSE = (ItemState.QUEUED, ItemState.OFFERED, ItemState.ASSIGNED)


def link(world: World, command: Link, now: int) -> list[AnyEvent]:
    """The item belongs to the parent, such as to an incident; without one to nobody any more.

    Who waited for its answer goes on, and whoever it belongs to now waits, when the pack says so.
    """
    item = world.item(command.item, command.version)
    intake.not_ended(item)
    if command.parent:
        parent = world.item(command.parent)
        intake.not_ended(parent)
        family.check_parent(world, item, parent)
    draft = Draft(world, item, now)
    role = command.role if command.parent else ""
    draft.add(ItemLinked(item=item.id, parent=command.parent, role=role))
    if item.parent == command.parent or item.state is ItemState.RESOLVED:
        return draft.events
    return [*draft.events, *_released(world, item, now), *_asked(world, draft.item, now)]


def set_collaborators(world: World, command: SetCollaborators, now: int) -> list[AnyEvent]:
    """Who works on the item beside its owner; agents that are not known are AGENT_NOT_FOUND."""
    item = world.item(command.item, command.version)
    intake.not_ended(item)
    most = family.MAX_COLLABORATORS
    if len(command.collaborators) > most:
        raise Invalid("MAP_TOO_LARGE", f"At most {most} agents work on one item.")
    for agent in command.collaborators:
        world.agent(agent)
    return [CollaboratorsSet(item=item.id, collaborators=command.collaborators)]


def check_opening(world: World, command: Submit) -> None:
    """What is made for another item names one that it can still serve."""
    if not command.parent:
        if command.item_kind not in (ItemKind.REQUEST, ItemKind.INCIDENT):
            raise Invalid("FIELD_REQUIRED", "Name the item it is made for.", field="parent_item_id")
        return
    parent = world.item(command.parent)
    if command.item_kind in (*family.HELPING, ItemKind.REQUEST):
        intake.not_ended(parent)
    family.check_parent(world, None, parent)


def inherited(world: World, command: Submit, now: int) -> Submit:
    """What the command leaves out is its parent's: customer, channel, labels, a call-back's place.

    A call-back that begins at once keeps the age that its parent has.
    """
    parent = world.item(command.parent)
    declared = world.plan.labels
    sent = {
        name: value
        for name, value in parent.labels.items()
        if name not in declared or not declared[name].derived
    }
    since = command.waiting_since
    if command.item_kind is ItemKind.CALLBACK and not since:
        since = max(parent.enqueued_at, now - world.plan.max_age_credit)
    return replace(
        command,
        customer=command.customer or parent.customer,
        channel=command.channel or parent.channel,
        labels={**sent, **command.labels},
        waiting_since=since,
    )


def ordered(world: World, parent: str, kind: ItemKind, role: str, now: int) -> Submit | None:
    """What a rule opens for an item; None when the item is itself of this kind or has one open.

    None as well when there are too many generations above it: nobody is there to be told.
    """
    item = world.items.get(parent)
    if item is None or item.kind is kind or family.generations(world, item) >= family.MAX_DEPTH:
        return None
    if any(child.kind is kind for child in family.open_children(world, parent)):
        return None
    if kind in family.HELPING and item.state in ENDED_ITEM_STATES:
        return None
    command = Submit(
        actor=ENGINE,
        kind=RequestKind.OPENED,
        occurred_at=now,
        item_kind=kind,
        parent=parent,
        role=role,
    )
    return inherited(world, command, now)


def follow(world: World, event: AnyEvent, now: int) -> list[AnyEvent]:
    """What the event, applied already, leads to for the item's parent and children."""
    if not world.children or not isinstance(event, _TELLING):
        return []
    item = world.items.get(event.item)
    if item is None:
        return []
    match event:
        case ItemOpened():
            return _asked(world, item, now)
        case MilestoneReached():
            return _spread(world, item, event.milestone.value, event.at, now)
        case ItemMoved():
            return _of_step(world, item, event, now)


def _of_step(world: World, item: Item, event: ItemMoved, now: int) -> list[AnyEvent]:
    if event.step is ItemStep.ACCEPT:
        return _helps(world, item)
    over = event.state is ItemState.RESOLVED or event.state in ENDED_ITEM_STATES
    if not over:
        return []
    events: list[AnyEvent] = []
    if event.step is not ItemStep.CLOSE:  # a resolved item has answered
        events += _answered(world, item, now)
    if event.state is ItemState.CLOSED:
        events += _spread(world, item, "closed", now, now)
    if event.state in ENDED_ITEM_STATES:
        events += _left_alone(world, item, now)
    return events


def _plan(world: World, item: Item) -> LinkPlan:
    return world.plan.links.get(item.kind.value, NO_LINKS)


def _parent(world: World, item: Item) -> Item | None:
    """The open item that it was made for; who belongs to an incident was not made for it."""
    parent = world.items.get(item.parent) if item.kind is not ItemKind.REQUEST else None
    return None if parent is None or parent.state in ENDED_ITEM_STATES else parent


def _asked(world: World, item: Item, now: int) -> list[AnyEvent]:
    """The parent waits for the answer, when the pack says so."""
    parent, reason = _parent(world, item), _plan(world, item).parent_waits
    if parent is None or not reason or parent.state not in _OPEN_TO_PAUSE:
        return []
    draft = Draft(world, parent, now)
    reports.pend(draft, reason, now)
    return draft.events


def _helps(world: World, item: Item) -> list[AnyEvent]:
    """Who takes what was made for an item works on the item, too, unless too many do already."""
    parent = _parent(world, item)
    if parent is None or item.kind not in family.HELPING or item.owner in parent.collaborators:
        return []
    if len(parent.collaborators) >= family.MAX_COLLABORATORS:
        return []
    role = item.role or item.kind.value
    collaborators = {**parent.collaborators, item.owner: role}
    return [CollaboratorsSet(item=parent.id, collaborators=collaborators)]


def _answered(world: World, item: Item, now: int) -> list[AnyEvent]:
    """The answer goes to the parent's owner; a parent that waited for it goes on."""
    parent = _parent(world, item)
    if parent is None:
        return []
    draft = Draft(world, parent, now)
    draft.add(
        LinkAnswered(
            item=parent.id,
            child=item.id,
            kind=item.kind,
            state=item.state,
            reason=item.reason,
            owner=parent.owner,
        )
    )
    return [*draft.events, *_released(world, item, now)]


def _released(world: World, item: Item, now: int) -> list[AnyEvent]:
    """A parent that waits for nothing but this item goes on."""
    parent, reason = _parent(world, item), _plan(world, item).parent_waits
    if parent is None or not reason or parent.pending_reason != reason:
        return []
    if _awaits(world, parent, reason, item.id):
        return []
    draft = Draft(world, parent, now)
    reports.resume(draft, now)
    return draft.events


def _awaits(world: World, parent: Item, reason: str, but: str) -> bool:
    """Whether something else than `but` is still open that it waits for."""
    return any(
        child.id != but
        and child.state is not ItemState.RESOLVED
        and _plan(world, child).parent_waits == reason
        for child in family.open_children(world, parent.id)
    )


def _left_alone(world: World, item: Item, now: int) -> list[AnyEvent]:
    """Help that nobody needs any more is called off; what was merged has a new parent."""
    events: list[AnyEvent] = []
    for child in family.open_children(world, item.id):
        if child.kind in family.HELPING and child.state is not ItemState.RESOLVED:
            reason = f"parent_{item.state.value}"
            events += intake.end(world, child.id, ItemStep.CANCEL, reason, now)
    return events


def _spread(world: World, item: Item, what: str, at: int, now: int) -> list[AnyEvent]:
    """What is told of an incident is told of every request that belongs to it."""
    if what not in _plan(world, item).spread:
        return []
    events: list[AnyEvent] = []
    for child in family.open_children(world, item.id):
        if child.kind is ItemKind.REQUEST:
            draft = Draft(world, child, now)
            _tell(draft, what, max(at, child.received_at), item.number)
            events += draft.events
    return events


def _tell(draft: Draft, what: str, at: int, cause: str) -> None:
    resolved = draft.item.state is ItemState.RESOLVED
    match what:
        case "closed":
            if resolved:
                reports.close(draft, cause)
        case Milestone.RESOLVED:
            if not resolved:
                reports.resolve(draft, at, cause)
        case _:
            reports.reach(draft, Milestone(what), at)
