"""`activate` against a service of its own, and SIGHUP to that service."""

import json
import os
import pty
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desk_client import PACK
from tests.fault.server_process import COMMAND, ServerProcess, free_port

ROUTE = (PACK / "route.yaml").read_text("utf-8")
EXPERTS = ROUTE.replace("default: {queue: front}", "default: {queue: experts}")
MOON = ROUTE.replace("default: {queue: front}", "default: {queue: moon}")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The folder that the service reads."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


@pytest.fixture
def service(tmp_path: Path, pack: Path) -> Iterator[ServerProcess]:
    service = ServerProcess(tmp_path / "service", desks=f"default={pack}", master_key="ab" * 32)
    service.start()
    yield service
    if service.running():
        service.stop()


def activate(service: ServerProcess, *words: str) -> subprocess.CompletedProcess[str]:
    return service.command("activate", "--target", service.address, *words)


def told(service: ServerProcess, *words: str) -> dict[str, Any]:
    ran = activate(service, *words, "--json")
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def submit(service: ServerProcess) -> dict[str, Any]:
    """A new request."""
    words = ("--channel", "email", "--customer", "c1", "--json")
    ran = service.command("submit", "--target", service.address, *words)
    return dict(json.loads(ran.stdout))


def queue(service: ServerProcess) -> str:
    """Where a new request goes."""
    return str(submit(service)["queue"])


def test_activate_reads_the_folder_of_the_desk_again(service: ServerProcess, pack: Path) -> None:
    before = queue(service)
    (pack / "route.yaml").write_text(EXPERTS)
    first, second = activate(service), activate(service)
    digest = told(service)["digest"][:12]

    assert first.stdout.splitlines()[0] == f"small version 1, digest {digest} is in force"
    assert "is in force already; nothing changed" in second.stdout
    assert (before, queue(service)) == ("front", "experts")


def test_activate_sends_a_folder_from_here(service: ServerProcess, tmp_path: Path) -> None:
    mine = Path(shutil.copytree(PACK, tmp_path / "mine"))
    (mine / "route.yaml").write_text(EXPERTS)
    answer = told(service, str(mine))

    assert answer["digest"] != answer["previous_digest"]
    assert queue(service) == "experts"
    assert [line for line in service.log.read_text().splitlines() if line[:1] != "{"] == []


def test_findings_of_a_refused_pack_are_told_as_check_tells_them(
    service: ServerProcess, pack: Path
) -> None:
    (pack / "route.yaml").write_text(MOON)
    from_here, from_there = activate(service, str(pack)), activate(service)
    checked = service.command("check", str(pack)).stdout
    as_json = activate(service, "--json")

    assert [from_here.returncode, from_there.returncode, as_json.returncode] == [2, 2, 2]
    assert from_here.stdout.splitlines() == [
        checked.strip(),
        "The rules in force stay as they are.",
    ]
    assert from_there.stdout.startswith("route.yaml:9:18 RB306 error: 'moon' is no queue")
    assert json.loads(as_json.stdout)["refused"][0]["line"] == 9
    assert queue(service) == "front"


def test_preview_shows_what_would_change_and_changes_nothing(
    service: ServerProcess, pack: Path
) -> None:
    queue(service)
    (pack / "route.yaml").write_text(EXPERTS)
    shown, as_json = activate(service, "--preview"), told(service, "--preview")

    assert shown.returncode == 0
    assert "Of 1 open items" in shown.stdout
    assert "front → experts" in shown.stdout
    assert as_json["changes"] == [
        {
            "kind": "CHANGE_KIND_CHANGED",
            "part": "rule",
            "name": "route/default",
            "file": "route.yaml",
            "line": 9,
            "values": [{"key": "queue", "before": '"front"', "after": '"experts"'}],
        }
    ]
    assert (as_json["open_items"], as_json["other_queue"]) == (1, 1)
    assert queue(service) == "front"


def test_folder_that_is_none_is_refused(service: ServerProcess) -> None:
    ran = activate(service, "nowhere")

    assert ran.returncode == 1
    assert "nowhere is no folder. (NO_PACK)" in ran.stderr


def test_hangup_signal_reads_the_rules_again(service: ServerProcess, pack: Path) -> None:
    after = submit(service)["cursor"]
    (pack / "route.yaml").write_text(EXPERTS)
    os.kill(service.pid, signal.SIGHUP)
    seen = service.command(
        *("watch", "--target", service.address, "--after", after, "--count", "1", "--json"),
        *("--kind", "rulebook_activated"),
        seconds=30,
    )

    assert json.loads(seen.stdout)["rulebook_activated"]["digest"]
    assert queue(service) == "experts"


def test_service_ends_with_the_terminal_it_was_started_at(tmp_path: Path, pack: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    flags = ["--data-folder", "memory:", "--metrics-listen", "", "--listen", address]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "serve", *flags, "--rules", f"default={pack}"],
        stdin=theirs,
        stderr=theirs,
        cwd=tmp_path,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        terminal = os.fdopen(ours, "r", encoding="utf-8")
        next(line for line in terminal if line.startswith("routing-service: "))
        terminal.close()
        os.kill(process.pid, signal.SIGHUP)  # what the kernel sends to a session's leader

        assert process.wait(30) is not None
