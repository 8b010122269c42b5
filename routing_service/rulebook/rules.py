"""Compiled rules as values: a condition and what follows from it.

No evaluation here (matcher.py) and no text of rule files (compile*.py).
"""

from collections.abc import Sequence
from enum import Enum

import msgspec

from routing_service.core.plans.predicate import Condition
from routing_service.core.records.kinds import LinkOrder
from routing_service.core.records.model import AlertOrder, FactValue, Requirement
from routing_service.rulebook.tree import Place

DEFAULT = "default"
"""The rule id under which the default outcome of a stage is reported."""


class HitPolicy(Enum):
    """Which of the rules that hold take effect."""

    FIRST = "first"
    ALL = "all"


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a rule decides; each stage uses its own fields. `boost` in microseconds of age.

    `queue_label` names a text label whose value is the queue. `deflect`, `offer` and `tell` are of
    the surge stage, whose `queue` gets the item instead.
    """

    labels: dict[str, FactValue] = {}
    priority: str = ""
    queue: str = ""
    queue_label: str = ""
    requirements: tuple[Requirement, ...] = ()
    clocks: tuple[str, ...] = ()
    alerts: tuple[AlertOrder, ...] = ()
    boost: int = 0
    opens: tuple[LinkOrder, ...] = ()
    deflect: str = ""
    offer: str = ""
    tell: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule; `why` is the author's reason, shown in explanations."""

    id: str
    condition: Condition
    outcome: Outcome
    why: str = ""
    place: Place


class StageRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one stage in file order. FIRST stages have a default."""

    stage: str
    hit: HitPolicy
    rules: tuple[Rule, ...] = ()
    default: Outcome | None = None
    by_id: dict[str, Rule] = {}


def stage_rules(
    stage: str, hit: HitPolicy, rules: Sequence[Rule], default: Outcome | None = None
) -> StageRules:
    """A stage with its rules also found by id."""
    by_id = {rule.id: rule for rule in rules}
    return StageRules(stage=stage, hit=hit, rules=tuple(rules), default=default, by_id=by_id)


class StageOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one stage decided: the ids of the rules that fired and their merged outcome."""

    stage: str
    fired: tuple[str, ...] = ()
    outcome: Outcome = Outcome()
