"""Rule packs as verbs load them: the rulebook with its cases, and every finding of both."""

import argparse
from pathlib import Path

import msgspec

from routing_service.core.records.errors import Invalid
from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.cases import Case
from routing_service.rulebook.findings import Finding, RulebookInvalid
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.requirements import load_requirements


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack as far as it could be read; without rulebook when it has errors."""

    folder: Path
    findings: tuple[Finding, ...]
    rulebook: Rulebook | None = None
    cases: tuple[Case, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a finding is an error; warnings alone do not refuse a pack."""
        return any(finding.severity == "error" for finding in self.findings)


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Flags of every verb about packs."""
    parser.add_argument("packs", nargs="+", type=Path, metavar="PACK", help="folder of a rule pack")
    parser.add_argument("--lang", choices=("en", "zh"), default="", help="language of the findings")


def read(folder: Path, language: str) -> Pack:
    """Load everything of a pack; Invalid(NO_PACK) when there is no such folder."""
    if not folder.is_dir():
        raise Invalid("NO_PACK", f"{folder} is no folder.")
    try:
        rulebook = load_pack(folder, language)
    except RulebookInvalid as refused:
        return Pack(folder=folder, findings=refused.findings)
    cases: tuple[Case, ...] = ()
    findings = rulebook.warnings
    try:
        cases = load_cases(folder, rulebook, language)
        load_requirements(folder, cases, language or rulebook.plan.language)
    except RulebookInvalid as refused:
        findings = (*findings, *refused.findings)
    return Pack(folder=folder, findings=findings, rulebook=rulebook, cases=cases)


def located(folder: Path, finding: Finding) -> str:
    """The finding with its file as seen from here, in the form editors jump from."""
    path = str(folder / finding.file)
    return str(msgspec.structs.replace(finding, file=path))


def told(folder: Path, finding: Finding) -> dict[str, object]:
    """The finding for programs."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": str(folder / finding.file),
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "hint": finding.hint,
    }
