"""Where the time comes from: integer microseconds UTC. Only this module asks the machine for it.

Deadlines of transport and leases stay on the event loop's own clock and do not come here.
"""

import time
from collections.abc import Callable
from typing import Protocol

STEP_US = 500_000
"""Further away than this from where the monotonic clock carried it, the wall clock was set."""
DRIFT_US = 5_000
"""Nearer than a step it is followed without counting: two clocks never run quite alike."""


class Clock(Protocol):
    """Tells the time of a desk."""

    def now(self) -> int:
        """Microseconds since the epoch, UTC. A step may take it back: callers keep their order."""
        ...


class SystemClock:
    """The wall clock of the machine, carried by the monotonic one; steps are counted."""

    def __init__(
        self,
        on_step: Callable[[], None] | None = None,
        wall_ns: Callable[[], int] = time.time_ns,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self.steps = 0
        self._on_step = on_step
        self._wall_ns = wall_ns
        self._monotonic_ns = monotonic_ns
        self._wall, self._monotonic = wall_ns(), monotonic_ns()

    def now(self) -> int:
        """See Clock.now."""
        wall, monotonic = self._wall_ns(), self._monotonic_ns()
        carried = self._wall + monotonic - self._monotonic
        apart = abs(wall - carried) // 1000
        if apart <= DRIFT_US:
            return carried // 1000
        self._wall, self._monotonic = wall, monotonic
        if apart > STEP_US:
            self._count_step()
        return wall // 1000

    def _count_step(self) -> None:
        self.steps += 1
        if self._on_step is not None:
            self._on_step()


class ManualClock:
    """Stands still until it is set: for `--dev` and for tests."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        """See Clock.now."""
        return self._now

    def set(self, now: int) -> None:
        """Move forward to this instant; ValueError for an earlier one."""
        if now < self._now:
            raise ValueError(now)
        self._now = now
