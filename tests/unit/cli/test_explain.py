"""`explain` of a pack: what it is asked, what it prints for programs, how it refuses."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from routing_service.cli import main
from routing_service.core.records.model import Trigger, TriggerKind
from routing_service.core.steering.facts import escalation_facts
from routing_service.core.steering.sampling import draw
from routing_service.rulebook.loader import load_pack
from tests.unit.rulebook.packs import ITSM, SMALL
from tests.unit.rulebook.test_preview import desk, submit


def explain(*words: str, pack: Path = SMALL) -> int:
    return main(["explain", "--rules", str(pack), *words])


def decisions(capsys: pytest.CaptureFixture[str], *words: str, pack: Path = SMALL) -> Any:
    assert explain(*words, "--json", pack=pack) == 0
    return json.loads(capsys.readouterr().out)["decisions"]


def refusal(capsys: pytest.CaptureFixture[str], *words: str, pack: Path = SMALL) -> Any:
    assert explain(*words, "--json", pack=pack) == 1
    told = capsys.readouterr()
    assert told.out == ""
    return json.loads(told.err)["error"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the small pack, to be spoilt."""
    return Path(shutil.copytree(SMALL, tmp_path / "pack"))


def test_request_of_the_flags_is_explained_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    (told,) = decisions(capsys, "--label", "topic=fault", "--label", "vip:=true")

    assert (told["kind"], told["pack"], told["outcome"]["priority"]) == (
        "intake",
        "small",
        "urgent",
    )
    assert told["fired"] == ["classify/fault", "prioritise/incident", "route/experts"]
    (loser,) = (each for each in told["stages"][1]["rules"] if each["standing"] == "false")
    assert loser["failed"] == {
        "kind": "test",
        "holds": False,
        "fact": "signal.angry",
        "op": "eq",
        "expected": [True],
    }


def test_channel_left_out_is_the_first_of_the_pack(capsys: pytest.CaptureFixture[str]) -> None:
    (told,) = decisions(capsys)

    assert told["facts"] == {"channel": "phone", "contacts": 1, "item_kind": "request"}


def test_trigger_is_asked_with_the_facts_that_a_service_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("--channel", "email", "--label", "topic=fault", "--trigger", "warned:response:80")
    _, told = decisions(capsys, *words)
    rules = load_pack(SMALL)
    world = desk(rules)
    submit(world, rules, topic="fault")
    (item,) = world.items
    trigger = Trigger(kind=TriggerKind.WARNED, item=item, clock="response", share=80)

    assert told["facts"] == escalation_facts(world, trigger)


def test_text_is_looked_through_for_signals_and_not_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (told,) = decisions(capsys, "--text", "我要投诉 Zhang")

    assert told["facts"]["signal.angry"] is True
    assert "Zhang" not in str(told)


def test_personal_label_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    told = decisions(capsys, "--label", "phone=0815-4711", "--trigger", "breached:response")

    assert [each["facts"]["phone"] for each in told] == ["(pii)", "(pii)"]
    assert "0815" not in str(told)


def test_trigger_is_asked_of_the_item_as_intake_leaves_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("--label", "topic=fault", "--trigger", "declined:2", "--owner", "ann")
    _, told = decisions(capsys, *words)

    assert (told["kind"], told["fired"]) == ("escalation", ["escalate/refused"])
    assert told["facts"] == {
        "topic": "fault", "kind": "incident", "channel": "phone", "priority": "normal",
        "queue": "front", "state": "assigned", "share": 0, "count": 2, "waiting": 0,
        "trigger": "declined", "owner": "ann", "contacts": 1, "item_kind": "request",
        "sample": draw("it0000000001"),
    }  # fmt: skip


def test_case_is_explained_decision_by_decision(capsys: pytest.CaptureFixture[str]) -> None:
    told = decisions(capsys, "--case", "resolved one second late", pack=ITSM)

    assert [each["kind"] for each in told] == ["intake"] + ["escalation"] * (len(told) - 1)
    assert "escalate/breach" in told[-1]["fired"]
    assert [each["at"] for each in told] == sorted(each["at"] for each in told)
    assert "agrees" not in str(told)  # said only where they do not


def test_case_tells_its_updates_too(capsys: pytest.CaptureFixture[str]) -> None:
    told = decisions(capsys, "--case", "more urgent than it looked", pack=ITSM)

    assert [each["outcome"]["priority"] for each in told if each["kind"] == "intake"] == [
        "moderate",
        "high",
    ]


def test_language_of_the_pack_is_the_language_of_the_text(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = copy / "pack.yaml"
    pack.write_text(pack.read_text().replace("lang: en", "lang: zh"))
    explain(pack=copy)
    chinese = capsys.readouterr().out
    explain("--lang", "en", pack=copy)
    english = capsys.readouterr().out

    assert "受理裁决" in chinese
    assert "Intake by small" in english


def test_what_a_terminal_would_obey_is_written_out(capsys: pytest.CaptureFixture[str]) -> None:
    explain("--label", "area=\x1b[31mred\u202e")

    assert "area = \\u001b[31mred\\u202e" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--case", "no such case"), "NO_CASE"),
        (("--case", "x", "--label", "topic=fault"), "FLAGS_CONFLICT"),
        (("--case", "x", "--trigger", "reopened:1"), "FLAGS_CONFLICT"),
        (("--owner", "ann"), "FLAGS_CONFLICT"),
        (("--at", "2016-02-29T09:00Z"), "FLAGS_CONFLICT"),
        (("--label", "nonesuch=1"), "LABEL_UNKNOWN"),
        (("--label", "kind=incident"), "LABEL_UNKNOWN"),
        (("--label", "users=3"), "LABEL_TYPE"),
        (("--label", "topic=else"), "LABEL_VALUE"),
        (("--channel", "pigeon"), "CHANNEL_UNKNOWN"),
        (("--text", "x" * 70_000), "TEXT_TOO_LONG"),
        (("--trigger", "breached"), "TRIGGER_INVALID"),
        (("--trigger", "breached:nonesuch"), "TRIGGER_INVALID"),
        (("--trigger", "warned:response:soon"), "TRIGGER_INVALID"),
        (("--trigger", "exploded:1"), "TRIGGER_INVALID"),
        (("--trigger", "reopened:1:2"), "TRIGGER_INVALID"),
        (("--trigger", f"reopened:{10**9}"), "TRIGGER_INVALID"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value)[:40],
)
def test_what_cannot_be_asked_is_refused_with_its_reason(
    words: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(capsys, *words)["reason"] == reason


def test_folder_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(capsys, pack=tmp_path / "nowhere")["reason"] == "NO_PACK"


def test_pack_with_errors_comes_with_its_findings(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    route = copy / "route.yaml"
    route.write_text(route.read_text().replace("queue: front", "queue: moon"))

    assert explain("--lang", "zh", pack=copy) == 2
    assert f"{copy}/route.yaml:9:18 RB306" in capsys.readouterr().out
    assert explain("--json", pack=copy) == 2
    assert json.loads(capsys.readouterr().out)[0]["code"] == "RB306"


def test_flaw_in_another_case_hinders_a_case_only(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / "cases").mkdir()
    case = '- name: c\n  at: "2026-03-02T10:00Z"\n  given: {event: {nonesuch: 1}}\n'
    (copy / "cases" / "c.yaml").write_text(case)

    assert explain("--case", "c", pack=copy) == 2
    assert "RB301" in capsys.readouterr().out
    assert explain("--label", "topic=fault", pack=copy) == 0


def test_either_a_pack_or_an_item_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as neither:
        main(["explain"])
    with pytest.raises(SystemExit) as both:
        main(["explain", "--rules", str(SMALL), "--item", "it0000000001"])

    assert (neither.value.code, both.value.code) == (1, 1)


def test_facts_of_an_item_cannot_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["explain", "--item", "it0000000001", "--label", "topic=fault"])

    assert code == 1
    assert "FLAGS_CONFLICT" in capsys.readouterr().err
