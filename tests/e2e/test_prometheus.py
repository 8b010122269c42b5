"""Prometheus' own tools and a real Prometheus take what is shipped: rules, queries, all."""

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import grpc
import pytest

from routing_service.pb.routing.v1.routing_service_pb2 import GetRequest
from routing_service.pb.routing.v1.routing_service_pb2_grpc import RoutingServiceStub
from routing_service.pb.routing.v1.rulebook_service_pb2 import ActivateRequest
from routing_service.pb.routing.v1.rulebook_service_pb2_grpc import RulebookServiceStub
from tests.e2e.prometheus import Prometheus, eventually, free_address, prometheus
from tests.fault.server_process import COMMAND, ROOT, ServerProcess
from tests.fault.workload import DESK
from tests.unit.deploy.queries import (
    DEPLOY,
    PANELS,
    RECORDINGS,
    RULE_FILES,
    RULE_TESTS,
    RULES,
    VARIABLES,
    escaped,
    filled,
)

pytestmark = [pytest.mark.prometheus, pytest.mark.timeout(300)]

DEMO_BEGINS = "2016-02-29T00:00:00Z"  # before the first incident of the log
INCIDENTS = 60
RECORDS_A_SNAPSHOT = 200
RATE_INTERVAL = "3s"  # of several scrapes
SECONDS_TO_SEE = 3.0  # for some scrapes and evaluations more

# All that means something in a regular expression, and a decoy that the unescaped name would match.
HOSTILE = "a.b(c|d)*$^[e]{2}?+'\\x"
DECOY = "aXb"
EXPOSED = """\
routing_items_open{desk="north",queue="%s",state="queued"} 3
routing_items_open{desk="north",queue="%s",state="queued"} 5
"""


class Run(NamedTuple):
    """A Prometheus that has watched a service, and from when to when it did; seconds since 1970."""

    prometheus: Prometheus
    began: float
    ended: float


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


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A service under the demo, then under wrong requests, then killed and started again."""
    folder = tmp_path_factory.mktemp("run")
    service = ServerProcess(
        folder / "service",
        metrics_listen=free_address(),
        dev="true",
        dev_start=DEMO_BEGINS,
        snapshot_every_records=RECORDS_A_SNAPSHOT,
    )
    job = {"routing-service": service.environment["ROUTING_METRICS_LISTEN"]}
    service.start()
    try:
        with prometheus(folder, job) as server:
            eventually(lambda: server.instant('up{job="routing-service"} == 1'))
            began = time.time()
            demo(service.address)
            ask_for_the_wrong_things(service.address)
            time.sleep(SECONDS_TO_SEE)
            service.kill()
            service.start()
            eventually(lambda: server.instant("time() - process_start_time_seconds < 60"))
            time.sleep(SECONDS_TO_SEE)
            yield Run(server, began, time.time())
    finally:
        service.stop()


def demo(address: str) -> None:
    """The first incidents of the log; the demo's own checks need all of them and are its own."""
    command = [*COMMAND, "demo", "--target", address, "--incidents", str(INCIDENTS), "--json"]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert played.returncode in {0, 1}, played.stderr
    assert json.loads(played.stdout)["acts"] > INCIDENTS


def ask_for_the_wrong_things(address: str) -> None:
    """Bytes that are no message, a desk that is none, a rulebook that is empty of sense."""
    with grpc.insecure_channel(address) as channel:
        submit = channel.unary_unary("/routing.v1.RoutingService/Submit")
        get = RoutingServiceStub(channel).Get
        activate = RulebookServiceStub(channel).Activate
        broken = ActivateRequest(desk=DESK, request_id="broken", files={"pack.yaml": "]"})
        for _ in range(3):
            for ask in (
                lambda: submit(b"\xff\xff\xff"),
                lambda: get(GetRequest(desk="nobody", item_id="nothing")),
                lambda: activate(broken),
            ):
                with pytest.raises(grpc.RpcError):
                    ask()
            time.sleep(0.5)


def answers(run: Run, expr: str, desk: str = ".*", queue: str = ".*") -> list[dict[str, Any]]:
    """The series of a panel's query over the whole run."""
    seconds = int(run.ended - run.began) + 1
    query = filled(expr, {"desk": desk, "queue": queue}, RATE_INTERVAL, f"{seconds}s")
    return run.prometheus.ranges(query, run.began, run.ended, step=0.5)


def changes(series: dict[str, Any]) -> bool:
    """Tell whether a series takes two values at least; NaN is none."""
    return len({text for _, text in series["values"]} - {"NaN"}) > 1


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_panel_shows_something_that_changes_over_the_run(run: Run, panel: dict[str, Any]) -> None:
    answered = [answers(run, target["expr"]) for target in panel["targets"]]

    assert all(answered), "a query has no series at all"
    assert any(changes(series) for query in answered for series in query)


@pytest.mark.parametrize("name", ["desk", "queue"])
def test_chooser_offers_what_the_service_has(run: Run, name: str) -> None:
    asked = re.fullmatch(r"label_values\((.+), (\w+)\)", VARIABLES[name]["query"]["query"])
    assert asked
    selector = filled(asked[1], {"desk": ".*"}, "", "")
    values = run.prometheus.get(f"label/{asked[2]}/values", **{"match[]": selector})

    assert {"desk": DESK, "queue": "service_desk"}[name] in values


def test_choosing_one_queue_leaves_the_others_out(run: Run) -> None:
    panel = next(panel for panel in PANELS if panel["title"] == "Oldest waiting item by queue")
    found = answers(run, panel["targets"][0]["expr"], DESK, escaped("group-7"))

    assert [{"queue": "group-7"}] == [series["metric"] for series in found]


def test_every_rule_is_evaluated_without_error(run: Run) -> None:
    groups = run.prometheus.get("rules")["groups"]
    health = {rule["name"]: rule["health"] for group in groups for rule in group["rules"]}

    assert health == dict.fromkeys((rule.get("alert") or rule["record"] for rule in RULES), "ok")


@pytest.mark.parametrize("name", sorted({rule["record"] for rule in RECORDINGS}))
def test_rule_records_a_figure_of_the_run(run: Run, name: str) -> None:
    recorded = run.prometheus.ranges(name, run.began, run.ended, step=0.5)
    figures = {text for series in recorded for _, text in series["values"]} - {"NaN"}

    assert figures


def test_healthy_service_under_the_demo_raises_only_what_it_should(run: Run) -> None:
    firing = run.prometheus.ranges('ALERTS{alertstate="firing"}', run.began, run.ended, step=0.5)
    names = {series["metric"]["alertname"] for series in firing}

    assert names == {"Watchdog", "RulebookLoadFailed"}
