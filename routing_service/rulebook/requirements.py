"""requirements.csv of a pack: which figure keeps a requirement, and which case proves it."""

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from routing_service.rulebook import files, reading
from routing_service.rulebook.cases import Case, RequirementRow
from routing_service.rulebook.findings import Findings, RulebookInvalid
from routing_service.rulebook.messages import DEFAULT_LANGUAGE
from routing_service.rulebook.tree import Node, Place, Shape

FILE = "requirements.csv"
COLUMNS = ["row", "file", "key", "case"]
OPTIONAL_COLUMNS = ["status", "note"]
KEPT = "kept"
"""Status of a requirement without a figure: the note tells what keeps it, cases may show it."""
LATER = "later"
"""Status of a requirement that the pack does not keep yet: told, so that it is not forgotten."""


def load_requirements(
    folder: Path, cases: Collection[Case], language: str = DEFAULT_LANGUAGE
) -> tuple[RequirementRow, ...]:
    """The rows in file order; () when the pack has no such file.

    RulebookInvalid when a row names no figure or no case. Several cases are parted by ";". A row
    with a status names no figure and has a note; cases only when it is KEPT.
    """
    if not (folder / FILE).exists():
        return ()
    findings = Findings()
    lines = list(_lines(folder, findings))
    if lines and not cases:  # else each row would tell the same
        findings.add("RB115", Place(FILE), name="cases/*.yaml")
    reader = _Rows(folder, {case.name for case in cases}, findings)
    rows = [row for line in lines if (row := reader.row(*line)) is not None]
    if findings.failed:
        raise RulebookInvalid(findings.told(language))
    return tuple(rows)


def _lines(folder: Path, findings: Findings) -> Iterator[tuple[Place, dict[str, str]]]:
    content = files.read_bytes(folder / FILE, findings)
    text = None if content is None else files.decode(content, FILE, findings)
    if text is None:
        return
    reader = csv.DictReader(text.splitlines(), strict=True)
    every = COLUMNS + OPTIONAL_COLUMNS
    if reader.fieldnames not in (COLUMNS, every):
        findings.add("RB609", Place(FILE), known=",".join(COLUMNS))
        return
    for line in reader:
        yield Place(FILE, reader.line_num), {name: line.get(name) or "" for name in every}


class _Rows:
    """Resolves rows against the pack's files, each read once."""

    def __init__(self, folder: Path, cases: set[str], findings: Findings) -> None:
        self._folder = folder
        self._cases = cases
        self._findings = findings
        self._trees: dict[str, Node | None] = {}

    def row(self, place: Place, line: dict[str, str]) -> RequirementRow | None:
        """The row with its figure, or None with a finding."""
        if line["status"]:
            return self._without_figure(place, line)
        figure = self._figure(place, line)
        cases = self._named(place, line)
        if figure is None:
            return None
        return RequirementRow(
            row=line["row"],
            file=line["file"],
            key=line["key"],
            cases=cases,
            value=figure.text,
            place=figure.place,
        )

    def _named(self, place: Place, line: dict[str, str]) -> tuple[str, ...]:
        cases = tuple(name.strip() for name in line["case"].split(";"))
        for name in cases:
            if self._cases and name not in self._cases:
                self._findings.add("RB608", place, name=line["row"], case=name)
        return cases

    def _without_figure(self, place: Place, line: dict[str, str]) -> RequirementRow | None:
        status = line["status"]
        cases = self._named(place, line) if line["case"] else ()
        of_figure = line["file"] or line["key"] or (status == LATER and cases)
        if status not in (KEPT, LATER) or of_figure or not line["note"]:
            self._findings.add("RB613", place, name=line["row"], known=f"{KEPT}, {LATER}")
            return None
        return RequirementRow(
            row=line["row"], cases=cases, status=status, note=line["note"], place=place
        )

    def _figure(self, place: Place, line: dict[str, str]) -> Node | None:
        node = self._tree(line["file"])
        problem = "" if node is not None else f"no file {line['file']}"
        for step in line["key"].split("/"):
            found = None if node is None else _step(node, step)
            if node is not None and found is None:
                problem = f"nothing under '{step}'"
            node = found
        if node is not None and node.shape is not Shape.SCALAR:
            problem = "not a single value"
        if problem:
            self._findings.add("RB607", place, name=line["row"], problem=problem)
            return None
        return node

    def _tree(self, file: str) -> Node | None:
        if file not in files.REQUIRED + files.OPTIONAL or not (self._folder / file).exists():
            return None
        if file not in self._trees:
            content = files.read_bytes(self._folder / file, self._findings)
            self._trees[file] = (
                None if content is None else reading.read(content, file, self._findings)
            )
        return self._trees[file]


def _step(node: Node, step: str) -> Node | None:
    """The value under a key of a table; the element of a list that is this word, or has this id or
    number."""
    if node.shape is Shape.TABLE:
        return node.get(step)
    for place, item in enumerate(node.items):
        name = item.get("id") if item.shape is Shape.TABLE else item
        if str(place) == step or (name is not None and name.text == step):
            return item
    return None
