"""Turns what the JSON Schema found into findings with a code and a place.

The schema says what is wrong in terms of JSON; a rule author wants the line and the word. No schema
library enters here: schema.py hands over plain violations.
"""

import json
from collections.abc import Mapping, Sequence

import msgspec

from routing_service.rulebook.findings import MAX_LENGTH, Findings
from routing_service.rulebook.tree import Node

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
    "number": "a decimal number",
}
_NAMES_OF: dict[type, str] = {
    str: _TYPES["string"],
    int: _TYPES["integer"],
    bool: _TYPES["boolean"],
    list: _TYPES["array"],
    dict: _TYPES["object"],
    type(None): _TYPES["null"],
    float: _TYPES["number"],
}
_CODES = {
    "type": "RB201",
    "additionalProperties": "RB202",
    "required": "RB203",
    "enum": "RB204",
    "const": "RB204",
    "pattern": "RB205",
    "minimum": "RB206",
    "maximum": "RB206",
    **dict.fromkeys(("minItems", "minProperties", "minLength"), "RB207"),
    "uniqueItems": "RB208",
    **dict.fromkeys(("maxItems", "maxProperties", "maxLength"), "RB209"),
}
_OTHER = "RB210"


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of the schema that the value at `path` breaks.

    `of_key` tells that the broken value is a key of the table at `path`, not the table itself.
    """

    rule: str
    limit: object
    value: object
    schema: Mapping[str, object]
    path: tuple[str | int, ...]
    of_key: bool = False


def note(violation: Violation, tree: Node, findings: Findings) -> None:
    """Add the finding(s) of one violation, at the key or the value it is about."""
    node = _find(tree, violation.path)
    code = _CODES.get(violation.rule, _OTHER)
    place = node.place_of(str(violation.value)) if violation.of_key else node.place
    match violation.rule:
        case "additionalProperties":
            _note_unknown(violation, node, findings)
        case "required":
            for name in (name for name in _words(violation.limit) if name not in node.entries):
                shown = _example(_properties(violation).get(name), f"{name}: ")
                findings.add(code, place, name=name, **shown)
        case "enum" | "const":
            findings.unknown(code, place, str(violation.value), _words(violation.limit))
        case "type":
            shown = _example(violation.schema)
            findings.add(code, place, **_arguments(violation), **shown)
        case _:
            findings.add(code, place, **_arguments(violation))


def _arguments(violation: Violation) -> dict[str, str]:
    """What the messages of the simple codes speak of."""
    sign = {"minimum": "≥ ", "maximum": "≤ "}.get(violation.rule, "")
    return {
        "name": str(violation.value),
        "limit": f"{sign}{violation.limit}",
        "rule": violation.rule,
        "form": str(violation.schema.get("description", violation.limit)),
        "expected": " / ".join(_TYPES.get(name, name) for name in _words(violation.limit)),
        "found": type_name(violation.value),
    }


def type_name(value: object) -> str:
    """What a plain value is called in messages."""
    return _NAMES_OF[type(value)]


def _example(schema: object, before: str = "") -> dict[str, str]:
    """The schema's first example as JSON, which is YAML too; nothing when none or too long."""
    examples = schema.get("examples") if isinstance(schema, Mapping) else None
    if not examples:
        return {}
    text = before + json.dumps(examples[0], ensure_ascii=False)
    return {"example": text} if len(text) <= MAX_LENGTH else {}


def _properties(violation: Violation) -> Mapping[str, object]:
    known = violation.schema.get("properties")
    return known if isinstance(known, Mapping) else {}


def _note_unknown(violation: Violation, node: Node, findings: Findings) -> None:
    names = list(_properties(violation))
    for key, place in node.keys.items():
        if key not in names:
            findings.unknown("RB202", place, key, names)


def _words(value: object) -> list[str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(word) for word in value]
    return [str(value)]


def _find(tree: Node, path: tuple[str | int, ...]) -> Node:
    node = tree
    for step in path:
        node = node.items[step] if isinstance(step, int) else node.entries[step]
    return node
