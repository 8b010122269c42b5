"""The bounded inbox of a partition: four lanes with shares, and refusal before memory is at risk.

Counts requests from their arrival to the release of their answer. Decides nothing about them.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from routing_service.core.desk.world import World
from routing_service.core.records.errors import Overloaded, RoutingError
from routing_service.server.requests import Lane, Request

SHARES = {Lane.CONTROL: 64, Lane.ANSWER: 32, Lane.REPORT: 16, Lane.SUBMIT: 16}
"""Requests taken of each lane in one cycle while all are busy (design §7)."""
CYCLE = sum(SHARES.values())

CONTROL_ROOM = 2
"""Control may still enter when the others are refused, up to this many times the limit."""
MAX_WAIT_SECONDS = 2.0
"""A submit that would queue behind one waiting for longer is refused at once."""

Result = Any
"""Whatever a request's `reply` gives, or the RoutingError it met."""
Work = Sequence[Request[Any]] | Callable[[World], Any]
"""Requests of one caller in order, or a question to World."""


class Entry:
    """Work that waits, and the future its caller waits on."""

    __slots__ = ("answer", "arrived_at", "size", "work")

    def __init__(self, work: Work, answer: "asyncio.Future[list[Result]]") -> None:
        self.work = work
        self.answer = answer
        self.arrived_at = answer.get_loop().time()
        self.size = 1 if callable(work) else len(work)


class Inbox:
    """Entries by lane. `limit` bounds requests accepted and not answered yet."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.unanswered = 0
        self.refused = 0
        self._lanes: dict[Lane, deque[Entry]] = {lane: deque() for lane in Lane}
        self.arrived = asyncio.Event()

    def __len__(self) -> int:
        return sum(len(lane) for lane in self._lanes.values())

    def put(self, work: Work, lane: Lane) -> "asyncio.Future[list[Result]]":
        """Accept the work, or refuse it at once with Overloaded(INBOX_FULL)."""
        answer: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        entry = Entry(work, answer)
        if self._is_full(entry, lane):
            self.refused += entry.size
            raise Overloaded(
                "INBOX_FULL", "The desk has more to do than it can: retry in a moment."
            )
        self.unanswered += entry.size
        self._lanes[lane].append(entry)
        if not self.arrived.is_set():
            self.arrived.set()
        return answer

    def _is_full(self, entry: Entry, lane: Lane) -> bool:
        """By count; new demand also by age, so that an answer is not late when it comes."""
        limit = self.limit * CONTROL_ROOM if lane is Lane.CONTROL else self.limit
        if self.unanswered + entry.size > limit:
            return True
        queued = self._lanes[lane]
        late = bool(queued) and entry.arrived_at - queued[0].arrived_at > MAX_WAIT_SECONDS
        return late and lane is Lane.SUBMIT

    def take(self) -> list[Entry]:
        """The next cycle's entries: each lane its share, then what is left in order of urgency."""
        taken: list[Entry] = []
        room = CYCLE
        for lane, share in SHARES.items():
            room -= self._take_lane(lane, share, taken)
        for lane in Lane:
            room -= self._take_lane(lane, room, taken)
        return taken

    def _take_lane(self, lane: Lane, share: int, taken: list[Entry]) -> int:
        entries = self._lanes[lane]
        size = 0
        while entries and size < share:
            entry = entries.popleft()
            size += entry.size
            taken.append(entry)
        return size

    def release(self, entry: Entry, results: list[Result]) -> None:
        """Answer the caller, unless he went away."""
        self.unanswered -= entry.size
        if not entry.answer.done():
            entry.answer.set_result(results)

    def fail(self, entry: Entry, error: RoutingError) -> None:
        """Answer every request of the entry with the error."""
        self.release(entry, [error] * entry.size)
