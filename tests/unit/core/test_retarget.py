"""Open items are moved to the terms of another rulebook some at a time, and it can be redone."""

import pytest

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import ReportKind, Retarget, Transfer
from routing_service.core.journal.events import ItemsRetargeted
from routing_service.core.plans.plan import Plan, Target
from routing_service.core.promises import retarget
from routing_service.core.promises.retarget import SLICE
from routing_service.core.records.errors import WrongState
from routing_service.server.recovery import replay
from routing_service.store.codec import frames, freeze, snapshot_of, thaw
from tests.builders import HOUR, MINUTE, NOON, clock_plan, plan, queue_plan
from tests.desk import Desk, only

REST = 20


def answering(span: int) -> Plan:
    """A plan in which priority p2 is answered within this span."""
    return plan(clocks=[clock_plan(targets={"p2": Target(duration=span)})])


HALF_HOUR, TWO_HOURS = answering(30 * MINUTE), answering(2 * HOUR)


@pytest.fixture
def desk() -> Desk:
    """More items than one record moves, just after another plan came in force."""
    desk = Desk()
    for _ in range(SLICE + REST):
        desk.open(priority="p2")
    desk.activate(TWO_HOURS, "d2")
    return desk


def dues(desk: Desk) -> list[int]:
    """Minutes from noon to the due of each item, in order."""
    return [due(desk, item) for item in desk.world.items]


def due(desk: Desk, item: str) -> int:
    """Minutes from noon."""
    instant = desk.clock(item).due
    assert instant is not None
    return (instant - NOON) // MINUTE


def next_slice(desk: Desk) -> list[ItemsRetargeted]:
    return only(ItemsRetargeted, desk.do(Retarget(items=retarget.next_slice(desk.world))))


def test_activation_moves_the_first_items_and_leaves_the_rest_as_they_were(desk: Desk) -> None:
    assert dues(desk) == [120] * SLICE + [60] * REST
    assert len(desk.world.stale) == REST


def test_next_slice_moves_the_rest_and_then_none_is_left(desk: Desk) -> None:
    (told,) = next_slice(desk)

    assert len(told.items) == REST
    assert dues(desk) == [120] * (SLICE + REST)
    assert retarget.next_slice(desk.world) == ()


def test_small_desk_is_moved_by_the_activation_itself() -> None:
    desk = Desk()
    desk.open(priority="p2")
    desk.activate(TWO_HOURS, "d2")

    assert dues(desk) == [120]
    assert not desk.world.stale


def test_item_opened_after_the_activation_need_not_be_moved(desk: Desk) -> None:
    item = desk.open(priority="p2")

    assert due(desk, item) == 120
    assert item not in desk.world.stale


def test_item_that_ended_before_its_turn_is_passed_over(desk: Desk) -> None:
    last = list(desk.world.items)[-1]
    desk.report(last, ReportKind.RESOLVED)
    desk.report(last, ReportKind.CLOSED)
    before = desk.world.items[last].clocks
    next_slice(desk)

    assert not desk.world.stale
    assert desk.world.items[last].clocks == before


def test_third_rulebook_begins_anew_with_all_of_them(desk: Desk) -> None:
    desk.activate(HALF_HOUR, "d3")
    next_slice(desk)

    assert dues(desk) == [30] * (SLICE + REST)


def test_recovery_knows_who_is_still_to_be_moved(desk: Desk) -> None:
    again = World("desk")
    for record in desk.records:
        replay(again, record)

    assert list(again.stale) == list(desk.world.stale)
    assert again.items == desk.world.items


def test_snapshot_knows_who_is_still_to_be_moved(desk: Desk) -> None:
    kept = snapshot_of(desk.world.seq, list(frames(freeze(desk.world, dev=False))))
    thawed, _ = thaw(kept)

    assert list(thawed.stale) == list(desk.world.stale)


def test_closed_items_get_another_end_of_retention() -> None:
    desk = Desk()
    item = desk.open(priority="p2")
    desk.report(item, ReportKind.RESOLVED)
    desk.report(item, ReportKind.CLOSED)
    before = desk.world.next_due()
    desk.activate(plan(retention_closed=HOUR), "d2")

    assert desk.world.next_due() == NOON + HOUR
    assert before != NOON + HOUR


def test_queue_that_open_items_have_must_stay() -> None:
    desk = Desk()
    desk.open(queue="service")
    desk.activate(plan(queues={"service": queue_plan("service")}), "d2")
    with pytest.raises(WrongState) as refused:
        desk.activate(plan(queues={"second": queue_plan("second")}), "d3")

    assert refused.value.reason == "QUEUE_IN_USE"


def test_a_queue_that_a_warm_transfer_may_come_back_to_is_in_use() -> None:
    desk = Desk()
    desk.sign_in("ann")
    item = desk.open()
    desk.accept(item)
    desk.do(Transfer(item=item, queue="second", warm=True))

    with pytest.raises(WrongState) as refused:
        desk.activate(plan(queues={"second": queue_plan("second")}, fallback_queue="second"))

    assert refused.value.reason == "QUEUE_IN_USE"
