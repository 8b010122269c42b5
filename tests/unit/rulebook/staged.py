"""Stages of rules without files, and the C engine under a watch that can make it lie."""

from collections.abc import Callable, Iterable, Sequence

import durable_rules_engine

from routing_service.core.plans.predicate import All, Condition, Leaf, Op
from routing_service.core.records.model import FactValue
from routing_service.rulebook.engine import DurableEngine
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.planner import plan_stage
from routing_service.rulebook.rules import HitPolicy, Outcome, Rule, StageRules, stage_rules
from routing_service.rulebook.tree import Place

STAGE = "escalate"


def equal(fact: str, *values: FactValue) -> Leaf:
    return Leaf(fact, Op.EQ, values)


def at_least(fact: str, bound: int) -> Leaf:
    return Leaf(fact, Op.GTE, (bound,))


def every(*parts: Condition) -> All:
    return All(parts)


def stage(*conditions: Condition, hit: HitPolicy = HitPolicy.ALL) -> StageRules:
    """Rules r0, r1 ... of these conditions."""
    rules = [
        Rule(id=f"r{number}", condition=condition, outcome=Outcome(), place=Place("f.yaml"))
        for number, condition in enumerate(conditions)
    ]
    return stage_rules(STAGE, hit, rules)


def run(steps: Iterable[None]) -> int:
    """All slices; how many there were."""
    return sum(1 for _ in steps)


def reference(rules: StageRules) -> ReferenceEngine:
    return ReferenceEngine({STAGE: rules})


def engine(rules: StageRules, raw: "Watched | None" = None) -> DurableEngine:
    """The C engine over these rules, ready to answer."""
    made = DurableEngine({STAGE: rules}, [plan_stage(rules)], reference(rules), raw)
    run(made.build())
    return made


Lie = Callable[..., object]


class Watched:
    """The C module; notes every call, and answers one kind of call with a lie when told to.

    A lie is a value, or an exception that is raised; the call itself is still made, as it would be
    by an engine gone wrong.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, int, Sequence[object]]] = []
        self.lies: dict[str, object] = {}

    def _call(self, name: str, *arguments: object) -> object:
        answer = getattr(durable_rules_engine, name)(*arguments)
        handle = answer if name == "create_ruleset" else arguments[0]
        assert isinstance(handle, int)
        self.calls.append((name, handle, arguments[1:]))
        if name not in self.lies:
            return answer
        lie = self.lies[name]
        if isinstance(lie, BaseException):
            raise lie
        return lie

    def __getattr__(self, name: str) -> Lie:
        return lambda *arguments: self._call(name, *arguments)

    def handles(self, name: str) -> list[int]:
        """The handles that calls of this name were about, in order."""
        return [handle for called, handle, _ in self.calls if called == name]

    def touched(self, handle: int) -> int:
        """How often this handle was called."""
        return sum(1 for _, called, _ in self.calls if called == handle)
