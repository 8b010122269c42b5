"""`explain --item` against a service of its own: what people and programs read of an item."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fault.server_process import COMMAND, RULES, ServerProcess

CRITICAL = ("--label", "impact=high", "--label", "urgency=high")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A service with one item, INC0000001."""
    folder = tmp_path_factory.mktemp("service")
    service = ServerProcess(
        folder, dev=True, dev_start="2016-02-29T09:00:00Z", master_key="ab" * 32
    )
    service.start()
    words = ("--channel", "phone", "--customer", "c7", *CRITICAL)
    ran = run("submit", "--target", service.address, *words)
    assert ran.returncode == 0, ran.stderr
    yield service
    service.stop()


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)


def explain(service: ServerProcess, *words: str) -> subprocess.CompletedProcess[str]:
    return run("explain", "--target", service.address, *words)


def test_item_is_explained_in_the_language_asked_for(service: ServerProcess) -> None:
    english = explain(service, "--item", "INC0000001")
    chinese = explain(service, "--item", "it0000000001", "--lang", "zh")

    assert (english.returncode, chinese.returncode) == (0, 0), english.stderr
    lines = english.stdout.splitlines()
    assert lines[0] == "INC0000001  it0000000001"
    assert lines[1].startswith("Intake by itsm 1 (rulebook ")
    assert lines[1].endswith("), 2016-02-29T09:00:00Z")
    assert "├── prioritise: high-high → priority critical" in lines
    assert "│   │   ├── why: Many are hit and nobody can wait." in lines
    assert "├── prioritise：high-high → 优先级 critical" in chinese.stdout.splitlines()
    assert "│   │   ├── 理由：Many are hit and nobody can wait." in chinese.stdout.splitlines()


def test_program_reads_of_the_service_what_it_reads_of_the_pack(service: ServerProcess) -> None:
    online = told(explain(service, "--item", "INC0000001", "--json"))
    words = ("--rules", str(RULES), "--channel", "phone", *CRITICAL)
    offline = told(run("explain", *words, "--json"))
    (of_item,), (of_pack,) = online["decisions"], offline["decisions"]

    assert (online["item_id"], online["number"], online["archived"]) == (
        "it0000000001",
        "INC0000001",
        False,
    )
    assert of_item.pop("at") == 1_456_736_400_000_000
    assert of_item == of_pack


def told(ran: subprocess.CompletedProcess[str]) -> Any:
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_instant_chooses_the_decision(service: ServerProcess) -> None:
    now = explain(service, "--item", "INC0000001", "--at", "2016-02-29T10:00:00+01:00")
    never = explain(service, "--item", "INC0000001", "--at", "2016-02-29T09:00:01Z")

    assert now.returncode == 0
    assert "placed in queue service_desk" in now.stdout
    assert never.returncode == 1
    assert "(DECISION_NOT_FOUND)" in never.stderr


def test_item_that_is_not_there_is_refused_without_a_hint_against_numbers(
    service: ServerProcess,
) -> None:
    ran = explain(service, "--item", "INC0000009")

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.splitlines() == [
        "routing-service: No item has this id or number. (ITEM_NOT_FOUND)",
        "  item: INC0000009",
    ]


def test_instant_that_is_none_is_refused(service: ServerProcess) -> None:
    ran = explain(service, "--item", "INC0000001", "--at", "yesterday")

    assert ran.returncode == 1
    assert "--at: write 2016-02-29T09:00Z" in ran.stderr


def test_service_that_is_not_there_is_said_so() -> None:
    ran = run("explain", "--item", "INC0000001", "--target", "127.0.0.1:1", "--json")

    assert ran.returncode == 1
    assert json.loads(ran.stderr)["error"]["reason"] == "UNAVAILABLE"


def test_waiting_item_is_told_why_it_waits(service: ServerProcess) -> None:
    english = explain(service, "--item", "INC0000001", "--why-not")
    chinese = explain(service, "--item", "INC0000001", "--why-not", "--lang", "zh")
    read = told(explain(service, "--item", "INC0000001", "--why-not", "--json"))

    assert english.stdout.splitlines()[0] == "INC0000001: with nobody. Nobody serves the queue"
    assert chinese.stdout.splitlines()[0] == "INC0000001：尚无人受理。该队列没有坐席"
    assert (read["why_not"]["lack"]["kind"], read["why_not"]["nearest"]) == ("nobody_in_queue", [])


def test_why_not_is_about_an_item_now(service: ServerProcess) -> None:
    of_a_pack = run("explain", "--rules", str(RULES), "--why-not")
    of_then = explain(service, "--item", "INC0000001", "--why-not", "--at", "2016-02-29T09:00:00Z")

    assert (of_a_pack.returncode, of_then.returncode) == (1, 1)
    assert "--why-not belongs to --item. (FLAGS_CONFLICT)" in of_a_pack.stderr
    assert "(FLAGS_CONFLICT)" in of_then.stderr


def test_item_tells_what_was_done_to_bring_it_to_an_agent(service: ServerProcess) -> None:
    english = explain(service, "--item", "INC0000001").stdout.splitlines()
    chinese = explain(service, "--item", "INC0000001", "--lang", "zh").stdout.splitlines()
    read = told(explain(service, "--item", "INC0000001", "--json"))
    (act,) = read["routing"]

    assert english[-2:] == [
        "Routing, times of UTC",
        "└── 2016-02-29 09:00 placed in queue service_desk",
    ]
    assert chinese[-2] == "分派过程（时间为 UTC）"
    assert (act["at"], act["placed"]["queue"]) == ("2016-02-29T09:00:00Z", "service_desk")
