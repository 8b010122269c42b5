"""How items end: resolved, closed by hand or by itself, cancelled, abandoned, archived at last."""

import pytest

from routing_service.core.journal.commands import Cancel, ReportKind, RequestKind, Submit
from routing_service.core.journal.events import ItemArchived
from routing_service.core.records.errors import Conflict, WrongState
from routing_service.core.records.lifecycle import ItemState
from tests.builders import DAY, HOUR, MINUTE, NOON, plan
from tests.desk import Desk, only


def test_a_resolved_item_closes_by_itself_when_nobody_confirms() -> None:
    desk = Desk(plan(auto_close=HOUR))
    item = desk.open()
    desk.report(item, ReportKind.RESOLVED)
    desk.wait(HOUR - 1)
    before = desk.item(item).state
    desk.wait(1)

    assert (before, desk.item(item).state) == (ItemState.RESOLVED, ItemState.CLOSED)
    assert desk.item(item).reason == "auto_close"


def test_without_auto_close_a_resolved_item_stays() -> None:
    desk = Desk()
    item = desk.open()
    desk.report(item, ReportKind.RESOLVED)
    desk.wait(30 * DAY)

    assert desk.item(item).state is ItemState.RESOLVED


def test_a_reopened_item_does_not_close_by_itself() -> None:
    desk = Desk(plan(auto_close=HOUR))
    item = desk.open()
    desk.report(item, ReportKind.RESOLVED)
    desk.report(item, ReportKind.REOPENED)
    desk.wait(DAY)

    assert desk.item(item).state is ItemState.QUEUED


@pytest.mark.parametrize("kind", [ReportKind.CLOSED, ReportKind.CONFIRMED])
def test_a_resolved_item_can_be_closed_at_once(kind: ReportKind) -> None:
    desk = Desk(plan(auto_close=HOUR))
    item = desk.open()
    desk.report(item, ReportKind.RESOLVED)
    desk.report(item, kind)

    assert desk.item(item).state is ItemState.CLOSED


def test_an_item_not_resolved_cannot_be_closed() -> None:
    desk = Desk()
    item = desk.open()
    with pytest.raises(WrongState) as refused:
        desk.report(item, ReportKind.CLOSED)

    assert refused.value.reason == "ILLEGAL_TRANSITION"


@pytest.mark.parametrize("state", ["queued", "offered", "assigned", "pending"])
@pytest.mark.parametrize("end", [ItemState.CANCELLED, ItemState.ABANDONED])
def test_an_item_can_be_ended_from_every_open_state(state: str, end: ItemState) -> None:
    desk = Desk()
    if state in ("offered", "assigned"):
        desk.sign_in("ann")
    item = desk.open()
    if state == "assigned":
        desk.accept(item)
    elif state == "pending":
        desk.report(item, ReportKind.PENDING, reason="waiting_parts")
    before = desk.item(item).state.value
    if end is ItemState.CANCELLED:
        desk.cancel(item, reason="duplicate")
    else:
        desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))

    assert (before, desk.item(item).state) == (state, end)
    assert all(agent.holds == {} for agent in desk.world.agents.values())
    assert desk.world.offers == {}


def test_a_resolved_item_cannot_be_cancelled() -> None:
    desk = Desk()
    item = desk.open()
    desk.report(item, ReportKind.RESOLVED)
    with pytest.raises(WrongState) as refused:
        desk.cancel(item)

    assert refused.value.reason == "ILLEGAL_TRANSITION"


def test_a_cancel_that_read_an_older_version_is_refused() -> None:
    desk = Desk()
    item = desk.open()
    version = desk.item(item).version
    desk.submit(Submit(kind=RequestKind.MESSAGE, item=item, occurred_at=0))
    with pytest.raises(Conflict) as refused:
        desk.cancel(item, version=version)

    assert refused.value.reason == "VERSION_CONFLICT"
    assert refused.value.details == {"version": str(version + 1)}


def test_a_cancel_of_the_current_version_is_done() -> None:
    desk = Desk()
    item = desk.open()
    desk.do(Cancel(item=item, version=desk.item(item).version, reason="duplicate"))

    assert desk.item(item).reason == "duplicate"


def test_an_ended_item_is_archived_after_its_retention() -> None:
    desk = Desk()
    item = desk.open()
    desk.cancel(item)
    desk.wait(DAY - 1)
    kept = item in desk.world.items
    events = desk.wait(1)

    assert kept
    assert only(ItemArchived, events) == [ItemArchived(item=item)]
    assert item not in desk.world.items


def test_an_open_item_is_never_archived() -> None:
    desk = Desk()
    item = desk.open()
    desk.wait(100 * DAY)

    assert item in desk.world.items


def test_a_new_rulebook_sets_when_resolved_and_ended_items_go() -> None:
    desk = Desk(plan(auto_close=10 * DAY, retention_closed=10 * DAY))
    resolved, ended = desk.open(), desk.open()
    desk.report(resolved, ReportKind.RESOLVED)
    desk.cancel(ended)
    desk.activate(plan(auto_close=HOUR, retention_closed=DAY), "d2")
    desk.wait(HOUR)
    closed = desk.item(resolved).state
    desk.wait_until(NOON + DAY)

    assert closed is ItemState.CLOSED
    assert ended not in desk.world.items


def test_an_item_archived_in_its_owners_wrap_up_leaves_his_capacity_to_the_timer() -> None:
    desk = Desk(plan(retention_closed=MINUTE // 2))
    desk.sign_in("ann")
    item = desk.open()
    desk.accept(item)
    desk.report(item, ReportKind.CONFIRMED)
    desk.wait(MINUTE // 2)
    archived = item not in desk.world.items
    desk.wait(MINUTE)

    assert archived
    assert desk.agent().holds == {}


def test_numbers_follow_the_packs_format_and_are_not_given_twice() -> None:
    desk = Desk()
    first = desk.open()
    desk.cancel(first)
    desk.wait(2 * DAY)
    second = desk.open()

    assert desk.item(second).number == "C00002"
    assert second != first
