"""Scheduled items have not begun, suspended ones are laid aside; time or a report moves both."""

import pytest
from msgspec.structs import replace

from routing_service.core.evolution.evolve_step import SUSPENDED
from routing_service.core.journal.commands import Report, ReportKind, RequestKind, Submit
from routing_service.core.journal.events import ItemMoved
from routing_service.core.records.errors import Invalid, WrongState
from routing_service.core.records.lifecycle import ClockState, ItemState, ItemStep
from routing_service.core.records.model import Milestone
from tests.builders import DAY, HOUR, MINUTE, NOON, RESOLUTION, clock_plan, plan, queue_plan
from tests.desk import Desk, only


@pytest.fixture
def desk() -> Desk:
    pausing = replace(RESOLUTION, pause=("waiting_customer", SUSPENDED))
    made = Desk(plan(clocks=(clock_plan(), pausing)))
    made.sign_in("ann")
    return made


def park(desk: Desk, item: str, kind: ReportKind, until: int = 0) -> None:
    desk.do(Report(kind=kind, item=item, occurred_at=desk.now, until=until))


def scheduled(desk: Desk, ahead: int = HOUR) -> str:
    return desk.open(scheduled_for=desk.now + ahead)


def owned(desk: Desk) -> str:
    item = desk.open()
    desk.accept(item)
    return item


def test_a_scheduled_item_is_offered_to_nobody_and_promises_nothing_yet(desk: Desk) -> None:
    item = scheduled(desk)

    assert desk.item(item).state is ItemState.SCHEDULED
    assert desk.offered_to(item) == ""
    assert desk.item(item).clocks == {}


def test_at_its_instant_a_scheduled_item_begins_with_its_clocks(desk: Desk) -> None:
    item = scheduled(desk)

    desk.wait(HOUR)

    assert desk.offered_to(item) == "ann"
    assert desk.clock(item).started_at == desk.now
    assert desk.item(item).enqueued_at == desk.now
    assert desk.item(item).milestones == {Milestone.OPENED: desk.now}


def test_a_scheduled_item_can_begin_earlier(desk: Desk) -> None:
    item = scheduled(desk)

    park(desk, item, ReportKind.ACTIVATED)
    desk.wait(2 * HOUR)

    assert desk.clock(item).started_at == desk.item(item).opened_at
    assert desk.item(item).wake_at == 0


def test_a_scheduled_item_can_be_given_another_instant(desk: Desk) -> None:
    item = scheduled(desk)

    park(desk, item, ReportKind.SCHEDULED, until=desk.now + 2 * HOUR)
    desk.wait(HOUR)
    not_yet = desk.item(item).state
    desk.wait(HOUR)

    assert not_yet is ItemState.SCHEDULED
    assert desk.offered_to(item) == "ann"


def test_an_instant_that_has_passed_opens_the_item_at_once(desk: Desk) -> None:
    item = desk.open(scheduled_for=desk.now)

    assert desk.offered_to(item) == "ann"


def test_only_what_is_scheduled_is_scheduled_anew_or_activated(desk: Desk) -> None:
    item = desk.open()

    with pytest.raises(WrongState):
        park(desk, item, ReportKind.ACTIVATED)
    with pytest.raises(WrongState):
        park(desk, item, ReportKind.SCHEDULED, until=desk.now + HOUR)


def test_nothing_is_scheduled_into_the_past_or_beyond_a_year(desk: Desk) -> None:
    item = scheduled(desk)

    for until in (0, desk.now, desk.now + 367 * DAY):
        with pytest.raises(Invalid):
            park(desk, item, ReportKind.SCHEDULED, until=until)
    with pytest.raises(Invalid):
        scheduled(desk, ahead=367 * DAY)


def test_a_scheduled_item_can_be_cancelled_or_given_up(desk: Desk) -> None:
    one, other = scheduled(desk), scheduled(desk)

    desk.cancel(one)
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=other, occurred_at=0))

    assert [desk.item(item).state.value for item in (one, other)] == ["cancelled", "abandoned"]


def test_what_was_settled_before_it_began_begins_when_it_is_re_opened(desk: Desk) -> None:
    item = scheduled(desk)
    desk.report(item, ReportKind.RESOLVED)

    desk.report(item, ReportKind.REOPENED)

    assert desk.clock(item, "resolution").started_at == desk.now
    assert desk.offered_to(item) == "ann"


def test_suspending_frees_the_owner_and_pauses_the_clocks_that_say_so(desk: Desk) -> None:
    item = owned(desk)

    park(desk, item, ReportKind.SUSPENDED)

    assert desk.agent().holds == {}
    assert desk.clock(item, "resolution").state is ClockState.PAUSED
    assert desk.clock(item, "response").state is ClockState.RUNNING


def test_a_resumed_item_is_offered_to_its_owner_first(desk: Desk) -> None:
    item = owned(desk)
    park(desk, item, ReportKind.SUSPENDED)
    desk.sign_in("ben")
    desk.wait(MINUTE)

    park(desk, item, ReportKind.RESUMED)

    assert desk.offered_to(item) == "ann"
    assert desk.clock(item, "resolution").pauses == ((desk.now - MINUTE, desk.now),)


def test_a_suspended_item_goes_on_by_itself_at_its_instant(desk: Desk) -> None:
    item = owned(desk)
    park(desk, item, ReportKind.SUSPENDED, until=desk.now + HOUR)

    events = desk.wait(HOUR)

    resumed = [event for event in only(ItemMoved, events) if event.step is ItemStep.RESUME]
    assert [event.reason for event in resumed] == ["due"]
    assert desk.offered_to(item) == "ann"


def test_without_an_instant_a_suspended_item_stays_so(desk: Desk) -> None:
    item = owned(desk)
    park(desk, item, ReportKind.SUSPENDED, until=desk.now + HOUR)
    park(desk, item, ReportKind.SUSPENDED)

    desk.wait(DAY)

    assert desk.item(item).state is ItemState.SUSPENDED


def test_suspending_takes_a_pending_offer_back(desk: Desk) -> None:
    item = desk.open()

    park(desk, item, ReportKind.SUSPENDED)

    assert desk.world.offers == {}
    assert desk.agent().holds == {}


def test_a_new_rulebook_finds_a_scheduled_item_without_clocks(desk: Desk) -> None:
    item = scheduled(desk)

    desk.activate(plan())

    assert desk.item(item).clocks == {}


def test_time_laid_aside_does_not_count_towards_the_life_of_an_item() -> None:
    desk = Desk(plan(queues={"service": queue_plan(ttl=HOUR)}))
    item = desk.open()
    desk.do(Report(kind=ReportKind.SUSPENDED, item=item, occurred_at=desk.now, until=NOON + DAY))

    desk.wait(DAY + HOUR)
    lives = desk.item(item).state
    desk.wait(1)

    assert (lives, desk.item(item).state) == (ItemState.QUEUED, ItemState.EXPIRED)
