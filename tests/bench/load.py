"""Shapes of load over tests/bench/h2.py: closed loop unary and streams, open loop overload.

Each returns a Load: answers per second and the latency of each answer.
"""

import asyncio
import random
from collections.abc import Callable
from functools import partial

import msgspec

from tests.bench.h2 import DATA, Connection, connect, frame, headers, message, now

Bodies = Callable[[], bytes]
"""The next request body, serialised; every call a new one."""


class Load(msgspec.Struct, kw_only=True):
    """What one slice of load saw. `refused` = calls that ended without an answer."""

    per_s: float
    p50_ms: float
    p99_ms: float
    refused: int = 0


def load_of(latencies: list[float], seconds: float, refused: int = 0) -> Load:
    """The figures of one slice."""
    ranked = sorted(latencies) or [float("nan")]
    return Load(
        per_s=len(latencies) / seconds,
        p50_ms=ranked[len(ranked) // 2] * 1e3,
        p99_ms=ranked[min(len(ranked) - 1, len(ranked) * 99 // 100)] * 1e3,
        refused=refused,
    )


_Sent = dict[tuple[int, int], float]
"""(connection, stream) -> when its call was due."""


class _Slice:
    """Counts answers between warm-up and end."""

    def __init__(self, warm_up: float, seconds: float) -> None:
        self.begin = now() + warm_up
        self.end = self.begin + seconds
        self.latencies: list[float] = []
        self.refused = 0

    def answered(self, sent: float) -> None:
        at = now()
        if self.begin <= at < self.end:
            self.latencies.append(at - sent)

    @property
    def over(self) -> bool:
        return now() >= self.end


async def unary(port: int, path: str, bodies: Bodies, seconds: float, in_flight: int = 64) -> Load:
    """Closed loop: `in_flight` calls always open over four connections."""
    block, run, sent = headers(path), _Slice(0.4, seconds), _Sent()
    connections: list[Connection] = []

    def another(at: int) -> None:
        stream, frames = connections[at].call(block, bodies())
        sent[at, stream] = now()
        connections[at].write(frames)

    def ended(at: int, stream: int, ok: bool) -> None:
        began = sent.pop((at, stream))
        if ok:
            run.answered(began)
        else:
            run.refused += 1
        if not run.over:
            another(at)

    await _connect_four(connections, port, ended)
    for number in range(in_flight):
        another(number % 4)
    await _until(run, sent)
    return load_of(run.latencies, seconds, run.refused)


async def stream(
    port: int, path: str, bodies: Bodies, seconds: float, streams: int = 4, window: int = 16
) -> Load:
    """Closed loop: `window` unanswered messages on each of `streams` bidirectional streams."""
    block, run = headers(path), _Slice(0.4, seconds)
    sent: dict[int, list[float]] = {}

    def answered(number: int) -> None:
        run.answered(sent[number].pop(0))
        if not run.over:
            more(number)

    def ended(number: int, ok: bool) -> None:
        run.refused += len(sent.pop(number, []))

    connection = await connect(port, answered, ended)

    def more(number: int) -> None:
        sent[number].append(now())
        connection.write(frame(DATA, 0, number, message(bodies())))

    for _ in range(streams):
        number, opening = connection.open(block)
        sent[number] = []
        connection.write(opening)
        for _ in range(window):
            more(number)
    await _until(run, {})
    return load_of(run.latencies, seconds, run.refused)


async def overload(  # noqa: C901 - one loop of arrivals, told in one place
    port: int, path: str, bodies: Bodies, seconds: float, rate: float
) -> Load:
    """Open loop: Poisson arrivals at `rate`; what the stream limit holds back waits here."""
    block, run, sent = headers(path), _Slice(0.5, seconds), _Sent()
    connections: list[Connection] = []
    waiting: list[float] = []
    draw = random.Random(7)

    def ended(at: int, stream: int, ok: bool) -> None:
        began = sent.pop((at, stream), None)
        if began is not None and ok:
            run.answered(began)
        elif began is not None:
            run.refused += 1
        open_more(at)

    def open_more(at: int) -> None:
        connection = connections[at]
        room = connection.max_streams - sum(1 for which, _ in sent if which == at)
        while waiting and room > 0 and not run.over:
            number, frames = connection.call(block, bodies())
            sent[at, number] = waiting.pop(0)
            connection.write(frames)
            room -= 1

    await _connect_four(connections, port, ended)
    arrival = now()
    while not run.over:
        while arrival <= now():
            waiting.append(arrival)
            arrival += draw.expovariate(rate)
        for at in range(4):
            open_more(at)
        await asyncio.sleep(0.001)
    return load_of(run.latencies, seconds, run.refused)


async def _connect_four(
    connections: list[Connection], port: int, ended: Callable[[int, int, bool], None]
) -> None:
    for at in range(4):
        connection = await connect(port, lambda _: None, partial(ended, at))
        connections.append(connection)


async def _until(run: _Slice, pending: dict[tuple[int, int], float]) -> None:
    await asyncio.sleep(max(0.0, run.end - now()))
    for _ in range(100):  # let what is on its way come home
        if not pending:
            return
        await asyncio.sleep(0.02)
