"""The command line against a service of its own: set up, serve, submit, watch, verify."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fault.server_process import ROOT, ServerProcess, free_port

COMMAND = [sys.executable, "-m", "routing_service"]
INCIDENT = ("--channel", "phone", "--customer", "c7", "--label", "assignment_group=group-70")
URGENT = ("--label", "impact=high", "--label", "urgency=high")


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ROUTING_")} | variables
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, check=False, env=environment
    )


def told(*arguments: str) -> Any:
    ran = run(*arguments, "--json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[ServerProcess]:
    service = ServerProcess(
        folder / "service", dev=True, dev_start="2016-02-29T09:00:00Z", master_key="ab" * 32
    )
    service.start()
    try:
        yield service
    finally:
        if service.running():
            service.stop()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One for all tests that do not mind the items of others."""
    with serving(tmp_path_factory.mktemp("cli")) as service:
        yield service


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[ServerProcess]:
    """One that nobody has used."""
    with serving(tmp_path) as service:
        yield service


def verify(service: ServerProcess) -> subprocess.CompletedProcess[str]:
    variables = {k: v for k, v in service.environment.items() if k.startswith("ROUTING_")}
    return run("verify", "--json", **variables)


def test_submit_tells_what_was_promised(fresh: ServerProcess) -> None:
    ran = run("submit", "--target", fresh.address, *INCIDENT, *URGENT)

    assert ran.returncode == 0
    first, second, *promises = ran.stdout.splitlines()
    assert first.startswith("INC0000001  it")
    assert second == "priority critical, queue group-70, place 1"
    assert [line.split() for line in promises] == [
        ["ownership", "2016-02-29T09:30:00Z"],
        ["resolution", "2016-02-29T13:00:00Z"],
        ["response", "2016-02-29T09:15:00Z"],
    ]


def test_submit_twice_with_one_key_is_one_item(service: ServerProcess) -> None:
    once = ("submit", "--target", service.address, *INCIDENT, "--event-id", "e1")
    first, second = told(*once), told(*once)

    assert first["item_id"] == second["item_id"]
    assert second["replayed"]


def test_refusal_comes_with_the_reason_of_the_service(service: ServerProcess) -> None:
    ran = run("submit", "--target", service.address, *INCIDENT, "--label", "nonesuch=1", "--json")

    assert ran.returncode == 1
    error = json.loads(ran.stderr)["error"]
    assert error["reason"] == "LABEL_UNKNOWN"
    assert "Traceback" not in ran.stderr


def test_refusal_names_the_label_and_the_values_it_may_have(service: ServerProcess) -> None:
    ran = run("submit", "--target", service.address, *INCIDENT, "--label", "impact=huge")

    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        "routing-service: The rulebook does not allow this value. (LABEL_VALUE)",
        "  allowed: high, medium, low",
        "  label: impact",
    ]


@pytest.mark.parametrize("verb", [("submit", "--kind", "message", "--text", "x"), ("watch",)])
def test_item_named_by_its_number_is_refused_with_what_to_write(
    service: ServerProcess, verb: tuple[str, ...]
) -> None:
    told("submit", "--target", service.address, *INCIDENT)
    ran = run(*verb, "--target", service.address, "--item", "INC0000001")

    assert ran.returncode == 1
    assert "ITEM_NOT_FOUND" in ran.stderr
    assert "such as it0000000001, not by its number" in ran.stderr


def test_nothing_at_the_target_says_what_to_look_for() -> None:
    target = f"127.0.0.1:{free_port()}"
    ran = run("submit", "--target", target, *INCIDENT)

    assert ran.returncode == 1
    assert f"Nothing answers at {target}; is `make run` going?" in ran.stderr


def test_watch_says_what_it_follows_and_where_the_state_ends(fresh: ServerProcess) -> None:
    told("submit", "--target", fresh.address, *INCIDENT, *URGENT)
    command = [*COMMAND, "watch", "--target", fresh.address, "--snapshot", "--count", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        state = [process.stdout.readline().rstrip() for _ in range(2)]
        told("submit", "--target", fresh.address, *INCIDENT)
        events, said = process.communicate(timeout=30)

    assert state[0].startswith(
        "INC0000001  it0000000001  queued  priority critical, queue group-70"
    )
    assert state[1] == "snapshot complete"
    assert len(events.splitlines()) == 1
    assert said.startswith(f"Following desk default at {fresh.address}")


def test_watch_shows_the_state_then_what_follows_a_cursor(service: ServerProcess) -> None:
    submit = ("submit", "--target", service.address, *INCIDENT)
    first, second = told(*submit), told(*submit)
    watch = ("watch", "--target", service.address, "--json")
    lines = run(*watch, "--after", first["cursor"], "--kind", "item_opened", "--count", "1")

    event = json.loads(lines.stdout)
    assert event["item_opened"]["item_id"] == second["item_id"]


def test_watch_goes_on_after_what_its_consumer_acknowledged(service: ServerProcess) -> None:
    submit = ("submit", "--target", service.address, *INCIDENT)
    begin = told(*submit)
    items = [told(*submit)["item_id"] for _ in range(3)]
    only = ("watch", "--target", service.address, "--json", "--kind", "item_opened")
    named = ("--consumer", "pager", "--ack", "--count", "1")
    seen = [
        json.loads(run(*only, *named, *after).stdout)["item_opened"]["item_id"]
        for after in (("--after", begin["cursor"]), (), ())
    ]

    assert seen == items


def test_verify_decides_the_journal_again_and_finds_it_identical(fresh: ServerProcess) -> None:
    for _ in range(3):
        told("submit", "--target", fresh.address, *INCIDENT, *URGENT)
    fresh.stop()
    ran = verify(fresh)

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)["default"]
    assert found["records"] == found["compared"] >= 4
    assert found["differs_at"] == 0


def test_verify_of_a_folder_in_use_is_refused(service: ServerProcess) -> None:
    ran = verify(service)

    assert ran.returncode == 1
    assert json.loads(ran.stderr)["error"]["reason"] == "STORE_LOCKED"


def test_what_init_writes_is_what_serve_needs(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    assert run("init", "--folder", str(folder), "--rules", str(ROOT / "rules/itsm")).returncode == 0
    settings = str(folder / "routing-service.yaml")
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [*COMMAND, "serve", "--settings", settings, "--listen", address, "--metrics-listen", ""],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process, process.stderr:
        ready = next(line for line in process.stderr if '"ready"' in line)
        submitted = run("submit", "--target", address, *INCIDENT)
        process.terminate()
        assert process.wait(30) == 0

    assert json.loads(ready)["address"] == address
    assert submitted.returncode == 0, submitted.stderr
    assert run("verify", "--settings", settings).returncode == 0
