"""What every store promises: the `Store` protocol and the values that cross it.

A store moves opaque bytes. What a record means is known to `store/codec.py` only.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from msgspec import Struct

SNAPSHOTS_KEPT = 2

OnCommit = Callable[[str, int, int, float], None]
"""Told on the event loop after each commit: desk, records, appends, seconds in the commit."""


class StoredRecord(Struct, frozen=True, gc=False):
    """One journal record: `seq` starts at 1 and is contiguous per desk."""

    seq: int
    body: bytes


class StoredSnapshot(Struct, frozen=True):
    """A cache of the state after record `seq`, in frames; `checksum` as of `checksum_of`."""

    format: int
    seq: int
    engine_version: str
    checksum: bytes
    frames: list[bytes]


class Lease(Struct, frozen=True):
    """The right to append to a desk; the holder with the highest epoch has it."""

    desk: str
    holder: str
    epoch: int


def checksum_of(frames: Iterable[bytes]) -> bytes:
    """SHA-256 over the frames, each after its length in 8 bytes, so that edges count too."""
    digest = hashlib.sha256()
    for frame in frames:
        digest.update(len(frame).to_bytes(8, "big"))
        digest.update(frame)
    return digest.digest()


def snapshot_is_intact(snapshot: StoredSnapshot) -> bool:
    """Whether the frames are the ones that were saved; the format is the caller's to know."""
    return checksum_of(snapshot.frames) == snapshot.checksum


def fits(last_seq: int, expected_seq: int, records: Sequence[StoredRecord]) -> bool:
    """Whether the records follow `last_seq` one by one; a barrier may lie anywhere before."""
    if not records:
        return expected_seq <= last_seq
    return expected_seq == last_seq and all(
        record.seq == seq for seq, record in enumerate(records, expected_seq + 1)
    )


class Store(Protocol):
    """The only truth. All methods are called from one event loop.

    * Acknowledged means durable: when the future of `append` resolves, the records survive
      a power cut. Appends of a desk become durable in the order of the calls, whole or not
      at all, and `read` shows only what is durable.
    * One writer: each `acquire` raises the desk's epoch, and an append or snapshot of an older
      epoch raises `StaleLease`, writes nothing and harms nobody else.
    * No holes: after any other failed append of a lease, every later append of it fails with
      `StoreFailed` until the desk is acquired again. A failed append may or may not have been
      kept; after `acquire`, `last_seq` and `read` tell.
    * Time to live: a lease that appended nothing for `ttl_us` may be taken by another holder;
      the same holder may acquire again at any time. Safety rests on the epoch, never on time.
    * Idempotency keys are no concern of the store: they live inside the records, and so in the
      same transaction.
    """

    async def acquire(self, desk: str, holder: str, ttl_us: int) -> Lease:
        """Take the desk, making it on first use; raises `LeaseHeld`, `StoreRefused` kinds."""
        ...

    def append(
        self, lease: Lease, expected_seq: int, records: Sequence[StoredRecord]
    ) -> asyncio.Future[None]:
        """Queue the records at once, in call order; the future resolves when they are durable.

        `expected_seq` is the seq of the last record before these (0 for the first). The future
        fails with `StaleLease`, `SequenceConflict` or `StoreFailed`. Several may be in flight.
        Cancelling it undoes nothing. No records: a barrier that resolves when the journal is
        durable up to `expected_seq`, and that breaks nothing when it fails.
        """
        ...

    async def last_seq(self, desk: str) -> int:
        """The seq of the last durable record; 0 for none or for a desk that is not there."""
        ...

    async def read(self, desk: str, after_seq: int, limit: int) -> list[StoredRecord]:
        """At most `limit` durable records with a seq above `after_seq`, in order."""
        ...

    async def save_snapshot(self, lease: Lease, snapshot: StoredSnapshot) -> None:
        """Keep the snapshot and the one before it; appends go on meanwhile.

        Raises `StaleLease`, `SequenceConflict` (it is ahead of the journal), `StoreFailed`.
        """
        ...

    async def load_snapshots(self, desk: str, limit: int = SNAPSHOTS_KEPT) -> list[StoredSnapshot]:
        """At most `limit` kept snapshots, newest first; ask `snapshot_is_intact` before use."""
        ...

    async def wait(self, desk: str, after_seq: int) -> int:
        """Return the last durable seq as soon as it is above `after_seq`."""
        ...

    async def close(self) -> None:
        """Make what was queued durable, then let go; later calls raise `StoreFailed`."""
        ...
