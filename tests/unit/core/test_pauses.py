"""Pauses of a clock told late or overlapping: the same minute is never taken off twice."""

from typing import Final

import pytest

from routing_service.core.journal.commands import ReportKind
from routing_service.core.journal.events import ClockMoved
from routing_service.core.plans.plan import OnReopen
from tests.builders import HOUR, MINUTE, NOON, RESOLUTION, clock_plan, plan
from tests.desk import Desk, only

WAITING: Final = "waiting_customer"


@pytest.fixture
def desk() -> Desk:
    return Desk(plan(clocks=[RESOLUTION]))


def pause(desk: Desk, item: str, span: int, ago: int = 0) -> None:
    """Pending, told `ago` late, and resumed after `span`."""
    desk.report(item, ReportKind.PENDING, ago=ago, reason=WAITING)
    desk.wait(span)
    desk.report(item, ReportKind.RESUMED)


def counted(desk: Desk, item: str) -> int:
    """What the clock has counted when the item is resolved now."""
    (stop,) = only(ClockMoved, desk.report(item, ReportKind.RESOLVED))
    return stop.elapsed


def test_a_pause_told_to_begin_within_an_earlier_one_adds_only_what_is_new(desk: Desk) -> None:
    item = desk.open(priority="p2")
    desk.wait(10 * MINUTE)
    pause(desk, item, HOUR)
    desk.wait(5 * MINUTE)
    pause(desk, item, 5 * MINUTE, ago=35 * MINUTE)  # within the hour already paused

    assert desk.clock(item, "resolution").due == NOON + 8 * HOUR + 70 * MINUTE
    assert counted(desk, item) == 10 * MINUTE


def test_pauses_told_again_and_again_from_the_start_never_give_time_back(desk: Desk) -> None:
    item = desk.open(priority="p2")
    desk.wait(MINUTE)
    for _ in range(4):
        pause(desk, item, 30 * MINUTE, ago=desk.now - NOON)

    assert desk.clock(item, "resolution").due == NOON + 8 * HOUR + 121 * MINUTE
    assert counted(desk, item) == 0


def test_the_gap_of_a_reopening_and_a_pause_told_within_it_count_once(desk: Desk) -> None:
    assert RESOLUTION.on_reopen is OnReopen.RESUME
    item = desk.open(priority="p2")
    desk.wait(10 * MINUTE)
    desk.report(item, ReportKind.RESOLVED)
    desk.wait(30 * MINUTE)
    desk.report(item, ReportKind.REOPENED)
    desk.wait(5 * MINUTE)
    pause(desk, item, 5 * MINUTE, ago=15 * MINUTE)  # ten minutes of it before the re-opening

    assert desk.clock(item, "resolution").due == NOON + 8 * HOUR + 40 * MINUTE
    assert counted(desk, item) == 10 * MINUTE


@pytest.mark.parametrize("mode", [OnReopen.RESUME, OnReopen.RESTART])
def test_a_re_opening_told_to_be_earlier_than_the_solution_counts_from_that(mode: OnReopen) -> None:
    desk = Desk(plan(clocks=[clock_plan("resolution", stop="resolved", on_reopen=mode)]))
    item = desk.open(priority="p2")
    desk.wait(30 * MINUTE)
    desk.report(item, ReportKind.RESOLVED)
    solved = desk.now
    desk.wait(MINUTE)

    desk.report(item, ReportKind.REOPENED, ago=20 * MINUTE)

    clock = desk.clock(item, "resolution")
    assert (clock.pauses, clock.started_at) == (
        (((solved, solved),), NOON) if mode is OnReopen.RESUME else ((), solved)
    )
