"""What a customer's next word does: it ends a wait for him, brings him back, and is counted."""

import pytest
from msgspec.structs import replace

from routing_service.core.journal.commands import ReportKind, RequestKind, Submit
from routing_service.core.journal.events import ItemMessaged
from routing_service.core.journal.item_events import Contact
from routing_service.core.plans.plan import CorrelationPlan
from routing_service.core.records.lifecycle import ClockState, ItemState
from tests.builders import DAY, MINUTE, clock_plan, opened, plan, queue_plan
from tests.desk import Desk, only


@pytest.fixture
def desk() -> Desk:
    """Who writes again about the same order joins his item; Ann takes work."""
    service = queue_plan(abandon_grace=10 * MINUTE, wrap_up=0)
    desk = Desk(
        plan(
            queues={"service": service},
            clocks=(clock_plan(pause=("waiting_customer", "thinking")),),
            correlation=CorrelationPlan(by=("customer",), window=DAY),
            pending_reasons={"waiting_customer": False, "thinking": False},
            resume_on_contact=("waiting_customer",),
        )
    )
    desk.sign_in("ann")
    return desk


def pending(desk: Desk, reason: str) -> str:
    item = desk.open(customer="c1")
    desk.accept(item)
    desk.report(item, ReportKind.PENDING, reason=reason)
    desk.now += MINUTE
    return item


def write(desk: Desk, item: str, **changes: object) -> None:
    message = Submit(kind=RequestKind.MESSAGE, item=item, occurred_at=0)
    desk.submit(replace(message, **changes))


def call(desk: Desk) -> Contact | None:
    """He brings it up as if it were new."""
    return only(ItemMessaged, desk.submit(opened(customer="c1")))[0].contact


def test_a_message_ends_the_wait_for_the_customer(desk: Desk) -> None:
    item = pending(desk, "waiting_customer")
    write(desk, item)

    assert ("ann", ClockState.RUNNING) == (desk.offered_to(item), desk.clock(item).state)


def test_the_clock_counts_from_when_the_customer_wrote(desk: Desk) -> None:
    item = pending(desk, "waiting_customer")
    write(desk, item, occurred_at=desk.now - MINUTE // 2)

    assert [(desk.now - MINUTE, desk.now - MINUTE // 2)] == list(desk.clock(item).pauses)


def test_a_message_does_not_end_a_wait_for_something_else(desk: Desk) -> None:
    item = pending(desk, "thinking")
    write(desk, item)

    assert (ItemState.PENDING, ClockState.PAUSED) == (desk.item(item).state, desk.clock(item).state)


def test_a_repeat_contact_ends_the_wait_for_the_customer(desk: Desk) -> None:
    item = pending(desk, "waiting_customer")

    assert Contact.RESUMED is call(desk)
    assert ("ann", 2) == (desk.offered_to(item), desk.item(item).contacts)


def test_a_repeat_contact_of_who_had_left_gives_him_his_place_again(desk: Desk) -> None:
    desk.open(customer="c0")
    item = desk.open(customer="c1")
    desk.now += MINUTE
    other = desk.open(customer="c2")
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))
    left = desk.item(item).state

    assert (ItemState.LEFT, Contact.RETURNED) == (left, call(desk))
    assert ItemState.QUEUED is desk.item(item).state
    assert [1, 2] == [desk.world.waiting.position(desk.item(each)) for each in (item, other)]


def test_other_repeat_contacts_join_or_reopen(desk: Desk) -> None:
    item = desk.open(customer="c1")
    joined = call(desk)
    desk.report(item, ReportKind.RESOLVED)

    assert (Contact.JOINED, Contact.REOPENED) == (joined, call(desk))
