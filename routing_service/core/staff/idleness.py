"""Free agents in the order in which they became idle, as bitmaps of about 64 agents each.

A choice among many looks at the first bitmaps only. Derived from World's agents; not journaled.
"""

from bisect import bisect_right

from routing_service.core.queues.bits import each_bit

_FULL = 64


class Bucket:
    """Those idle since `first` to `last`; no other bucket has anyone of that time."""

    __slots__ = ("bits", "count", "first", "last")

    def __init__(self, since: int) -> None:
        self.first = self.last = since
        self.bits = 0
        self.count = 0


class Idleness:
    """Buckets in order of time. Who becomes idle now, as nearly all do, goes into the last one."""

    def __init__(self) -> None:
        self.buckets: list[Bucket] = []
        self._since: dict[int, int] = {}
        self._bucket: dict[int, Bucket] = {}

    def put(self, bit: int, mask: int, since: int) -> None:
        """The agent is free, and idle since this instant."""
        if self._since.get(bit) == since:
            return
        self.drop(bit, mask)
        bucket = self._for(since)
        bucket.bits |= mask
        bucket.count += 1
        self._since[bit] = since
        self._bucket[bit] = bucket
        if bucket.count > _FULL and not bucket.count & (bucket.count - 1):
            self._split(bucket)  # at 128, 256, ...: in vain when all became idle at once

    def drop(self, bit: int, mask: int) -> None:
        """The agent is not free."""
        if self._since.pop(bit, None) is None:
            return
        bucket = self._bucket.pop(bit)
        bucket.bits ^= mask
        bucket.count -= 1
        if not bucket.count:
            del self.buckets[bisect_right(self.buckets, bucket.first, key=_first) - 1]

    def _for(self, since: int) -> Bucket:
        """The bucket of this instant: the last one, the one in between, or a new one."""
        last = self.buckets[-1] if self.buckets else None
        if last is None or (since > last.last and last.count >= _FULL):
            last = Bucket(since)
            self.buckets.append(last)
        if since >= last.first:
            last.last = max(last.last, since)
            return last
        bucket = self.buckets[max(0, bisect_right(self.buckets, since, key=_first) - 1)]
        bucket.first = min(bucket.first, since)
        bucket.last = max(bucket.last, since)
        return bucket

    def _split(self, bucket: Bucket) -> None:
        """The younger half goes into a bucket of its own; who became idle together stays so."""
        members = sorted(each_bit(bucket.bits), key=self._since.__getitem__)
        middle = self._since[members[len(members) // 2]]
        younger = [bit for bit in members if self._since[bit] >= middle]
        if len(younger) == len(members):
            return
        made = Bucket(middle)
        made.last = bucket.last
        bucket.last = self._since[members[len(members) - len(younger) - 1]]
        for bit in younger:
            self._bucket[bit] = made
            made.bits |= 1 << bit
        made.count = len(younger)
        bucket.bits ^= made.bits
        bucket.count -= made.count
        self.buckets.insert(bisect_right(self.buckets, bucket.first, key=_first), made)


def _first(bucket: Bucket) -> int:
    return bucket.first
