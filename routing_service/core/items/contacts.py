"""Decisions about what a customer says again: about an item he names, or about the same matter."""

from typing import assert_never

from routing_service.core.desk import correlation, family
from routing_service.core.desk.world import World
from routing_service.core.evolution.draft import Draft
from routing_service.core.handling import transfers
from routing_service.core.items import intake, links, reports
from routing_service.core.journal.commands import Submit
from routing_service.core.journal.events import AnyEvent, ItemLinked, ItemMessaged
from routing_service.core.journal.item_events import Contact
from routing_service.core.plans.plan import told
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ItemState
from routing_service.core.records.model import Item

REPEAT = "repeat_contact"


def message(world: World, command: Submit, now: int) -> list[AnyEvent]:
    """The customer writes about an item; one that only waited for him goes on."""
    at = intake.occurred(world, command.occurred_at, now)
    item = family.survivor(world, world.item(command.item, command.version))
    intake.not_ended(item)
    draft = Draft(world, item, now)
    draft.add(ItemMessaged(item=item.id, signals=command.signals, sealed=command.sealed))
    if _waits_for_him(draft):
        reports.resume(draft, at)
    return draft.events


def opened(world: World, command: Submit, now: int) -> list[AnyEvent]:
    """What an opened event leads to; by the pack's correlation it may be a repeat contact."""
    item = _repeated(world, command, now)
    if item is None:
        links.check_opening(world, command)
        return intake.submit(world, command, now)
    return _joined(world, item, command, now)


def _repeated(world: World, command: Submit, now: int) -> Item | None:
    if world.plan.correlation is None or command.item_kind is not ItemKind.REQUEST:
        return None
    if command.scheduled_for > now:
        return None
    matter = correlation.matter_of(world.plan, command.customer, command.channel, command.labels)
    return correlation.earlier(world, matter, now)


def _joined(world: World, item: Item, command: Submit, now: int) -> list[AnyEvent]:
    """One contact more: what was said is added, and the rules decide anew with it.

    What the contact was opened for is the item's parent, unless it has one.
    """
    at = intake.occurred(world, command.occurred_at, now)
    verdict = intake.given(command)
    draft = Draft(world, item, now)
    if command.parent and not item.parent:
        family.check_parent(world, item, world.item(command.parent))
        draft.add(ItemLinked(item=item.id, parent=command.parent, role=command.role))
    contact = _outcome(draft)
    draft.add(
        ItemMessaged(item=item.id, signals=command.signals, sealed=command.sealed, contact=contact)
    )
    match contact:
        case Contact.REOPENED:
            reports.reopen(draft, at, REPEAT)
        case Contact.RETURNED:
            intake.put_back(draft, REPEAT)
        case Contact.RESUMED:
            reports.resume(draft, at)
        case Contact.JOINED:
            pass  # it is in work, or laid aside by the desk
        case _:
            assert_never(contact)
    labels = {**told(item.labels, world.plan.labels), **command.labels}
    intake.reclassify(draft, transfers.respect(draft.item, verdict), labels)
    return draft.events


def _outcome(draft: Draft) -> Contact:
    match draft.item.state:
        case ItemState.RESOLVED:
            return Contact.REOPENED
        case ItemState.LEFT:
            return Contact.RETURNED
        case _:
            return Contact.RESUMED if _waits_for_him(draft) else Contact.JOINED


def _waits_for_him(draft: Draft) -> bool:
    item = draft.item
    return (
        item.state is ItemState.PENDING
        and item.pending_reason in draft.world.plan.resume_on_contact
    )
