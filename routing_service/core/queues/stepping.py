"""Indexes of the next step of each waiting item: by its instant, and by what may bring it sooner.

A heap per queue, so that a queue has one deadline.

Within a queue all items take a step after the same time, so they come nearly in order and a push
costs next to nothing (performance research §4.2). Derived from World's items; nothing is journaled.
"""

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush

_COMPACT_FROM = 64

_Entry = tuple[int, str]
"""(instant, item)."""


class StateSteps:
    """Items before a step that a state of their queue may bring (core/evolution/state_steps.py)."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[str, int]] = {}
        self._items: dict[tuple[str, int], dict[str, None]] = {}
        self.new: dict[str, None] = {}
        """Those of whom it was not asked yet whether the state is there."""

    def __len__(self) -> int:
        return len(self._before)

    def put(self, item: str, queue: str, step: int) -> None:
        """The item of this queue stands before the step of this number; it is in no other place."""
        self._before[item] = queue, step
        self._items.setdefault((queue, step), {})[item] = None
        self.new[item] = None

    def drop(self, item: str) -> None:
        """It waits no longer, or before no such step."""
        place = self._before.pop(item, None)
        if place is None:
            return
        del self._items[place][item]
        if not self._items[place]:
            del self._items[place]
        self.new.pop(item, None)

    def groups(self) -> Iterable[tuple[tuple[str, int], Mapping[str, None]]]:
        """(queue, number of the step) and the items before it."""
        return self._items.items()


class Stepping:
    """At most one instant per item."""

    def __init__(self) -> None:
        self.by_state = StateSteps()
        self._heaps: dict[str, list[_Entry]] = {}
        self._standing: dict[str, tuple[_Entry, str]] = {}

    def put(self, item: str, queue: str, at: int) -> bool:
        """The item of this queue takes a step at this instant; True: no other of the queue sooner.

        An item that has a step already is to be dropped before.
        """
        entry = (at, item)
        self._standing[item] = (entry, queue)
        heap = self._heaps.setdefault(queue, [])
        heappush(heap, entry)
        return heap[0] is entry

    def drop(self, item: str) -> str:
        """It takes no step; its queue, if its step was the next one there, or empty."""
        standing = self._standing.pop(item, None)
        if standing is None:
            return ""
        entry, queue = standing
        heap = self._heaps[queue]
        if heap[0] == entry:
            while heap and not self._stands(heap[0], queue):
                heappop(heap)
            return queue
        if len(heap) > 2 * len(self._standing) + _COMPACT_FROM:
            heap[:] = [each for each in heap if self._stands(each, queue)]
            heapify(heap)
        return ""

    def next_at(self, queue: str) -> int | None:
        """The earliest instant of the queue, or None."""
        heap = self._heaps.get(queue)
        return heap[0][0] if heap else None

    def due(self, queue: str, now: int, limit: int) -> list[str]:
        """At most `limit` items whose instant is now or before, earliest first; they stay."""
        heap = self._heaps.get(queue, [])
        taken: list[_Entry] = []
        found: list[str] = []
        while heap and heap[0][0] <= now and len(found) < limit:
            entry = heappop(heap)
            if (
                self._stands(entry, queue) and entry not in taken[-1:]
            ):  # who left and came back is twice
                taken.append(entry)
                found.append(entry[1])
        for entry in taken:
            heappush(heap, entry)
        return found

    def _stands(self, entry: _Entry, queue: str) -> bool:
        """One that moved to another queue may take its step there at the same instant."""
        return self._standing.get(entry[1]) == (entry, queue)
