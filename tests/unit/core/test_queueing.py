"""Who is served first: order of items in a queue, and which agent gets the next one."""

from typing import Final

from routing_service.core.journal.commands import Report, ReportKind, RequestKind, Submit
from routing_service.core.journal.events import OfferMade
from routing_service.core.plans.plan import Order, Strategy, Target
from tests.builders import (
    MINUTE,
    NOON,
    SECOND,
    FixedRules,
    agent,
    clock_plan,
    escalation,
    needs,
    opened,
    plan,
    queue_plan,
    verdict,
)
from tests.desk import Desk, only

STRICT: Final = plan(queues={"service": queue_plan(order=Order.STRICT)})


def served(desk: Desk, count: int) -> list[str]:
    """The items one agent gets, one after the other."""
    got = []
    desk.sign_in(agent("ann", skills={"hvac": 9}))
    for _ in range(count):
        (offer,) = desk.world.offers.values()
        got.append(offer.item)
        desk.accept(offer.item)
        desk.report(offer.item, ReportKind.RESOLVED)
        desk.wait(MINUTE)  # wrap-up
    return got


def test_items_of_one_priority_are_served_in_order_of_arrival() -> None:
    desk = Desk()
    items = []
    for _ in range(3):
        items.append(desk.open())
        desk.wait(SECOND)

    assert served(desk, 3) == items


def test_an_urgent_item_overtakes_those_that_came_within_its_head_start() -> None:
    desk = Desk()
    early = desk.open(priority="p3")
    desk.wait(9 * MINUTE)
    urgent = desk.open(priority="p1")  # p1 has 10 minutes

    assert served(desk, 2) == [urgent, early]


def test_an_item_older_than_the_head_start_is_served_before_an_urgent_one() -> None:
    desk = Desk()
    early = desk.open(priority="p3")
    desk.wait(11 * MINUTE)
    urgent = desk.open(priority="p1")

    assert served(desk, 2) == [early, urgent]


def test_a_strict_queue_serves_the_urgent_first_however_long_others_wait() -> None:
    desk = Desk(STRICT)
    early = desk.open(priority="p3")
    desk.wait(60 * MINUTE)
    middle = desk.open(priority="p2")
    desk.wait(60 * MINUTE)
    urgent = desk.open(priority="p1")

    assert served(desk, 3) == [urgent, middle, early]


def test_a_strict_queue_serves_equals_in_order_of_arrival() -> None:
    desk = Desk(STRICT)
    first = desk.open(priority="p2")
    desk.wait(SECOND)
    second = desk.open(priority="p2")

    assert served(desk, 2) == [first, second]


def test_a_boost_of_an_escalation_counts_as_age() -> None:
    quick = clock_plan(targets={"p3": Target(duration=4 * MINUTE)}, warn=(50,))
    boosted = FixedRules(escalations={"warned": escalation(boost=10 * MINUTE)})
    desk = Desk(plan(clocks=[quick]), boosted)
    plain = desk.open(priority="p3")
    ahead = desk.open(priority="p2")
    desk.wait(2 * MINUTE)

    assert served(desk, 2) == [plain, ahead]


def test_boosts_add_up() -> None:
    desk = Desk(rules=FixedRules(escalations={"warned": escalation(boost=3 * MINUTE)}))
    item = desk.open(priority="p1")
    desk.wait(9 * MINUTE)  # past 50 % and 80 % of 10 minutes

    assert desk.item(item).boost == 6 * MINUTE
    assert desk.item(item).rank == NOON - 10 * MINUTE - 6 * MINUTE


def test_a_higher_priority_after_an_update_moves_the_item_ahead() -> None:
    desk = Desk()
    first = desk.open(priority="p3")
    second = desk.open(priority="p3")
    desk.submit(
        Submit(
            kind=RequestKind.UPDATED,
            item=second,
            occurred_at=0,
            verdict=verdict(priority="p1"),
        )
    )

    assert served(desk, 2) == [second, first]


def test_the_position_tells_how_many_are_ahead() -> None:
    desk = Desk()
    first, second = desk.open(), desk.open()
    urgent = desk.open(priority="p1")
    waiting = desk.world.waiting

    assert [waiting.position(desk.item(each)) for each in (first, second, urgent)] == [2, 3, 1]


def test_only_agents_of_the_queue_are_asked() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", queues=("second",)))
    item = desk.open(queue="service")

    assert desk.offered_to(item) == ""


def test_an_agent_needs_every_skill_at_the_level_asked_for() -> None:
    desk = Desk()
    desk.sign_in(
        agent("low", skills={"hvac": 2, "german": 1}),
        agent("half", skills={"hvac": 5}),
        agent("fit", skills={"hvac": 3, "german": 2}),
    )
    item = desk.open(requirements=needs(hvac=3, german=1))

    assert desk.offered_to(item) == "fit"


def test_an_item_nobody_fits_does_not_hold_up_those_behind_it() -> None:
    desk = Desk()
    rare = desk.open(requirements=needs(latin=1))
    common = desk.open()
    desk.sign_in("ann")

    assert (desk.offered_to(rare), desk.offered_to(common)) == ("", "ann")


def test_a_new_skill_finds_the_item_that_waited_for_it() -> None:
    desk = Desk()
    desk.sign_in("ann")
    item = desk.open(requirements=needs(hvac=1))
    desk.sign_in(agent("ann", skills={"hvac": 1}))

    assert desk.offered_to(item) == "ann"


def test_the_longest_idle_agent_is_first() -> None:
    desk = Desk()
    desk.sign_in("bob")
    desk.wait(SECOND)
    desk.sign_in("ann")

    assert desk.offered_to(desk.open()) == "bob"


def test_agents_idle_since_the_same_instant_are_ordered_by_id() -> None:
    desk = Desk()
    desk.sign_in("bob", "ann")

    assert desk.offered_to(desk.open()) == "ann"


def test_an_agent_who_was_just_asked_has_been_idle_the_shortest() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", capacity=3), agent("bob", capacity=3))
    items = []
    for _ in range(4):
        desk.wait(SECOND)
        items.append(desk.open())

    assert [desk.offered_to(item) for item in items] == ["ann", "bob", "ann", "bob"]


def test_of_agents_idle_since_the_same_instant_the_less_loaded_is_first() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", capacity=2), agent("bob", capacity=2))
    first, second = desk.open(), desk.open()

    assert (desk.offered_to(first), desk.offered_to(second)) == ("ann", "bob")


def test_the_least_loaded_agent_is_first_where_the_queue_says_so() -> None:
    desk = Desk(plan(queues={"service": queue_plan(strategy=Strategy.LEAST_LOADED)}))
    desk.sign_in(agent("ann", capacity=2))
    desk.open()
    desk.wait(SECOND)
    desk.sign_in(agent("bob", capacity=4))
    second, third = desk.open(), desk.open()

    assert (desk.offered_to(second), desk.offered_to(third)) == ("bob", "bob")


def test_the_reason_of_a_match_tells_what_each_filter_left() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", skills={"hvac": 1}), agent("bob", skills={"hvac": 2}), agent("cat"))
    desk.open(requirements=needs(hvac=1))  # takes ann
    events = desk.submit(Submit(kind=RequestKind.OPENED, occurred_at=0,
                                verdict=verdict(requirements=needs(hvac=1))))  # fmt: skip
    (why,) = (offer.why for offer in only(OfferMade, events))

    assert (why.in_queue, why.skilled, why.free) == (3, 2, 1)
    assert [candidate.agent for candidate in why.top] == ["bob"]


def test_the_reason_of_a_match_tells_who_was_free_and_who_had_declined() -> None:
    desk = Desk()
    desk.sign_in("ann", "bob", "cat")
    item = desk.open()
    (offer,) = only(OfferMade, desk.decline(item))

    assert (offer.why.free, offer.why.declined) == (3, 1)
    assert [candidate.agent for candidate in offer.why.top] == ["bob", "cat"]


def test_the_reason_of_a_match_tells_what_put_the_first_before_the_second() -> None:
    desk = Desk()
    desk.sign_in("ann")
    desk.wait(SECOND)
    desk.sign_in(agent("bob", capacity=2), agent("cat", capacity=2))
    reasons = [
        offer.why.tie_break for _ in range(5) for offer in only(OfferMade, desk.submit(opened()))
    ]

    assert reasons == ["idle_since", "id", "load", "id", "only_one"]


def test_a_freed_agent_gets_the_best_ranked_item_he_fits() -> None:
    desk = Desk()
    first = desk.open(requirements=needs(latin=1))
    second = desk.open(priority="p3")
    third = desk.open(priority="p2", requirements=needs(hvac=1))
    desk.sign_in(agent("ann", skills={"hvac": 3}))

    assert [desk.offered_to(each) for each in (first, second, third)] == ["", "", "ann"]


def test_an_agent_with_room_gets_several_items_at_once() -> None:
    desk = Desk()
    items = [desk.open() for _ in range(4)]
    desk.sign_in(agent("ann", capacity=3))

    assert [desk.offered_to(item) for item in items] == ["ann", "ann", "ann", ""]


def test_a_reported_item_keeps_its_age_when_it_comes_back() -> None:
    desk = Desk()
    item = desk.open()
    desk.wait(5 * MINUTE)
    desk.report(item, ReportKind.PENDING, reason="waiting_customer")
    desk.wait(5 * MINUTE)
    desk.do(Report(kind=ReportKind.RESUMED, item=item, occurred_at=desk.now))

    assert desk.item(item).enqueued_at == NOON
