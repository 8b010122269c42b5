"""A real Prometheus watches the service under the demo: panels, choosers, rules and alerts."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import grpc
import pytest

from routing_service.pb.routing.dev.v1.clock_pb2 import AdvanceRequest, NowRequest
from routing_service.pb.routing.dev.v1.clock_pb2_grpc import ClockServiceStub
from routing_service.pb.routing.v1.agent_pb2 import PRESENCE_AVAILABLE, Agent
from routing_service.pb.routing.v1.agent_service_pb2 import (
    AcceptRequest,
    CompleteRequest,
    PutAgentsRequest,
    SetPresenceRequest,
)
from routing_service.pb.routing.v1.agent_service_pb2_grpc import AgentServiceStub
from routing_service.pb.routing.v1.request_event_pb2 import REQUEST_KIND_OPENED, RequestEvent
from routing_service.pb.routing.v1.routing_service_pb2 import GetRequest, SubmitRequest
from routing_service.pb.routing.v1.routing_service_pb2_grpc import RoutingServiceStub
from routing_service.pb.routing.v1.rulebook_service_pb2 import ActivateRequest, SwitchSurgeRequest
from routing_service.pb.routing.v1.rulebook_service_pb2_grpc import RulebookServiceStub
from routing_service.pb.routing.v1.work_item_pb2 import LabelValue
from tests.e2e.prometheus import Prometheus, eventually, free_address, prometheus
from tests.fault.server_process import COMMAND, ROOT, ServerProcess
from tests.fault.workload import DESK
from tests.unit.deploy.queries import (
    PANELS,
    RECORDINGS,
    RULES,
    VARIABLES,
    escaped,
    filled,
)

pytestmark = [pytest.mark.prometheus, pytest.mark.timeout(300)]

DEMO_BEGINS = "2016-02-29T00:00:00Z"  # before the first incident of the log
INCIDENTS = 60
LONELY = "group-90"  # nobody of the log works there
RECORDS_A_SNAPSHOT = 200
RATE_INTERVAL = "3s"  # of several scrapes
SECONDS_TO_SEE = 3.0  # for some scrapes and evaluations more
STEADY = {
    "Alerts by severity": {"stopped loops"},  # the pack's rules do not chase each other
    "Alert lateness": {"p99"},  # on the standing clock of a demo every alert is in time
    "Inbox": {"{{desk}} waiting", "{{desk}} refused a second"},  # one demo is no crowd
    "Snapshots and recoveries": {"{{desk}} recovered: {{cause}}"},  # each process starts once
    "Rulebook loads and rule engine": {
        "{{desk}}: {{pack}} {{digest}}",  # as above
        "{{desk}} stale",
        "{{desk}} fast engine",
        "{{desk}} quarantines",
        "{{desk}} divergences",
    },
    "Surge levels": {"{{queue}} {{load}} switched by hand"},  # shown only while it is
    "Processor time and clock jumps": {"{{desk}} clock jumps", "{{instance}} plaintext"},
}
"""What a healthy run on loopback shows, but need not move: panel -> legends."""


SURGE = f"""
stage: surge
loads:
  lonely: {{queue: {LONELY}, levels: [{{name: peak}}]}}
rules:
  - {{id: call-back, when: {{surge.lonely: peak}}, then: {{offer: callback}}}}
"""


class Run(NamedTuple):
    """A Prometheus that has watched a service, and from when to when it did; seconds since 1970."""

    prometheus: Prometheus
    began: float
    ended: float


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
        desks=f"{DESK}={with_surge(folder)}",
    )
    job = {"routing-service": service.environment["ROUTING_METRICS_LISTEN"]}
    service.start()
    try:
        with prometheus(folder, job) as server:
            eventually(lambda: server.instant('up{job="routing-service"} == 1'))
            began = time.time()
            demo(service.address)
            ask_for_the_wrong_things(service.address)
            let_some_wait(service.address)
            time.sleep(SECONDS_TO_SEE)
            service.kill()
            service.start()
            eventually(lambda: server.instant("time() - process_start_time_seconds < 60"))
            time.sleep(SECONDS_TO_SEE)
            yield Run(server, began, time.time())
    finally:
        service.stop()


def with_surge(folder: Path) -> Path:
    """The demo's pack, with a load on the queue of the one agent."""
    pack = Path(shutil.copytree(ROOT / "rules" / "itsm", folder / "pack"))
    (pack / "surge.yaml").write_text(SURGE, "utf-8")
    return pack


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


def let_some_wait(address: str) -> None:
    """One agent for four: the first who waits is answered as told, the others long after."""
    with grpc.insecure_channel(address) as channel:
        routing, agents = RoutingServiceStub(channel), AgentServiceStub(channel)
        who = Agent(id="alone", queues=[LONELY], capacity=1)
        agents.PutAgents(PutAgentsRequest(desk=DESK, request_id="alone", agents=[who]))
        agents.SetPresence(
            SetPresenceRequest(
                desk=DESK, request_id="alone-in", agent_id="alone", presence=PRESENCE_AVAILABLE
            )
        )
        switch_surge(channel)
        items = [routing.Submit(waiting(number)).result.item_id for number in range(4)]
        for number, item in enumerate(items):
            if number > 1:
                ClockServiceStub(channel).Advance(AdvanceRequest(desk=DESK, by={"seconds": 21_600}))
            serve(routing, agents, item)
            time.sleep(1)


def switch_surge(channel: grpc.Channel) -> None:
    """The supervisor puts the one agent's queue at its level, for an hour."""
    until = ClockServiceStub(channel).Now(NowRequest(desk=DESK)).now
    until.seconds += 3_600
    told = SwitchSurgeRequest(
        desk=DESK, request_id="peak", load="lonely", level="peak", reason="a test", until=until
    )
    RulebookServiceStub(channel).SwitchSurge(told)


def waiting(number: int) -> SubmitRequest:
    """A request for the queue of the one agent."""
    labels = {"assignment_group": LONELY, "impact": "low", "urgency": "low"}
    event = RequestEvent(
        event_id=f"waits-{number}",
        kind=REQUEST_KIND_OPENED,
        channel="phone",
        customer_id="patient",
        labels={name: LabelValue(text=value) for name, value in labels.items()},
    )
    return SubmitRequest(desk=DESK, event=event)


def serve(routing: RoutingServiceStub, agents: AgentServiceStub, item_id: str) -> None:
    """The agent accepts what he is offered, and is free again."""
    item = routing.Get(GetRequest(desk=DESK, item_id=item_id)).item
    agents.Accept(
        AcceptRequest(
            desk=DESK,
            request_id=f"accept-{item_id}",
            offer_id=item.offer_ids[0],
            agent_id="alone",
            version=item.version,
        )
    )
    done = {"desk": DESK, "request_id": f"complete-{item_id}", "item_id": item_id}
    agents.Complete(CompleteRequest(agent_id="alone", **done))


def answers(run: Run, expr: str, desk: str = ".*", queue: str = ".*") -> list[dict[str, Any]]:
    """The series of a panel's query over the whole run."""
    seconds = int(run.ended - run.began) + 1
    query = filled(expr, {"desk": desk, "queue": queue}, RATE_INTERVAL, f"{seconds}s")
    return run.prometheus.ranges(query, run.began, run.ended, step=0.5)


def changes(series: dict[str, Any]) -> bool:
    """Tell whether a series takes two values at least; NaN is none."""
    return len({text for _, text in series["values"]} - {"NaN"}) > 1


@pytest.mark.parametrize(
    ("panel", "target"),
    [
        pytest.param(panel, target, id=f"{panel['title']} {target['refId']}")
        for panel in PANELS
        for target in panel["targets"]
    ],
)
def test_query_of_a_panel_shows_a_series_that_changes_over_the_run(
    run: Run, panel: dict[str, Any], target: dict[str, Any]
) -> None:
    answered = answers(run, target["expr"])

    assert answered
    assert any(map(changes, answered)) or target["legendFormat"] in STEADY.get(panel["title"], ())


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_no_panel_is_steady_in_all_its_queries(panel: dict[str, Any]) -> None:
    legends = {target["legendFormat"] for target in panel["targets"]}

    assert legends > set(STEADY.get(panel["title"], ()))


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
