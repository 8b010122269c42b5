"""Every way a store says no. Messages say what to do and never show paths, SQL or keys.

StoreError            UNAVAILABLE
├─ StoreFailed        STORE_DOWN          an append or read did not work; its outcome is unknown
│  ├─ StoreFull       STORE_FULL          no room on the disk
│  └─ StoreDamaged    STORE_DAMAGED       bytes on the disk are not what was written
├─ LeaseHeld          LEASE_HELD          another holder owns the desk
├─ StaleLease         LEASE_LOST          the desk was acquired again after this lease
├─ SequenceConflict   SEQ_CONFLICT        records would overlap or leave a gap
└─ StoreRefused                           the store does not open; nothing was changed
   ├─ FolderUnusable  STORE_FOLDER        the data folder cannot be made or written
   ├─ StoreLocked     STORE_LOCKED        another process has the data folder
   ├─ KeyWrong        STORE_KEY_WRONG     the key does not fit these files
   ├─ KeyMissing      STORE_KEY_MISSING   no key was given
   ├─ KeyExposed      STORE_KEY_EXPOSED   other users of the machine can read the key file
   ├─ StoreTooNew     STORE_TOO_NEW       written by a later release
   └─ SqliteTooOld    SQLITE_TOO_OLD      the SQLite library has a known corruption bug
"""

from typing import ClassVar

from routing_service.core.records.errors import Kind, RoutingError


class StoreError(RoutingError):
    """A store cannot do what it was asked; `reason` is stable and part of the API."""

    kind = Kind.UNAVAILABLE
    code: ClassVar[str] = "STORE_DOWN"
    advice: ClassVar[str] = "The store cannot answer now; retry with the same key."

    def __init__(self, message: str = "", **details: str) -> None:
        super().__init__(self.code, message or self.advice, **details)


class StoreFailed(StoreError):
    """Whether the records are kept is unknown: acquire the desk again and read."""


class StoreFull(StoreFailed):
    """The disk has no room; reads still work."""

    kind = Kind.OVERLOADED
    code = "STORE_FULL"
    advice = "The disk of the data folder is full; free space, then retry with the same key."


class StoreDamaged(StoreFailed):
    """Stored bytes fail their checksum; nothing was served from them."""

    code = "STORE_DAMAGED"
    advice = "Stored bytes are damaged; stop the service and restore the data folder from a backup."


class LeaseHeld(StoreError):
    """Somebody else holds the desk and the time to live has not run out."""

    kind = Kind.CONFLICT
    code = "LEASE_HELD"
    advice = "Another holder owns this desk; try again when its lease has run out."


class StaleLease(StoreError):
    """The desk was acquired again since this lease was given; nothing was written."""

    kind = Kind.CONFLICT
    code = "LEASE_LOST"
    advice = "This desk has moved to another holder; send the request again."


class SequenceConflict(StoreError):
    """The records would overlap or leave a gap; nothing was written."""

    kind = Kind.CONFLICT
    code = "SEQ_CONFLICT"
    advice = "The journal has moved on; read it again, then retry."


class StoreRefused(StoreError):
    """The store does not open, and nothing in it was changed."""


class FolderUnusable(StoreRefused):
    """The data folder cannot be made, or not be written by this user."""

    code = "STORE_FOLDER"
    advice = "The data folder cannot be used; check `data_folder`, its owner and its mode."


class StoreLocked(StoreRefused):
    """Another process holds the data folder."""

    code = "STORE_LOCKED"
    advice = "Another process already uses this data folder; stop it, or set another `data_folder`."


class KeyWrong(StoreRefused):
    """The files open with another key, or were never encrypted."""

    code = "STORE_KEY_WRONG"
    advice = (
        "The master key does not fit the data folder; give the key it was made with "
        "(`key_file` or ROUTING_MASTER_KEY), or choose another `data_folder`."
    )


class KeyMissing(StoreRefused):
    """No master key was given, or its file is not there."""

    code = "STORE_KEY_MISSING"
    advice = (
        "No master key: run `routing-service init` to make one, "
        "or set `key_file` or ROUTING_MASTER_KEY."
    )


class KeyExposed(StoreRefused):
    """The key file can be read by others than its owner."""

    code = "STORE_KEY_EXPOSED"
    advice = "The key file can be read by other users; run `chmod 600` on it."


class StoreTooNew(StoreRefused):
    """The files were written by a later release; the message names both versions."""

    code = "STORE_TOO_NEW"
    advice = "The data folder was written by a later release; install that release."


class SqliteTooOld(StoreRefused):
    """The SQLite library may corrupt a write-ahead log (3.7.0 to 3.51.2)."""

    code = "SQLITE_TOO_OLD"
    advice = "The SQLite library is older than 3.51.3; install a newer apsw-sqlite3mc."
