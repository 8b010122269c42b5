"""A service of the demo's own: a real process under --dev, in a folder that vanishes with it."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from routing_service.cli.init import write
from routing_service.core.records.errors import Unavailable
from routing_service.settings import PREFIX

READY_SECONDS = 60.0
END_SECONDS = 60.0
LINES_KEPT = 20


class Address(msgspec.Struct, frozen=True):
    """Where a service listens: host:port of gRPC and of the metrics (empty = none)."""

    grpc: str
    metrics: str


@asynccontextmanager
async def own_server(rules: Path, start: str) -> AsyncIterator[Address]:
    """Start it with the clock at `start` (ISO 8601); ended by SIGTERM, and it must end well."""
    with tempfile.TemporaryDirectory(prefix="routing-demo-") as folder:
        settings, _ = write(Path(folder), rules)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "routing_service", "serve", "--settings", str(settings)),
            *("--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"),
            *("--dev", "--dev-start", start),
            stderr=asyncio.subprocess.PIPE,
            env=_environment(),
        )
        log = _Log(process)
        try:
            yield await log.address()
        finally:
            await _end(process, log)


def _environment() -> dict[str, str]:
    """Ours without settings: the demo must not meet a data folder that a variable names."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


class _Log:
    """Reads the service's log lines: the address from one of them, the last ones for a fault."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.last: deque[str] = deque(maxlen=LINES_KEPT)
        self._ready: asyncio.Future[Address] = asyncio.get_running_loop().create_future()
        self._process = process
        self._task = asyncio.create_task(self._read(), name="server log")

    async def address(self) -> Address:
        """Where it listens, once it is ready; Unavailable(SERVER_FAILED) when it does not start."""
        return await asyncio.wait_for(self._ready, READY_SECONDS)

    async def ended(self) -> None:
        """All of it was read."""
        await self._task

    async def _read(self) -> None:
        lines = self._process.stderr
        while lines is not None and (line := await lines.readline()):
            text = line.decode(errors="replace").rstrip()
            self.last.append(text)
            if not self._ready.done() and (address := _ready(text)):
                self._ready.set_result(address)
        if not self._ready.done():
            self._ready.set_exception(_failed("did not start", self.last))


def _ready(line: str) -> Address | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("action") != "ready":
        return None
    return Address(told["address"], told["metrics"])


async def _end(process: asyncio.subprocess.Process, log: _Log) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
    await log.ended()
    if process.returncode:
        raise _failed(f"ended with {process.returncode}", log.last)


def _failed(what: str, last: deque[str]) -> Unavailable:
    return Unavailable("SERVER_FAILED", "\n".join((f"The demo's own service {what}:", *last)))
