"""The lines that `watch` prints for people."""

from google.protobuf.timestamp_pb2 import Timestamp

from routing_service.cli import parse
from routing_service.cli.connection import Connection
from routing_service.cli.watch import begin
from routing_service.cli.watch_lines import agent_line, event_line, item_line
from routing_service.pb.routing.v1 import agent_pb2, clock_pb2, event_pb2, work_item_pb2

NINE = Timestamp(seconds=1_456_736_400)
TEN = Timestamp(seconds=1_456_740_000)


def test_event_is_one_line_without_the_prefixes_of_the_wire() -> None:
    moved = event_pb2.ItemMoved(
        item_id="it0000000001",
        step=event_pb2.ITEM_STEP_PEND,
        state=work_item_pb2.ITEM_STATE_PENDING,
        reason="vendor",
    )
    line = event_line(event_pb2.Event(occurred_at=NINE, item_moved=moved))

    assert line == (
        "2016-02-29T09:00:00Z item_moved         "
        "item_id=it0000000001 step=pend state=pending reason=vendor"
    )


def test_item_is_one_line_with_the_promise_that_is_due_first() -> None:
    clocks = [
        clock_pb2.Clock(name="resolution", due=TEN),
        clock_pb2.Clock(name="response", due=NINE),
        clock_pb2.Clock(name="paused"),
    ]
    item = work_item_pb2.WorkItem(
        number="INC0000001",
        id="it0000000001",
        state=work_item_pb2.ITEM_STATE_ASSIGNED,
        priority="high",
        queue="group-1",
        owner="ada",
        clocks=clocks,
    )

    assert item_line(item) == (
        "INC0000001  it0000000001  assigned  "
        "priority high, queue group-1, owner ada, response 2016-02-29T09:00:00Z"
    )


def test_item_without_owner_and_promise_says_neither() -> None:
    item = work_item_pb2.WorkItem(
        number="N1", id="it1", state="ITEM_STATE_QUEUED", priority="low", queue="q"
    )

    assert item_line(item) == "N1  it1  queued  priority low, queue q"


def test_agent_is_one_line() -> None:
    agent = agent_pb2.AgentStatus(
        agent_id="ada", presence=agent_pb2.PRESENCE_AVAILABLE, capacity=3, held=1
    )

    assert agent_line(agent) == "agent ada  available, 1 of 3 in use"


def test_state_newer_than_this_program_is_shown_as_its_number() -> None:
    moved = event_pb2.ItemMoved(item_id="it1", state=99)  # type: ignore[arg-type]  # not known yet

    assert event_line(event_pb2.Event(item_moved=moved)).endswith("item_id=it1 state=99")


def test_watch_says_from_where_it_follows() -> None:
    to = Connection(target="h:1")

    def said(*words: str) -> str:
        return begin(to, parse(["watch", *words]))

    assert said() == "Following desk default at h:1, from now on; Ctrl-C ends it."
    assert "after what pager acknowledged last" in said("--consumer", "pager")
    assert "its present state" in said("--snapshot")
    assert "after the cursor" in said("--after", "x")
