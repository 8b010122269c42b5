"""The small pack of the golden tests with changes, written where a test wants it."""

import shutil
from pathlib import Path

import pytest

from routing_service.rulebook.findings import Finding
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook, RulebookInvalid

ROOT = Path(__file__).parents[3]
SMALL = ROOT / "tests" / "golden" / "small_pack"
ITSM = ROOT / "rules" / "itsm"


def pack(folder: Path, **files: str) -> Path:
    """A copy of the small pack; each keyword replaces (or adds) the file of that name."""
    copy = folder / "pack"
    shutil.copytree(SMALL, copy)
    for name, text in files.items():
        (copy / f"{name}.yaml").write_text(text, "utf-8")
    return copy


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the small pack where one text of one file is another."""
    text = (SMALL / f"{name}.yaml").read_text("utf-8")
    assert old in text
    return pack(folder, **{name: text.replace(old, new, 1)})


def rulebook(folder: Path, **files: str) -> Rulebook:
    """The rulebook of a changed small pack."""
    return load_pack(pack(folder, **files))


def findings(folder: Path, language: str = "") -> tuple[Finding, ...]:
    """What refuses the pack in this folder."""
    with pytest.raises(RulebookInvalid) as refused:
        load_pack(folder, language)
    return refused.value.findings


def codes(folder: Path) -> list[str]:
    """The codes of what refuses the pack, in reading order."""
    return [finding.code for finding in findings(folder)]
