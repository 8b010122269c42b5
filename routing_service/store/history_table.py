"""The file of one desk's ended items: encrypted, and worth nothing that the journal does not hold.

Blocking; `History` calls it from its own thread.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from routing_service.core.records.model import Clock, Item, Milestone
from routing_service.store.queries import load_migrations, load_queries
from routing_service.store.sqlite.database import (
    Disk,
    close_quietly,
    open_database,
    plain_errors,
    transaction,
)
from routing_service.store.sqlite.renewal import renew_log

_SQL = load_queries("history")
_encoder = msgspec.msgpack.Encoder()
_items = msgspec.msgpack.Decoder(Item)

ItemRow = tuple[str, str, str, str, str, str, int, int | None, int, bool, bytes]
ClockRow = tuple[str, str, str, int | None, int | None, int | None, int | None, int]


class Outcome(msgspec.Struct, frozen=True):
    """How often one promise was kept, corrections included, and how often it was broken."""

    met: int
    breached: int


class Figures(msgspec.Struct, frozen=True):
    """Ended items of one priority, and the outcomes of their clocks by name."""

    items: int
    clocks: dict[str, Outcome]


class HistoryTable:
    """Ended items by id; what `feed` wrote is durable together with the seq it came up to."""

    def __init__(self, path: Path | None, key: bytes, disk: Disk) -> None:
        if path:
            renew_log(path, disk)
        self._connection = open_database(path, key, load_migrations("history"), disk)

    def fed(self) -> int:
        """Everything that ended up to this seq of the journal is here."""
        with plain_errors():
            seq: int = self._connection.execute(_SQL["fed"]).get
        return seq

    def feed(self, seq: int, ended: Sequence[Item]) -> None:
        """Put or replace the items; feeding the same again changes nothing."""
        with plain_errors(), transaction(self._connection):
            self._connection.executemany(_SQL["put_item"], map(_item_row, ended))
            self._connection.executemany(_SQL["drop_clocks"], ((item.id,) for item in ended))
            self._connection.executemany(
                _SQL["put_clock"],
                (_clock_row(item.id, clock) for item in ended for clock in item.clocks.values()),
            )
            self._connection.execute(_SQL["set_fed"], (seq,))

    def get(self, item: str) -> Item | None:
        """The item as it ended, or None."""
        with plain_errors():
            body = self._connection.execute(_SQL["get"], (item,)).get
        return None if body is None else _items.decode(body)

    def numbered(self, number: str) -> Item | None:
        """The latest item with this number, or None."""
        with plain_errors():
            body = self._connection.execute(_SQL["get_numbered"], (number,)).get
        return None if body is None else _items.decode(body)

    def page(self, after: str, limit: int, queue: str, state: str) -> list[Item]:
        """At most `limit` items with an id above `after`; empty filters match all."""
        wanted = {"after": after, "limit": limit, "queue": queue, "state": state}
        query = _SQL["page_of_queue" if queue else "page"]
        with plain_errors():
            rows = self._connection.execute(query, wanted).fetchall()
        return [_items.decode(body) for (body,) in msgspec.convert(rows, list[tuple[bytes]])]

    def figures(self, since: int, until: int) -> dict[str, Figures]:
        """By priority, of the items that ended at or after `since` and before `until`."""
        span = (since, until)
        with plain_errors():
            items = msgspec.convert(
                self._connection.execute(_SQL["count_items"], span).fetchall(),
                list[tuple[str, int]],
            )
            outcomes = msgspec.convert(
                self._connection.execute(_SQL["count_outcomes"], span).fetchall(),
                list[tuple[str, str, int, int]],
            )
        clocks: dict[str, dict[str, Outcome]] = {priority: {} for priority, _ in items}
        for priority, name, met, breached in outcomes:
            clocks[priority][name] = Outcome(met, breached)
        return {priority: Figures(count, clocks[priority]) for priority, count in items}

    def close(self) -> None:
        """Let go of the file."""
        close_quietly(self._connection)


def _item_row(item: Item) -> ItemRow:
    return (
        item.id,
        item.number,
        item.customer,
        item.queue,
        item.priority,
        item.state.value,
        item.opened_at,
        item.milestones.get(Milestone.RESOLVED),
        item.moved_at,
        any(_breach_stands(clock) for clock in item.clocks.values()),
        _encoder.encode(item),
    )


def _breach_stands(clock: Clock) -> bool:
    return clock.breached_at is not None and clock.corrected_at is None


def _clock_row(item: str, clock: Clock) -> ClockRow:
    return (
        item,
        clock.name,
        clock.state.value,
        clock.due,
        clock.met_at,
        clock.breached_at,
        clock.corrected_at,
        clock.elapsed,
    )
