"""Reads rule files strictly and hands them on as trees: the only importer of yaml here.

Refused: aliases, anchors, tags, duplicate keys, deep nesting, big files, more than one document.
Plain scalars follow YAML 1.2: only true/false are booleans, no dates, no base 60. Nothing is ever
constructed from a tag, so a file can name no Python object.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NoReturn

import yaml

from routing_service.rulebook import files
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node, Place, Scalar, Shape

MAX_DEPTH = 32
MAX_VALUES = 100_000
MAX_DIGITS = 15

_NEED_QUOTES = ": # , { } [ ]"
"""What ends or begins something in a text without quotes, mostly within a table in braces."""
_READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it
_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class _Refused(Exception):
    """The file cannot be read further; the finding is noted."""


def trees(contents: Mapping[str, bytes], findings: Findings) -> dict[str, Node]:
    """The files that can be read as trees, by name; findings for the others."""
    found = {name: read(content, name, findings) for name, content in contents.items()}
    return {name: tree for name, tree in found.items() if tree is not None}


def read(content: bytes, file: str, findings: Findings) -> Node | None:
    """The file as a tree with places, or None with at least one finding."""
    text = files.decode(content, file, findings)
    if text is None:
        return None
    try:
        return _Reading(file, findings).document(_events(text, file, findings))
    except _Refused:
        return None


def _events(text: str, file: str, findings: Findings) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=_READER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        line = "".join(text.split("\n")[place.line - 1 : place.line])  # "" past the last line
        if "\t" in line[: len(line) - len(line.lstrip())]:
            findings.add("RB109", place)
        else:
            problem = error.problem or error.context or "?"
            findings.add("RB105", place, problem=problem, signs=_NEED_QUOTES)
        raise _Refused from error


class _Reading:
    """One pass over the events of one file."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._values = 0

    def document(self, events: Iterator[yaml.Event]) -> Node:
        """The only document of the stream."""
        next(events)  # the stream's start
        first = next(events)
        if isinstance(first, yaml.StreamEndEvent):
            self._refuse("RB104", first)
        root = self._node(next(events), events, 1)
        next(events)  # the document's end
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse("RB110", after)
        if root.shape is Shape.SCALAR and root.value is None:
            self._refuse("RB104", first)
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        self._admit(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return Node(place=self._place(event), value=self._scalar(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, events, depth)
        return self._table(event, events, depth)

    def _admit(self, event: yaml.Event, depth: int) -> None:
        """Refuse what could grow or stand for something else."""
        self._values += 1
        if getattr(event, "anchor", None) is not None:  # an alias carries it too
            self._refuse("RB106", event)
        if (tag := getattr(event, "tag", None)) is not None:
            self._refuse("RB111", event, name=tag)
        if depth > MAX_DEPTH:
            self._refuse("RB108", event, limit=MAX_DEPTH)
        if self._values > MAX_VALUES:
            self._refuse("RB118", event, limit=MAX_VALUES)

    def _list(self, start: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, depth + 1))
        return Node(place=self._place(start), shape=Shape.LIST, items=tuple(items))

    def _table(self, start: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            self._admit(event, depth)
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse("RB113", event)
            key = unicodedata.normalize("NFC", event.value)
            value = self._node(next(events), events, depth + 1)
            if key in keys:
                place = self._place(event)
                self._findings.add("RB107", place, name=key, first=keys[key].line)
                continue
            entries[key], keys[key] = value, self._place(event)
        return Node(place=self._place(start), shape=Shape.TABLE, entries=entries, keys=keys)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        """The value under the YAML 1.2 core schema (decimal numbers only)."""
        text: str = event.value
        if event.implicit[0]:  # plain, not quoted and no block
            if text in _WORDS:
                return _WORDS[text]
            if _INTEGER.fullmatch(text):
                return self._integer(event)
            if _DECIMAL.fullmatch(text):
                return float(text)
        return unicodedata.normalize("NFC", text)

    def _integer(self, event: yaml.ScalarEvent) -> int:
        if len(event.value) > MAX_DIGITS:
            self._refuse("RB114", event, name=event.value)
        return int(event.value)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1) if mark else Place(self._file)

    def _refuse(self, code: str, event: yaml.Event, **arguments: str | int) -> NoReturn:
        self._findings.add(code, self._place(event), "", **arguments)
        raise _Refused
