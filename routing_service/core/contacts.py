"""Decisions about a new request: it opens an item, joins the one it is about, or re-opens it."""

from routing_service.core import correlation, family, intake, links, reports
from routing_service.core.commands import Submit
from routing_service.core.draft import Draft
from routing_service.core.events import AnyEvent, ItemLinked, ItemMessaged
from routing_service.core.kinds import ItemKind
from routing_service.core.lifecycle import ItemState, ItemStep
from routing_service.core.model import Item
from routing_service.core.plan import told
from routing_service.core.world import World

REPEAT = "repeat_contact"


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
    draft.add(
        ItemMessaged(item=item.id, signals=command.signals, sealed=command.sealed, contact=True)
    )
    if item.state is ItemState.RESOLVED:
        reports.reopen(draft, at, REPEAT)
    elif item.state is ItemState.LEFT:
        draft.move(ItemStep.RETURN, REPEAT)
    labels = {**told(item.labels, world.plan.labels), **command.labels}
    intake.reclassify(draft, verdict, labels)
    return draft.events
