"""Offers that nobody takes: whom they pass over, what they trigger, and who comes back."""

from typing import Any

import pytest

from routing_service.core.journal.commands import RequestKind, Submit
from routing_service.core.plans.plan import OfferPlan, Strategy
from routing_service.core.records.errors import WrongState
from routing_service.core.records.lifecycle import ClockState, ItemState, Presence
from tests.builders import MINUTE, SECOND, FixedRules, alert, escalation, plan, queue_plan
from tests.desk import Desk, alerts

UNANSWERED = {"unanswered": escalation(alert("supervisor", rule="escalate/unanswered"))}


def desk_with(offers: OfferPlan | None = None, **queue: Any) -> Desk:
    """One queue; the rules alert the supervisor about unanswered items."""
    made = queue_plan(offers=offers or OfferPlan(), **queue)
    return Desk(
        plan(queues={"service": made}, escalations=("unanswered",)),
        FixedRules(escalations=UNANSWERED),
    )


def test_who_does_not_answer_is_passed_over_for_the_window() -> None:
    desk = desk_with(OfferPlan(again_after=5 * MINUTE))
    desk.sign_in("ann")
    item = desk.open()
    desk.wait(30 * SECOND + 1)
    at_once = desk.offered_to(item)
    desk.wait(5 * MINUTE - 1)
    nearly = desk.offered_to(item)
    desk.wait(1)

    assert ("", "", "ann") == (at_once, nearly, desk.offered_to(item))


def test_the_window_is_one_offer_timeout_unless_the_queue_says_otherwise() -> None:
    desk = desk_with()
    desk.sign_in("ann")
    item = desk.open()
    desk.wait(60 * SECOND)
    waits = desk.offered_to(item)
    desk.wait(1)

    assert ("", "ann") == (waits, desk.offered_to(item))


def test_a_decliner_is_passed_over_for_the_window_too() -> None:
    desk = desk_with(OfferPlan(again_after=5 * MINUTE))
    desk.sign_in("ann")
    item = desk.open()
    desk.decline(item)
    desk.wait(5 * MINUTE - 1)
    nearly = desk.offered_to(item)
    desk.wait(1)

    assert ("", "ann") == (nearly, desk.offered_to(item))


def test_the_rules_are_asked_when_the_bound_of_attempts_is_reached_and_each_time_again() -> None:
    desk = desk_with(OfferPlan(attempts=2))
    desk.sign_in("ann", "ben", "cy", "dee")
    item = desk.open()
    raised = [len(alerts(desk.decline(item))) for _ in range(4)]

    assert [0, 1, 0, 1] == raised


def test_offers_that_expire_count_as_attempts() -> None:
    desk = desk_with(OfferPlan(attempts=2))
    desk.sign_in("ann", "ben")
    desk.open()
    raised = alerts(desk.wait(61 * SECOND))

    assert ["escalate/unanswered"] == [each.rule for each in raised]
    assert ["boss"] == [each.to[0] for each in raised]


def test_attempts_are_counted_anew_once_somebody_accepted() -> None:
    desk = desk_with(OfferPlan(attempts=2))
    desk.sign_in("ann", "ben", "cy")
    item = desk.open()
    desk.decline(item)
    desk.accept(item)

    assert 0 == desk.item(item).attempts


def left(desk: Desk, item: str) -> None:
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))


def back(desk: Desk, item: str) -> None:
    desk.submit(Submit(kind=RequestKind.RETURNED, item=item, occurred_at=0))


def test_who_comes_back_within_the_grace_has_his_old_place() -> None:
    desk = desk_with(abandon_grace=MINUTE)
    first = desk.open()
    desk.wait(SECOND)
    second = desk.open()
    left(desk, first)
    gone = desk.world.waiting.position(desk.item(second))
    desk.wait(MINUTE)
    back(desk, first)

    assert 1 == gone
    assert (1, 2) == tuple(desk.world.waiting.position(desk.item(each)) for each in (first, second))


def test_who_does_not_come_back_has_abandoned() -> None:
    desk = desk_with(abandon_grace=MINUTE)
    item = desk.open()
    left(desk, item)
    desk.wait(MINUTE + 1)

    assert (ItemState.ABANDONED, "did_not_return") == (
        desk.item(item).state,
        desk.item(item).reason,
    )
    assert desk.clock(item).state is ClockState.CANCELLED
    with pytest.raises(WrongState):
        back(desk, item)


def test_an_offer_is_withdrawn_when_the_customer_leaves() -> None:
    desk = desk_with(abandon_grace=MINUTE)
    desk.sign_in("ann")
    item = desk.open()
    left(desk, item)

    assert (ItemState.LEFT, {}) == (desk.item(item).state, desk.agent().holds)


def test_nobody_is_offered_an_item_whose_customer_is_away() -> None:
    desk = desk_with(abandon_grace=MINUTE)
    item = desk.open()
    left(desk, item)
    desk.sign_in("ann")
    away = desk.offered_to(item)
    back(desk, item)

    assert ("", "ann") == (away, desk.offered_to(item))


def test_without_grace_and_with_an_owner_it_ends_at_once() -> None:
    plain, graced = desk_with(), desk_with(abandon_grace=MINUTE)
    graced.sign_in("ann")
    waiting, owned = plain.open(), graced.open()
    graced.accept(owned)
    left(plain, waiting)
    left(graced, owned)

    assert plain.item(waiting).state is graced.item(owned).state is ItemState.ABANDONED


def test_a_new_plan_without_grace_ends_those_who_left() -> None:
    desk = desk_with(abandon_grace=MINUTE)
    item = desk.open()
    left(desk, item)
    desk.activate(plan(queues={"service": queue_plan()}))
    desk.wait(1)

    assert desk.item(item).state is ItemState.ABANDONED


def test_presence_does_not_matter_to_who_left() -> None:
    desk = desk_with(abandon_grace=MINUTE)
    desk.sign_in("ann")
    item = desk.open()
    left(desk, item)
    desk.presence("ann", Presence.OFFLINE)

    assert desk.item(item).state is ItemState.LEFT


@pytest.mark.parametrize("first", ["declined", "lost"])
def test_a_round_that_nobody_took_is_an_attempt_whichever_offer_of_it_ended_last(
    first: str,
) -> None:
    desk = desk_with(OfferPlan(attempts=1), strategy=Strategy.BROADCAST)
    desk.sign_in("ann", "ben")
    item = desk.open()
    ends = [lambda: desk.decline(item), lambda: desk.presence("ben", Presence.OFFLINE)]
    raised = [len(alerts(end())) for end in (ends if first == "declined" else ends[::-1])]

    assert [0, 1] == raised


def test_offers_lost_with_their_agents_are_attempts_too() -> None:
    desk = desk_with(OfferPlan(attempts=2))
    desk.sign_in("ann", "ben")
    item = desk.open()
    raised = [len(alerts(desk.presence(each, Presence.OFFLINE))) for each in ("ann", "ben")]

    assert ([0, 1], 2) == (raised, desk.item(item).attempts)
