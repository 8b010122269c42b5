"""Makes the parts of one desk and starts them. Nothing here knows of the transport."""

import asyncio
import dataclasses
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from routing_service.clock import Clock, ManualClock, SystemClock
from routing_service.core.records.errors import RoutingError
from routing_service.rulebook.engines import Kind
from routing_service.server import metric_names as names
from routing_service.server.activation import Activation, first_findings
from routing_service.server.arming import Arming
from routing_service.server.desks import Desk
from routing_service.server.engine_keeper import EngineKeeper
from routing_service.server.history_feed import HistoryFeed
from routing_service.server.leases import Leases
from routing_service.server.metrics import Metrics
from routing_service.server.pack_folder import PackFolder
from routing_service.server.partition import Options, Partition
from routing_service.server.past import Past
from routing_service.server.streams import Hub
from routing_service.settings import IN_MEMORY, Settings, SettingsInvalid
from routing_service.store.base import Store
from routing_service.store.history import History
from routing_service.store.keys import Keys

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all desks of a process share. `fail` is told when a desk's store stays unusable."""

    settings: Settings
    store: Store
    history: History
    master_key: bytes
    engine: Kind
    metrics: Metrics
    fail: Callable[[str], None]


def found_desk(name: str, ground: Ground) -> Desk:
    """The desk, not yet recovered."""
    settings, metrics = ground.settings, ground.metrics
    hub = Hub(
        name,
        ground.store,
        settings.watch_retention_records,
        lambda count: metrics.put(names.SUBSCRIBERS, count, name),
    )
    leases = Leases(settings.lease_grace_seconds)
    feed = HistoryFeed(name, ground.history, ground.store)
    partition = Partition(
        name,
        ground.store,
        desk_clock(name, settings, metrics),
        watchers=(metrics, hub, leases, feed),
        options=_options(name, ground),
    )
    leases.serve(partition)
    keys = Keys(data_folder(settings), name, ground.master_key)
    pack = Path(settings.desks[name].rules)
    activation = Activation(partition, pack, Arming(ground.engine), keys.fingerprint, metrics)
    return Desk(
        name=name,
        partition=partition,
        keys=keys,
        hub=hub,
        leases=leases,
        past=Past(name, ground.store),
        history=ground.history,
        feed=feed,
        activation=activation,
        folder=PackFolder(pack),
        keeper=EngineKeeper(partition, activation),
    )


def _options(name: str, ground: Ground) -> Options:
    settings, metrics = ground.settings, ground.metrics
    return Options(
        inbox_limit=settings.inbox_limit,
        snapshot_every=settings.snapshot_every_records,
        on_fatal=ground.fail,
        observe_verdict=lambda stage, seconds: metrics.observe(
            names.VERDICT_SECONDS, seconds, name, stage
        ),
        observe_snapshot=lambda seconds: metrics.observe(names.SNAPSHOT_SECONDS, seconds, name),
    )


def data_folder(settings: Settings) -> Path | None:
    """Where files lie; None = everything is kept in memory."""
    return None if settings.data_folder == IN_MEMORY else Path(settings.data_folder)


def desk_clock(name: str, settings: Settings, metrics: Metrics) -> Clock:
    """The machine's clock, or under dev one of the desk's own that stands still."""
    if settings.dev:
        return ManualClock(_start(settings.dev_start))
    return SystemClock(lambda: metrics.add(names.CLOCK_STEPS, name))


def _start(told: str) -> int:
    if not told:
        return SystemClock().now()
    try:
        start = datetime.fromisoformat(told)
    except ValueError as error:
        raise SettingsInvalid(
            "SETTINGS_INVALID", "dev_start is an instant, such as 2026-01-05T08:00:00+00:00."
        ) from error
    aware = start if start.tzinfo else start.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000_000)


async def start_desk(desk: Desk) -> None:
    """Recover, then put the folder's rules in force. A broken pack leaves the journaled one."""
    desk.feed.start()
    await desk.partition.start()
    await asyncio.to_thread(desk.folder.settle)
    try:
        await desk.activation.activate({}, cause="start")
    except RoutingError as error:
        if desk.partition.rules.rulebook is None:
            raise
        log.error("rulebook_kept", extra=_kept(desk, error))  # noqa: TRY400 - the findings say it all


def _kept(desk: Desk, error: RoutingError) -> dict[str, object]:
    """What an operator must know to mend it: which pack, what is wrong, what decides meanwhile."""
    return {
        "desk": desk.name,
        "reason": error.reason,
        "why": error.message,
        "pack": str(desk.activation.pack),
        "details": error.details,
        "findings": first_findings(error),
        "digest_in_force": desk.partition.rulebook.digest,
        "hint": f"routing-service check {desk.activation.pack}",
    }
