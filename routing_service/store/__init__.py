"""The truth on disk: journal, snapshots and customer keys. Opaque bytes, no rules, no gRPC."""

from pathlib import Path

from routing_service.store.base import OnCommit, Store
from routing_service.store.errors import KeyMissing
from routing_service.store.memory import MemoryStore
from routing_service.store.sqlite.desk import SqliteOptions
from routing_service.store.sqlite.store import SqliteStore

MEMORY = "memory:"


def open_store(
    location: str | Path,
    master_key: bytes | None = None,
    options: SqliteOptions = SqliteOptions(),  # noqa: B008 - frozen, so one default serves all
    on_commit: OnCommit | None = None,
) -> Store:
    """Open the store at `location`: `memory:`, or the data folder of the embedded store.

    Raises the `StoreRefused` kinds: no key, wrong key, folder in use, SQLite too old.
    """
    if location == MEMORY:
        return MemoryStore(on_commit=on_commit)
    if master_key is None:
        raise KeyMissing
    return SqliteStore(Path(location), master_key, options, on_commit)
