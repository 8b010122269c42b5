"""`test`: runs the cases of rule packs and shows, step by step, what is otherwise."""

import argparse

from routing_service.cli.drawing import draw
from routing_service.cli.output import FOUND, OK, say, tell
from routing_service.cli.packs import Pack, add_flags, located, read, told
from routing_service.core.records.errors import Invalid
from routing_service.rulebook.case_check import instant
from routing_service.rulebook.case_outcome import CaseOutcome, StepOutcome
from routing_service.rulebook.case_runner import run_case
from routing_service.rulebook.local_time import LocalTime
from routing_service.rulebook.why_not_words import why_not_tree


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    add_flags(parser)
    parser.add_argument("--case", action="append", default=[], help="only the case of this name")


def run(flags: argparse.Namespace) -> int:
    """2 when a case fails or a pack cannot be loaded."""
    packs = [read(folder, flags.lang) for folder in flags.packs]
    outcomes = [_run_all(pack, flags.case) for pack in packs]
    if flags.case and not any(outcomes):
        raise Invalid("NO_CASE", "No pack has a case of this name.")
    if flags.json:
        tell([_told(pack, found) for pack, found in zip(packs, outcomes, strict=True)])
    else:
        for pack, found in zip(packs, outcomes, strict=True):
            _show(pack, found)
    failed = any(not outcome.passed for found in outcomes for outcome in found)
    return FOUND if failed or any(pack.failed for pack in packs) else OK


def _run_all(pack: Pack, names: list[str]) -> list[CaseOutcome]:
    if pack.rulebook is None or pack.failed:
        return []
    wanted = [case for case in pack.cases if not names or case.name in names]
    return [run_case(case, pack.rulebook) for case in wanted]


def _show(pack: Pack, outcomes: list[CaseOutcome]) -> None:
    for finding in pack.findings:
        say(located(pack.folder, finding), "red" if finding.severity == "error" else "yellow")
    failed = [outcome for outcome in outcomes if not outcome.passed]
    zone = _zone(pack)
    for outcome in failed:
        say(f"failed: {outcome.case.name}", "bold red")
        for step in outcome.steps:
            _show_step(pack, step, zone)
    if not pack.failed:
        passed = f"{len(outcomes) - len(failed)} of {len(outcomes)} cases passed"
        say(f"{pack.folder}: {passed}", "red" if failed else "green")


def _zone(pack: Pack) -> str:
    return "UTC" if pack.rulebook is None else pack.rulebook.plan.zone


def _show_step(pack: Pack, step: StepOutcome, zone: str) -> None:
    if step.passed:
        return
    place = f"{pack.folder / step.place.file}:{step.place.line}:{step.place.column}"
    say(f"  {place} at {instant(step.at, zone)} {step.do or 'look'}")
    if step.refused:
        say(f"    refused: {step.refused}")
    for each in step.mismatches:
        say(f"    {each.name}: expected {each.expected}, is {each.actual}")
    if step.why_not is not None:
        told = why_not_tree(step.why_not, step.why_not.item, "en", LocalTime(zone, step.at))
        draw(told, indent=4)


def _told(pack: Pack, outcomes: list[CaseOutcome]) -> dict[str, object]:
    return {
        "pack": str(pack.folder),
        "findings": [told(pack.folder, finding) for finding in pack.findings],
        "cases": [
            {
                "name": outcome.case.name,
                "rows": outcome.case.rows,
                "passed": outcome.passed,
                "failures": [
                    {
                        "line": step.place.line,
                        "file": step.place.file,
                        "at": instant(step.at, _zone(pack)),
                        "do": step.do,
                        "refused": step.refused,
                        "mismatches": step.mismatches,
                        "why_not": step.why_not,
                    }
                    for step in outcome.steps
                    if not step.passed
                ],
            }
            for outcome in outcomes
        ],
    }
