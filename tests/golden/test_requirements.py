"""Every figure of the desk pack is proven: change it by one unit, and exactly its cases fail."""

import re
import shutil
from pathlib import Path

import pytest

from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.case_runner import run_case
from routing_service.rulebook.cases import RequirementRow
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook, RulebookInvalid
from routing_service.rulebook.requirements import load_requirements

PACK = Path(__file__).parents[2] / "rules" / "itsm"
CASES = load_cases(PACK, load_pack(PACK))
ROWS = load_requirements(PACK, CASES)

# A word has no next unit: it becomes the next worse choice.
OTHER_WORD = {
    "critical": "high",
    "high": "low",
    "moderate": "low",
    "low": "critical",
    "resume": "keep",
    "service_desk": "group-1",
    "assignment_group": "location",
    "supervisor": "lead",
}
OTHER_SEVERITY = {"critical": "info"}

# The loader itself sees that the changed figure fits nothing else in the pack.
REFUSED = {
    "rules/resolution-near/trigger/at": "RB407",
    "rules/nobody-answers/trigger/at": "RB407",
}


def next_unit(row: RequirementRow) -> str:
    """The figure one unit further: the last number in it plus one, or another word."""
    numbers = list(re.finditer(r"\d+", row.value))
    if not numbers:
        return (OTHER_SEVERITY if row.key.endswith("severity") else OTHER_WORD)[row.value]
    last = numbers[-1]
    bumped = str(int(last.group()) + 1).zfill(len(last.group()))
    return row.value[: last.start()] + bumped + row.value[last.end() :]


def changed(row: RequirementRow, value: str, folder: Path) -> Path:
    """A copy of the pack with another figure at the row's place."""
    pack = folder / "pack"
    shutil.copytree(PACK, pack)
    lines = (pack / row.file).read_text("utf-8").splitlines(keepends=True)
    line = lines[row.place.line - 1]
    start = line.index(row.value, row.place.column - 1)
    lines[row.place.line - 1] = line[:start] + value + line[start + len(row.value) :]
    (pack / row.file).write_text("".join(lines), "utf-8")
    return pack


def failing(rulebook: Rulebook) -> list[str]:
    return [case.name for case in CASES if not run_case(case, rulebook).passed]


def named(row: RequirementRow) -> str:
    return f"{row.file}-{row.key}"


def test_all_cases_pass_on_the_pack_as_it_is() -> None:
    assert failing(load_pack(PACK)) == []


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.key not in REFUSED and "/pending/" not in row.key], ids=named
)
def test_other_figure_fails_exactly_its_cases(row: RequirementRow, tmp_path: Path) -> None:
    pack = changed(row, next_unit(row), tmp_path)

    assert sorted(row.cases) == sorted(failing(load_pack(pack)))


@pytest.mark.parametrize("row", [row for row in ROWS if row.key in REFUSED], ids=named)
def test_other_warn_point_is_refused(row: RequirementRow, tmp_path: Path) -> None:
    with pytest.raises(RulebookInvalid) as refused:
        load_pack(changed(row, next_unit(row), tmp_path))

    assert REFUSED[row.key] in {finding.code for finding in refused.value.findings}


@pytest.mark.parametrize("row", [row for row in ROWS if "/pending/" in row.key], ids=named)
def test_pending_reason_that_no_longer_pauses_fails_its_cases(
    row: RequirementRow, tmp_path: Path
) -> None:
    pack = changed(row, "", tmp_path)
    text = (pack / row.file).read_text("utf-8")
    (pack / row.file).write_text(text.replace("[, ", "[").replace(", ,", ",").replace(", ]", "]"))

    assert sorted(row.cases) == sorted(failing(load_pack(pack)))
