"""Explain an item: find it, the records in which rules decided on it, and the rules of that time.

The rules are asked again in a thread: a large pack must not hold up the desk.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import Escalate, Submit
from routing_service.core.journal.events import ItemClassified
from routing_service.core.journal.record import Record
from routing_service.core.records.errors import NotFound
from routing_service.core.records.model import Item
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.rulebook.decisions import digest_of, explained
from routing_service.rulebook.explain import shortened
from routing_service.rulebook.explanation import Explanation
from routing_service.rulebook.model import Rulebook
from routing_service.server import convert_explanation
from routing_service.server.desk_words import desk_words
from routing_service.server.desks import Desk

LOSERS_TOLD = 500
"""Rules of a stage that did not fire and are told; more would burst a message."""
LOOKED_AT_ONCE = 5_000
"""Items looked at before others get their turn."""


class Found(msgspec.Struct, frozen=True):
    """An item, and whether it left memory long ago."""

    item: Item
    archived: bool = False


async def explain_item(desk: Desk, asked: str, at: int) -> pb.ExplainResponse:
    """The decisions it stands on, or those of the instant `at`; `asked` is its id or number."""
    found = await find_item(desk, asked)
    records = await (_at(desk, found.item, at) if at else _standing(desk, found.item))
    told = [await _explained(desk, record) for record in records]
    words = await desk.partition.query(desk_words)
    return pb.ExplainResponse(
        item_id=found.item.id,
        number=found.item.number,
        archived=found.archived,
        decisions=map(convert_explanation.to_wire, told),
        time_zone=words.zone,
    )


async def find_item(desk: Desk, asked: str) -> Found:
    """The item with this id or number, archived ones too; NotFound(ITEM_NOT_FOUND)."""
    item = await desk.partition.query(lambda world: world.items.get(asked))
    item = item or await _numbered(desk, asked)
    if item is not None:
        return Found(item)
    item = desk.feed.noted(asked) or desk.feed.noted_number(asked)
    item = item or await desk.history.get(desk.name, asked)
    item = item or await desk.history.numbered(desk.name, asked)
    if item is None:
        raise NotFound("ITEM_NOT_FOUND", "No item has this id or number.", item=asked[:64])
    return Found(item, archived=True)


async def _numbered(desk: Desk, number: str) -> Item | None:
    """The newest first: with another number format a number may come again."""
    items = await desk.partition.query(_items)
    for end in range(len(items), 0, -LOOKED_AT_ONCE):
        for item in reversed(items[max(0, end - LOOKED_AT_ONCE) : end]):
            if item.number == number:
                return item
        await asyncio.sleep(0)
    return None


def _items(world: World) -> list[Item]:
    return list(world.items.values())


async def _at(desk: Desk, item: Item, at: int) -> Sequence[Record]:
    return await desk.past.decisions(item.id, at) or _nothing(item, at)


async def _standing(desk: Desk, item: Item) -> Sequence[Record]:
    """The last verdict on the whole item, and the escalations that changed it and hold."""
    records: list[Record] = []
    for at in dict.fromkeys((item.received_at, *item.decided_at)):
        for record in await desk.past.decisions(item.id, at):
            if isinstance(record.command, Submit):
                records = [record, *(each for each in records if _holds(each, item))]
            elif _changed(record, item):
                records.append(record)
    first = records[0].command if records else None
    verdict = first.verdict if isinstance(first, Submit) else None
    if verdict is None or verdict.fired != item.fired[: len(verdict.fired)]:
        return _nothing(item, 0)
    return records


def _holds(record: Record, item: Item) -> bool:
    """Whether what the escalation did outlasted the verdicts after it."""
    if not isinstance(record.command, Escalate):
        return False
    verdict = record.command.verdict
    moved = item.named_queue and verdict.queue == item.queue
    raised = item.named_priority and verdict.priority == item.priority
    return bool(moved or raised)


def _changed(record: Record, item: Item) -> bool:
    return any(
        isinstance(event, ItemClassified) and event.item == item.id for event in record.events
    )


def _nothing(item: Item, at: int) -> Sequence[Record]:
    what = "at that instant" if at else "that the journal still has"
    raise NotFound("DECISION_NOT_FOUND", f"The rules decided nothing {what}.", item=item.id)


async def _explained(desk: Desk, record: Record) -> Explanation:
    rulebook = await _rulebook(desk, record)
    return await asyncio.to_thread(_short, record, rulebook)


def _short(record: Record, rulebook: Rulebook) -> Explanation:
    return shortened(explained(record, rulebook), LOSERS_TOLD)


async def _rulebook(desk: Desk, record: Record) -> Rulebook:
    """The one in force when that is the one, else the one of that time from the journal."""
    digest = digest_of(record) or record.digest
    active = desk.partition.rules.rulebook
    if active is not None and active.digest == digest:
        return active
    return await desk.past.rulebook(digest, record.seq)
