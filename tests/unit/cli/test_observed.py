"""What a subscriber makes of the event log."""

from google.protobuf.timestamp_pb2 import Timestamp

from routing_service.cli.replay.observed import Observed, Story
from routing_service.pb.routing.v1 import agent_pb2, clock_pb2, work_item_pb2
from routing_service.pb.routing.v1 import event_pb2 as pb


def at(seconds: int) -> Timestamp:
    return Timestamp(seconds=seconds)


def classified(priority: str, group: str, *fired: str) -> pb.Event:
    labels = {"assignment_group": work_item_pb2.LabelValue(text=group)} if group else {}
    body = pb.ItemClassified(item_id="it1", priority=priority, labels=labels, fired_rules=fired)
    return pb.Event(item_classified=body)


def moved(step: pb.ItemStep, reason: str = "") -> pb.Event:
    return pb.Event(item_moved=pb.ItemMoved(item_id="it1", step=step, reason=reason))


def reached(milestone: work_item_pb2.Milestone, seconds: int) -> pb.Event:
    body = pb.MilestoneReached(item_id="it1", milestone=milestone, at=at(seconds))
    return pb.Event(milestone_reached=body)


def clock(step: clock_pb2.ClockStep) -> pb.Event:
    return pb.Event(clock_moved=pb.ClockMoved(item_id="it1", clock="response", step=step))


def story(*events: pb.Event) -> Story:
    seen = Observed()
    seen.see(pb.Event(item_opened=pb.ItemOpened(item_id="it1", opened_at=at(1))))
    for event in events:
        seen.see(event)
    return seen.stories["it1"]


def test_item_begins_with_its_opening_by_the_time_of_the_source() -> None:
    assert story() == Story(opened_at=1_000_000)


def test_other_priority_is_a_change_and_the_first_is_none() -> None:
    found = story(classified("low", "g1"), classified("high", "g1"), classified("high", "g1"))

    assert found.priority_changes == 1
    assert found.priority == "high"


def test_priority_raised_by_an_escalation_is_a_change_but_not_that_of_the_labels() -> None:
    found = story(classified("low", "g1"), classified("high", "g1", "escalate/reopened-again"))

    assert found.priority_changes == 1
    assert found.priority == "low"


def test_first_group_is_no_reassignment_and_each_other_one_is() -> None:
    found = story(*(classified("low", group) for group in ("", "g1", "g1", "g2", "g1")))

    assert found.reassignments == 2


def test_reopening_takes_the_resolution_back() -> None:
    events = (
        reached(work_item_pb2.MILESTONE_RESOLVED, 60),
        moved(pb.ITEM_STEP_REOPEN),
    )
    found = story(*events)

    assert (found.reopens, found.resolved_at) == (1, None)
    assert story(*events, reached(work_item_pb2.MILESTONE_RESOLVED, 90)).resolved_at == 90_000_000


def test_pauses_warnings_and_breaches_are_counted() -> None:
    found = story(
        moved(pb.ITEM_STEP_PEND),
        moved(pb.ITEM_STEP_PEND),
        clock(clock_pb2.CLOCK_STEP_WARN),
        clock(clock_pb2.CLOCK_STEP_BREACH),
        clock(clock_pb2.CLOCK_STEP_MEET),
    )

    assert (found.pauses, found.warnings, found.breaches) == (2, 1, 1)


def test_closed_by_itself_is_told_from_closed_by_a_report() -> None:
    assert story(moved(pb.ITEM_STEP_CLOSE, "auto_close")).closed_by_itself
    assert not story(moved(pb.ITEM_STEP_CLOSE, "reported")).closed_by_itself


def test_offer_stands_until_it_ends() -> None:
    seen = Observed()
    seen.see(pb.Event(offer_made=pb.OfferMade(offer=agent_pb2.Offer(id="of1", agent_id="ada"))))

    assert seen.offers["of1"].agent_id == "ada"

    seen.see(pb.Event(offer_moved=pb.OfferMoved(offer_id="of1")))

    assert seen.offers == {}


def test_event_of_an_unknown_kind_is_skipped() -> None:
    seen = Observed()
    seen.see(pb.Event(id="1"))

    assert (seen.events, seen.stories) == (1, {})
