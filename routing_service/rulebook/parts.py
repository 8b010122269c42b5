"""Named parts of patterns: `{cannot}log in` stands for the pattern with its part written out.

Only texts are put together here; whether the result is a pattern is the business of signals.py.
"""

import re
from collections.abc import Mapping

from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node

MAX_LENGTH = 20_000
"""Characters of a pattern with all its parts: parts of parts could grow without bound."""

_USE = re.compile(r"(?P<class>\\[pPx])?\{(?P<name>[a-z][a-z0-9_]*)\}", re.ASCII)


def parts(tree: Node, findings: Findings) -> dict[str, str]:
    """The declared parts as groups of alternatives; each may use those above it."""
    made: dict[str, str] = {}
    for name, node in tree.table("parts").entries.items():
        made[name] = f"(?:{'|'.join(expand(item, made, findings) for item in node.many)})"
    return made


def expand(pattern: Node, known: Mapping[str, str], findings: Findings) -> str:
    """The pattern with every `{name}` written out; a name that is no part is noted.

    `\\p{greek}` and `\\x{41}` are RE2's own, and so is `{2,3}`.
    """

    def written_out(use: re.Match[str]) -> str:
        name = use["name"]
        if use["class"]:
            return use[0]
        if name not in known:
            findings.unknown("RB413", pattern.place, name, known)
        return known.get(name, re.escape(use[0]))  # itself: so that nothing else seems wrong

    whole = _USE.sub(written_out, pattern.text)
    if len(whole) > MAX_LENGTH:
        findings.add("RB409", pattern.place)
    return whole[:MAX_LENGTH]
