"""What is wrong with a rule pack, each with a stable code and the exact place.

A finding keeps its arguments, so that it can be told in any language of the catalogue. Nothing here
knows how a finding is found.
"""

import difflib
import itertools
from collections.abc import Iterable

import msgspec

from routing_service.core.records.errors import WrongState
from routing_service.rulebook import messages
from routing_service.rulebook.tree import Place

MAX_FINDINGS = 200
"""More are not kept: nobody reads them, and a hostile file could make very many."""
MAX_LENGTH = 120
"""Characters of one argument of a message."""
MAX_LISTED = 12
"""Names that a message lists before it says how many more there are."""
_TERMS = ("expected", "found", "form")
_WITH_TERMS = frozenset({"RB201", "RB205", "RB302", "RB304", "RB331"})
"""Codes whose arguments of these names are types or forms."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One flaw. `severity`: "error" refuses the pack, with a "warning" it loads and says so."""

    code: str
    message: str
    file: str
    line: int
    column: int
    hint: str = ""
    severity: str = "error"
    meant: str = ""
    arguments: dict[str, str] = {}

    def __str__(self) -> str:
        """`file:line:column code severity: message`, the form editors can jump from."""
        tail = f" {self.hint}" if self.hint else ""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place} {self.code} {self.severity}: {self.message}{tail}"

    def told_in(self, language: str) -> "Finding":
        """The same finding in another language of the catalogue."""
        return tell(self, language)


class RulebookInvalid(WrongState):
    """The rule pack has errors; the rulebook in force stays in force."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Carry every finding; the message names the first one and how many there are."""
        super().__init__(
            "RULEBOOK_INVALID",
            f"The rule pack has {len(findings)} finding(s), the first: {findings[0]}",
            findings=str(len(findings)),
        )
        self.findings = findings


def tell(finding: Finding, language: str) -> Finding:
    """Fill in message and hint from the catalogue."""
    arguments = dict(finding.arguments)
    hint = messages.meant(finding.meant, language) if finding.meant else ""
    if "example" in arguments:
        hint = messages.example(arguments["example"], language)
    if finding.code in _WITH_TERMS:
        terms = [name for name in _TERMS if name in arguments]
        arguments |= {name: messages.term(arguments[name], language) for name in terms}
    if "more" in arguments:
        arguments["known"] = messages.more(arguments["known"], arguments["more"], language)
    message = messages.message(finding.code, language).format_map(arguments)
    return msgspec.structs.replace(finding, message=message, hint=hint)


class Findings:
    """Collects findings while a pack is read; the only thing the readers and checkers share."""

    def __init__(self) -> None:
        """Start without any."""
        self._found: list[Finding] = []
        self._failed = False

    def add(self, code: str, place: Place, meant: str = "", /, **arguments: str | int) -> None:
        """Note a flaw once. The arguments fill the catalogue's message; long ones are cut."""
        severity = messages.severity(code)
        self._failed = self._failed or severity == "error"
        if len(self._found) == MAX_FINDINGS:
            return
        finding = Finding(
            code=code,
            message="",
            file=place.file,
            line=place.line,
            column=place.column,
            severity=severity,
            meant=meant,
            arguments={name: _short(str(value)) for name, value in arguments.items()},
        )
        if finding not in self._found:
            self._found.append(finding)

    def unknown(
        self, code: str, place: Place, name: str, known: Iterable[str], **arguments: str
    ) -> None:
        """Note a name that is not declared, with the closest declared one as a hint."""
        names = list(known)
        listed = _listed(names)
        more = {"more": len(names) - len(listed)} if len(listed) < len(names) else {}
        meant = closest(name, names) if len(self._found) < MAX_FINDINGS else ""
        self.add(code, place, meant, name=name, known=", ".join(listed) or "-", **more, **arguments)

    @property
    def failed(self) -> bool:
        """Whether an error was found; warnings do not count."""
        return self._failed

    def told(self, language: str) -> tuple[Finding, ...]:
        """All findings in reading order, in this language."""
        ordered = sorted(self._found, key=lambda f: (f.file, f.line, f.column, f.code))
        return tuple(tell(finding, language) for finding in ordered)


def closest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known name most like this one, or "" when none is near (difflib's ratio)."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)
    return near[0] if near else ""


def slip(name: str, word: str) -> bool:
    """Whether one letter inside the word is another, or two inside it have changed places.

    First and last letter are the same: most slips leave them, and "leah" is not meant as "lead".
    """
    if len(name) != len(word) or (name[:1], name[-1:]) != (word[:1], word[-1:]):
        return False
    wrong = [place for place, letter in enumerate(name) if letter != word[place]]
    if len(wrong) == 1:
        return True
    return len(wrong) == 2 and wrong[1] - wrong[0] == 1 and sorted(name) == sorted(word)  # noqa: PLR2004 - two neighbours


def _listed(names: list[str]) -> list[str]:
    """The first names, as many as fit into a message; one at least."""
    ends = list(itertools.accumulate((len(name) + 2 for name in names), initial=-2))
    fitting = sum(end <= MAX_LENGTH for end in ends[1 : MAX_LISTED + 1])
    return names[: max(fitting, 1)]


def _short(text: str, limit: int = MAX_LENGTH) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
