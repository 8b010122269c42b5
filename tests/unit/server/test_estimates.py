"""How good the estimated waits were, as Prometheus sees it."""

import pytest

from routing_service.core.desk.pace import Pace
from routing_service.core.journal.commands import ReportKind
from tests.builders import MINUTE, SECOND, plan, queue_plan
from tests.desk import Desk
from tests.unit.server.test_metrics import Watched

NO_WRAP_UP = plan(queues={"service": queue_plan(wrap_up=0), "second": queue_plan("second")})


@pytest.fixture
def seen() -> Watched:
    """Ann has one item in work; items take a minute."""
    desk = Desk(NO_WRAP_UP)
    desk.sign_in("ann")
    desk.accept(desk.open())
    desk.world.paces["service"] = Pace(handled=200, handling=MINUTE)
    return Watched(desk)


def answered_after(seen: Watched, span: int) -> None:
    """An item waits so long for its answer."""
    first = next(iter(seen.desk.world.items))
    item = seen.desk.open()
    seen.desk.wait(span)
    seen.desk.complete(first, "ann")
    seen.desk.accept(item)


@pytest.mark.parametrize(
    ("span", "outcome"), [(30 * SECOND, "p50"), (2 * MINUTE, "p90"), (3 * MINUTE, "longer")]
)
def test_wait_is_held_against_what_was_told(seen: Watched, span: int, outcome: str) -> None:
    answered_after(seen, span)
    found = {
        each: seen("routing_estimated_waits_total", queue="service", outcome=each)
        for each in ("p50", "p90", "longer")
    }

    assert {outcome: 1} == {each: count for each, count in found.items() if count}


def test_error_is_how_far_it_was_from_the_median(seen: Watched) -> None:
    answered_after(seen, 30 * SECOND)
    shorter = seen("routing_estimated_wait_error_seconds_sum", queue="service", direction="shorter")

    assert pytest.approx(60 * 0.693 - 30, abs=1) == shorter


def test_who_was_not_told_to_wait_does_not_count(seen: Watched) -> None:
    seen.desk.sign_in("bob")
    seen.desk.accept(seen.desk.open())

    assert seen("routing_estimated_waits_total", queue="service", outcome="p50") == 0


def test_who_was_laid_aside_meanwhile_does_not_count(seen: Watched) -> None:
    desk = seen.desk
    first, item = next(iter(desk.world.items)), desk.open()
    desk.report(item, ReportKind.SUSPENDED)
    desk.wait(MINUTE)
    desk.report(item, ReportKind.RESUMED)
    desk.complete(first, "ann")
    desk.accept(item)

    assert [
        seen("routing_estimated_waits_total", queue="service", outcome=each)
        for each in ("p50", "p90", "longer")
    ] == [0, 0, 0]
