"""The demo as anybody runs it: a process whose figures equal those of the file alone."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fault.server_process import ROOT, ServerProcess, free_port
from tests.samples.figures_from_csv import figures
from tests.unit.cli.incident_rows import COLUMNS, line

LOG = ROOT / "tests" / "samples" / "incidents.csv"
SOMEBODY = {"assigned_to": "Resolver 3"}
OURS = ("warnings", "breaches", "alerts", "priority_changes")
"""Figures that only the service can tell."""


def demo(*arguments: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "routing_service", "demo", "--json", *arguments]
    # A variable of the caller's must not lead the demo to his data.
    environment = os.environ | {"ROUTING_DATA_FOLDER": "/nonexistent", "ROUTING_DESKS": "x=y"}
    played = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert played.stdout, played.stderr
    return played.returncode, json.loads(played.stdout)


def of_the_file(told: dict[str, Any]) -> dict[str, Any]:
    """The demo's figures without those that the file cannot tell."""

    def shared(group: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in group.items() if name not in OURS}

    return {
        "priorities": {name: shared(each) for name, each in sorted(told["priorities"].items())},
        "total": shared(told["total"]),
    }


def failed(told: dict[str, Any]) -> list[str]:
    return [check["name"] for check in told["checks"] if not check["passed"]]


def written(path: Path, *lines: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({**each, "priority": priority(each)} for each in lines)
    return path


def priority(row: dict[str, str]) -> str:
    """The desk's own, as its matrix has it: what the file's figures are grouped by."""
    cell = int(row["impact"][0]) + int(row["urgency"][0])
    return {2: "1 - Critical", 3: "2 - High", 4: "3 - Moderate"}.get(cell, "4 - Low")


def test_figures_of_twenty_incidents_equal_those_of_the_file_alone() -> None:
    code, told = demo("--incidents", "20")

    assert failed(told) == []
    assert code == 0
    assert of_the_file(told) == figures(LOG, 20)


@pytest.mark.timeout(300)
def test_figures_of_all_incidents_equal_those_of_the_file_alone() -> None:
    code, told = demo()

    assert failed(told) == []
    assert code == 0
    assert of_the_file(told) == figures(LOG)
    assert min(told["total"][name] for name in (*OURS, "pauses", "reopens")) > 0


def test_log_with_everything_this_one_has_not_is_replayed_as_well(tmp_path: Path) -> None:
    high = {"impact": "1 - High", "urgency": "1 - High"}
    reopened_often = [
        line("09:01", "Active", number="INC1", **SOMEBODY),
        line("09:30", "Resolved", number="INC1", resolved_at="?", **SOMEBODY),
        line("10:00", "Active", number="INC1", **SOMEBODY),
        line("11:00", "Resolved", number="INC1", **SOMEBODY),
        line("11:10", "Awaiting Evidence", number="INC1", **SOMEBODY),
        line("11:20", "New", number="INC1", **SOMEBODY),
        line("12:00", "Resolved", number="INC1", **SOMEBODY),
        line("12:10", "Active", number="INC1", **SOMEBODY),
        line("12:20", "Closed", number="INC1", **SOMEBODY),
    ]
    stays_open = [
        line("09:00", number="INC2", assignment_group="Group 95", impact="3 - Low", **SOMEBODY),
        line("09:10", number="INC2", assignment_group="Group 1234", category="Category 999"),
        line("09:20", "-100", number="INC2", assignment_group="?", category="?"),
        line("09:30", "Awaiting Vendor", number="INC2", **high),
    ]
    unknown = dict.fromkeys(
        ("caller_id", "category", "subcategory", "u_symptom", "location", "assignment_group"), "?"
    )
    closed_long_after = [
        line("09:05", "Active", number="INC3", contact_type="Self service", **unknown, **SOMEBODY),
        line("10:00", "Resolved", number="INC3", **unknown),
        line("31-05-2016 10:00", "Closed", number="INC3", **unknown),
    ]
    back_after_it_closed_itself = [
        line("09:05", "-100", number="INC4", impact="3 - Low", urgency="1 - High"),
        line("10:00", "Resolved", number="INC4", impact="3 - Low", urgency="1 - High"),
        line("01-04-2016 10:00", "Active", number="INC4", **high, **SOMEBODY),
        line("02-04-2016 10:00", "Awaiting User Info", number="INC4", **high, **SOMEBODY),
        line("03-04-2016 10:00", "Closed", number="INC4", **high, **SOMEBODY),
    ]
    named_while_it_waits = [
        line("09:05", "Awaiting Problem", number="INC5", impact="1 - High", urgency="3 - Low"),
        line("09:06", "Awaiting Problem", number="INC5", **SOMEBODY),
        line("09:07", "Awaiting Problem", number="INC5", assignment_group="Group 3", **SOMEBODY),
        line("09:07", "Resolved", number="INC5", assignment_group="Group 3", **SOMEBODY),
    ]
    log = written(
        tmp_path / "log.csv",
        *reopened_often,
        *stays_open,
        *closed_long_after,
        *back_after_it_closed_itself,
        *named_while_it_waits,
    )

    code, told = demo("--log", str(log))

    assert failed(told) == []
    assert code == 0
    assert of_the_file(told) == figures(log)
    assert told["total"]["reopens"] == 3
    assert told["closed_by_itself"] == 3  # the last one stays resolved while the log goes on
    assert told["refused_after_that"] > 0


def test_demo_of_a_running_service_moves_the_log_behind_its_clock(tmp_path: Path) -> None:
    metrics = f"127.0.0.1:{free_port()}"
    service = ServerProcess(
        tmp_path / "service", dev=True, dev_start="2030-01-01T00:00:00Z", metrics_listen=metrics
    )
    service.start()
    try:
        arguments = ("--target", service.address, "--metrics", metrics, "--incidents", "20")
        code, told = demo(*arguments)
        first = min(story["opened_at"] for story in told["incidents"].values())
    finally:
        service.stop()

    assert failed(told) == []
    assert code == 0
    assert first >= 1_893_456_000_000_000  # 2030
    assert of_the_file(told) == figures(LOG, 20)


def test_demo_without_a_service_says_so() -> None:
    command = [sys.executable, "-m", "routing_service", "demo", "--incidents", "1"]
    target = ["--target", f"127.0.0.1:{free_port()}"]
    played = subprocess.run([*command, *target], capture_output=True, text=True, check=False)

    assert played.returncode == 1
    assert "UNAVAILABLE" in played.stderr
    assert "Traceback" not in played.stderr
