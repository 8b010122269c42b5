"""Index of waiting items: a heap per (queue, requirements, cost), lazily cleaned, and places.

Derived from World's items and rebuilt from them; nothing here is journaled. An item enters when no
agent could be found for it, so an item that is offered at once never costs anything here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heapify, heappop, heappush

import msgspec

from routing_service.core.queues.bits import each_bit
from routing_service.core.queues.ranks import Entry, Ranks
from routing_service.core.records.model import Item, Requirement

_COMPACT_FROM = 64


Rooms = tuple[Mapping[str, int], Mapping[str, int]]
"""Units of an agent by channel: for other items, and for those of the green channel."""


class Signature(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """What an agent must fit to serve an item: interned, so that equal items share one heap."""

    queue: str
    requirements: tuple[Requirement, ...]
    cost: int
    further: tuple[str, ...] = ()
    """Queues whose agents may serve it, too."""
    ceiling: int = 0
    """Agents above this level of a skill asked for do not fit; 0 = no limit."""
    channel: str = ""
    """Where room is a matter of the channel, too (core/staff/rooms.py)."""
    waited: int = 0
    """Agents with a longer delay do not fit yet."""
    green: bool = False
    """It may use the capacity that agents keep for the green channel."""


class Waiting:
    """Waiting items by signature, by preferred agent and by queue."""

    def __init__(self) -> None:
        self._number: dict[Signature, int] = {}
        self._heaps: list[list[Entry]] = []
        self._signatures: list[Signature] = []
        self._filled = 0
        self._place: dict[str, tuple[int, Entry, str, str]] = {}
        self._preferred: dict[str, list[Entry]] = {}
        self._ranked: dict[str, Ranks] = {}

    def __len__(self) -> int:
        return len(self._place)

    def __contains__(self, item: object) -> bool:
        return item in self._place

    def number(self, signature: Signature) -> tuple[int, bool]:
        """The signature's number, and whether it is new."""
        known = self._number.get(signature)
        if known is not None:
            return known, False
        self._number[signature] = len(self._signatures)
        self._signatures.append(signature)
        self._heaps.append([])
        return len(self._signatures) - 1, True

    def signatures(self) -> tuple[Signature, ...]:
        """All known signatures; a signature's number is its place here."""
        return tuple(self._signatures)

    def add(self, item: Item, number: int, place: int) -> None:
        """The item waits at this place; with a preferred agent it waits for him alone."""
        self.discard(item.id)
        entry = (place, item.id)
        if item.preferred:
            heappush(self._preferred.setdefault(item.preferred, []), entry)
        else:
            heappush(self._heaps[number], entry)
            self._filled |= 1 << number
        self._place[item.id] = (number, entry, item.preferred, item.queue)
        ranked = self._ranked.get(item.queue)
        if ranked is None:
            ranked = self._ranked[item.queue] = Ranks()
        ranked.add(entry)

    def fill(self, rows: Iterable[tuple[Item, int, int]]) -> None:
        """(item, number, place) of many that do not wait yet: each order is made once."""
        by_queue: dict[str, list[Entry]] = {}
        heaps: dict[int, list[Entry]] = {}
        for item, number, place in rows:
            if item.preferred:
                self.add(item, number, place)
                continue
            entry = (place, item.id)
            self._place[item.id] = (number, entry, "", item.queue)
            heaps.setdefault(number, []).append(entry)
            by_queue.setdefault(item.queue, []).append(entry)
        for number, entries in heaps.items():
            self._heaps[number] += entries
            heapify(self._heaps[number])
            self._filled |= 1 << number
        for queue, entries in by_queue.items():
            self._ranked.setdefault(queue, Ranks()).fill(entries)

    def discard(self, item: str) -> None:
        """The item waits no longer (its heap entry is dropped when it is met)."""
        place = self._place.pop(item, None)
        if place is None:
            return
        number, entry, preferred, queue = place
        self._ranked[queue].remove(entry)
        heap = self._preferred[preferred] if preferred else self._heaps[number]
        if heap and heap[0] == entry:
            heappop(heap)
        elif len(heap) > 2 * len(self._place) + _COMPACT_FROM:
            heap[:] = [each for each in heap if self._stands(each, number, preferred)]
            heapify(heap)

    def _stands(self, entry: Entry, number: int, preferred: str) -> bool:
        place = self._place.get(entry[1])
        return place is not None and place[:3] == (number, entry, preferred)

    def position(self, item: Item) -> int:
        """1 + the number of items ranked ahead in the same queue; 0 = not waiting."""
        place = self._place.get(item.id)
        return 0 if place is None else self._ranked[item.queue].ahead(place[1]) + 1

    def ahead(self, queue: str, entry: Entry) -> int:
        """Items of the queue that are served before one at this place."""
        ranked = self._ranked.get(queue)
        return 0 if ranked is None else ranked.ahead(entry)

    def queues(self) -> tuple[str, ...]:
        """Those in which items wait."""
        return tuple(queue for queue, ranked in self._ranked.items() if len(ranked))

    def keepers(self) -> tuple[str, ...]:
        """The agents for whom items may wait alone."""
        return tuple(self._preferred)

    def kept_for(self, agent: str) -> list[str]:
        """The items that wait for this agent alone, best-ranked first."""
        entries = sorted(set(self._preferred.get(agent, ())))
        places = ((entry, self._place.get(entry[1])) for entry in entries)
        return [entry[1] for entry, place in places if place and place[1:3] == (entry, agent)]

    def count(self, queue: str) -> int:
        """Items waiting in the queue."""
        return len(self._ranked.get(queue, ()))

    def best(
        self,
        fits: Iterable[int],
        agent: str,
        rooms: Rooms,
        wanted: Callable[[str], bool],
    ) -> str | None:
        """The best-ranked item of the signatures in the first of `fits` that has one.

        Those preferring `agent` are among the first. `rooms` = units he has free, by channel:
        signatures that cost more are passed over whole. `wanted(item)` False skips an item (he
        declined it) without removing it.
        """
        best = self._head(self._preferred.get(agent, []), 0, agent, wanted)
        for each in fits:
            best = self._best_of(each, rooms, wanted, best)
            if best is not None:
                return best[1]
        return None

    def _best_of(
        self,
        fits: int,
        rooms: Rooms,
        wanted: Callable[[str], bool],
        best: Entry | None,
    ) -> Entry | None:
        """The best of these signatures, if it is better than `best`.

        What stands foremost in a heap may be there no longer, or be unwanted; then what is behind
        it is no better. So heaps are looked into in the order of their foremost, mostly one.
        """
        for entry, number in self._foremost(fits, rooms):
            if best is not None and entry >= best:
                break
            head = self._head(self._heaps[number], number, "", wanted)
            if head is not None and (best is None or head < best):
                best = head
        return best

    def _foremost(self, fits: int, rooms: Rooms) -> list[tuple[Entry, int]]:
        """What is first in each heap of these signatures for which there is room, in order."""
        fitting = fits & self._filled
        found: list[tuple[Entry, int]] = []
        while fitting:
            number = fitting.bit_length() - 1
            fitting ^= 1 << number
            heap = self._heaps[number]
            if not heap:
                self._filled ^= 1 << number
                continue
            signature = self._signatures[number]
            units = rooms[signature.green]
            if signature.cost <= units.get(signature.channel, units[""]):
                found.append((heap[0], number))
        found.sort()
        return found

    def filled(self, fits: int) -> Iterator[tuple[int, Signature]]:
        """(bit, signature) of those in `fits` of which there may be items waiting."""
        for number in each_bit(fits & self._filled):
            yield 1 << number, self._signatures[number]

    def _head(
        self,
        heap: list[Entry],
        number: int,
        preferred: str,
        wanted: Callable[[str], bool],
    ) -> Entry | None:
        skipped: list[Entry] = []
        head = None
        while heap and head is None:
            entry = heap[0]
            place = self._place.get(entry[1])
            if (
                place is None
                or place[1] != entry
                or place[2] != preferred
                or (not preferred and place[0] != number)
            ):
                heappop(heap)
            elif wanted(entry[1]):
                head = entry
            else:
                skipped.append(heappop(heap))
        for entry in skipped:
            heappush(heap, entry)
        return head
