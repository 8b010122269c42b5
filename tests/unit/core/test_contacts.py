"""Repeat contacts: one matter is one item, as far as the pack says what a matter is."""

import pytest
from msgspec.structs import replace

from routing_service.core.journal.commands import ReportKind, RequestKind, Submit, Transfer
from routing_service.core.journal.events import ItemClassified, ItemMessaged, ItemOpened
from routing_service.core.plans.plan import CorrelationPlan
from routing_service.core.records.errors import Reused
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ItemState
from routing_service.core.steering.facts import Newcomer, submit_facts
from routing_service.store.codec import frames, freeze, snapshot_of, thaw
from tests.builders import DAY, HOUR, NOON, opened, plan, queue_plan
from tests.desk import Desk, only

BY_ORDER = CorrelationPlan(by=("customer", "label.order"), window=3 * DAY)
CORRELATING = plan(correlation=BY_ORDER, auto_close=10 * DAY, retention_closed=20 * DAY)


def contact(order: str = "7", customer: str = "c1", **changes: object) -> Submit:
    return replace(opened(customer=customer, **changes), labels={"order": order})


@pytest.fixture
def desk() -> Desk:
    return Desk(CORRELATING)


def brought_up(desk: Desk, **changes: object) -> str:
    """The item that a contact is about."""
    events = desk.submit(replace(contact(), **changes))
    named = [event.item for event in events if isinstance(event, ItemOpened | ItemMessaged)]
    return named[0]


def test_a_repeat_contact_joins_the_open_item(desk: Desk) -> None:
    first = brought_up(desk)

    again = brought_up(desk, sealed=b"again", signals=("angry",))

    assert again == first
    assert desk.item(first).contacts == 2
    assert desk.item(first).contacted_at == desk.now
    assert desk.item(first).signals == ("angry",)


def test_the_rules_decide_anew_with_each_contact(desk: Desk) -> None:
    item = brought_up(desk)

    events = desk.submit(contact(priority="p1"))

    assert [event.priority for event in only(ItemClassified, events)] == ["p1"]
    assert desk.item(item).priority == "p1"


def test_rules_can_ask_how_often_a_matter_came_up(desk: Desk) -> None:
    brought_up(desk)
    brought_up(desk)
    new = Newcomer("c1", desk.now)

    facts = submit_facts(desk.world, "web", {"order": "7"}, (), "", new)

    assert facts["contacts"] == 3


def test_a_contact_re_opens_what_was_resolved_within_the_window(desk: Desk) -> None:
    item = brought_up(desk)
    desk.report(item, ReportKind.RESOLVED)
    desk.wait(3 * DAY)

    again = brought_up(desk)

    assert again == item
    assert desk.item(item).state is ItemState.QUEUED
    assert (desk.item(item).reason, desk.item(item).reopens) == ("repeat_contact", 1)


def test_after_the_window_a_contact_opens_another_item(desk: Desk) -> None:
    item = brought_up(desk)
    desk.report(item, ReportKind.RESOLVED)
    desk.wait(3 * DAY + 1)

    assert brought_up(desk) != item


def test_what_has_ended_stays_ended_and_its_contacts_count_on(desk: Desk) -> None:
    item = brought_up(desk)
    brought_up(desk)
    desk.report(item, ReportKind.CONFIRMED)

    again = brought_up(desk)

    assert again != item
    assert desk.item(again).contacts == 3


def test_a_long_pause_ends_the_count(desk: Desk) -> None:
    item = brought_up(desk)
    desk.report(item, ReportKind.CONFIRMED)
    desk.wait(3 * DAY + 1)

    assert desk.item(brought_up(desk)).contacts == 1


@pytest.mark.parametrize("other", [contact(order="8"), contact(customer="c2"), opened()])
def test_another_matter_is_another_item(desk: Desk, other: Submit) -> None:
    brought_up(desk)

    assert only(ItemOpened, desk.submit(other))


def test_the_open_item_goes_before_a_newer_resolved_one(desk: Desk) -> None:
    in_work = only(ItemOpened, desk.submit(contact(order="8")))[0].item
    resolved = brought_up(desk)
    desk.report(resolved, ReportKind.RESOLVED)
    labels = Submit(kind=RequestKind.LABELLED, item=in_work, occurred_at=0, labels={"order": "7"})
    desk.submit(labels)

    assert brought_up(desk) == in_work


def test_labels_that_change_make_it_another_matter(desk: Desk) -> None:
    item = brought_up(desk)
    labels = Submit(kind=RequestKind.LABELLED, item=item, occurred_at=0, labels={"order": "9"})
    desk.submit(labels)

    assert brought_up(desk) != item
    assert only(ItemMessaged, desk.submit(contact(order="9")))[0].item == item


def test_a_repeated_request_id_is_no_repeat_contact(desk: Desk) -> None:
    command = contact(request_id="mail-1", fingerprint=b"body")
    desk.submit(command)

    known = desk.world.first_answer("", "mail-1", b"body")

    assert known is not None
    with pytest.raises(Reused):
        desk.world.first_answer("", "mail-1", b"other")


def test_a_joining_request_is_remembered_with_the_item_it_joined(desk: Desk) -> None:
    item = brought_up(desk)
    desk.submit(contact(request_id="mail-2", fingerprint=b"body"))

    known = desk.world.first_answer("", "mail-2", b"body")

    assert known is not None
    assert known.item == item


def test_a_snapshot_gives_the_same_matters(desk: Desk) -> None:
    item = brought_up(desk)
    desk.wait(HOUR)
    snapshot = snapshot_of(desk.world.seq, list(frames(freeze(desk.world, dev=False))))

    desk.world, _ = thaw(snapshot)

    assert brought_up(desk) == item


def test_another_plan_correlates_by_what_it_says() -> None:
    desk = Desk()
    desk.submit(contact())
    newest = only(ItemOpened, desk.submit(contact()))[0].item

    desk.activate(CORRELATING)

    assert brought_up(desk) == newest


def test_an_archived_item_is_found_no_more(desk: Desk) -> None:
    item = brought_up(desk)
    desk.report(item, ReportKind.CONFIRMED)
    desk.wait(20 * DAY)

    assert desk.world.matters == {}


def test_who_left_and_brings_it_up_again_within_the_grace_has_his_place_back() -> None:
    queues = {"service": queue_plan(abandon_grace=HOUR)}
    desk = Desk(replace(CORRELATING, queues=queues))
    item = brought_up(desk)
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))
    desk.wait(HOUR - 1)

    again = brought_up(desk)
    desk.wait(HOUR)

    assert (again, desk.item(item).state) == (item, ItemState.QUEUED)
    assert desk.item(item).enqueued_at == NOON


def test_a_repeat_contact_about_an_incident_belongs_to_it(desk: Desk) -> None:
    item = brought_up(desk)
    incident = desk.open(item_kind=ItemKind.INCIDENT, customer="c2")

    brought_up(desk, parent=incident, role="affected")

    assert (desk.item(item).parent, desk.item(item).role) == (incident, "affected")


def test_what_is_scheduled_is_no_repeat_contact_and_rules_see_it_alone(desk: Desk) -> None:
    desk.submit(replace(contact(), labels={"order": "7", "area": "north"}))
    later = Newcomer("c1", desk.now, later=True)

    facts = submit_facts(desk.world, "web", {"order": "7"}, (), "", later)

    assert "area" not in facts
    assert facts["contacts"] == 2


def test_who_asks_now_does_not_wait_for_what_is_scheduled(desk: Desk) -> None:
    scheduled = brought_up(desk, scheduled_for=desk.now + DAY)

    now = brought_up(desk)

    assert desk.item(now).state is ItemState.QUEUED
    assert desk.item(now).contacts == 2
    assert desk.item(scheduled).state is ItemState.SCHEDULED


def test_a_repeat_contact_leaves_a_transferred_item_where_people_put_it(desk: Desk) -> None:
    item = brought_up(desk)
    desk.do(Transfer(item=item, queue="second"))

    assert (item, "second") == (brought_up(desk), desk.item(item).queue)
