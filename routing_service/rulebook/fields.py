"""Single fields of a rule file as Python values, noted when they are wrong.

Trees come with the form already checked; an absent field has a written default.
"""

import zoneinfo
from collections.abc import Iterable

from routing_service.rulebook import times
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node


def duration(node: Node | None, findings: Findings, *, positive: bool = False) -> int:
    """The microseconds of a duration field; 0 when it is absent or noted as wrong."""
    if node is None:
        return 0
    length = times.duration(node.text)
    if length is None:
        findings.add("RB501", node.place, name=node.text)
    elif positive and length == 0:
        findings.add("RB502", node.place)
    return length or 0


def zone(node: Node, findings: Findings) -> str:
    """A time zone's name; noted when there is no such zone."""
    try:
        zoneinfo.ZoneInfo(node.text)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        findings.add("RB314", node.place, name=node.text)
    return node.text


def integer(node: Node | None) -> int | None:
    """A whole number; None when it is absent."""
    return int(node.text) if node is not None else None


def flag(node: Node, key: str) -> bool:
    """A boolean field; false when it is absent."""
    found = node.get(key)
    return found is not None and found.value is True


def word(node: Node, key: str, otherwise: str = "") -> str:
    """A text field, or `otherwise` when it is absent."""
    found = node.get(key)
    return otherwise if found is None else found.text


def known(code: str, node: Node, names: Iterable[str], findings: Findings) -> str:
    """A field that names something declared; noted under `code` when nothing has this name."""
    listed = list(names)
    if node.text not in listed:
        findings.unknown(code, node.place, node.text, listed)
    return node.text
