"""The desks of the process and the one gate to them. Each request names its desk."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec

from routing_service.core.records.errors import Denied, Invalid, NotFound
from routing_service.server import cursor
from routing_service.server.activation import Activation
from routing_service.server.cursor import Place
from routing_service.server.engine_keeper import EngineKeeper
from routing_service.server.history_feed import HistoryFeed
from routing_service.server.identity import caller
from routing_service.server.leases import Leases
from routing_service.server.pack_folder import PackFolder
from routing_service.server.partition import Partition
from routing_service.server.past import Past
from routing_service.server.streams import Hub
from routing_service.store.history import History
from routing_service.store.keys import Keys

R = TypeVar("R", bound=msgspec.Struct)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One desk and all that serves it."""

    name: str
    partition: Partition
    keys: Keys
    hub: Hub
    leases: Leases
    past: Past
    history: History
    feed: HistoryFeed
    activation: Activation
    folder: PackFolder
    keeper: EngineKeeper

    def signed(self, key: str, request: R) -> R:
        """The request with the caller's identity, its idempotency key and fingerprint."""
        return msgspec.structs.replace(
            request,
            actor=caller().actor,
            request_id=key,
            fingerprint=self.fingerprint((type(request).__name__, request)),
        )

    def fingerprint(self, said: object) -> bytes:
        """Keyed hash of what a caller said; maps have no order on the wire, so none here."""
        return self.keys.fingerprint(msgspec.msgpack.encode(said, order="deterministic"))

    def cursor(self, seq: int) -> str:
        """The place right after a record, for callers."""
        return cursor.write(self.name, Place(seq))


class Desks:
    """The desks by name."""

    def __init__(self, desks: Mapping[str, Desk]) -> None:
        self._desks = desks

    def __iter__(self) -> Iterator[Desk]:
        return iter(self._desks.values())

    def named(self, name: str) -> Desk:
        """The desk, if it is here and open to the caller."""
        if not name:
            raise Invalid("FIELD_REQUIRED", "desk must be set.", field="desk")
        if not caller().may_use(name):
            raise Denied("PERMISSION_DENIED", "This desk is not open to you.", desk=name[:64])
        desk = self._desks.get(name)
        if desk is None:
            raise NotFound("DESK_NOT_FOUND", "This service has no such desk.", desk=name[:64])
        return desk
