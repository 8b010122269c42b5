"""A real Prometheus for a test: runs on the shipped configuration, is asked over HTTP."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tests.unit.deploy.queries import DEPLOY, RULE_FILES

SCRAPE_INTERVAL = "500ms"
Answer = TypeVar("Answer")


class Prometheus:
    """A running server, by its address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, path: str, **parameters: str | Sequence[str]) -> Any:
        """Ask /api/v1/<path>. AssertionError with Prometheus' own words when it refuses."""
        text = urllib.parse.urlencode(parameters, doseq=True)
        try:
            with urllib.request.urlopen(f"http://{self.address}/api/v1/{path}?{text}") as reply:
                return json.load(reply)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode()}") from error

    def ranges(self, query: str, start: float, end: float, step: float) -> list[dict[str, Any]]:
        """The series of a query over a time range: [{metric, values: [[instant, text], …]}, …]."""
        told = {"start": str(start), "end": str(end), "step": str(step)}
        series: list[dict[str, Any]] = self.get("query_range", query=query, **told)["result"]
        return series

    def instant(self, query: str) -> list[dict[str, Any]]:
        """The series of a query now: [{metric, value: [instant, text]}, …]."""
        series: list[dict[str, Any]] = self.get("query", query=query)["result"]
        return series

    def ready(self) -> bool:
        """Tell whether it answers yet."""
        try:
            with urllib.request.urlopen(f"http://{self.address}/-/ready") as reply:
                return bool(reply.status == 200)
        except OSError:
            return False


def eventually(question: Callable[[], Answer], seconds: float = 30.0) -> Answer:
    """Ask until the answer is true; AssertionError with the last answer after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, f"still {answer!r}"
        time.sleep(0.1)
    return answer


def free_address() -> str:
    """A loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def configured(folder: Path, targets: Mapping[str, str]) -> Path:
    """The shipped configuration and rules: asking faster, elsewhere, telling no Alertmanager."""
    shipped = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text("utf-8"))
    shipped["global"] = {"scrape_interval": SCRAPE_INTERVAL, "evaluation_interval": "1s"}
    del shipped["alerting"]
    shipped["scrape_configs"] = [
        {"job_name": job, "static_configs": [{"targets": [target]}]}
        for job, target in targets.items()
    ]
    for file in RULE_FILES:
        rules = yaml.safe_load(file.read_text("utf-8"))
        for group in rules["groups"]:
            group.pop("interval", None)
        _write(folder / "rules" / file.name, rules)
    return _write(folder / "prometheus.yml", shipped)


def _write(path: Path, content: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(content), "utf-8")
    return path


@contextmanager
def prometheus(folder: Path, targets: Mapping[str, str]) -> Iterator[Prometheus]:
    """Run Prometheus, scraping `targets` (job -> host:port); its files are in `folder`."""
    server = Prometheus(free_address())
    with (folder / "prometheus.log").open("w") as log:
        process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={configured(folder, targets)}",
                f"--storage.tsdb.path={folder / 'tsdb'}",
                f"--web.listen-address={server.address}",
            ],
            stdout=log,
            stderr=log,
        )
        try:
            eventually(lambda: server.ready() or process.poll() is not None)
            assert server.ready(), (folder / "prometheus.log").read_text()
            yield server
        finally:
            process.terminate()
            process.wait(30)
