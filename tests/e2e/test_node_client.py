"""A client in another language: the .proto files and public packages are all it needs."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fault.server_process import ROOT, serving

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]  # npm fetches packages the first time

SOURCE = Path(__file__).parent / "node"
INSTALLED = ROOT / "build" / "node"
"""The client with its packages, kept from run to run; `npm ci` runs again when the lock changes."""
Steps = dict[str, dict[str, Any]]


def installed() -> Path:
    lock = SOURCE / "package-lock.json"
    done = INSTALLED / "installed.lock"
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for file in SOURCE.iterdir():
        shutil.copy(file, INSTALLED)
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        run = subprocess.run(command, cwd=INSTALLED, capture_output=True, text=True, check=False)
        if run.returncode and os.environ.get("ROUTING_REQUIRE_NODE") != "1":
            pytest.skip(f"needs packages that npm cannot fetch: {run.stderr.strip()[-300:]}")
        assert run.returncode == 0, run.stdout + run.stderr
        shutil.copy(lock, done)
    return INSTALLED


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steps]:
    """What the client printed, by step."""
    client = installed() / "client.mjs"
    with serving(tmp_path_factory.mktemp("node")) as server:
        run = subprocess.run(
            ["node", str(client), server.address, str(ROOT / "proto")],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr + server.last_words()
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        yield {line.pop("step"): line for line in lines}


def test_item_gets_its_promises_with_the_reply(steps: Steps) -> None:
    submitted = steps["submitted"]

    assert ("group-7", "critical") == (submitted["queue"], submitted["priority"])
    assert ["ownership", "resolution", "response"] == submitted["promises"]


def test_repeated_event_gets_the_same_item(steps: Steps) -> None:
    again = steps["submitted_again"]

    assert {"item_id": steps["submitted"]["item_id"], "replayed": True} == again


def test_agent_is_offered_the_item_and_becomes_its_owner(steps: Steps) -> None:
    item = steps["submitted"]["item_id"]

    assert steps["offered"] == {
        "item_id": item,
        "state": "ITEM_STATE_OFFERED",
        "agent_id": "node-agent",
    }
    assert steps["accepted"] == {"item_id": item, "owner": "node-agent", "answers": True}


def test_agent_says_on_the_stream_that_his_hands_are_free(steps: Steps) -> None:
    assert {"outcome": "done", "answers": True} == steps["completed"]


def test_reported_solution_meets_the_clocks(steps: Steps) -> None:
    resolved = steps["resolved"]

    assert "ITEM_STATE_RESOLVED" == resolved["state"]
    assert ["ownership", "resolution", "response"] == resolved["met"]


def test_watching_shows_the_whole_story(steps: Steps) -> None:
    kinds = steps["followed"]["kinds"]

    assert {
        "agent_changed",
        "item_opened",
        "item_classified",
        "item_queued",
        "offer_made",
        "assignment_made",
        "milestone_reached",
        "clock_moved",
    } <= set(kinds)


def test_consumer_goes_on_by_its_name_where_it_acknowledged(steps: Steps) -> None:
    assert [steps["resumed"]["item_id"]] == steps["resumed"]["opened"]


def test_reason_of_a_refusal_is_readable_by_a_plain_client(steps: Steps) -> None:
    refused = steps["refused"]

    assert ("INVALID_ARGUMENT", "LABEL_UNKNOWN") == (refused["code"], refused["reason"])
    assert "no_such_label" in refused["metadata"].values()
