"""Verbs that need no service, as they are called: arguments in, exit code and output out."""

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from routing_service.cli import main, parse, settings_flags
from routing_service.settings import Settings, load_settings

PACK = Path(__file__).parents[3] / "rules" / "itsm"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack, to be spoilt."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def spoil(file: Path, good: str, bad: str) -> None:
    text = file.read_text("utf-8")
    assert good in text
    file.write_text(text.replace(good, bad), "utf-8")


def printed(capsys: pytest.CaptureFixture[str]) -> object:
    return json.loads(capsys.readouterr().out)


def test_init_writes_settings_and_a_key_for_the_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "var"

    assert main(["init", "--folder", str(folder), "--rules", str(PACK)]) == 0

    assert stat.S_IMODE((folder / "master.key").stat().st_mode) == 0o600
    settings = load_settings(folder / "routing-service.yaml", {}, {})
    assert Path(settings.key_file).resolve() == (folder / "master.key").resolve()
    assert Path(settings.data_folder).resolve() == (folder / "data").resolve()
    assert Path(settings.desks["default"].rules).resolve() == PACK.resolve()


@pytest.mark.parametrize("there", ["routing-service.yaml", "master.key"])
def test_init_overwrites_nothing(
    tmp_path: Path, there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / there).write_text("mine")

    assert main(["init", "--folder", str(tmp_path)]) == 1

    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "mine"
    assert "ALREADY_THERE" in capsys.readouterr().err


def test_check_is_silent_when_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(PACK)]) == 0

    assert capsys.readouterr().out == ""


def test_check_names_file_line_column_and_code(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(pack / "prioritise.yaml", "{priority: critical}", "{priority: critcal}")

    assert main(["check", str(pack)]) == 2

    told = capsys.readouterr().out.splitlines()[0]
    place, code, severity = told.split(" ")[:3]
    assert place.startswith(f"{pack}/prioritise.yaml:")
    assert all(part.isdigit() for part in place.rsplit(":", 2)[1:])
    assert (code, severity) == ("RB305", "error:")


def test_check_tells_findings_in_the_language_asked_for(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(pack / "prioritise.yaml", "{priority: critical}", "{priority: critcal}")
    main(["check", str(pack), "--lang", "en"])
    english = capsys.readouterr().out
    main(["check", str(pack), "--lang", "zh"])
    chinese = capsys.readouterr().out

    assert english.isascii() or "…" in english
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


def test_check_finds_what_is_wrong_in_cases(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(pack / "cases" / "priority.yaml", "agent: ada, state", "agent: eve, state")

    assert main(["check", str(pack), "--json"]) == 2

    (finding,) = printed(capsys)  # type: ignore[misc]  # a list of one
    assert finding["code"] == "RB611"
    assert finding["file"].endswith("cases/priority.yaml")


def test_test_passes_the_pack(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(PACK)]) == 0

    assert "cases passed" in capsys.readouterr().out


def test_test_shows_expected_and_actual_of_a_changed_figure(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(pack / "sla.yaml", "critical: 4h", "critical: 5h")

    assert main(["test", str(pack), "--case", "many are hit and it is urgent"]) == 2

    told = capsys.readouterr().out
    assert "failed: many are hit and it is urgent" in told
    assert "due.resolution: expected 2016-02-29T13:00:00Z, is 2016-02-29T14:00:00Z" in told
    assert "0 of 1 cases passed" in told


def test_test_says_why_an_agent_did_not_get_the_item(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = """
- name: a call for ann
  at: "2026-03-02T09:00+00:00"
  given:
    agents: [{id: ann, presence: away}]
    event: {impact: high, urgency: high, channel: phone}
  expect: {agent: ann}
"""
    (pack / "cases" / "call.yaml").write_text(case)

    assert main(["test", str(pack), "--case", "a call for ann"]) == 2

    told = capsys.readouterr().out
    assert "agent: expected ann, is none" in told
    assert "    └── times of UTC" in told
    assert "is away" in told


def test_test_tells_programs_which_case_failed_where(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(pack / "sla.yaml", "critical: 4h", "critical: 5h")

    assert main(["test", str(pack), "--json"]) == 2

    (told,) = printed(capsys)  # type: ignore[misc]  # a list of one
    failed = [case for case in told["cases"] if not case["passed"]]
    assert "many are hit and it is urgent" in [case["name"] for case in failed]
    assert all(case["failures"] for case in failed)


def test_test_of_a_broken_pack_finds_and_runs_nothing(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pack / "sla.yaml").write_text("clocks: [")

    assert main(["test", str(pack)]) == 2

    assert "cases passed" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["check", "nowhere"], "NO_PACK"),
        (["test", str(PACK), "--case", "no such case"], "NO_CASE"),
        (["demo", "--log", "nowhere.csv"], "LOG_UNREADABLE"),
        (["submit", "--label", "impact"], "LABEL_VALUE"),
        (["submit", "--occurred-at", "yesterday"], "FIELD_OUT_OF_RANGE"),
        (["submit", "--tls-ca", "nowhere.pem"], "FILE_UNREADABLE"),
        (["watch", "--ack"], "FIELD_REQUIRED"),
        (["verify", "--desk", "nowhere"], "DESK_NOT_FOUND"),
        (["verify", "--data-folder", "nowhere"], "NO_DATA"),
        (["verify", "--data-folder", "memory:"], "NO_DATA"),
        (["serve", "--log-level", "loud"], "SETTINGS_INVALID"),
        (["serve", "--listen", "abc"], "SETTINGS_INVALID"),
        (["serve", "--settings", "nowhere.yaml"], "SETTINGS_INVALID"),
        (["serve", "--rules", "default="], "SETTINGS_INVALID"),
    ],
)
def test_wrong_use_is_told_by_its_reason_and_is_exit_code_1(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--json"]) == 1

    assert json.loads(capsys.readouterr().err)["error"]["reason"] == reason


def test_verify_of_a_wrong_path_makes_nothing_there(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    code = main(["verify", "--data-folder", str(nowhere)])

    assert (code, nowhere.exists()) == (1, False)


def test_verify_of_a_folder_without_the_desk_leaves_it_as_it_is(tmp_path: Path) -> None:
    code = main(["verify", "--data-folder", str(tmp_path)])

    assert (code, list(tmp_path.iterdir())) == (1, [])


def test_verify_of_a_journal_without_records_is_not_all_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROUTING_MASTER_KEY", "00" * 32)
    (tmp_path / "default.journal").touch(mode=0o600)
    code = main(["verify", "--data-folder", str(tmp_path), "--json"])

    assert (code, json.loads(capsys.readouterr().err)["error"]["reason"]) == (1, "NO_DATA")


@pytest.mark.parametrize("arguments", [[], ["no-such-verb"], ["check"], ["demo", "--no-such-flag"]])
def test_wrong_command_line_is_exit_code_1(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 1
    assert "usage:" in capsys.readouterr().err


def test_help_waits_for_no_verb_and_no_server() -> None:
    program = (
        "import sys\n"
        "from routing_service.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'grpc', 'routing_service.cli.serve', 'apsw'} & set(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert ran.stdout.splitlines()[-1] == "[]"


def test_every_setting_says_what_it_means() -> None:
    fields = {field.name for field in msgspec.structs.fields(Settings)}

    assert set(settings_flags.MEANING) == fields


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (["rules/itsm"], {"default": {"rules": "rules/itsm"}}),
        (["a=x", "b=y"], {"a": {"rules": "x"}, "b": {"rules": "y"}}),
    ],
)
def test_desks_are_told_by_name_and_folder(
    told: list[str], expected: dict[str, dict[str, str]]
) -> None:
    assert settings_flags.desks(told) == expected


def test_flag_wins_over_the_variable_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("listen: file:1\nmetrics_listen: file:2\nlog_level: debug\ndev: true\n")
    monkeypatch.setenv("ROUTING_METRICS_LISTEN", "variable:2")
    monkeypatch.setenv("ROUTING_LISTEN", "variable:1")
    words = ["serve", "--settings", str(file), "--listen", "flag:1", "--no-dev", "--rules", "here"]
    found = settings_flags.settings(parse(words))

    assert (found.listen, found.metrics_listen, found.log_level) == (
        "flag:1",
        "variable:2",
        "debug",
    )
    assert found.dev is False
    assert found.desks["default"].rules == "here"


def test_settings_file_of_the_working_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "routing-service.yaml").write_text("listen: here:1\n")
    monkeypatch.chdir(tmp_path)

    assert settings_flags.settings(parse(["serve"])).listen == "here:1"
