"""The first record of an item, made in one go: classified, clocks running, placed in its queue.

What happens to it later goes event by event through a Draft.
"""

from msgspec.structs import replace

from routing_service.core.arrival.admission import admit
from routing_service.core.arrival.estimating import with_expected_wait
from routing_service.core.arrival.preferring import preferred
from routing_service.core.arrival.queueing import rank
from routing_service.core.arrival.telling import noticed
from routing_service.core.desk import correlation
from routing_service.core.desk.numbering import next_number
from routing_service.core.desk.world import World
from routing_service.core.journal.commands import Submit
from routing_service.core.journal.events import ItemOpened
from routing_service.core.promises import sla
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import CLOCK, ClockState, ClockStep, ItemState, advance
from routing_service.core.records.model import Clock, Item, Milestone, Verdict

_WAITS = (ItemState.QUEUED, ItemState.OFFERED, ItemState.LEFT)
_STARTED = advance(CLOCK, ClockState.IDLE, ClockStep.START, "")


def opened(world: World, command: Submit, verdict: Verdict, at: int, now: int) -> ItemOpened:
    """The item that begins with this request; `at` is the source's instant, checked before."""
    queue, why = admit(world, verdict, command, now)
    labels = {**command.labels, **verdict.labels}
    number, day = next_number(world, now)
    since = min(command.waiting_since or now, now)
    item = Item(
        id=f"it{world.items_made + 1:010d}",
        number=number,
        channel=command.channel,
        customer=command.customer,
        labels=labels,
        signals=command.signals,
        sealed=command.sealed,
        opened_at=at,
        received_at=now,
        queue=queue,
        flowed_from=verdict.queue if why else "",
        named_queue=verdict.queue if why else "",
        reason=why,
        priority=verdict.priority,
        requirements=verdict.requirements,
        fired=verdict.fired,
        digest=verdict.digest,
        classification_failed=verdict.failed,
        green=verdict.green,
        applicable_clocks=verdict.clocks,
        enqueued_at=since,
        rank=rank(world, queue, verdict.priority, since),
        milestones={Milestone.OPENED: at},
        clocks=_clocks(world, verdict, at, now),
        moved_at=now,
        contacts=1 + _contacts(world, command, now),
    )
    item = _later(_kept(world, _related(world, item, command), now), command, now)
    item = with_expected_wait(world, item)
    if verdict.surge is not None:
        item = noticed(item, verdict.surge)
    return ItemOpened(item=item.id, record=item, number_day=day)


def _kept(world: World, item: Item, now: int) -> Item:
    """For the agent whom its queue prefers."""
    if not world.queue(item.queue).choice.prefer:
        return item
    wish = preferred(world, item, now)
    return replace(
        item,
        reason=item.reason or wish.why_not,
        preferred=wish.agent,
        preferred_until=wish.until,
        kept_as=wish.kept_as,
    )


def _later(item: Item, command: Submit, now: int) -> Item:
    """A scheduled item has not begun: nothing is reached and nothing counts."""
    if command.scheduled_for <= now:
        return item
    wake_at = command.scheduled_for
    return replace(
        item,
        state=ItemState.SCHEDULED,
        wake_at=wake_at,
        milestones={},
        clocks={},
        preferred="",
        preferred_until=0,
        kept_as=None,
        boost=0,
    )


def _related(world: World, item: Item, command: Submit) -> Item:
    kind = command.item_kind
    if kind is ItemKind.REQUEST and not command.parent:
        return item
    item = replace(item, kind=kind, parent=command.parent, role=command.role)
    return _in_its_place(world, item) if kind is ItemKind.CALLBACK else item


def _in_its_place(world: World, item: Item) -> Item:
    """A call-back for who waits has the age, too, that escalations gave what he waits with."""
    parent = world.items[item.parent]
    if parent.state not in _WAITS or parent.enqueued_at != item.enqueued_at:
        return item
    place = rank(world, item.queue, item.priority, item.enqueued_at - parent.boost)
    return replace(item, boost=parent.boost, rank=place)


def _contacts(world: World, command: Submit, now: int) -> int:
    """How often the matter came up before, though what was made of it then has ended."""
    if world.plan.correlation is None or command.item_kind is not ItemKind.REQUEST:
        return 0
    matter = correlation.matter_of(world.plan, command.customer, command.channel, command.labels)
    return correlation.contacts(world, matter, now)


def _clocks(world: World, verdict: Verdict, at: int, now: int) -> dict[str, Clock]:
    """Those that apply to the item and start with it."""
    clocks: dict[str, Clock] = {}
    for plan, target, calendar in world.starting(verdict.priority, verdict.clocks):
        schedule = sla.at_start(at, plan, target, calendar)
        next_at = max(now, schedule.next_at)
        clocks[plan.name] = Clock(
            name=plan.name, state=_STARTED, started_at=at, due=schedule.due, next_at=next_at
        )
    return clocks
