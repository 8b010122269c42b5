"""The desk as a whole: rulebook, journal records, consumers, and that a refusal leaves no trace."""

import pytest

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import AckEvents, ReportKind, Submit
from routing_service.core.journal.events import RulebookActivated
from routing_service.core.journal.record import ENGINE_VERSION
from routing_service.core.plans.plan import Target
from routing_service.core.records.errors import Invalid, RoutingError, WrongState
from routing_service.core.records.model import Item
from routing_service.core.step import step
from tests.builders import MINUTE, NOON, agent, at, clock_plan, opened, plan, queue_plan
from tests.desk import Desk, only


def test_a_desk_without_a_rulebook_says_so() -> None:
    world = World("new")
    with pytest.raises(WrongState) as refused:
        step(world, opened(occurred_at=NOON), NOON)

    assert refused.value.reason == "NO_RULEBOOK"
    assert (world.seq, world.now, world.items) == (0, 0, {})


def test_a_record_names_the_rulebook_that_was_active_before_it() -> None:
    desk = Desk()
    desk.activate(plan(), "d2")
    desk.open()

    assert [record.digest for record in desk.records] == ["", "d1", "d2"]
    assert {record.engine_version for record in desk.records} == {ENGINE_VERSION}


def test_records_are_numbered_without_gaps_refusals_included() -> None:
    desk = Desk()
    item = desk.open()
    with pytest.raises(RoutingError):
        desk.report(item, ReportKind.RESUMED)
    desk.report(item, ReportKind.RESPONDED)

    assert [record.seq for record in desk.records] == [1, 2, 3]


def test_the_rulebooks_source_is_kept_for_the_next_start() -> None:
    desk = Desk()
    (activated,) = only(RulebookActivated, desk.activate(plan(), "d2"))

    assert (desk.world.digest, desk.world.source) == (activated.digest, activated.source)


def test_an_opened_event_without_a_verdict_is_refused() -> None:
    desk = Desk()
    with pytest.raises(Invalid) as refused:
        desk.submit(opened(verdict=None))

    assert refused.value.reason == "VERDICT_MISSING"


def test_a_consumer_is_remembered_with_the_place_it_acknowledged() -> None:
    desk = Desk()
    desk.do(AckEvents(consumer="crm", seq=1, index=2))
    desk.do(AckEvents(consumer="pager", seq=1, index=0))
    desk.do(AckEvents(consumer="crm", seq=2, index=0))

    assert desk.world.consumers == {"crm": (2, 0), "pager": (1, 0)}


def test_an_item_whose_rules_failed_says_so() -> None:
    desk = Desk()
    item = desk.open(failed=True)

    assert desk.item(item).classification_failed


def test_a_workday_promise_is_due_at_the_same_time_of_day() -> None:
    two_days = clock_plan(targets={"p1": Target(workdays=2)}, calendars={"p1": "office"}, warn=())
    desk = Desk(plan(clocks=[two_days]))
    desk.wait_until(at("2024-05-16T11:00+00:00"))  # a Thursday
    item = desk.open(priority="p1")

    assert desk.clock(item).due == at("2024-05-20T11:00+00:00")


def test_a_reopened_item_takes_its_owner_out_of_the_wrap_up_for_it() -> None:
    desk = Desk(plan(queues={"service": queue_plan(wrap_up=10 * MINUTE)}))
    desk.sign_in(agent("ann", capacity=2))
    item = desk.open()
    desk.accept(item)
    desk.report(item, ReportKind.RESOLVED)
    desk.report(item, ReportKind.REOPENED)
    desk.accept(item)
    desk.wait(20 * MINUTE)

    assert desk.item(item).owner == "ann"
    assert len(desk.agent().holds) == 1


def test_a_hundred_agents_take_turns() -> None:
    desk = Desk()
    names = [f"agent-{number:03}" for number in range(100)]
    desk.sign_in(*names)
    served = [desk.offered_to(desk.open()) for _ in names]

    assert served == names


def test_the_source_may_tell_of_an_item_before_it_is_received() -> None:
    desk = Desk()
    item = desk.open(occurred_at=NOON - MINUTE)
    record: Item = desk.item(item)

    assert (record.opened_at, record.received_at, record.enqueued_at) == (
        NOON - MINUTE,
        NOON,
        NOON,
    )


def test_a_command_is_journaled_as_it_was_decided_on() -> None:
    desk = Desk()
    command = opened(occurred_at=NOON, actor="adapter-1")
    desk.submit(command)

    assert desk.records[-1].command == command
    assert isinstance(desk.records[-1].command, Submit)
