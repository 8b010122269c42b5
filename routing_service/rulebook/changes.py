"""What differs between two rulebooks, in their authors' own words: rules, clocks, queues, settings.

Compares what the files say, not their layout, by the names that the authors gave. Decides nothing.
"""

import difflib
from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from routing_service.rulebook.digest import unbundle
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.reading import trees
from routing_service.rulebook.rules import DEFAULT
from routing_service.rulebook.tree import Node, Place, Plain

PARTS = {
    ("pack.yaml", "labels"): "label",
    ("pack.yaml", "channels"): "channel",
    ("pack.yaml", "pending"): "pending reason",
    ("teams.yaml", "teams"): "team",
    ("queues.yaml", "queues"): "queue",
    ("calendars.yaml", "calendars"): "calendar",
    ("surge.yaml", "loads"): "load",
    ("signals.yaml", "signals"): "signal",
    ("sla.yaml", "clocks"): "clock",
}
"""Tables whose entries are told one by one, and what one of them is called."""

_ABSENT = Node(place=Place(""))


class ChangeKind(StrEnum):
    """What became of something that has a name."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One value under a key of the file, as compact JSON before and after; empty = absent."""

    key: str
    before: str = ""
    after: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One named thing that differs.

    `part` says what it is ("rule", "clock", "setting", …); rules are named `stage/rule`. `place` is
    in the new files, of something removed in the old ones. MOVED = same rule, asked earlier or
    later than others.
    """

    kind: ChangeKind
    part: str
    name: str
    place: Place
    differences: tuple[Difference, ...] = ()


class _Part(msgspec.Struct, frozen=True):
    """Something with a name, and where it stands."""

    part: str
    name: str
    node: Node
    place: Place


def changes(before: bytes, after: bytes) -> tuple[Change, ...]:
    """What differs between two loaded rulebooks, by their sources (`Rulebook.source`)."""
    old, new = trees(unbundle(before), Findings()), trees(unbundle(after), Findings())
    return tuple(
        change
        for file in sorted(old.keys() | new.keys())
        for change in _of_file(file, old.get(file, _ABSENT), new.get(file, _ABSENT))
    )


def places(source: bytes, kind: str) -> dict[str, Place]:
    """Where everything of a kind, such as "queue", is declared in a loaded rulebook, by name."""
    read = trees(unbundle(source), Findings())
    parts = (part for file, tree in read.items() for part in _parts(file, tree))
    return {part.name: part.place for part in parts if part.part == kind}


def _of_file(file: str, old: Node, new: Node) -> Iterator[Change]:
    before = {(part.part, part.name): part for part in _parts(file, old)}
    after = {(part.part, part.name): part for part in _parts(file, new)}
    moved = _moved(list(before), list(after))
    for key, part in after.items():
        known = before.get(key)
        if known is None:
            yield _told(ChangeKind.ADDED, part)
        elif found := tuple(_differences("", known.node.plain(), part.node.plain())):
            yield _told(ChangeKind.CHANGED, part, found)
        elif key in moved:
            yield _told(ChangeKind.MOVED, part)
    for key, part in before.items():
        if key not in after:
            yield _told(ChangeKind.REMOVED, part)


def _told(kind: ChangeKind, part: _Part, found: tuple[Difference, ...] = ()) -> Change:
    return Change(kind=kind, part=part.part, name=part.name, place=part.place, differences=found)


def _parts(file: str, tree: Node) -> Iterator[_Part]:
    """What has a name in this file, in order."""
    stage = tree.get("stage")
    for key, node in tree.entries.items():
        if stage is not None and key == "rules":
            for rule in node.items:
                yield _Part("rule", f"{stage.text}/{rule.entries['id'].text}", rule, rule.place)
        elif stage is not None and key == DEFAULT:
            yield _Part("rule", f"{stage.text}/{DEFAULT}", node, tree.place_of(key))
        elif (part := PARTS.get((file, key))) is not None:
            for name, entry in node.entries.items():
                yield _Part(part, name, entry, node.place_of(name))
        else:
            yield _Part("setting", key, node, tree.place_of(key))


def _moved(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Rules that both have and that stand in another order: the fewest that would explain it."""
    common = set(before) & set(after)
    old = [key for key in before if key in common and key[0] == "rule"]
    new = [key for key in after if key in common and key[0] == "rule"]
    blocks = difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks()
    kept = {key for block in blocks for key in new[block.b : block.b + block.size]}
    return set(new) - kept


def _differences(key: str, before: Plain, after: Plain) -> Iterator[Difference]:
    """Values that differ, each under its own key, as deep as both are tables."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            yield from _under(f"{key}.{name}" if key else name, name, before, after)
    elif before != after or type(before) is not type(after):
        yield Difference(key=key, before=_compact(before), after=_compact(after))


def _under(
    key: str, name: str, before: Mapping[str, Plain], after: Mapping[str, Plain]
) -> Iterator[Difference]:
    if name not in before:
        yield Difference(key=key, after=_compact(after[name]))
    elif name not in after:
        yield Difference(key=key, before=_compact(before[name]))
    else:
        yield from _differences(key, before[name], after[name])


def _compact(value: Plain) -> str:
    return msgspec.json.encode(value).decode()
