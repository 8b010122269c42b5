"""The service beside a no-op server: same messages, same load, same run, slices interleaved."""

import asyncio
import itertools
import os
import re
import socket
import statistics
import tempfile
import urllib.request
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from routing_service.pb.routing.v1 import request_event_pb2, routing_service_pb2, work_item_pb2
from tests.bench import load
from tests.bench.figures import Figures, scratch
from tests.bench.processes import configure, echo, service

SUBMIT = "/routing.v1.RoutingService/Submit"
STREAM = "/routing.v1.RoutingService/SubmitStream"
ROUNDS = 3
SLICE_SECONDS = 2.0
BATCH = 50
OVERLOAD = 2.5
LOAD_CORE = 1

_numbers = itertools.count()
_run = os.urandom(4).hex()


def event() -> request_event_pb2.RequestEvent:
    """A new opened event of usual size."""
    return request_event_pb2.RequestEvent(
        event_id=f"bench-{_run}-{next(_numbers):010d}",
        kind=request_event_pb2.REQUEST_KIND_OPENED,
        channel="chat",
        customer_id="customer-1",
        labels={"kind": work_item_pb2.LabelValue(text="plain")},
    )


def unary_body() -> bytes:
    """One event in a Submit."""
    return routing_service_pb2.SubmitRequest(desk="default", event=event()).SerializeToString()


def batch_body(size: int) -> Callable[[], bytes]:
    """Messages of `size` events for SubmitStream."""

    def body() -> bytes:
        events = [event() for _ in range(size)]
        request = routing_service_pb2.SubmitStreamRequest(desk="default", events=events)
        return request.SerializeToString()

    return body


def grpc(figures: Figures) -> None:
    """`grpc.echo.*`, `grpc.submit.*` with ratio to echo, `grpc.overload.goodput_ratio`."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {LOAD_CORE})
    with (
        tempfile.TemporaryDirectory(dir=scratch()) as folder,
        echo() as echo_port,
        service(
            configure(
                Path(folder),
                port := free_port(),
                metrics_listen=f"127.0.0.1:{(metrics := free_port(port + 1))}",
            )
        ),
    ):
        asyncio.run(_measure(figures, echo_port, port))
        saturated = _commits(metrics)
        asyncio.run(load.unary(port, SUBMIT, unary_body, SLICE_SECONDS))
        commits, records = (
            after - before for after, before in zip(_commits(metrics), saturated, strict=True)
        )
        figures.put("grpc.submit.unary.commits_per_request", commits / records, "")


def _commits(port: int) -> tuple[float, float]:
    """Commits and records of the journal so far."""
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
    names = ("routing_journal_commits_total", "routing_journal_records_total")
    values = (re.search(rf"^{name}{{.*}} (\S+)$", page, re.MULTILINE) for name in names)
    commits, records = (float(value[1]) if value else 0.0 for value in values)
    return commits, records


def free_port(first: int = 21_000) -> int:
    """A port below the ephemeral range, so that no client of ours can take it."""
    for port in range(first, 31_000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port below the ephemeral range")


async def _measure(figures: Figures, echo_port: int, port: int) -> None:
    shapes: dict[str, Callable[[int], Coroutine[Any, Any, load.Load]]] = {
        "unary": lambda to: load.unary(to, SUBMIT, unary_body, SLICE_SECONDS),
        "stream": lambda to: load.stream(to, STREAM, batch_body(1), SLICE_SECONDS),
        "batch50": lambda to: load.stream(to, STREAM, batch_body(BATCH), SLICE_SECONDS, 4, 4),
    }
    for shape, run in shapes.items():
        per_message = BATCH if shape == "batch50" else 1
        rounds = [(await run(echo_port), await run(port)) for _ in range(ROUNDS)]
        echoes, submits = zip(*rounds, strict=True)
        _put(figures, f"grpc.echo.{shape}", echoes, None, per_message)
        _put(figures, f"grpc.submit.{shape}", submits, echoes, per_message)
    saturation = figures.rows["grpc.submit.unary.per_s"]["value"]
    assert isinstance(saturation, float)
    over = await load.overload(port, SUBMIT, unary_body, SLICE_SECONDS * 2, saturation * OVERLOAD)
    figures.put("grpc.overload.goodput", over.per_s, "1/s", saturation)
    figures.put("grpc.overload.goodput_ratio", over.per_s / saturation, "")
    figures.put("grpc.overload.refused", float(over.refused), "calls")


def _put(
    figures: Figures,
    name: str,
    loads: tuple[load.Load, ...],
    baseline: tuple[load.Load, ...] | None,
    per_message: int,
) -> None:
    """Medians over the rounds; per_s in items. The ratio pairs rounds through their medians."""

    def median(of: tuple[load.Load, ...], field: str) -> float:
        return float(statistics.median(getattr(each, field) for each in of))

    for field, unit in (("per_s", "1/s"), ("p50_ms", "ms"), ("p99_ms", "ms")):
        scale = per_message if field == "per_s" else 1
        against = median(baseline, field) * scale if baseline else None
        figures.put(f"{name}.{field}", median(loads, field) * scale, unit, against)
