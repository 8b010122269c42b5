"""Shapes of load over tests/bench/h2.py: closed loop unary and streams, open loop overload.

Each returns a Load: answers per second and the latency of each answer.
"""

import asyncio
import random
from collections.abc import Callable

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
    block, run, sent = headers(path), _Slice(0.4, seconds), {}
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

    for at in range(4):
        connections.append(
            await connect(port, lambda _: None, lambda s, ok, at=at: ended(at, s, ok))
        )
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

    def ended(number: int, ok: bool) -> None:  # noqa: ARG001 - the generator's signature
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


async def overload(port: int, path: str, bodies: Bodies, seconds: float, rate: float) -> Load:
    """Open loop: Poisson arrivals at `rate`, whatever comes back; over the stream limit they wait."""
    block, run, sent = headers(path), _Slice(0.5, seconds), {}
    connections: list[Connection] = []
    waiting: list[float] = []
    draw = random.Random(7)  # noqa: S311 - arrivals, not secrets

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

    for at in range(4):
        connections.append(
            await connect(port, lambda _: None, lambda s, ok, at=at: ended(at, s, ok))
        )
    arrival = now()
    while not run.over:
        while arrival <= now():
            waiting.append(arrival)
            arrival += draw.expovariate(rate)
        for at in range(4):
            open_more(at)
        await asyncio.sleep(0.001)
    return load_of(run.latencies, seconds, run.refused)


async def _until(run: _Slice, pending: dict[tuple[int, int], float]) -> None:
    while not run.over:
        await asyncio.sleep(0.02)
    for _ in range(100):  # let what is on its way come home
        if not pending:
            return
        await asyncio.sleep(0.02)
