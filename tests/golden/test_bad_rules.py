"""One folder, one flaw: each replaces one file of the small pack and says what must be found.

`expected` holds `code file:line:column`, exactly what the loader is to report.
"""

import shutil
from pathlib import Path

import pytest

from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.messages import catalogue
from routing_service.rulebook.model import RulebookInvalid

HERE = Path(__file__).parent
PACK = HERE / "small_pack"
FLAWS = sorted(path for path in (HERE / "bad_rules").iterdir() if path.is_dir())

MADE_ELSEWHERE = {
    "RB103": "a file over 1 MB, made in test_reading",
    "RB115": "a missing file, made in test_reading",
    "RB117": "a folder that cannot be read, made in test_reading",
    "RB118": "a file of too many values, made in test_reading",
    "RB119": "a broken bundle, made in test_rulebook",
    "RB210": "kept for keywords the schema does not use yet",
    "RB323": "of cases, made in test_cases",
}


def expected(flaw: Path) -> list[str]:
    return (flaw / "expected").read_text("utf-8").splitlines()


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda path: path.name)
def test_flaw_is_found_at_its_place(flaw: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    for file in flaw.iterdir():
        if file.name != "expected":
            shutil.copy(file, pack / file.name)

    with pytest.raises(RulebookInvalid) as refused:
        load_pack(pack)

    found = [f"{f.code} {f.file}:{f.line}:{f.column}" for f in refused.value.findings]
    assert expected(flaw) == found


def test_the_small_pack_itself_has_no_flaw() -> None:
    rulebook = load_pack(PACK)

    assert rulebook.warnings == ()


def test_every_refusing_code_has_a_flaw() -> None:
    shown = {line.split()[0] for flaw in FLAWS for line in expected(flaw)}
    refusing = {
        code
        for code, entry in catalogue().items()
        if entry.severity == "error" and code < "RB6" and code.startswith("RB")
    }

    assert refusing - shown == MADE_ELSEWHERE.keys()
