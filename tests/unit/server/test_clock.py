"""The machine's clock as desks see it."""

import pytest

from routing_service.clock import STEP_US, ManualClock, SystemClock

START = 1_700_000_000_000_000
NS = 1_000


class Machine:
    """A wall clock and a monotonic one that a test moves."""

    def __init__(self) -> None:
        self.wall_us = START
        self.monotonic_us = 0
        self.told = 0
        self.clock = SystemClock(
            self.count, lambda: self.wall_us * NS, lambda: self.monotonic_us * NS
        )

    def count(self) -> None:
        self.told += 1

    def live(self, micros: int, *, wall_gains: int = 0) -> int:
        """Let time pass; what the clock then tells, counted from the start."""
        self.monotonic_us += micros
        self.wall_us += micros + wall_gains
        return self.clock.now() - START


def test_clock_tells_the_wall_time_in_microseconds() -> None:
    assert Machine().live(1_500_000) == 1_500_000


def test_small_drift_is_carried_by_the_monotonic_clock() -> None:
    assert Machine().live(1_000_000, wall_gains=900) == 1_000_000


def test_larger_drift_is_followed_and_not_counted_as_a_step() -> None:
    machine = Machine()

    assert machine.live(1_000_000, wall_gains=STEP_US) == 1_000_000 + STEP_US
    assert machine.clock.steps == 0


@pytest.mark.parametrize("gained", [3_600_000_000, -3_600_000_000])
def test_step_is_followed_and_counted_once(gained: int) -> None:
    machine = Machine()

    assert machine.live(1_000_000, wall_gains=gained) == 1_000_000 + gained
    assert machine.live(1_000_000) == 2_000_000 + gained
    assert (machine.clock.steps, machine.told) == (1, 1)


def test_manual_clock_stands_still_until_it_is_set() -> None:
    clock = ManualClock(START)
    clock.set(START + 5)

    assert clock.now() == START + 5


def test_manual_clock_does_not_go_back() -> None:
    with pytest.raises(ValueError, match=str(START - 1)):
        ManualClock(START).set(START - 1)
