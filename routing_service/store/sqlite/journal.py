"""What is done to a desk's file, as functions over an open connection.

No threads, no futures: the writer and the reader call these, each on its own connection.
"""

from collections.abc import Iterable, Sequence
from typing import cast

from msgspec import Struct

from routing_service.store.base import (
    SNAPSHOTS_KEPT,
    Lease,
    StoredRecord,
    StoredSnapshot,
    fits,
)
from routing_service.store.errors import SequenceConflict, StaleLease, StoreError, StoreFailed
from routing_service.store.queries import load_migrations, load_queries
from routing_service.store.sqlite.database import Connection, copy_log, plain_errors, transaction

MIGRATIONS = load_migrations("journal")
_SQL = load_queries("journal")
Head = tuple[int, int, int, str, bytes]


class Addition(Struct, frozen=True):
    """Records that one append wants to add."""

    lease: Lease
    expected_seq: int
    records: Sequence[StoredRecord]


class Added(Struct, frozen=True):
    """What became of a batch: one outcome per addition, and where the journal stands now."""

    outcomes: list[StoreError | None]
    last_seq: int
    records: int
    broken: bool


def add(connection: Connection, batch: Sequence[Addition], *, broken: bool) -> Added:
    """Commit all additions that fit, in one transaction; `broken` refuses current leases."""
    outcomes: list[StoreError | None] = []
    taken: list[Addition] = []
    with transaction(connection):
        epoch, last_seq = position(connection)
        for addition in batch:
            refusal = _refusal(addition, epoch, last_seq, broken=broken)
            outcomes.append(refusal)
            if refusal is None:
                taken.append(addition)
                last_seq += len(addition.records)
            elif not isinstance(refusal, StaleLease):
                broken = broken or bool(addition.records)
        connection.executemany(_SQL["append"], _rows(taken))
    return Added(outcomes, last_seq, sum(len(one.records) for one in taken), broken)


def position(connection: Connection) -> tuple[int, int]:
    """The current epoch and the last seq."""
    epoch, last = connection.execute(_SQL["position"]).get
    return epoch, last


def take_lease(connection: Connection, desk: str, holder: str) -> Lease:
    """Raise the epoch.

    First everything that can be read is made durable: the end of the log may have been written
    by a process that was killed, or failed, between its write and its sync.
    """
    copy_log(connection)
    with transaction(connection):
        epoch: int = connection.execute(_SQL["take_lease"], (holder,)).get
    return Lease(desk, holder, epoch)


def last_seq(connection: Connection) -> int:
    """The seq of the last record, 0 for none."""
    with plain_errors():
        seq: int = connection.execute(_SQL["last_seq"]).get
        return seq


def read(connection: Connection, after_seq: int, limit: int) -> list[StoredRecord]:
    """Records after `after_seq`, at most `limit`."""
    with plain_errors():
        rows = connection.execute(_SQL["read"], (after_seq, limit))
        return [StoredRecord(seq, body) for seq, body in rows]


def begin_snapshot(connection: Connection, lease: Lease, snapshot: StoredSnapshot) -> int:
    """Make room for a snapshot and return its number."""
    with transaction(connection):
        epoch, last = position(connection)
        _require_current(lease, epoch)
        if snapshot.seq > last:
            raise SequenceConflict(desk=lease.desk)
        head = (snapshot.seq, snapshot.format, snapshot.engine_version, snapshot.checksum)
        number: int = connection.execute(_SQL["begin_snapshot"], head).get
    return number


def add_frame(connection: Connection, lease: Lease, number: int, place: int, body: bytes) -> None:
    """Write one frame, in its own small transaction."""
    with transaction(connection):
        _require_current(lease, position(connection)[0])
        connection.execute(_SQL["add_frame"], (number, place, body))


def finish_snapshot(connection: Connection, lease: Lease, number: int) -> None:
    """All frames are in: from now on the snapshot counts."""
    with transaction(connection):
        _require_current(lease, position(connection)[0])
        connection.execute(_SQL["finish_snapshot"], (number,))


def drop_old_frame(connection: Connection, lease: Lease) -> bool:
    """Delete one frame of a snapshot that is superseded or was cut short; False when none is."""
    with transaction(connection):
        _require_current(lease, position(connection)[0])
        dropped = connection.execute(_SQL["drop_old_frame"], (SNAPSHOTS_KEPT,)).get
        if dropped is None:
            connection.execute(_SQL["drop_old_snapshots"], (SNAPSHOTS_KEPT,))
    return dropped is not None


def load_snapshots(connection: Connection, limit: int) -> list[StoredSnapshot]:
    """The newest kept snapshots, newest first, as they were when the call began."""
    found: list[StoredSnapshot] = []
    with plain_errors(), connection:
        rows = connection.execute(_SQL["snapshots"], (min(limit, SNAPSHOTS_KEPT),)).fetchall()
        for number, format_, seq, version, checksum in cast(list[Head], rows):
            frames = _frames(connection, number)
            found.append(StoredSnapshot(format_, seq, version, checksum, frames))
    return found


def _frames(connection: Connection, number: int) -> list[bytes]:
    return [body for (body,) in connection.execute(_SQL["frames"], (number,))]


def _refusal(addition: Addition, epoch: int, last_seq: int, *, broken: bool) -> StoreError | None:
    desk = addition.lease.desk
    if addition.lease.epoch != epoch:
        return StaleLease(desk=desk)
    if broken:
        return StoreFailed(desk=desk)
    if not fits(last_seq, addition.expected_seq, addition.records):
        return SequenceConflict(desk=desk)
    return None


def _require_current(lease: Lease, epoch: int) -> None:
    if lease.epoch != epoch:
        raise StaleLease(desk=lease.desk)


def _rows(additions: Iterable[Addition]) -> Iterable[tuple[int, bytes]]:
    return ((record.seq, record.body) for one in additions for record in one.records)
