"""`activate` against a service of its own, and SIGHUP to that service."""

import json
import os
import pty
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e.desk_client import PACK
from tests.fault.server_process import COMMAND, ServerProcess, free_port

ROUTE = (PACK / "route.yaml").read_text("utf-8")
EXPERTS = ROUTE.replace("default: {queue: front}", "default: {queue: experts}")
MOON = ROUTE.replace("default: {queue: front}", "default: {queue: moon}")


DESKS = [f"desk-{number}" for number in range(6)]
"""One for each test: what happens to the rules of a desk concerns no other."""


class Desk(NamedTuple):
    """A desk of the service, and the folder that the service reads for it."""

    service: ServerProcess
    name: str
    pack: Path

    def command(self, verb: str, *words: str) -> subprocess.CompletedProcess[str]:
        target = ("--target", self.service.address, "--desk", self.name)
        return self.service.command(verb, *target, *words, seconds=50)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("activate")
    packs = {name: shutil.copytree(PACK, folder / name) for name in DESKS}
    desks = ",".join(f"{name}={pack}" for name, pack in packs.items())
    service = ServerProcess(folder / "service", desks=desks, master_key="ab" * 32)
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def unused() -> Iterator[str]:
    """Desks that no test has had."""
    return iter(DESKS)


@pytest.fixture
def desk(service: ServerProcess, unused: Iterator[str]) -> Desk:
    name = next(unused)
    return Desk(service, name, service.folder.parent / name)


def activate(desk: Desk, *words: str) -> subprocess.CompletedProcess[str]:
    return desk.command("activate", *words)


def told(desk: Desk, *words: str) -> dict[str, Any]:
    ran = activate(desk, *words, "--json")
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def submit(desk: Desk) -> dict[str, Any]:
    """A new request."""
    ran = desk.command("submit", "--channel", "email", "--customer", "c1", "--json")
    return dict(json.loads(ran.stdout))


def queue(desk: Desk) -> str:
    """Where a new request goes."""
    return str(submit(desk)["queue"])


def test_activate_reads_the_folder_of_the_desk_again(desk: Desk) -> None:
    before = queue(desk)
    (desk.pack / "route.yaml").write_text(EXPERTS)
    first, second = activate(desk), activate(desk)
    digest = told(desk)["digest"][:12]

    assert first.stdout.splitlines()[0] == f"small version 1, digest {digest} is in force"
    assert "is in force already; nothing changed" in second.stdout
    assert (before, queue(desk)) == ("front", "experts")


def test_activate_sends_a_folder_from_here(desk: Desk, tmp_path: Path) -> None:
    mine = Path(shutil.copytree(PACK, tmp_path / "mine"))
    (mine / "route.yaml").write_text(EXPERTS)
    answer = told(desk, str(mine))

    assert answer["digest"] != answer["previous_digest"]
    assert queue(desk) == "experts"
    assert [line for line in desk.service.log.read_text().splitlines() if line[:1] != "{"] == []


def test_findings_of_a_refused_pack_are_told_as_check_tells_them(desk: Desk) -> None:
    (desk.pack / "route.yaml").write_text(MOON)
    from_here, from_there = activate(desk, str(desk.pack)), activate(desk)
    checked = desk.service.command("check", str(desk.pack)).stdout
    as_json = activate(desk, "--json")

    assert [from_here.returncode, from_there.returncode, as_json.returncode] == [2, 2, 2]
    assert from_here.stdout.splitlines() == [
        checked.strip(),
        "The rules in force stay as they are.",
    ]
    assert from_there.stdout.startswith("route.yaml:9:18 RB306 error: 'moon' is no queue")
    assert json.loads(as_json.stdout)["refused"][0]["line"] == 9
    assert queue(desk) == "front"


def test_preview_shows_what_would_change_and_changes_nothing(desk: Desk) -> None:
    queue(desk)
    (desk.pack / "route.yaml").write_text(EXPERTS)
    shown, as_json = activate(desk, "--preview"), told(desk, "--preview")

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
    assert queue(desk) == "front"


def test_folder_that_is_none_is_refused(desk: Desk) -> None:
    ran = activate(desk, "nowhere")

    assert ran.returncode == 1
    assert "nowhere is no folder. (NO_PACK)" in ran.stderr


def test_hangup_signal_reads_the_rules_again(desk: Desk) -> None:
    after = submit(desk)["cursor"]
    (desk.pack / "route.yaml").write_text(EXPERTS)
    os.kill(desk.service.pid, signal.SIGHUP)
    once = ("--kind", "rulebook_activated", "--count", "1", "--json")
    seen = desk.command("watch", "--after", after, *once)

    assert json.loads(seen.stdout)["rulebook_activated"]["digest"]
    assert queue(desk) == "experts"


def test_service_ends_with_the_terminal_it_was_started_at(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    flags = ["--data-folder", "memory:", "--metrics-listen", "", "--listen", address]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "serve", *flags, "--rules", f"default={PACK}"],
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
