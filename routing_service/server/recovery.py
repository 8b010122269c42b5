"""World from the journal: recover (apply events only) and verify (decide again, compare bytes).

Reads the store; writes nothing.
"""

import asyncio
import logging

import msgspec

from routing_service.core.apply import apply
from routing_service.core.desk.world import World
from routing_service.core.evolution.rebuilding import settle_waiting
from routing_service.core.journal.record import ENGINE_VERSION, Record
from routing_service.core.records.errors import RoutingError, WrongState
from routing_service.core.step import step
from routing_service.rulebook.engines import Kind, equip
from routing_service.rulebook.findings import RulebookInvalid
from routing_service.rulebook.loader import load_source
from routing_service.rulebook.model import Rulebook
from routing_service.store.base import SNAPSHOTS_KEPT, Store, StoredSnapshot
from routing_service.store.codec import decode_record, encode_record, is_usable, thaw

log = logging.getLogger(__name__)

CHUNK = 1_000


class Recovered(msgspec.Struct, frozen=True):
    """World as the journal tells it, and whether a developer's clock wrote it."""

    world: World
    dev: bool
    replayed: int


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What verify found. `differs_at` = first seq whose decision came out differently; 0 = none."""

    records: int
    compared: int
    differs_at: int = 0


async def recover(store: Store, desk: str, *, dev: bool) -> Recovered:
    """The newest intact snapshot plus the journal after it.

    WrongState(DEV_JOURNAL) when production meets a developer's journal; StoreTooNew for records
    this release cannot read.
    """
    world, was_dev = await _latest_snapshot(store, desk)
    start = world.seq
    while records := await store.read(desk, world.seq, CHUNK):
        for stored in records:
            record = decode_record(stored)
            was_dev = was_dev or record.dev
            replay(world, record)
        await asyncio.sleep(0)
    if was_dev and not dev:
        raise WrongState(
            "DEV_JOURNAL",
            "This journal was written under --dev with a movable clock: use another data folder.",
        )
    settle_waiting(world)
    return Recovered(world, was_dev, world.seq - start)


async def _latest_snapshot(store: Store, desk: str) -> tuple[World, bool]:
    """Usually the newest one will do, so the others are only read when it will not."""
    for skipped, limit in ((0, 1), (1, SNAPSHOTS_KEPT)):
        for snapshot in (await store.load_snapshots(desk, limit))[skipped:]:
            world = _thawed(snapshot)
            if world is not None:
                return world
    return World(desk), False


def _thawed(snapshot: StoredSnapshot) -> tuple[World, bool] | None:
    """A snapshot is a cache: when it cannot be used, an older one or the whole journal serves."""
    if not is_usable(snapshot):
        return None
    try:
        return thaw(snapshot)
    except Exception:  # whatever is in it, the journal has it as well
        log.exception("a snapshot is left aside", extra={"action": "recover"})
        return None


def active_rulebook(world: World, loaded: Rulebook | None) -> Rulebook | None:
    """The rulebook World runs under: the one loaded already, or the journal's own sources.

    None (and a log line) when this release refuses those: then a pack from disk must take over. One
    loaded here is on the plain matcher, which needs no trial: the engine comes later (arming.py).
    """
    if not world.source or (loaded is not None and loaded.digest == world.digest):
        return loaded
    try:
        return equip(load_source(world.source), Kind.REFERENCE)
    except RulebookInvalid:
        log.exception("the journaled rulebook is refused", extra={"action": "load_rulebook"})
        return None


def replay(world: World, record: Record) -> None:
    """Apply the record's events as they were decided then."""
    world.seq, world.now = record.seq, record.now
    for event in record.events:
        apply(world, event)


async def verify(store: Store, desk: str) -> Verified:
    """Decide every command again on the World it met then, and compare byte for byte.

    Stops at the first difference: what follows would be decided on another World. Records of
    another engine version are applied, not compared.
    """
    world = World(desk)
    compared = 0
    while records := await store.read(desk, world.seq, CHUNK):
        for stored in records:
            record = decode_record(stored)
            if record.engine_version != ENGINE_VERSION:
                replay(world, record)
                settle_waiting(world)
                continue
            compared += 1
            if not _decides_again(world, record, stored.body):
                return Verified(records=world.seq, compared=compared, differs_at=record.seq)
        await asyncio.sleep(0)
    return Verified(records=world.seq, compared=compared)


def _decides_again(world: World, record: Record, body: bytes) -> bool:
    try:
        again = step(world, record.command, record.now, dev=record.dev)
    except RoutingError:
        return False
    return encode_record(again.record).body == body
