"""What a request event may bring: a version, labels alone, age; and how long an item lives."""

import pytest

from routing_service.core.journal.commands import Report, ReportKind, RequestKind, Submit
from routing_service.core.journal.events import ItemClassified, ItemLabelled
from routing_service.core.records.errors import Conflict, Invalid
from routing_service.core.records.lifecycle import ClockState, ItemState
from tests.builders import HOUR, MINUTE, SECOND, opened, plan, queue_plan, verdict
from tests.desk import Desk, only


def told(desk: Desk, item: str, kind: RequestKind, **changes: object) -> Submit:
    labels: dict[str, str | int | bool | tuple[str, ...]] = {"topic": "fault"}
    version = changes.get("version", 0)
    assert isinstance(version, int)
    return Submit(
        kind=kind,
        item=item,
        occurred_at=desk.now,
        labels=labels,
        verdict=verdict(),
        version=version,
    )


@pytest.fixture
def desk() -> Desk:
    return Desk(plan(max_age_credit=HOUR))


@pytest.mark.parametrize(
    "kind",
    [RequestKind.MESSAGE, RequestKind.UPDATED, RequestKind.LABELLED, RequestKind.ABANDONED],
)
def test_an_event_about_another_version_than_the_present_one_is_refused(
    desk: Desk, kind: RequestKind
) -> None:
    item = desk.open()

    with pytest.raises(Conflict, match="version 1 now"):
        desk.do(told(desk, item, kind, version=2))


@pytest.mark.parametrize(
    "kind",
    [RequestKind.MESSAGE, RequestKind.UPDATED, RequestKind.LABELLED, RequestKind.ABANDONED],
)
def test_an_event_about_the_present_version_is_taken_and_makes_a_newer_one(
    desk: Desk, kind: RequestKind
) -> None:
    item = desk.open()

    desk.do(told(desk, item, kind, version=1))

    assert desk.item(item).version > 1


def test_a_report_about_another_version_is_refused(desk: Desk) -> None:
    item = desk.open()
    report = Report(kind=ReportKind.RESPONDED, item=item, occurred_at=desk.now, version=7)

    with pytest.raises(Conflict) as refused:
        desk.do(report)

    assert refused.value.reason == "VERSION_CONFLICT"
    assert refused.value.details == {"version": "1"}


def test_labels_alone_are_noted_and_the_rules_not_asked(desk: Desk) -> None:
    item = desk.open(priority="p2")
    before = desk.item(item)

    events = desk.do(told(desk, item, RequestKind.LABELLED))

    after = desk.item(item)
    assert only(ItemLabelled, events)
    assert not only(ItemClassified, events)
    assert after.labels == {"topic": "fault"}
    assert (after.priority, after.rank, after.clocks) == (
        before.priority,
        before.rank,
        before.clocks,
    )


def test_age_credit_puts_an_item_ahead_of_those_that_came_before(desk: Desk) -> None:
    first = desk.open()
    credited = desk.open(waiting_since=desk.now - 10 * MINUTE)

    places = [desk.world.waiting.position(desk.item(item)) for item in (first, credited)]

    assert places == [2, 1]


def test_age_credit_moves_no_clock(desk: Desk) -> None:
    item = desk.open(waiting_since=desk.now - 10 * MINUTE)

    assert desk.clock(item).started_at == desk.now
    assert desk.item(item).enqueued_at == desk.now - 10 * MINUTE


@pytest.mark.parametrize(
    ("ago", "reason"),
    [(HOUR + 1, "WAITING_SINCE_TOO_EARLY"), (-5 * MINUTE - 1, "WAITING_SINCE_AHEAD")],
)
def test_age_credit_is_bounded(desk: Desk, ago: int, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.open(waiting_since=desk.now - ago)

    assert refused.value.reason == reason


def test_a_source_clock_a_little_ahead_gives_no_credit_and_takes_none(desk: Desk) -> None:
    item = desk.open(waiting_since=desk.now + MINUTE)

    assert desk.item(item).enqueued_at == desk.now


@pytest.fixture
def short_lived() -> Desk:
    queues = {"service": queue_plan(ttl=10 * MINUTE), "second": queue_plan("second")}
    return Desk(plan(queues=queues, max_age_credit=HOUR))


def test_an_item_that_waits_longer_than_its_queue_allows_expires(short_lived: Desk) -> None:
    item = short_lived.open()

    short_lived.wait(10 * MINUTE)
    at_its_end = short_lived.item(item).state
    short_lived.wait(1)

    assert at_its_end is ItemState.QUEUED
    assert short_lived.item(item).state is ItemState.EXPIRED
    assert short_lived.item(item).reason == "ttl"
    assert short_lived.clock(item).state is ClockState.CANCELLED


def test_age_that_an_item_came_with_counts_for_its_life(short_lived: Desk) -> None:
    item = short_lived.open(waiting_since=short_lived.now - 9 * MINUTE)

    short_lived.wait(MINUTE + 1)

    assert short_lived.item(item).state is ItemState.EXPIRED


def test_an_item_with_an_owner_does_not_expire(short_lived: Desk) -> None:
    short_lived.sign_in("ann")
    item = short_lived.open()
    short_lived.accept(item)

    short_lived.wait(HOUR)

    assert short_lived.item(item).state is ItemState.ASSIGNED


def test_an_offer_that_stands_at_the_end_may_still_be_taken(short_lived: Desk) -> None:
    item = short_lived.open()
    short_lived.wait(10 * MINUTE - SECOND)
    short_lived.sign_in("ann")
    short_lived.wait(2 * SECOND)

    short_lived.accept(item)

    assert short_lived.item(item).state is ItemState.ASSIGNED


def test_an_offer_that_nobody_takes_leaves_the_item_to_expire(short_lived: Desk) -> None:
    item = short_lived.open()
    short_lived.wait(10 * MINUTE - SECOND)
    short_lived.sign_in("ann")

    short_lived.decline(item)
    short_lived.wait(2 * SECOND)

    assert short_lived.item(item).state is ItemState.EXPIRED


def test_a_new_rulebook_gives_what_waits_another_life(short_lived: Desk) -> None:
    item = short_lived.open()

    short_lived.activate(plan())
    short_lived.wait(HOUR)

    assert short_lived.item(item).state is ItemState.QUEUED


def test_another_queue_gives_an_item_another_life(short_lived: Desk) -> None:
    item = short_lived.open()
    moved = opened(queue="second").verdict
    short_lived.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=moved))

    short_lived.wait(HOUR)

    assert short_lived.item(item).state is ItemState.QUEUED
