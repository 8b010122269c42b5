"""Engines side by side: every answer compared with the reference's, and what was asked is counted.

A comparison that asked nothing proves nothing: `Tally` says what the decisions were made of.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not
from routing_service.core.records.model import Facts
from routing_service.rulebook.matcher import Engine, ReferenceEngine
from routing_service.rulebook.rules import StageRules
from routing_service.rulebook.trial import Candidate
from tests.property.random_rules import SIZES, facts, rulebooks

Stages = Mapping[str, StageRules]
Make = Callable[[Stages], Candidate]
PER_STAGE = 200


class Disagreement(AssertionError):
    """The engine answered otherwise than the reference."""


class Tally:
    """What the decisions were made of."""

    def __init__(self) -> None:
        self.decisions = 0
        self.rulebooks = 0
        self.rules = 0
        self.seen: Counter[str] = Counter()

    def add(self, rules: StageRules, asked: Facts, fired: tuple[str, ...], needed: int) -> None:
        """One decision; `needed` = how many different facts the rules ask about."""
        self.decisions += 1
        self.seen[rules.hit.name] += 1
        self.seen["a match" if fired else "no match"] += 1
        self.seen["three matches"] += len(fired) >= 3
        self.seen["a missing label"] += len(asked) < needed

    def add_rules(self, rules: StageRules) -> None:
        """The parts of conditions."""
        self.rules += len(rules.rules)
        for rule in rules.rules:
            self.seen.update(parts(rule.condition))

    def share(self, name: str) -> float:
        """Part of the decisions."""
        return self.seen[name] / self.decisions

    def __str__(self) -> str:
        """A table for people."""
        shares = ("a match", "no match", "three matches", "a missing label", "FIRST", "ALL")
        lines = [f"{self.decisions} decisions, {self.rulebooks} rulebooks of {self.rules} rules"]
        lines += [f"  {name:<16}{self.share(name):7.1%}" for name in shares]
        others = sorted(self.seen.keys() - set(shares))
        return "\n".join([*lines, *(f"  {name:<16}{self.seen[name]:7}" for name in others)])


def parts(condition: Condition) -> Iterable[str]:
    """Operators and groups of a condition."""
    match condition:
        case Leaf(_, op):
            yield op.value
        case Not(part):
            yield "not"
            yield from parts(part)
        case All(many) | Any(many):
            yield type(condition).__name__.lower()
            for part in many:
                yield from parts(part)


def leaves(condition: Condition) -> Iterable[Leaf]:
    """Every test of a condition."""
    match condition:
        case Leaf():
            yield condition
        case Not(part):
            yield from leaves(part)
        case All(many) | Any(many):
            for part in many:
                yield from leaves(part)


def compare(make: Make, decisions: int, seed: int = 1, sizes: Sequence[int] = SIZES) -> Tally:
    """Ask an engine of random rulebooks until so many decisions are compared.

    Disagreement at the first that differs, and when the engine lets the reference answer.
    """
    tally = Tally()
    for number, stages in enumerate(rulebooks(seed, sizes)):
        engine, reference = make(stages), ReferenceEngine(stages)
        for rules in stages.values():
            _ask(rules, engine, reference, tally, seed + number)
            if engine.gave_up:
                raise Disagreement(f"gave up in {rules.stage} after {tally.decisions}")
        engine.close()
        tally.rulebooks += 1
        if tally.decisions >= decisions:
            return tally
    raise AssertionError("rulebooks ended")


def _ask(rules: StageRules, engine: Engine, reference: Engine, tally: Tally, seed: int) -> None:
    tally.add_rules(rules)
    needed = len({leaf.fact for rule in rules.rules for leaf in leaves(rule.condition)})
    for asked in itertools.islice(facts(rules, seed), PER_STAGE):
        expected = reference.evaluate(rules.stage, asked)
        given = engine.evaluate(rules.stage, asked)
        if given != expected:
            told = f"{rules.stage} after {tally.decisions}: {expected} is right, not {given}"
            raise Disagreement(f"{told}, of {dict(asked)!r}")
        tally.add(rules, asked, expected, needed)
