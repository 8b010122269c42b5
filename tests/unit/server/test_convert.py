"""What core holds, as the wire tells it: events of a record, items, clocks, offers."""

from typing import Any, get_args

import pytest
from msgspec.structs import replace

from routing_service.core.journal.commands import Escalate, ReportKind, Tick
from routing_service.core.journal.events import AlertRaised, AnyEvent, HoldMoved
from routing_service.core.journal.record import ENGINE_VERSION, Record
from routing_service.core.records.lifecycle import ClockState, HoldState, HoldStep
from routing_service.core.records.model import (
    Alert,
    Clock,
    EscalationVerdict,
    FactValue,
    Trigger,
    TriggerKind,
)
from routing_service.pb.routing.v1 import clock_pb2, event_service_pb2
from routing_service.server import convert, cursor
from routing_service.server.convert_events import KIND_OF, TOLD, UNTOLD, public_events
from routing_service.store.codec import decode_record, encode_record
from tests.builders import HOUR, MINUTE, NOON
from tests.desk import Desk


def lived() -> Desk:
    """A desk on which an item was declined, worked on, paused and breached."""
    desk = Desk()
    desk.sign_in("ann", "bob")
    item = desk.open()
    desk.decline(item)
    desk.accept(item)
    desk.wait(5 * HOUR)
    desk.report(item, ReportKind.RESOLVED)
    return desk


def told(record: Record) -> list[str]:
    return [each.event.WhichOneof("body") or "" for each in public_events("desk", record)]


def test_events_of_a_record_are_the_same_whoever_asks_and_when() -> None:
    records = lived().records
    stored = [decode_record(encode_record(record)) for record in records]

    assert [public_events("desk", record) for record in records] == [
        public_events("desk", record) for record in stored
    ]


def test_ids_and_cursors_are_unique_and_in_order() -> None:
    events = [each.event for record in lived().records for each in public_events("desk", record)]
    places = [cursor.read("desk", event.cursor) for event in events]

    assert len({event.id for event in events}) == len(events)
    assert places == sorted(places)


def test_accepted_offer_makes_one_assignment() -> None:
    kinds = [kind for record in lived().records for kind in told(record)]

    assert kinds.count("assignment_made") == 1
    assert kinds.count("offer_moved") == 2


def test_bookkeeping_is_not_told() -> None:
    hold = HoldMoved(agent="ann", item="i", step=HoldStep.BEGIN, state=HoldState.HANDLING)
    record = Record(
        seq=1,
        now=NOON,
        engine_version=ENGINE_VERSION,
        digest="",
        command=Tick(timers=()),
        events=(hold,),
    )

    assert told(record) == []


def test_alert_tells_queue_and_priority_of_the_time_it_was_raised() -> None:
    trigger = Trigger(kind=TriggerKind.BREACHED, item="i", clock="response", due=NOON)
    raised = Alert(
        id="a",
        item="i",
        number="N1",
        rule="escalate/x",
        trigger=trigger,
        severity="critical",
        to=("sue",),
        raised_at=NOON + 1,
    )
    command = Escalate(
        trigger=trigger,
        facts={"queue": "front", "priority": "p1"},
        verdict=EscalationVerdict(digest="d"),
    )
    record = Record(
        seq=1,
        now=NOON,
        engine_version=ENGINE_VERSION,
        digest="d",
        command=command,
        events=(AlertRaised(alert=raised),),
    )
    (event,) = public_events("desk", record)

    assert (event.event.alert_raised.alert.queue, event.event.alert_raised.alert.priority) == (
        "front",
        "p1",
    )
    assert event.item == "i"


def test_every_event_of_core_is_either_told_or_left_out_on_purpose() -> None:
    assert set(TOLD) | set(UNTOLD) == set(get_args(AnyEvent))
    assert set(TOLD) & set(UNTOLD) == set()


def test_every_public_event_has_its_kind_to_filter_by() -> None:
    kinds = set(event_service_pb2.EventKind.values()) - {0}

    assert set(KIND_OF.values()) == kinds


@pytest.mark.parametrize(
    ("value", "kind"),
    [("a", "text"), (1, "integer"), (True, "boolean"), (("a", "b"), "list")],
)
def test_label_keeps_its_type(value: FactValue, kind: str) -> None:
    assert convert.label_value(value).WhichOneof("kind") == kind


def clock(state: ClockState, **changes: Any) -> clock_pb2.Clock:
    kept = Clock(name="response", state=state, started_at=NOON, due=NOON + HOUR)
    return convert.clock(replace(kept, **changes))


@pytest.mark.parametrize("state", [ClockState.PAUSED, ClockState.CANCELLED])
def test_clock_that_does_not_run_has_no_due(state: ClockState) -> None:
    assert not clock(state).HasField("due")


@pytest.mark.parametrize("state", [ClockState.RUNNING, ClockState.MET, ClockState.BREACHED])
def test_clock_that_ran_keeps_its_due(state: ClockState) -> None:
    assert clock(state).due.ToMicroseconds() == NOON + HOUR


def test_paused_clock_tells_since_when() -> None:
    pauses = ((NOON, NOON + MINUTE), (NOON + 2 * MINUTE, None))
    paused = clock(ClockState.PAUSED, pauses=pauses)

    assert paused.paused_since.ToMicroseconds() == NOON + 2 * MINUTE


def test_elapsed_is_told_only_where_it_was_computed() -> None:
    kept = Clock(name="response", state=ClockState.RUNNING, started_at=NOON)

    assert not convert.clock(kept).HasField("elapsed")
    assert convert.clock(kept, 0).HasField("elapsed")
