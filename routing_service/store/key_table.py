"""The file of customer keys: encrypted as a whole, each key wrapped once more inside it.

Blocking; `Keys` calls it from its own thread.
"""

from collections.abc import Iterable
from pathlib import Path

from routing_service.store.queries import load_migrations, load_queries
from routing_service.store.sealing import ID_BYTES, SealingKey
from routing_service.store.sqlite.database import (
    Disk,
    close_quietly,
    copy_log,
    open_database,
    plain_errors,
    transaction,
)
from routing_service.store.sqlite.renewal import renew_log

_SQL = load_queries("keys")


class KeyTable:
    """Customer hash to sealing key; what `ensure` returns is durable."""

    def __init__(self, path: Path | None, file_key: bytes, wrapping: bytes, disk: Disk) -> None:
        self._outer = SealingKey(bytes(ID_BYTES), wrapping)
        if path:
            renew_log(path, disk)
        self._connection = open_database(path, file_key, load_migrations("keys"), disk)
        with plain_errors():
            self._connection.pragma("secure_delete", "on")  # an erased key is overwritten
            copy_log(self._connection)  # what a killed process left is durable now

    def find(self, owner: bytes) -> SealingKey | None:
        """The customer's key, or None."""
        with plain_errors():
            row = self._connection.execute(_SQL["find"], (owner,)).get
        if row is None:
            return None
        return SealingKey.unwrap(row[1], self._outer, owner)

    def ensure(self, owners: Iterable[bytes]) -> dict[bytes, SealingKey]:
        """A key for each, made where there is none, in one transaction."""
        keys = {owner: self.find(owner) for owner in owners}
        found = {owner: key for owner, key in keys.items() if key}
        made = {owner: SealingKey.generate() for owner in keys if owner not in found}
        rows = ((owner, key.id, key.wrap(self._outer, owner)) for owner, key in made.items())
        with plain_errors(), transaction(self._connection):
            self._connection.executemany(_SQL["add"], rows)
        return found | made

    def erase(self, owner: bytes) -> bool:
        """Forget the key, also in the log of the file."""
        with plain_errors():
            with transaction(self._connection):
                erased = self._connection.execute(_SQL["erase"], (owner,)).get
            copy_log(self._connection)
        return erased is not None

    def close(self) -> None:
        """Let go of the file."""
        close_quietly(self._connection)
