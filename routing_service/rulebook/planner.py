"""The rules of a stage -> what the C engine is given, within the bounds that keep it safe.

Pure: no C here, and no text of an author or of a request leaves it: names are ours, values are
codes. What does not fit is named and stays on the plain matcher.
"""

from collections.abc import Sequence

import msgspec

from routing_service.rulebook.alternatives import (
    ALWAYS,
    Conjunction,
    TooManyAlternatives,
    alternatives,
)
from routing_service.rulebook.domains import Field, Fields
from routing_service.rulebook.gate import Gate, gate
from routing_service.rulebook.rules import HitPolicy, StageRules
from routing_service.rulebook.shards import Filling, ShardPlan, Writer
from routing_service.rulebook.writing import Layout, Ranks, Written, lay_out

__all__ = ["Left", "ShardPlan", "StagePlan", "Writer", "plan_stage"]

MAX_SHARDS = 64
"""Trees of one stage."""
TRIED = 2
"""Trees that are tried before a new one is made; like rules come one after the other."""
MOST_RULES = 4_000
"""Rules of the engine that a stage is written as, before alternatives become flags instead."""

TOO_MANY, TOO_WIDE = "RB414", "RB415"
"""Findings: more alternatives than are written out; more rules or tests than the trees hold."""


class Left(msgspec.Struct, frozen=True):
    """A rule that the plain matcher answers: its place in the stage, the code of the finding."""

    rank: int
    code: str


class StagePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A stage as the engine sees it. Ranks are places in `ids`, the rules in file order.

    `asked` are the shards to ask for each code of the field `gate`; without a gate (-1) the only
    entry says all. `always` are rules without a condition, `left` those the plain matcher answers.
    """

    stage: str
    hit: HitPolicy
    ids: tuple[str, ...]
    fields: tuple[Field, ...]
    shards: tuple[ShardPlan, ...]
    gate: int
    asked: tuple[tuple[int, ...], ...]
    always: Ranks
    left: tuple[Left, ...]


def plan_stage(stage: StageRules) -> StagePlan:
    """Lay out a stage; never fails, since any rule may stay on the plain matcher."""
    fields = Fields(rule.condition for rule in stage.rules)
    wanted, left = _wanted(stage, fields)
    always = tuple(wanted.pop(ALWAYS, ()))
    trees = _Trees(lay_out(wanted, fields.fields, MOST_RULES))
    left.update(dict.fromkeys(trees.refused, TOO_WIDE))
    return StagePlan(
        stage=stage.stage,
        hit=stage.hit,
        ids=tuple(rule.id for rule in stage.rules),
        fields=fields.fields,
        shards=tuple(filling.plan(fields.fields) for _, filling in trees.fillings),
        gate=trees.gate.field if trees.gate else -1,
        asked=trees.asked(fields.fields),
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


class _Trees:
    """All trees of a stage, each with its group of the gate (None = always asked)."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.gate: Gate | None = gate([written for written, _ in layout.rules])
        self.fillings: list[tuple[int | None, Filling]] = []
        self.refused: set[int] = set()
        for written, ranks in layout.rules:
            if not self._place(written, ranks):
                self.refused.update(ranks)

    def _place(self, written: Written, ranks: Ranks) -> bool:
        """Into one of the last trees of its group, or a new one, if one may be made."""
        group = self.gate.group(written) if self.gate else None
        trees = [tree for known, tree in self.fillings if known == group][-TRIED:]
        if any(tree.admit(written, ranks) for tree in trees):
            return True
        tree = Filling(self._layout)
        if len(self.fillings) == MAX_SHARDS or not tree.admit(written, ranks):
            return False
        self.fillings.append((group, tree))
        return True

    def asked(self, fields: Sequence[Field]) -> tuple[tuple[int, ...], ...]:
        """The places of the trees to ask for each code of the gate's field."""
        if self.gate is None:
            return (tuple(range(len(self.fillings))),)
        groups = [self.gate.groups.get(code) for code in range(fields[self.gate.field].size)]
        return tuple(
            tuple(n for n, (group, _) in enumerate(self.fillings) if group in {None, asked})
            for asked in groups
        )
