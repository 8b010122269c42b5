"""Opening encrypted SQLite files, and the only place that knows the driver's errors.

What the tables mean is the business of the modules that own them.
"""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import apsw
from msgspec import Struct

from routing_service.store.errors import (
    KeyWrong,
    SqliteTooOld,
    StoreDamaged,
    StoreFailed,
    StoreFull,
    StoreTooNew,
)
from routing_service.store.files import make_private_file

OLDEST_SQLITE = (3, 51, 3)  # 3.7.0 to 3.51.2 may corrupt a write-ahead log when it restarts
BUSY_MS = 5_000
Connection = apsw.Connection
DriverError = apsw.Error


class Disk(Struct, frozen=True):
    """How files reach the disk. Anything but the defaults is for tests of the fault model.

    `vfs` names a registered SQLite VFS to go through; `synchronous` below FULL breaks the
    promise that acknowledged means durable.
    """

    vfs: str = ""
    synchronous: Literal["FULL", "NORMAL", "OFF"] = "FULL"


def require_safe_sqlite(version: str = apsw.sqlite_lib_version()) -> None:
    """Raise `SqliteTooOld` when the library has the known corruption bug."""
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        raise SqliteTooOld(found=version)


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except apsw.FullError as error:
        raise StoreFull from error
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise StoreDamaged from error
    except (apsw.Error, OSError) as error:
        raise StoreFailed from error


def open_database(
    path: Path | None, key: bytes, migrations: Sequence[str], disk: Disk
) -> Connection:
    """Open the file (None: in memory), making it and bringing its tables up to date.

    Raises `KeyWrong` (also for a file that is not encrypted), `StoreTooNew`, `StoreFailed`.
    """
    if path is not None:
        with plain_errors():
            make_private_file(path)
    connection = connect(path, key, disk)
    try:
        with plain_errors():
            migrate(connection, migrations)
    except BaseException:
        close_quietly(connection)
        raise
    return connection


def connect(path: Path | None, key: bytes, disk: Disk) -> Connection:
    """One more connection to a file that exists; same errors as `open_database`."""
    require_safe_sqlite()
    with plain_errors():
        connection = apsw.Connection(
            str(path) if path else ":memory:",
            flags=apsw.SQLITE_OPEN_READWRITE,
            vfs=f"multipleciphers-{disk.vfs}" if disk.vfs else None,
        )
    try:
        with plain_errors():
            connection.set_busy_timeout(BUSY_MS)
            _unlock(connection, path, key)
            _prepare(connection, disk)
    except BaseException:
        close_quietly(connection)
        raise
    return connection


def migrate(connection: Connection, migrations: Sequence[str]) -> None:
    """Run the scripts the file has not seen, all or none; raises `StoreTooNew`."""
    if _version(connection, len(migrations)) == len(migrations):
        return
    with transaction(connection):  # asked again inside: another connection may have done it
        for script in migrations[_version(connection, len(migrations)) :]:
            connection.execute(script)
        connection.pragma("user_version", len(migrations))


def _version(connection: Connection, known: int) -> int:
    found = int(str(connection.pragma("user_version")))
    if found > known:
        message = (
            f"The data folder has format {found}, this release reads up to {known}; "
            "install the release that wrote it."
        )
        raise StoreTooNew(message, found=str(found), known=str(known))
    return found


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All or nothing, with the write lock from the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            with contextlib.suppress(apsw.Error):  # the first error says more than this one
                connection.execute("ROLLBACK")
        raise


class Copied(Struct, frozen=True):
    """What a checkpoint did: whether another connection was in its way, and in pages."""

    busy: int
    in_log: int
    copied: int


def checkpoint(connection: Connection, mode: str) -> Copied:
    """Copy the log into the file. PASSIVE waits for nobody."""
    with plain_errors():
        return Copied(*connection.execute(f"PRAGMA wal_checkpoint({mode})").get)


def copy_log(connection: Connection) -> None:
    """Copy all of the log, sync, and empty it; raises `StoreFailed` when somebody reads on."""
    if checkpoint(connection, "TRUNCATE").busy:
        raise StoreFailed


def close_quietly(connection: Connection) -> None:
    """Close; what cannot be closed was reported by the call that broke it."""
    with contextlib.suppress(apsw.Error):
        connection.close(force=True)


def _unlock(connection: Connection, path: Path | None, key: bytes) -> None:
    if path is None:
        return  # memory databases are never encrypted
    connection.pragma("cipher", "chacha20")
    connection.pragma("key", f"raw:{key.hex()}")
    try:
        connection.pragma("user_version")
    except apsw.NotADBError as error:
        raise KeyWrong from error


def _prepare(connection: Connection, disk: Disk) -> None:
    connection.pragma("temp_store", "memory")  # spill files would not be encrypted
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", disk.synchronous)
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)  # closing must not write
