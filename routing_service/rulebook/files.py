"""Which files a rule pack has, and their bytes as checked text. No YAML, no meaning."""

import re
from collections.abc import Iterable
from pathlib import Path

from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Place

REQUIRED = ("pack.yaml", "teams.yaml", "queues.yaml", "prioritise.yaml", "sla.yaml", "route.yaml")
OPTIONAL = ("calendars.yaml", "classify.yaml", "escalate.yaml", "signals.yaml", "surge.yaml")
KNOWN = frozenset(REQUIRED + OPTIONAL)
MAX_BYTES = 1 << 20
MAX_SHOWN = 64
"""Characters of a file's name in a finding: the name may come from anybody."""

_NOT_ALLOWED = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    "|[\u202a-\u202e\u2066-\u2069]"  # they would show a rule in another order than it is read
)


def read_folder(folder: Path, findings: Findings) -> dict[str, bytes]:
    """The pack's own files by name; findings as of `check_names`."""
    try:
        names = [path.name for path in rule_files(folder)]
    except OSError as error:
        findings.add("RB117", Place(folder.name), name=folder.name, problem=_problem(error))
        return {}
    check_names(names, findings)
    read = {name: read_bytes(folder / name, findings) for name in names if name in KNOWN}
    return {name: content for name, content in read.items() if content is not None}


def rule_files(folder: Path) -> list[Path]:
    """The files directly in the folder that read_folder looks at, by name; OSError."""
    return sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})


def check_names(names: Iterable[str], findings: Findings) -> None:
    """A file nobody would read is a finding, not a shrug; so is one that every pack needs."""
    given = set(names)
    for name in sorted(given - KNOWN):
        shown = name[:MAX_SHOWN]
        findings.unknown("RB116", Place(shown), shown, REQUIRED + OPTIONAL)
    for name in REQUIRED:
        if name not in given:
            findings.add("RB115", Place(name), name=name)


def read_bytes(path: Path, findings: Findings) -> bytes | None:
    """The file's bytes, at most one more than allowed; None when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        findings.add("RB117", Place(path.name), name=path.name, problem=_problem(error))
        return None


def decode(content: bytes, file: str, findings: Findings) -> str | None:
    """The text of a file, or None with a finding: size, UTF-8, no BOM, no hidden characters."""
    if len(content) > MAX_BYTES:
        findings.add("RB103", Place(file), limit=MAX_BYTES)
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        findings.add("RB101", Place(file, line, column), byte=error.start)
        return None
    if text.startswith("\ufeff"):
        findings.add("RB102", Place(file))
    elif found := _NOT_ALLOWED.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        findings.add("RB112", Place(file, line, column), name=f"U+{ord(found.group()):04X}")
    elif not text.strip():
        findings.add("RB104", Place(file))
    else:
        return text
    return None


def _problem(error: OSError) -> str:
    return error.strerror or type(error).__name__
