"""Order by slack: first whoever must be begun with first for a promise to be kept."""

from routing_service.core.journal.commands import ReportKind
from routing_service.core.plans.plan import Order, Target
from tests.builders import DAY, HOUR, MINUTE, agent, clock_plan, plan, queue_plan, verdict
from tests.desk import Desk


def desk_of() -> Desk:
    """Clocks `response` (p1 10 min, p2 1 h, p3 4 h) and `repair` (p1 2 h, p2 30 min, p3 none)."""
    repair = clock_plan(
        "repair",
        stop="resolved",
        targets={"p1": Target(duration=2 * HOUR), "p2": Target(duration=30 * MINUTE)},
    )
    return Desk(
        plan(
            clocks=(clock_plan(), repair),
            boost={},
            queues={
                "service": queue_plan("service", order=Order.SLACK, expected_handling=MINUTE),
                "second": queue_plan("second", order=Order.SLACK, expected_handling=2 * HOUR),
            },
        )
    )


def open_with(desk: Desk, priority: str, *clocks: str, queue: str = "service") -> str:
    return desk.open(verdict=verdict(priority=priority, queue=queue, clocks=clocks))


def positions(desk: Desk, *items: str) -> list[int]:
    return [desk.world.waiting.position(desk.item(item)) for item in items]


def test_the_earliest_promise_decides_whenever_the_item_came() -> None:
    desk = desk_of()
    late = open_with(desk, "p3", "response")
    desk.wait(MINUTE)
    soon = open_with(desk, "p1", "response", "repair")
    desk.wait(MINUTE)
    sooner = open_with(desk, "p2", "response", "repair")

    assert [3, 1, 2] == positions(desk, late, soon, sooner)


def test_a_promise_kept_while_it_waits_gives_the_item_another_place() -> None:
    desk = desk_of()
    answered = open_with(desk, "p1", "response", "repair")
    other = open_with(desk, "p2", "repair")
    before = positions(desk, answered, other)
    desk.report(answered, ReportKind.RESPONDED)

    assert ([1, 2], [2, 1]) == (before, positions(desk, answered, other))


def test_a_broken_promise_keeps_its_place_in_front() -> None:
    desk = desk_of()
    broken = open_with(desk, "p1", "response")
    desk.wait(HOUR)
    other = open_with(desk, "p1", "response")

    assert [1, 2] == positions(desk, broken, other)


def test_without_a_promise_an_item_counts_as_due_a_day_after_it_came() -> None:
    desk = desk_of()
    unpromised = open_with(desk, "p3")
    desk.wait(DAY - 5 * HOUR)
    before = open_with(desk, "p3", "response")
    desk.wait(2 * HOUR)
    after = open_with(desk, "p3", "response")

    assert [2, 1, 3] == positions(desk, unpromised, before, after)


def test_long_handling_must_begin_sooner() -> None:
    desk = desk_of()
    short = open_with(desk, "p2", "response")
    long = open_with(desk, "p2", "response", queue="second")
    desk.sign_in(agent("ann", queues=("service", "second")))

    assert ("", "ann") == (desk.offered_to(short), desk.offered_to(long))


def test_another_order_of_the_rulebook_places_anew_what_waits() -> None:
    desk = desk_of()
    older = open_with(desk, "p3", "response")
    desk.wait(MINUTE)
    urgent = open_with(desk, "p3", "response", "repair")
    sooner = open_with(desk, "p1", "response")
    by_slack = positions(desk, older, urgent, sooner)
    desk.activate(plan(boost={}), "d2")

    assert [1, 2, 3] == positions(desk, older, urgent, sooner)
    assert 1 == by_slack[2]
