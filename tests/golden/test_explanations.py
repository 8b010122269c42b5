"""What `explain` prints, word by word, in both languages; `explanations/NAME.LANGUAGE.txt`.

The digest moves with the pack and the time zone data: it is left out.
"""

import re
from pathlib import Path

import pytest

from routing_service.cli import main
from routing_service.rulebook.loader import load_pack

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PACK = HERE / "small_pack"
FAULT = ("--label", "topic=fault")
ANGRY = ("--text", "Unacceptable!")

ASKED = {
    "winners_and_losers": (*FAULT, "--label", "phone=0815-4711", "--label", "vip:=false"),
    "defaults": ("--channel", "email"),
    "alternatives": ("--label", "topic=question", "--label", "users:=11"),
    "outranked": (*FAULT, *ANGRY, "--label", "vip:=true"),
    "queue_that_is_not_there": ("--label", "area=moon"),
    "escalation": (*FAULT, "--trigger", "warned:response:80"),
    "trigger_without_rule": ("--trigger", "reopened:1", "--owner", "ann"),
    "full": (*FAULT, *ANGRY, "--label", 'tags:=["refund"]', "--full"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ASKED)
def test_explanation_reads_as_it_stands_here(
    name: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["explain", "--rules", str(PACK), "--lang", language, *ASKED[name]])
    printed = capsys.readouterr().out.replace(load_pack(PACK).digest[:12], "DIGEST")

    assert code == 0
    assert printed == (HERE / "explanations" / f"{name}.{language}.txt").read_text("utf-8")


def test_every_text_kept_here_is_compared() -> None:
    kept = {path.name for path in (HERE / "explanations").iterdir()}

    assert kept == {f"{name}.{language}.txt" for name in ASKED for language in ("en", "zh")}


def test_example_of_the_rules_guide_is_what_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = (ROOT / "rules" / "README.md").read_text("utf-8")
    part = guide[guide.index("## Why it decided so") :]
    command, shown = re.findall(r"^```(?:text)?\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)[:2]
    monkeypatch.chdir(ROOT)
    code = main(command.split()[1:])
    printed = iter(capsys.readouterr().out.splitlines()[1:])
    missing = [line for line in shown.splitlines()[1:] if line not in printed]

    assert code == 0
    assert missing == []
