"""The real service as a process of its own: started, killed, stopped and started again.

Configured by environment alone, so that it is told nothing a file on this machine says.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.fault.workload import DESK, MASTER

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules" / "itsm"
COMMAND = [sys.executable, "-m", "routing_service"]
READY_SECONDS = 30.0
STOP_SECONDS = 30.0
QUICK_RECONNECT = (
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 200),
)
"""For channels to a server that comes back at once."""
OWN_CONNECTION = (*QUICK_RECONNECT, ("grpc.use_local_subchannel_pool", 1))
"""For channels that must not share a connection with another of this process."""


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fresh_folder(name: str) -> Path:
    """An empty folder on the disk of the tree: a folder for temporary files may be memory."""
    folder = ROOT / "build" / "fault" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


class ServerProcess:
    """One service on one data folder and one port, which stay the same over restarts.

    `settings` are those of routing_service/settings.py, and `master_key`.
    """

    def __init__(self, folder: Path, **settings: object) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.data = Path(str(settings.get("data_folder", folder / "data")))
        self.address = str(settings.get("listen", f"127.0.0.1:{free_port()}"))
        self.log = folder / "server.log"
        told = {
            "listen": self.address,
            "metrics_listen": "",
            "data_folder": self.data,
            "master_key": MASTER.hex(),
            "desks": f"{DESK}={RULES}",
        } | settings
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("ROUTING_")
        } | {f"ROUTING_{name.upper()}": str(value) for name, value in told.items()}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def resident_mb(self) -> float:
        """Memory of the running process that is in use, MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def spawn(self, *, log: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a process and do not wait for it."""
        with (log or self.log).open("ab") as file:
            return subprocess.Popen(
                [*COMMAND, "serve"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )

    def spawn_unattended(self) -> None:
        """Start and do not wait: the next thing to happen to it is `kill`."""
        self._process = self.spawn()

    def start(self) -> float:
        """Start and wait until its health says SERVING; the seconds that took."""
        began = time.monotonic()
        self._process = self.spawn()
        with grpc.insecure_channel(self.address, options=OWN_CONNECTION) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            while not _serves(health):
                took = time.monotonic() - began
                assert self._process.poll() is None, f"it ended: {self.last_words()}"
                assert took < READY_SECONDS, f"not ready after {took:.0f} s: {self.last_words()}"
                time.sleep(0.02)
        return time.monotonic() - began

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        return self._end(signal.SIGTERM)

    def told(self, action: str) -> list[dict[str, str]]:
        """The lines of its log about this action: "ready", "call", …"""
        lines = map(json.loads, self.log.read_text().splitlines())
        return [line for line in lines if line["action"] == action]

    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def serves(self) -> bool:
        """Whether its health says SERVING now."""
        with grpc.insecure_channel(self.address, options=OWN_CONNECTION) as channel:
            return _serves(health_pb2_grpc.HealthStub(channel))

    def command(
        self, *arguments: str, seconds: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A verb of the command line on the same settings, until it ends."""
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-2_000:]

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        assert process is not None
        process.send_signal(how)
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _serves(health: health_pb2_grpc.HealthStub) -> bool:
    try:
        answer = health.Check(health_pb2.HealthCheckRequest(), timeout=5)
    except grpc.RpcError:
        return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


@contextlib.contextmanager
def serving(folder: Path, **settings: object) -> Iterator[ServerProcess]:
    """A server that serves; stopped at the end."""
    server = ServerProcess(folder, **settings)
    server.start()
    try:
        yield server
    finally:
        if server.running():
            server.stop()
