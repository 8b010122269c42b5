"""A desk with 100,000 open items: cold restart, and alerts of running clocks in time."""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import grpc.aio
import uvloop
import yaml

from routing_service.clock import SystemClock
from routing_service.core.journal.commands import RequestKind
from routing_service.pb.routing.v1 import event_pb2, event_service_pb2
from routing_service.pb.routing.v1.event_service_pb2_grpc import EventServiceStub
from routing_service.rulebook.loader import load_pack
from routing_service.server.partition import Partition
from routing_service.server.submit_request import SubmitRequest
from routing_service.store import open_store
from routing_service.store.master_key import load_master_key
from tests.bench.figures import Figures, scratch
from tests.bench.processes import configure, resident_mb, service
from tests.bench.wire import free_port

ITEMS = 100_000
AFTER_SNAPSHOT = 20_000
BATCH = 500
RESPONSE_TARGET_S = 3600
BUILD_S = 90.0
"""Allowed for building; what falls due before the server runs would be late by no fault of its."""
LEAD_S = 15.0
"""From the end of building to the first due: the server starts meanwhile."""
SPREAD_S = 60.0
LATE_GRACE_S = 30.0


def restart(figures: Figures) -> None:
    """`restart.100k_items`: cold process to SERVING; 3 clocks an item, 20,000 records to replay."""
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        file = configure(Path(folder), free_port())
        _build(file, "far")
        began = time.perf_counter()
        with service(file) as process:
            figures.put("restart.100k_items.seconds", time.perf_counter() - began, "s")
            figures.put("restart.100k_items.rss_mb", resident_mb(process.pid), "MB")


def lateness(figures: Figures) -> None:
    """`clocks.100k.alert_lateness`: due to receipt by a Watch client; all breach in a minute."""
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        file = configure(Path(folder), free_port())
        _build(file, "near")
        with service(file):
            late = asyncio.run(_watch(yaml.safe_load(file.read_text())["listen"]))
    ranked = sorted(late)
    figures.put("clocks.100k.alerts_received", float(len(ranked)), "alerts", float(ITEMS))
    figures.put("clocks.100k.alert_lateness.min_ms", ranked[0], "ms")
    figures.put("clocks.100k.alert_lateness.p50_ms", ranked[len(ranked) // 2], "ms")
    figures.put("clocks.100k.alert_lateness.p99_ms", ranked[len(ranked) * 99 // 100], "ms")
    figures.put("clocks.100k.alert_lateness.max_ms", ranked[-1], "ms")


async def _watch(address: str) -> list[float]:
    """Milliseconds from due to receipt of each breach alert."""
    late: list[float] = []
    kinds = [event_service_pb2.EVENT_KIND_ALERT_RAISED]
    request = event_service_pb2.WatchRequest(
        desk="default", filter=event_service_pb2.EventFilter(kinds=kinds)
    )
    async with grpc.aio.insecure_channel(address) as channel:
        call = EventServiceStub(channel).Watch(request)
        with contextlib.suppress(TimeoutError):  # what has not come by then is missing below
            async with asyncio.timeout(BUILD_S + LEAD_S + SPREAD_S + LATE_GRACE_S):
                async for response in call:
                    received = time.time()
                    late.extend(_late_ms(event, received) for event in response.events)
                    if len(late) >= ITEMS:
                        break
        call.cancel()
    return late


def _late_ms(event: event_pb2.Event, received: float) -> float:
    due = event.alert_raised.alert.trigger.due
    return (received - due.seconds - due.nanos / 1e9) * 1e3


def _build(file: Path, shape: str) -> None:
    """Fill the store in a process of its own, so that ours stays small."""
    command = [sys.executable, "-m", "tests.bench.large", str(file), shape]
    subprocess.run(command, check=True)


async def _fill(file: Path, shape: str) -> None:
    settings = yaml.safe_load(file.read_text())
    key = load_master_key(Path(settings["key_file"]), os.environ)
    store = open_store(settings["data_folder"], key)
    pack = load_pack(Path(settings["desks"]["default"]["rules"]))
    due = time.time() + BUILD_S
    kept = ITEMS if shape == "near" else ITEMS - AFTER_SNAPSHOT
    first = Partition("default", store, SystemClock())
    await first.start(pack)
    await _submit_all(first, shape, due, range(kept))
    await first.drain()  # keeps a snapshot
    second = Partition("default", store, SystemClock())
    await second.start(pack)
    await _submit_all(second, shape, due, range(kept, ITEMS))
    await store.close()  # no drain: what came after the snapshot is there to be replayed


async def _submit_all(partition: Partition, shape: str, due: float, numbers: range) -> None:
    for start in numbers[::BATCH]:
        batch = range(start, min(start + BATCH, numbers.stop))
        await partition.put([_opened(number, shape, due) for number in batch])


def _opened(number: int, shape: str, due: float) -> SubmitRequest:
    first = due + LEAD_S - RESPONSE_TARGET_S
    opened = int((first + SPREAD_S * number / ITEMS) * 1e6)
    return SubmitRequest(
        actor="bench",
        request_id=f"e{number}",
        fingerprint=b"0123456789abcdef",
        kind=RequestKind.OPENED,
        channel="chat",
        labels={"kind": "plain"},
        occurred_at=opened if shape == "near" else 0,
    )


if __name__ == "__main__":
    uvloop.run(_fill(Path(sys.argv[1]), sys.argv[2]))
