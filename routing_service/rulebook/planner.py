"""The rules of a stage -> what the C engine is given, within the bounds that keep it safe.

Pure: no C here, and no text of an author or of a request leaves it: names are ours, values are
codes. What does not fit is named and stays on the plain matcher.
"""

from collections.abc import Mapping, Sequence

import msgspec

from routing_service.rulebook.alternatives import (
    ALWAYS,
    Conjunction,
    TooManyAlternatives,
    alternatives,
)
from routing_service.rulebook.domains import Codes, Field, Fields, bits
from routing_service.rulebook.rules import HitPolicy, StageRules
from routing_service.rulebook.trie import Test, Trie
from routing_service.rulebook.writing import PRIME, Part, Property, Written, write

MAX_PROPERTIES = 200
"""Properties of one fact handed over; the engine takes 254 (its error 302)."""
MAX_SHARDS = 16
"""Trees of one stage: each is asked in turn, so many of them are slower than no engine."""

PRIMING = {PRIME: {"pri": 65_535, "all": [{"m": {PRIME: 1}}]}}
"""The rule that only the engine's own first fact matches."""

TOO_MANY, TOO_WIDE = "RB413", "RB414"
"""Findings: more alternatives than are written out; more rules or tests than the trees hold."""


class Left(msgspec.Struct, frozen=True):
    """A rule that the plain matcher answers: its place in the stage, the code of the finding."""

    rank: int
    code: str


class Writer(msgspec.Struct, frozen=True):
    """What is written of a field for each of its codes: `,"e3":7` or nothing."""

    field: int
    texts: tuple[str, ...]


class ShardPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One tree of the engine: its rules as JSON, and for each the ranks of the rules it stands for.

    `stack` is the most conditions that can be true and waiting at once.
    """

    rules: str
    ranks: dict[str, tuple[int, ...]]
    writers: tuple[Writer, ...]
    stack: int

    def body(self, codes: Codes) -> str:
        """What the engine is told of these codes; "" when no rule can match."""
        return "".join([writer.texts[codes[writer.field]] for writer in self.writers])


class StagePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A stage as the engine sees it. Ranks are places in `ids`, the rules in file order.

    `always` are rules without a condition, `left` those the plain matcher answers.
    """

    stage: str
    hit: HitPolicy
    ids: tuple[str, ...]
    fields: tuple[Field, ...]
    shards: tuple[ShardPlan, ...]
    always: tuple[int, ...]
    left: tuple[Left, ...]


def plan_stage(stage: StageRules) -> StagePlan:
    """Lay out a stage; never fails, since any rule may stay on the plain matcher."""
    fields = Fields(rule.condition for rule in stage.rules)
    wanted, left = _wanted(stage, fields)
    always = tuple(wanted.pop(ALWAYS, ()))
    shards: list[_Shard] = []
    for conjunction, written in write(wanted, fields.fields):
        if not _place(shards, written, wanted[conjunction]):
            left.update(dict.fromkeys(wanted[conjunction], TOO_WIDE))
    return StagePlan(
        stage=stage.stage,
        hit=stage.hit,
        ids=tuple(rule.id for rule in stage.rules),
        fields=fields.fields,
        shards=tuple(shard.plan(fields.fields) for shard in shards),
        always=always,
        left=tuple(Left(rank, left[rank]) for rank in sorted(left)),
    )


def _wanted(
    stage: StageRules, fields: Fields
) -> tuple[dict[Conjunction, list[int]], dict[int, str]]:
    """Each distinct conjunction with the ranks of its rules, and the rules with too many."""
    wanted: dict[Conjunction, list[int]] = {}
    left: dict[int, str] = {}
    for rank, rule in enumerate(stage.rules):
        try:
            for conjunction in alternatives(rule.condition, fields):
                wanted.setdefault(conjunction, []).append(rank)
        except TooManyAlternatives:
            left[rank] = TOO_MANY
    return wanted, left


def _place(shards: list["_Shard"], written: Written, ranks: Sequence[int]) -> bool:
    """Into the first shard that takes it, or a new one; False when there are enough of them."""
    if any(shard.admit(written, ranks) for shard in shards):
        return True
    if len(shards) == MAX_SHARDS:
        return False
    shard = _Shard()
    if not shard.admit(written, ranks):
        return False
    shards.append(shard)
    return True


class _Shard:
    """One tree while it is filled."""

    def __init__(self) -> None:
        self._trie = Trie()
        self._rules: list[tuple[Written, tuple[int, ...]]] = []
        self._codes: dict[Property, int] = {}
        self._widths: dict[int, list[int]] = {}
        self._width = 0

    def admit(self, written: Written, ranks: Sequence[int]) -> bool:
        """Add a conjunction, unless a bound of the tree or of the fact forbids it."""
        if self._width + len(written) > MAX_PROPERTIES:
            return False
        if not self._trie.admit(tuple(part.test for part in written)):
            return False
        for part in written:
            self._write(part)
        self._rules.append((written, tuple(ranks)))
        return True

    def _write(self, part: Part) -> None:
        """Keep count of the properties that one fact can have."""
        known = self._codes.get(part.property, 0)
        self._codes[part.property] = known | part.codes
        widths = self._widths.setdefault(part.property.field, [0])
        before = max(widths)
        for code in bits(part.codes & ~known):
            widths.extend([0] * (code + 1 - len(widths)))
            widths[code] += 1
        self._width += max(widths) - before

    def plan(self, fields: Sequence[Field]) -> ShardPlan:
        """The finished shard: rules in the order of the first rule that each stands for."""
        self._rules.sort(key=lambda rule: rule[1])
        named = [(f"r{place}", *rule) for place, rule in enumerate(self._rules)]
        rules = {
            name: {"pri": place, "all": [{"m": _condition(written)}]}
            for place, (name, written, _) in enumerate(named)
        }
        return ShardPlan(
            rules=msgspec.json.encode(rules | PRIMING).decode("ascii"),
            ranks={name: ranks for name, _, ranks in named},
            writers=_writers(self._codes, fields),
            stack=self._trie.stack,
        )


def _condition(written: Written) -> Mapping[str, object]:
    """A conjunction in the engine's language."""
    tests = [_test(part.test) for part in written]
    return tests[0] if len(tests) == 1 else {"$and": tests}


def _test(test: Test) -> dict[str, object]:
    equality: dict[str, object] = {test.name: test.value}
    return {test.op: equality} if test.op else equality


def _writers(codes: Mapping[Property, int], fields: Sequence[Field]) -> tuple[Writer, ...]:
    """For each field that is read, the text of each of its codes."""
    texts: dict[int, list[str]] = {}
    for each, mask in sorted(codes.items()):
        written = texts.setdefault(each.field, [""] * fields[each.field].size)
        for code in bits(mask):
            written[code] += f',"{each.name}":{each.value(code)}'
    return tuple(Writer(field, tuple(written)) for field, written in sorted(texts.items()))
