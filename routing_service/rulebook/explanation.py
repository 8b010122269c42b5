"""Why the rules decided as they did, as values: stages, their rules, every condition's truth.

Values only: explain.py makes them, explain_words.py tells them. Nothing personal is ever in one: of
a label declared `pii` they show no more than that it is there.
"""

from enum import StrEnum

import msgspec

from routing_service.core.plans.predicate import Op
from routing_service.core.records.model import FactValue
from routing_service.rulebook.rules import HitPolicy, Outcome

PERSONAL = "(pii)"
"""Stands for any value of a personal label."""


class DecisionKind(StrEnum):
    """What the rules were asked about."""

    INTAKE = "intake"
    ESCALATION = "escalation"


class ClauseKind(StrEnum):
    """What a clause is made of."""

    TEST = "test"
    ALL = "all"
    ANY = "any"
    NOT = "not"


class Standing(StrEnum):
    """What became of a rule: it took effect, it does not hold, or a rule before it was first."""

    FIRED = "fired"
    FALSE = "false"
    OUTRANKED = "outranked"


class Clause(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A condition and whether it holds.

    Of a TEST: `fact`, `op`, the `expected` values (any of them) and the `actual` one, None when the
    fact is missing. `alternative` of an ANY: the number, from 1, of the first part that holds.
    """

    kind: ClauseKind
    holds: bool
    fact: str = ""
    op: Op | None = None
    expected: tuple[FactValue, ...] = ()
    actual: FactValue | None = None
    alternative: int = 0
    parts: tuple["Clause", ...] = ()


class ExplainedRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A rule; `failed` is the first clause that keeps it from holding, `then` what it would do."""

    id: str
    standing: Standing
    why: str = ""
    file: str = ""
    line: int = 0
    condition: Clause
    failed: Clause | None = None
    then: Outcome = Outcome()


class ExplainedStage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stage. `fired` holds rule ids, or "default" alone when the default answered.

    `passed_on` are the facts that later stages see because of it. `fallback`: the label that should
    name the queue names none, so it is the pack's fallback queue. `left_out` counts rules that do
    not hold and are not among `rules`.
    """

    stage: str
    hit: HitPolicy
    fired: tuple[str, ...] = ()
    outcome: Outcome = Outcome()
    fallback: bool = False
    passed_on: dict[str, FactValue] = {}
    rules: tuple[ExplainedRule, ...] = ()
    left_out: int = 0

    @property
    def winner(self) -> str:
        """The rule that was first; "" when none fired."""
        fired = (rule.id for rule in self.rules if rule.standing is Standing.FIRED)
        return next(fired, "")


class Explanation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One decision: the facts, every stage that was asked, and what came of it.

    `fired` are "stage/rule" as in a verdict. Of a decision that was journaled: `at` is its instant
    in microseconds UTC, `failed` = the rules could not be asked then, `agrees` = the journal has
    the same decision.
    """

    kind: DecisionKind
    digest: str
    pack: str
    version: str
    language: str = ""
    at: int = 0
    facts: dict[str, FactValue] = {}
    stages: tuple[ExplainedStage, ...] = ()
    fired: tuple[str, ...] = ()
    outcome: Outcome = Outcome()
    agrees: bool = True
    failed: bool = False
