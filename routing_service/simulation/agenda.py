"""What is going to happen besides the desk's own deadlines, in order of time, then of planning."""

from enum import IntEnum
from heapq import heappop, heappush


class Act(IntEnum):
    """Who does what; the subject of an entry names it."""

    ARRIVE = 0
    ANSWER = 1
    RESPOND = 2
    FINISH = 3
    GIVE_UP = 4
    BEGIN_SHIFT = 5
    END_SHIFT = 6
    END_WRAP_UP = 7


Entry = tuple[int, int, Act, str]
"""(instant, number in order of planning, act, subject)."""


class Agenda:
    """A heap; an entry that has lost its point is met and passed over, never taken out."""

    def __init__(self) -> None:
        self._heap: list[Entry] = []
        self._planned = 0

    def __len__(self) -> int:
        return len(self._heap)

    def plan(self, at: int, act: Act, subject: str) -> None:
        """`act` happens at the instant `at`."""
        self._planned += 1
        heappush(self._heap, (at, self._planned, act, subject))

    def next_at(self) -> int | None:
        """The earliest instant, or None."""
        return self._heap[0][0] if self._heap else None

    def take(self) -> Entry:
        """The earliest entry. IndexError when there is none."""
        return heappop(self._heap)
