"""How findings are told: form, languages, hints, warnings."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from routing_service.rulebook import messages
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.messages import Entry, catalogue
from routing_service.rulebook.reading import read
from routing_service.rulebook.schema import check_form
from routing_service.rulebook.tree import Place
from tests.unit.rulebook.packs import ROOT, changed, findings, pack, rulebook

RULEBOOK = ROOT / "routing_service" / "rulebook"
GUIDE = (ROOT / "rules" / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(?!# )(.*?)```", GUIDE, re.DOTALL)
"""Parts of files; blocks that name their file are a pack of their own."""
ENTRIES = sorted(catalogue().items())


def test_finding_reads_like_a_compiler_message(tmp_path: Path) -> None:
    (finding,) = findings(changed(tmp_path, "queues", "wrap_up", "wrapup"))

    assert "queues.yaml:1:68 RB202 error: The field 'wrapup' is not known here." in str(finding)
    assert str(finding).endswith("Did you mean 'wrap_up'?")


def test_warning_says_that_it_is_one(tmp_path: Path) -> None:
    (warning,) = load_pack(changed(tmp_path, "queues", "order: age", "order: strict")).warnings

    assert "queues.yaml:1:43 RB514 warning: Strict order" in str(warning)


def test_list_of_names_says_how_many_are_left_out() -> None:
    found = Findings()
    found.unknown("RB306", Place("a.yaml"), "x", [f"group-{n}" for n in range(91)])

    (english,), (chinese,) = found.told("en"), found.told("zh")
    assert english.message.endswith("group-10, group-11 … and 79 more.")
    assert chinese.message.endswith("group-10, group-11 …… 另有 79 个。")


def test_long_names_are_counted_not_cut() -> None:
    found = Findings()
    found.unknown("RB306", Place("a.yaml"), "x", [f"{n}" * 50 for n in range(5)])

    (finding,) = found.told("en")
    assert finding.message.endswith(f"Known: {'0' * 50}, {'1' * 50} … and 3 more.")


@pytest.mark.parametrize("name", ["leed", "laed", "LEED", "onwer", "supervisor2", "leads"])
def test_word_one_slip_from_a_role_is_found(name: str, tmp_path: Path) -> None:
    folder = changed(tmp_path, "escalate", "to: lead,", f"to: {name},")

    assert ["RB308"] == [finding.code for finding in findings(folder)]


@pytest.mark.parametrize("name", ["leah", "elad", "lee", "dead", "louder", "owen"])
def test_name_of_a_person_is_no_slip(name: str, tmp_path: Path) -> None:
    loaded = load_pack(changed(tmp_path, "escalate", "to: lead,", f"to: {name},"))

    assert loaded.warnings == ()


def test_lead_may_have_a_name_like_a_role(tmp_path: Path) -> None:
    folder = changed(tmp_path, "escalate", "to: lead,", "to: lea,")
    (folder / "teams.yaml").write_text("supervisor: sue\nteams: {first: {lead: lea}}\n")
    loaded = load_pack(folder)

    assert loaded.warnings == ()


def test_finding_comes_in_the_language_of_the_pack(tmp_path: Path) -> None:
    folder = changed(tmp_path, "pack", "lang: en", "lang: zh")
    (folder / "teams.yaml").write_text("supervisor: sue\nteam: {}\n")

    (finding,) = findings(folder)
    assert "此处不认识字段 “team”" in finding.message
    assert "是否想写 “teams”？" == finding.hint


def test_chinese_findings_name_types_in_chinese(tmp_path: Path) -> None:
    folder = changed(tmp_path, "prioritise", "urgent", "[urgent]")

    told = [finding.told_in("zh").message for finding in findings(folder)]
    assert told == ["应为 文本，实际为 列表。"]


def test_form_of_every_field_is_told_in_chinese_too(tmp_path: Path) -> None:
    folder = changed(tmp_path, "pack", "pack: small", "pack: Small One")
    described = [
        str(field.get("description", ""))
        for field in tables(msgspec.json.decode((RULEBOOK / "schema.json").read_bytes()))
        if isinstance(field.get("pattern"), str)
    ]

    told = [finding.told_in("zh").message for finding in findings(folder)]
    assert told == ["“Small One” 不符合格式：名称：小写字母、数字、_ 和 -，以字母开头。"]
    assert [form for form in described if form and messages.term(form, "zh") == form] == []


def tables(value: object) -> Iterator[dict[str, object]]:
    """Every table in what was read from JSON."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            yield from tables(part)


def test_target_that_is_no_duration_is_one_finding(tmp_path: Path) -> None:
    folder = changed(tmp_path, "sla", "normal: 4h", "normal: 4x")

    assert ["RB501"] == [finding.code for finding in findings(folder)]


def test_part_that_is_not_declared_is_one_finding(tmp_path: Path) -> None:
    folder = changed(tmp_path, "signals", "(?i)unacceptable", "{no_part}")

    assert ["RB413"] == [finding.code for finding in findings(folder)]


def test_asked_language_wins_over_the_pack(tmp_path: Path) -> None:
    folder = changed(tmp_path, "teams", "teams:", "team:")

    english, chinese = findings(folder, "en"), findings(folder, "zh")
    assert "is not known here" in english[0].message
    assert chinese == tuple(finding.told_in("zh") for finding in english)


def test_findings_come_in_reading_order_and_once() -> None:
    found = Findings()
    for line in (9, 2, 9):
        found.add("RB104", Place("b.yaml", line))
    found.add("RB104", Place("a.yaml", 5))

    assert [("a.yaml", 5), ("b.yaml", 2), ("b.yaml", 9)] == [
        (finding.file, finding.line) for finding in found.told("en")
    ]


def test_an_error_counts_even_when_nothing_more_is_kept() -> None:
    found = Findings()
    for line in range(500):
        found.add("RB514", Place("a.yaml", line))
    kept = len(found.told("en"))
    found.add("RB104", Place("a.yaml"))

    assert (200, True) == (kept, found.failed)


def test_file_of_very_many_unknown_fields_is_refused_in_short(tmp_path: Path) -> None:
    fields = "".join(f"field{n}: 1\n" for n in range(20_000))

    assert 200 == len(findings(pack(tmp_path, teams=fields)))


def test_long_words_are_cut_in_messages() -> None:
    found = Findings()
    found.add("RB307", Place("a.yaml"), name="x" * 10_000, known="y")

    assert len(found.told("en")[0].message) < 300


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("queues", "order: age", "order: strict", "RB514"),
        ("sla", "urgent: 15m", "urgent: 5h", "RB515"),
        ("sla", "urgent: 15m, ", "", "RB518"),
        (
            "escalate",
            "then: {alert: {to: lead, severity: warning}, boost: 5m}",
            "then: {queue: front}\n  - id: also\n    trigger: {clock: any, at: 80%}\n"
            "    when: {vip: true, topic: fault}\n    then: {queue: front}\n"
            "  - id: other\n    trigger: {clock: any, at: 80%}\n"
            "    when: {topic: fault, users: 1}\n    then: {queue: experts}",
            "RB406",
        ),
    ],
)
def test_what_may_be_meant_is_a_warning(
    name: str, old: str, new: str, code: str, tmp_path: Path
) -> None:
    warnings = load_pack(changed(tmp_path, name, old, new)).warnings

    assert {code} == {finding.code for finding in warnings}
    assert {"warning"} == {finding.severity for finding in warnings}


def test_stage_too_large_to_compare_says_from_where(tmp_path: Path) -> None:
    rules = "".join(
        f"  - {{id: r{n}, when: {{users: {{gte: {900 - n}}}}}, then: {{priority: urgent}}}}\n"
        for n in range(480)
    )
    text = f"stage: prioritise\nrules:\n{rules}default: {{priority: normal}}\n"
    (warning,) = rulebook(tmp_path, prioritise=text).warnings

    assert ("RB412", "prioritise.yaml", 450) == (warning.code, warning.file, warning.line)


@pytest.mark.parametrize(("code", "entry"), ENTRIES)
def test_both_languages_speak_of_the_same(code: str, entry: Entry) -> None:
    names = {language: set(re.findall(r"\{(\w+)\}", text)) for language, text in texts(entry)}

    assert names["en"] == names["zh"], code


def texts(entry: Entry) -> list[tuple[str, str]]:
    return [("en", entry.en.replace("{{n}}", "")), ("zh", entry.zh.replace("{{n}}", ""))]


def row(code: str, entry: Entry) -> str:
    """The line of the guide: the message with its gaps, warnings marked."""
    kept = entry.en.replace("{{", "<").replace("}}", ">")
    shown = re.sub(r"\{\w+\}", "…", kept).replace("<", "{").replace(">", "}")
    return f"| {code} | {'warning: ' if entry.severity == 'warning' else ''}{shown} |"


def test_guide_lists_every_code_with_its_message() -> None:
    rows = [row(code, entry) for code, entry in ENTRIES if code.startswith("RB")]

    assert rows == re.findall(r"^\| RB.*$", GUIDE, flags=re.MULTILINE)


def whole(example: str) -> tuple[str, str]:
    """The kind of file that an example of the guide is of, and the file; a single rule gets one."""
    if example.startswith("- id: "):
        rules = example.replace("\n", "\n  ").rstrip()
        example = f"stage: prioritise\nrules:\n  {rules}\ndefault: {{priority: normal}}\n"
    if example.startswith("- name: "):
        return "cases", example
    key, _, value = example.partition("\n")[0].partition(": ")
    return value or key.rstrip(":"), example


@pytest.mark.parametrize(("kind", "text"), [whole(example) for example in EXAMPLES])
def test_example_of_the_guide_has_the_form_it_shows(kind: str, text: str) -> None:
    found = Findings()
    tree = read(text.encode(), "guide.yaml", found)

    assert tree is not None
    assert check_form(tree, kind, found), found.told("en")
