"""A trial of a rule engine: its answers beside the reference's, on golden facts and on drawn ones.

Pure but for the engine itself, which may do its worst: canary.py runs this in a process of its own.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from routing_service.core.records.model import Facts
from routing_service.rulebook.matcher import Engine, ReferenceEngine
from routing_service.rulebook.rules import StageRules
from routing_service.rulebook.samples import Samples

Golden = Sequence[tuple[str, Facts]]
"""Facts that were asked of a stage, as the cases of the pack do."""

DRAWN = 2_000
"""Facts drawn for a stage, besides two sets made for each of its rules; if there are no more, all
of them are asked and none is drawn."""

SEED = 7


class Candidate(Engine, Protocol):
    """An engine that can say that it gave up, and be closed."""

    @property
    def gave_up(self) -> bool:
        """Whether it lets the reference answer since something in it broke."""
        ...

    def close(self) -> None:
        """Free everything."""
        ...


Build = Callable[[Mapping[str, StageRules]], Candidate]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Facts on which the engine answered otherwise than the reference."""

    facts: Facts
    expected: tuple[str, ...]
    given: tuple[str, ...]


class GaveUp(Exception):
    """The engine broke and was taken out of service."""


def try_stage(rules: StageRules, asked: Iterable[Facts], build: Build) -> Difference | None:
    """Build the engine for this one stage, ask all this, close; the first difference, or None.

    GaveUp when the engine answers through the reference only; whatever the engine raises.
    """
    engine = build({rules.stage: rules})
    found = first_difference(rules, engine, asked)
    if not engine.gave_up:
        engine.close()
    if engine.gave_up:
        raise GaveUp
    return found


def first_difference(
    rules: StageRules, engine: Engine, asked: Iterable[Facts]
) -> Difference | None:
    """The first of the facts on which the engine is wrong."""
    reference = ReferenceEngine({rules.stage: rules})
    for facts in asked:
        expected = reference.evaluate(rules.stage, facts)
        given = engine.evaluate(rules.stage, facts)
        if given != expected:
            return Difference(facts=facts, expected=expected, given=given)
    return None


def drawn(rules: StageRules, count: int = DRAWN) -> Iterator[Facts]:
    """All facts when there are at most `count`.

    Else the broadest facts, some for and some against each rule, then `count` more.
    """
    samples = Samples(rules, random.Random(SEED))  # noqa: S311 - the same facts each time
    if samples.combinations <= count:
        yield from samples.every()
        return
    yield {}
    yield samples.broadest()
    for rule in rules.rules:
        yield samples.fitting(rule.condition)
        yield samples.fitting(rule.condition, wanted=False)
    for _ in range(count):
        yield samples.facts()
