"""Fills trees of the C engine with conjunctions, within the bounds that keep it safe.

What a finished tree is given is a ShardPlan: JSON of rules and of facts, both with names of ours.
"""

from collections.abc import Mapping, Sequence

import msgspec

from routing_service.rulebook.domains import Field, bits
from routing_service.rulebook.names import PRIME
from routing_service.rulebook.projection import Codes
from routing_service.rulebook.trie import Term, Trie
from routing_service.rulebook.writing import FLAG, Layout, Part, Property, Ranks, Written

MAX_PROPERTIES = 200
"""Properties of one fact handed over; the engine takes 254 (its error 302)."""

PRIMING = {PRIME: {"pri": 65_535, "all": [{"m": {PRIME: 1}}]}}
"""The rule that only the engine's own first fact matches."""


class Writer(msgspec.Struct, frozen=True):
    """What is written of a field for each of its codes: `,"p3_0":7` or nothing."""

    field: int
    texts: tuple[str, ...]


class ShardPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One tree of the engine: its rules as JSON, and for each the ranks of the rules it stands for.

    `stack` is the most conditions that can be true and waiting at once.
    """

    rules: str
    ranks: dict[str, Ranks]
    writers: tuple[Writer, ...]
    stack: int

    def body(self, codes: Codes) -> str:
        """What the engine is told of these codes; "" when no rule can match."""
        return "".join([writer.texts[codes[writer.field]] for writer in self.writers])


class Filling:
    """One tree while it is filled."""

    def __init__(self, layout: Layout) -> None:
        """An empty one; `layout` names the properties."""
        self._layout = layout
        self._trie = Trie()
        self._rules: list[tuple[Ranks, tuple[Term, ...]]] = []
        self._codes: dict[Property, int] = {}
        self._flags: dict[int, list[int]] = {}
        self._properties = 0

    def admit(self, written: Written, ranks: Ranks) -> bool:
        """Add a conjunction, unless a bound of the tree or of the fact forbids it."""
        tests = self._layout.tests(written)
        if self._properties + len(written) > MAX_PROPERTIES or not self._trie.admit(tests):
            return False
        for part in written:
            self._write(part)
        self._rules.append((ranks, tests))
        return True

    def _write(self, part: Part) -> None:
        """Keep count of the properties that one fact can have."""
        known = self._codes.get(part.property)
        self._codes[part.property] = part.codes | (known or 0)
        if known is not None:
            return
        if part.property.kind != FLAG:
            self._properties += 1
            return
        flags = self._flags.setdefault(part.property.field, [])
        before = max(flags, default=0)
        flags.extend([0] * (part.codes.bit_length() - len(flags)))
        for code in bits(part.codes):
            flags[code] += 1
        self._properties += max(flags) - before

    def plan(self, fields: Sequence[Field]) -> ShardPlan:
        """The finished tree: rules in the order of the first rule that each stands for."""
        self._rules.sort(key=lambda rule: rule[0])
        rules = {
            f"r{place}": {"pri": place, "all": [{"m": _condition(tests)}]}
            for place, (_, tests) in enumerate(self._rules)
        }
        return ShardPlan(
            rules=msgspec.json.encode(rules | PRIMING).decode("ascii"),
            ranks={f"r{place}": ranks for place, (ranks, _) in enumerate(self._rules)},
            writers=_writers(self._codes, self._layout.names, fields),
            stack=self._trie.stack,
        )


def _condition(tests: Sequence[Term]) -> Mapping[str, object]:
    """A conjunction in the engine's language."""
    written = [_test(test) for test in tests]
    return written[0] if len(written) == 1 else {"$and": written}


def _test(test: Term) -> dict[str, object]:
    equality: dict[str, object] = {test.name: test.value}
    return {test.op: equality} if test.op else equality


def _writers(
    codes: Mapping[Property, int], names: Mapping[Property, str], fields: Sequence[Field]
) -> tuple[Writer, ...]:
    """For each field that is read, the text of each of its codes."""
    texts: dict[int, list[str]] = {}
    for each, mask in codes.items():
        written = texts.setdefault(each.field, [""] * fields[each.field].size)
        for code in bits(mask):
            written[code] += f',"{names[each]}":{each.value(code)}'
    return tuple(Writer(field, tuple(written)) for field, written in sorted(texts.items()))
