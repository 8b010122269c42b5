"""The estimated wait, with patient and impatient people: nine of ten wait no longer than P90.

Only customers who are told to wait count: of those who find somebody free it would be no feat.
"""

import pytest

from routing_service.core.journal.events import ItemOpened, MilestoneReached
from routing_service.core.journal.record import Record
from routing_service.core.records.model import ExpectedWait, Milestone
from routing_service.simulation.driver import simulate
from tests.proofs.desks import OneQueue, scenario
from tests.proofs.recursion import Model

MINUTE = 60_000_000
LEARNING = 1_000
"""Customers before the desk knows its pace."""


class Told:
    """What each customer was told, and how long he really waited."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[int, ExpectedWait]] = {}
        self.waits: list[tuple[int, ExpectedWait]] = []

    def __call__(self, record: Record) -> None:
        for event in record.events:
            if isinstance(event, ItemOpened) and event.record.expected is not None:
                self._open[event.item] = (record.now, event.record.expected)
            elif isinstance(event, MilestoneReached) and event.milestone is Milestone.ASSIGNED:
                since, expected = self._open.pop(event.item)
                if expected.p90:  # whoever gives up never learns how long it would have been
                    self.waits.append((record.now - since, expected))


def told(
    servers: int, load: float, items: int, patience: int | None = None
) -> list[tuple[int, ExpectedWait]]:
    seen = Told()
    model = Model(servers, round(MINUTE / servers / load), MINUTE, patience)
    simulate(scenario(model, items), OneQueue(), seen)
    return seen.waits[LEARNING:]


@pytest.mark.parametrize(
    ("servers", "load", "items"),
    [
        (5, 0.85, 6_000),
        pytest.param(1, 0.7, 40_000, marks=pytest.mark.slow_proof),
        pytest.param(5, 0.95, 40_000, marks=pytest.mark.slow_proof),
        pytest.param(20, 0.95, 40_000, marks=pytest.mark.slow_proof),
        pytest.param(100, 0.95, 40_000, marks=pytest.mark.slow_proof),
    ],
)
def test_nine_of_ten_wait_no_longer_than_told_and_half_no_longer_than_the_median(
    servers: int, load: float, items: int
) -> None:
    waits = told(servers, load, items)
    below_p90 = sum(wait <= expected.p90 for wait, expected in waits) / len(waits)
    below_p50 = sum(wait <= expected.p50 for wait, expected in waits) / len(waits)

    assert 0.85 <= below_p90 <= 0.95
    assert 0.45 <= below_p50 <= 0.55


@pytest.mark.parametrize(
    ("servers", "load", "items"),
    [
        (10, 1.2, 6_000),
        pytest.param(5, 0.95, 40_000, marks=pytest.mark.slow_proof),
        pytest.param(50, 1.3, 40_000, marks=pytest.mark.slow_proof),
    ],
)
def test_who_gives_up_makes_room_for_others_and_that_is_learnt(
    servers: int, load: float, items: int
) -> None:
    waits = told(servers, load, items, patience=2 * MINUTE)
    below_p90 = sum(wait <= expected.p90 for wait, expected in waits) / len(waits)

    assert 0.85 <= below_p90 <= 0.95
