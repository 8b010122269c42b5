"""Prometheus' own tools take what is shipped, and queries stand whatever a queue is called."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.prometheus import Prometheus, eventually, prometheus
from tests.unit.deploy.queries import DEPLOY, PANELS, RULE_FILES, RULE_TESTS, escaped, filled

pytestmark = pytest.mark.prometheus

# All that means something in a regular expression, and a decoy that the unescaped name would match.
HOSTILE = "a.b(c|d)*$^[e]{2}?+'\\x"
DECOY = "aXb"
EXPOSED = """\
routing_items_open{desk="north",queue="%s",state="queued"} 3
routing_items_open{desk="north",queue="%s",state="queued"} 5
"""


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["promtool", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_promtool_accepts_the_configuration_and_every_rule() -> None:
    checked = promtool("check", "config", DEPLOY / "prometheus/prometheus.yml")

    assert checked.returncode == 0, checked.stderr
    assert f"{len(RULE_FILES)} rule files found" in checked.stdout


def test_promtool_finds_no_duplicate_or_odd_rule() -> None:
    checked = promtool("check", "rules", "--lint-fatal", *RULE_FILES)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("file", RULE_TESTS, ids=lambda file: file.stem)
def test_alerts_fire_and_stay_silent_as_their_tests_say(file: Path) -> None:
    tested = promtool("test", "rules", file)

    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.skipif(
    shutil.which("amtool") is None and os.environ.get("ROUTING_REQUIRE_PROMETHEUS") != "1",
    reason="needs amtool, not found on the path",
)
def test_amtool_accepts_the_routes_of_alerts() -> None:
    checked = subprocess.run(
        ["amtool", "check-config", str(DEPLOY / "alertmanager/alertmanager.yml")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


class Exposition(BaseHTTPRequestHandler):
    """Two queues in the text format."""

    def do_GET(self) -> None:
        text = EXPOSED % (HOSTILE.replace("\\", "\\\\"), DECOY)
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # the base class's name
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Exposition)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    target = f"127.0.0.1:{server.server_port}"
    try:
        with prometheus(tmp_path_factory.mktemp("hostile"), {"hostile": target}) as running:
            eventually(lambda: running.instant("routing_items_open"))
            yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def queue_panel() -> str:
    panel = next(panel for panel in PANELS if panel["title"] == "Waiting items by queue")
    return str(panel["targets"][0]["expr"])


def test_queue_with_a_hostile_name_is_found_and_no_other(hostile: Prometheus) -> None:
    chosen = {"desk": escaped("north"), "queue": escaped(HOSTILE)}
    found = hostile.instant(filled(queue_panel(), chosen, "5s", "1m"))

    assert [({"queue": HOSTILE}, "3")] == [(one["metric"], one["value"][1]) for one in found]


def test_several_queues_can_be_chosen_at_once(hostile: Prometheus) -> None:
    chosen = {"desk": "north", "queue": f"({escaped(HOSTILE)}|{escaped(DECOY)})"}
    found = hostile.instant(filled(queue_panel(), chosen, "5s", "1m"))

    assert {HOSTILE, DECOY} == {one["metric"]["queue"] for one in found}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_panel_answers_for_a_hostile_queue_name(hostile: Prometheus, panel: dict[str, Any]) -> None:
    chosen = {"desk": escaped(HOSTILE), "queue": escaped(HOSTILE)}
    for target in panel["targets"]:
        answered = hostile.get("query", query=filled(target["expr"], chosen, "5s", "1m"))

        assert answered["resultType"] == "vector"
