"""The image, the compose stack, the unit and the configurations between them fit together.

No Docker engine is needed: the files are read and held against what operators rely on.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from routing_service.settings import Settings, load_settings
from tests.unit.deploy.queries import ALERTS, DEPLOY

COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
BUILD_STAGE, RUN_STAGE = DOCKERFILE.split("\nFROM ")[1:]
PROMETHEUS = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text("utf-8"))
ALERTMANAGER = yaml.safe_load((DEPLOY / "alertmanager/alertmanager.yml").read_text("utf-8"))
UNIT = (DEPLOY / "systemd/routing-service.service").read_text("utf-8")


def instructions(stage: str, name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", stage, re.MULTILINE)


def environment_of_image() -> dict[str, str]:
    return dict(re.findall(r"(ROUTING_\w+)=(\S+)", RUN_STAGE))


def test_image_builds_and_runs_on_one_pinned_slim_python() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.12\.\d+-slim-bookworm", bases[0])


def test_compiler_stays_in_the_first_stage() -> None:
    assert "gcc" in BUILD_STAGE
    assert "gcc" not in RUN_STAGE
    assert "apt-get" not in RUN_STAGE


def test_dependencies_come_from_the_lock_file_by_hash() -> None:
    installs = [
        line for line in DOCKERFILE.replace("\\\n", "").splitlines() if "pip install" in line
    ]

    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "requirements.lock" in installs[0]


def test_process_is_no_root_gets_signals_itself_and_stops_on_sigterm() -> None:
    assert instructions(RUN_STAGE, "USER") == ["10001:10001"]
    assert instructions(RUN_STAGE, "ENTRYPOINT") == ['["python", "-m", "routing_service"]']
    assert instructions(RUN_STAGE, "CMD") == ['["serve"]']
    assert instructions(RUN_STAGE, "STOPSIGNAL") == ["SIGTERM"]


def test_build_context_lets_in_only_what_the_image_copies() -> None:
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = {
        line.split()[0] for line in instructions(DOCKERFILE, "COPY") if not line.startswith("--")
    }

    assert "*" in lines
    assert copied == allowed


def test_image_knows_only_settings_that_exist() -> None:
    known = {f"ROUTING_{name.upper()}" for name in Settings.__struct_fields__}

    assert set(environment_of_image()) <= known


@pytest.mark.parametrize("name", SERVICES)
def test_container_is_confined_checked_and_reachable_from_this_machine_only(name: str) -> None:
    service = SERVICES[name]

    assert re.match(r"[1-9]\d*:", service["user"])
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"routing"}))
def test_image_of_others_is_pinned_to_one_version(name: str) -> None:
    assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+\.\d+", SERVICES[name]["image"])


def test_key_is_a_secret_file_and_the_journal_a_volume() -> None:
    routing = SERVICES["routing"]
    image = environment_of_image()

    assert routing["secrets"] == ["master_key"]
    assert list(COMPOSE["secrets"]["master_key"]) == ["file"]
    assert image["ROUTING_KEY_FILE"] == "/run/secrets/master_key"
    assert routing["volumes"] == [f"journal:{image['ROUTING_DATA_FOLDER']}"]
    assert not any("KEY" in name for name in routing.get("environment", {}))


def test_secrets_folder_is_never_committed() -> None:
    assert "/secrets/" in (DEPLOY / ".gitignore").read_text("utf-8").splitlines()
    assert COMPOSE["secrets"]["master_key"]["file"].startswith("./secrets/")


def test_every_volume_is_declared_and_every_mounted_folder_exists() -> None:
    mounts = [mount.split(":") for service in SERVICES.values() for mount in service["volumes"]]
    named = {source for source, *_ in mounts if not source.startswith(".")}
    folders = {source for source, *_ in mounts if source.startswith(".")}

    assert named == set(COMPOSE["volumes"])
    assert {folder for folder in folders if not (DEPLOY / folder).is_dir()} == set()
    assert {mount[2:] != ["ro"] for mount in mounts if mount[0].startswith(".")} == {False}


def test_plaintext_is_for_the_container_network_and_said_out_loud() -> None:
    assert "--allow-plaintext" in SERVICES["routing"]["command"]
    assert "allow_plaintext" not in DOCKERFILE.lower()


def test_container_may_take_as_long_as_draining_does() -> None:
    grace = int(SERVICES["routing"]["stop_grace_period"].removesuffix("s"))
    unit = re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)

    assert unit
    assert min(grace, int(unit[1])) >= Settings().drain_seconds + 10


def test_prometheus_asks_the_services_where_they_listen() -> None:
    jobs = {job["job_name"]: job["static_configs"][0] for job in PROMETHEUS["scrape_configs"]}
    metrics_port = environment_of_image()["ROUTING_METRICS_LISTEN"].rpartition(":")[2]

    assert jobs["routing-service"]["targets"] == [f"routing:{metrics_port}"]
    receivers = PROMETHEUS["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"]
    assert {target.partition(":")[0] for target in receivers} <= set(SERVICES)


def test_grafana_finds_data_source_and_dashboard() -> None:
    provisioning = DEPLOY / "grafana/provisioning"
    source = yaml.safe_load((provisioning / "datasources/prometheus.yaml").read_text("utf-8"))
    boards = yaml.safe_load((provisioning / "dashboards/routing.yaml").read_text("utf-8"))
    mounted = {mount.split(":")[1] for mount in SERVICES["grafana"]["volumes"]}

    assert source["datasources"][0]["url"] == "http://prometheus:9090"
    assert boards["providers"][0]["options"]["path"] in mounted
    interval = PROMETHEUS["global"]["scrape_interval"]
    assert source["datasources"][0]["jsonData"]["timeInterval"] == interval


def test_every_route_has_a_receiver_and_every_receiver_a_route() -> None:
    route = ALERTMANAGER["route"]
    routed = {route["receiver"], *(child["receiver"] for child in route["routes"])}

    assert {receiver["name"] for receiver in ALERTMANAGER["receivers"]} == routed


def test_silenced_alerts_exist() -> None:
    names = {alert["alert"] for alert in ALERTS}
    told = re.findall(r'alertname (?:=|!~) "([\w|]+)"', str(ALERTMANAGER))

    assert told
    assert {name for group in told for name in group.split("|")} <= names


def test_settings_of_the_unit_are_valid() -> None:
    told = re.findall(r"^Environment=(ROUTING_\w+)=(\S+)$", UNIT, re.MULTILINE)
    settings = load_settings(DEPLOY / "systemd/settings.yaml", dict(told), {})

    assert settings.listen.startswith("127.0.0.1:")
    assert settings.desks["default"].rules == "/opt/routing-service/rules/itsm"
    assert settings.key_file == "/etc/routing-service/master.key"


@pytest.mark.parametrize(
    "line",
    [
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "CapabilityBoundingSet=",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=@system-service",
        "StateDirectoryMode=0700",
        "UMask=0077",
    ],
)
def test_unit_is_hardened(line: str) -> None:
    assert line in UNIT.splitlines()


@pytest.fixture
def healthy_server() -> Iterator[tuple[str, health.HealthServicer]]:
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    servicer = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}", servicer
    server.stop(grace=None).wait()


def healthcheck(address: str) -> subprocess.CompletedProcess[str]:
    script = str(Path(DEPLOY) / "healthcheck.py")
    return subprocess.run(
        [sys.executable, script, address], capture_output=True, text=True, check=False
    )


def test_healthcheck_passes_while_the_service_serves(
    healthy_server: tuple[str, health.HealthServicer],
) -> None:
    address, _ = healthy_server

    assert healthcheck(address).returncode == 0


def test_healthcheck_fails_while_the_service_drains(
    healthy_server: tuple[str, health.HealthServicer],
) -> None:
    address, servicer = healthy_server
    servicer.set("", health_pb2.HealthCheckResponse.NOT_SERVING)

    assert healthcheck(address).returncode == 1


def test_healthcheck_fails_where_nobody_listens() -> None:
    checked = healthcheck("127.0.0.1:1")

    assert checked.returncode == 1
    assert "not healthy: 127.0.0.1:1" in checked.stderr
