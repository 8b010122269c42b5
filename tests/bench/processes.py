"""Server processes of the benchmarks: pinned to one core, their data on a real disk."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import yaml
from grpc_health.v1 import health_pb2

SERVER_CORE = {0}
READY_SECONDS = 120


@contextlib.contextmanager
def echo() -> Iterator[int]:
    """The no-op server's port."""
    with _process([sys.executable, "-m", "tests.bench.echo"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())  # the first line it prints


def configure(folder: Path, port: int, **changes: object) -> Path:
    """A settings file for a desk with the bench pack; its key lies beside it."""
    key = folder / "master.key"
    if not key.exists():
        key.write_text("07" * 32)
        key.chmod(0o600)
    settings = {
        "listen": f"127.0.0.1:{port}",
        "metrics_listen": "",
        "data_folder": str(folder / "data"),
        "key_file": str(key),
        "desks": {"default": {"rules": str(Path("tests/bench/pack").resolve())}},
        "log_level": "warning",
    }
    file = folder / "routing-service.yaml"
    file.write_text(yaml.safe_dump(settings | changes))
    return file


@contextlib.contextmanager
def service(file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The real service, serving."""
    command = [sys.executable, "-m", "routing_service", "serve", "--config", str(file)]
    with _process(command) as process:
        wait_until_serving(yaml.safe_load(file.read_text())["listen"], process)
        yield process


def wait_until_serving(address: str, process: subprocess.Popen[bytes]) -> float:
    """Seconds until it says that it serves: recovered, and its rules in force."""
    began = time.perf_counter()
    with grpc.insecure_channel(address) as channel:
        check: grpc.UnaryUnaryMultiCallable[bytes, health_pb2.HealthCheckResponse] = (
            channel.unary_unary(
                "/grpc.health.v1.Health/Check",
                response_deserializer=health_pb2.HealthCheckResponse.FromString,
            )
        )
        while time.perf_counter() - began < READY_SECONDS:
            if process.poll() is not None:
                msg = f"the service ended with {process.returncode}"
                raise RuntimeError(msg)
            try:
                answer = check(b"", timeout=5)
            except grpc.RpcError:
                time.sleep(0.02)
                continue
            if answer.status == answer.SERVING:
                return time.perf_counter() - began
            time.sleep(0.02)
    raise TimeoutError(address)


@contextlib.contextmanager
def _process(command: list[str], stdout: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=stdout)
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(process.pid, SERVER_CORE)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def resident_mb(pid: int) -> float:
    """Resident memory of a process, MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
