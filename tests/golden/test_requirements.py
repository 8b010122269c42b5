"""Every figure of every pack is proven: change it by one unit, and exactly its cases fail."""

import functools
from pathlib import Path

import pytest

from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.case_runner import run_case
from routing_service.rulebook.cases import Case, RequirementRow
from routing_service.rulebook.engines import Kind, equip
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook, RulebookInvalid
from routing_service.rulebook.reading import read
from routing_service.rulebook.requirements import load_requirements
from tests.golden.figures import PACKS, REFUSED, RULES, changed


@functools.cache
def cases(pack: str) -> tuple[Case, ...]:
    return load_cases(RULES / pack, load_pack(RULES / pack))


def rows(pack: str) -> tuple[RequirementRow, ...]:
    """The rows with a figure; those of a later version have none."""
    found = load_requirements(RULES / pack, cases(pack))
    return tuple(row for row in found if not row.status)


def figures(*, refused: bool) -> list[object]:
    return [
        pytest.param(pack, row, id=f"{pack}-{row.file}-{row.key}")
        for pack in PACKS
        for row in rows(pack)
        if (row.key in REFUSED.get(pack, {})) is refused
    ]


def failing(pack: str, rulebook: Rulebook) -> list[str]:
    return [case.name for case in cases(pack) if not run_case(case, rulebook).passed]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("pack", PACKS)
def test_all_cases_pass_on_the_pack_as_it_is(pack: str, kind: Kind) -> None:
    equipped = equip(load_pack(RULES / pack), kind)

    assert failing(pack, equipped) == []

    equipped.close()


@pytest.mark.parametrize("pack", PACKS)
def test_pack_has_figures_and_every_case_a_row(pack: str) -> None:
    assert len(rows(pack)) > 0
    assert [case.name for case in cases(pack) if not case.rows] == []


@pytest.mark.parametrize("pack", PACKS)
def test_every_promise_of_a_pack_is_a_figure_with_a_row(pack: str) -> None:
    found = Findings()
    sla = read((RULES / pack / "sla.yaml").read_bytes(), "sla.yaml", found)
    assert sla is not None
    promised = {
        f"clocks/{clock}/target/{priority}"
        for clock, node in sla.table("clocks").entries.items()
        for priority, target in node.table("target").entries.items()
        if target.text != "none"
    }

    assert promised - {row.key for row in rows(pack) if row.file == "sla.yaml"} == set()


@pytest.mark.parametrize(("pack", "row"), figures(refused=False))
def test_other_figure_fails_exactly_its_cases(
    pack: str, row: RequirementRow, tmp_path: Path
) -> None:
    rulebook = load_pack(changed(pack, row, tmp_path))

    assert sorted(row.cases) == sorted(failing(pack, rulebook))


@pytest.mark.parametrize(("pack", "row"), figures(refused=True))
def test_other_figure_that_fits_nothing_is_refused(
    pack: str, row: RequirementRow, tmp_path: Path
) -> None:
    with pytest.raises(RulebookInvalid) as refused:
        load_pack(changed(pack, row, tmp_path))

    assert REFUSED[pack][row.key] in {finding.code for finding in refused.value.findings}
