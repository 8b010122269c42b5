"""Offers: one winner, an exact deadline, and a precise answer to whoever comes too late."""

import pytest

from routing_service.core.journal.commands import (
    Accept,
    ConnectAgent,
    Decline,
    LoseAgent,
    ReportKind,
    RequestKind,
    Submit,
)
from routing_service.core.journal.events import OfferMoved
from routing_service.core.records.errors import Conflict, NotFound, RoutingError, WrongState
from routing_service.core.records.lifecycle import ItemState, OfferStep, Presence
from tests.builders import MINUTE, NOON, SECOND, verdict
from tests.desk import Desk, only


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.sign_in("ann")
    return desk


def unchanged(desk: Desk, refused: type[RoutingError], command: Accept | Decline) -> RoutingError:
    """The refusal of a command that leaves no trace."""
    seq, items, now = desk.world.seq, dict(desk.world.items), desk.world.now
    with pytest.raises(refused) as caught:
        desk.do(command)

    assert (desk.world.seq, desk.world.items, desk.world.now) == (seq, items, now)
    return caught.value


def test_the_accepted_item_has_an_owner(desk: Desk) -> None:
    item = desk.open()
    desk.accept(item)

    assert desk.item(item).state is ItemState.ASSIGNED
    assert desk.item(item).owner == "ann"


def test_an_answer_exactly_at_the_deadline_is_in_time(desk: Desk) -> None:
    item = desk.open()
    desk.wait(30 * SECOND)
    desk.accept(item)

    assert desk.item(item).owner == "ann"


def test_an_offer_expires_a_microsecond_after_its_deadline(desk: Desk) -> None:
    desk.open()
    in_time = only(OfferMoved, desk.wait(30 * SECOND))
    late = only(OfferMoved, desk.wait(1))

    assert in_time == []
    assert [event.step for event in late] == [OfferStep.EXPIRE]


def test_an_answer_after_the_deadline_is_too_late_even_before_the_timer_fired(desk: Desk) -> None:
    offer = desk.offer(desk.open())
    desk.now += 30 * SECOND + 1
    command = Accept(offer=offer.id, agent="ann", version=offer.version)

    assert unchanged(desk, WrongState, command).reason == "OFFER_EXPIRED"


def test_an_expired_offer_goes_to_the_agent_idle_longest(desk: Desk) -> None:
    item = desk.open()
    desk.wait(SECOND)
    desk.sign_in("bob")
    desk.wait(30 * SECOND)

    assert desk.offered_to(item) == "bob"


def test_the_expired_agent_is_told_so(desk: Desk) -> None:
    item = desk.open()
    offer = desk.offer(item)
    desk.sign_in("bob")
    desk.wait(31 * SECOND)
    command = Accept(offer=offer.id, agent="ann", version=offer.version)

    assert unchanged(desk, WrongState, command).reason == "OFFER_EXPIRED"


def test_a_second_accept_loses(desk: Desk) -> None:
    item = desk.open()
    offer = desk.offer(item)
    desk.accept(item)
    again = unchanged(desk, WrongState, Accept(offer=offer.id, agent="ann", version=offer.version))

    assert (again.reason, again.details) == ("OFFER_NOT_PENDING", {"state": "accepted"})


def test_an_answer_to_a_declined_offer_names_its_state(desk: Desk) -> None:
    item = desk.open()
    offer = desk.offer(item)
    desk.decline(item)
    again = unchanged(desk, WrongState, Accept(offer=offer.id, agent="ann", version=offer.version))

    assert again.details == {"state": "declined"}


def test_an_offer_can_be_answered_by_its_agent_only(desk: Desk) -> None:
    offer = desk.offer(desk.open())
    desk.sign_in("bob")
    command = Accept(offer=offer.id, agent="bob", version=offer.version)

    assert unchanged(desk, WrongState, command).reason == "OFFER_NOT_YOURS"


def test_an_answer_names_the_version_of_the_offer(desk: Desk) -> None:
    offer = desk.offer(desk.open())
    command = Accept(offer=offer.id, agent="ann", version=offer.version + 1)

    assert unchanged(desk, Conflict, command).reason == "OFFER_VERSION"


def test_an_answer_from_an_earlier_work_stream_is_fenced(desk: Desk) -> None:
    desk.do(ConnectAgent(agent="ann"))
    desk.do(ConnectAgent(agent="ann"))
    offer = desk.offer(desk.open())
    stale = Accept(offer=offer.id, agent="ann", version=offer.version, epoch=1)
    refused = unchanged(desk, Conflict, stale)
    desk.accept(offer.item, epoch=2)

    assert refused.reason == "STALE_EPOCH"
    assert desk.item(offer.item).owner == "ann"


def test_an_unknown_offer_is_not_found(desk: Desk) -> None:
    command = Accept(offer="of9", agent="ann", version=1)

    assert unchanged(desk, NotFound, command).reason == "OFFER_NOT_FOUND"


def test_an_unknown_agent_is_not_found(desk: Desk) -> None:
    offer = desk.offer(desk.open())
    command = Decline(offer=offer.id, agent="nobody", version=offer.version)

    assert unchanged(desk, NotFound, command).reason == "AGENT_NOT_FOUND"


def test_a_declined_item_goes_to_the_next_agent(desk: Desk) -> None:
    desk.sign_in("bob")
    item = desk.open()
    desk.decline(item)

    assert desk.offered_to(item) == "bob"
    assert desk.item(item).declines == 1


def test_the_decliner_is_asked_again_at_the_instant_he_named(desk: Desk) -> None:
    item = desk.open()
    desk.decline(item, retry_at=desk.now + 5 * MINUTE)
    desk.wait(5 * MINUTE - 1)
    before = desk.offered_to(item)
    desk.wait(1)

    assert (before, desk.offered_to(item)) == ("", "ann")


def test_a_decliner_who_names_no_instant_is_passed_over_for_one_offer_timeout(desk: Desk) -> None:
    item = desk.open()
    desk.decline(item)
    desk.wait(30 * SECOND - 1)
    before = desk.offered_to(item)
    desk.wait(1)

    assert (before, desk.offered_to(item)) == ("", "ann")


def test_a_declined_item_does_not_keep_the_decliner_from_others(desk: Desk) -> None:
    first = desk.open()
    desk.decline(first)
    second = desk.open()

    assert (desk.offered_to(first), desk.offered_to(second)) == ("", "ann")


def test_an_agent_who_is_lost_loses_his_offer_to_the_next(desk: Desk) -> None:
    desk.do(ConnectAgent(agent="ann"))
    item = desk.open()
    desk.sign_in("bob")
    events = desk.do(LoseAgent(agent="ann", epoch=1))

    assert [event.step for event in only(OfferMoved, events)] == [OfferStep.VOID]
    assert desk.offered_to(item) == "bob"
    assert desk.agent("ann").presence is Presence.OFFLINE


def test_an_agent_who_goes_offline_leaves_his_offer_to_the_next_at_once(desk: Desk) -> None:
    item = desk.open()
    desk.sign_in("bob")
    events = desk.presence("ann", Presence.OFFLINE)
    (voided,) = only(OfferMoved, events)

    assert (voided.step, voided.reason) == (OfferStep.VOID, "agent_offline")
    assert desk.offered_to(item) == "bob"


def test_an_agent_who_goes_offline_keeps_what_he_accepted(desk: Desk) -> None:
    item = desk.open()
    desk.accept(item)
    desk.presence("ann", Presence.OFFLINE)

    assert desk.item(item).owner == "ann"
    assert item in desk.agent().holds


@pytest.mark.parametrize("presence", [Presence.AWAY, Presence.BUSY, Presence.DRAINING])
def test_an_agent_who_takes_no_more_may_still_answer_his_offer(
    desk: Desk, presence: Presence
) -> None:
    item = desk.open()
    desk.presence("ann", presence)
    desk.accept(item)

    assert desk.item(item).owner == "ann"


def test_losing_an_earlier_work_stream_changes_nothing(desk: Desk) -> None:
    desk.do(ConnectAgent(agent="ann"))
    desk.do(ConnectAgent(agent="ann"))
    item = desk.open()

    assert desk.do(LoseAgent(agent="ann", epoch=1)) == []
    assert desk.offered_to(item) == "ann"


@pytest.mark.parametrize(
    "presence", [Presence.OFFLINE, Presence.AWAY, Presence.BUSY, Presence.DRAINING]
)
def test_only_available_agents_are_asked(desk: Desk, presence: Presence) -> None:
    desk.presence("ann", presence)
    item = desk.open()
    before = desk.offered_to(item)
    desk.presence("ann", Presence.AVAILABLE)

    assert (before, desk.offered_to(item)) == ("", "ann")


def test_a_cancelled_item_takes_its_offer_back(desk: Desk) -> None:
    item = desk.open()
    events = desk.cancel(item)

    assert [event.step for event in only(OfferMoved, events)] == [OfferStep.WITHDRAW]
    assert desk.agent().holds == {}


def test_an_update_to_another_queue_takes_the_offer_back(desk: Desk) -> None:
    item = desk.open()
    desk.submit(
        Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=verdict(queue="second"))
    )

    assert desk.item(item).state is ItemState.QUEUED
    assert desk.item(item).queue == "second"
    assert desk.agent().holds == {}


def test_an_update_within_the_queue_leaves_the_offer_alone(desk: Desk) -> None:
    item = desk.open(priority="p3")
    offer = desk.offer(item)
    desk.submit(
        Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=verdict(priority="p1"))
    )
    desk.do(Accept(offer=offer.id, agent="ann", version=offer.version))

    assert desk.item(item).owner == "ann"
    assert desk.item(item).priority == "p1"


def test_a_resolved_report_before_anyone_accepted_takes_the_offer_back(desk: Desk) -> None:
    item = desk.open()
    desk.report(item, ReportKind.RESOLVED)

    assert desk.item(item).state is ItemState.RESOLVED
    assert desk.agent().holds == {}


def test_the_first_acceptance_is_a_milestone(desk: Desk) -> None:
    item = desk.open()
    desk.wait(7 * SECOND)
    desk.accept(item)

    assert desk.item(item).milestones["assigned"] == NOON + 7 * SECOND
