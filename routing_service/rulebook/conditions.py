"""Conditions of rule files -> AST of core/plans/predicate.py, checked against what is declared.

The only place that knows how conditions are written. What they mean is core's evaluator alone.
"""

from collections.abc import Sequence

from routing_service.core.plans.plan import LabelPlan, LabelType
from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op
from routing_service.core.records.model import FactValue
from routing_service.core.steering.facts import OWNER
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node, Place, Shape
from routing_service.rulebook.values import TYPE_NAMES, fact_value
from routing_service.rulebook.vocabulary import MEMBERS, SIGNAL, Vocabulary

ALWAYS = All(())
_ORDERED = {"gt": Op.GT, "gte": Op.GTE, "lt": Op.LT, "lte": Op.LTE}


def parse(node: Node | None, vocabulary: Vocabulary, findings: Findings) -> Condition:
    """The condition of a `when` table; none at all is always true.

    What cannot be used is noted and left out, so the result counts only when nothing was noted.
    """
    return ALWAYS if node is None else _Conditions(vocabulary, findings).table(node)


def conjunction(parts: Sequence[Condition]) -> Condition:
    """All parts; a single one stands for itself."""
    return parts[0] if len(parts) == 1 else All(tuple(parts))


class _Conditions:
    """Reads tables of conditions for one stage."""

    def __init__(self, vocabulary: Vocabulary, findings: Findings) -> None:
        self._vocabulary = vocabulary
        self._findings = findings

    def table(self, node: Node) -> Condition:
        """A table is AND."""
        parts = [self._line(key, node) for key in node.entries]
        return conjunction([part for part in parts if part is not None])

    def _line(self, key: str, node: Node) -> Condition | None:
        value = node.entries[key]
        match key:
            case "all":
                return All(tuple(self.table(item) for item in value.items))
            case "any":
                return Any(tuple(self.table(item) for item in value.items))
            case "not":
                return Not(self.table(value))
            case _:
                return self._test(key, value, node.place_of(key))

    def _test(self, key: str, value: Node, place: Place) -> Condition | None:
        """The line `fact: ...` of a fact that the stage knows."""
        plan = self._vocabulary.facts.get(key)
        if plan is None:
            self._note_unknown(key, place)
            return None
        return _Test(key, plan, self._findings).condition(value)

    def _note_unknown(self, fact: str, place: Place) -> None:
        known = self._vocabulary.facts
        if fact in self._vocabulary.elsewhere:
            self._findings.add("RB313", place, name=fact, stage=self._vocabulary.stage)
        elif fact.startswith(SIGNAL):
            signals = [name.removeprefix(SIGNAL) for name in known if name.startswith(SIGNAL)]
            self._findings.unknown("RB312", place, fact.removeprefix(SIGNAL), signals)
        elif fact.startswith(OWNER):
            attributes = [name.removeprefix(OWNER) for name in known if name.startswith(OWNER)]
            self._findings.unknown("RB330", place, fact.removeprefix(OWNER), attributes)
        else:
            code = "RB330" if self._vocabulary.stage == MEMBERS else "RB301"
            self._findings.unknown(code, place, fact, known)


class _Test:
    """One line `fact: ...` of a condition."""

    def __init__(self, fact: str, plan: LabelPlan, findings: Findings) -> None:
        self._fact = fact
        self._plan = plan
        self._findings = findings

    def condition(self, value: Node) -> Condition | None:
        """What the line asks, or None when it is noted as wrong."""
        if value.shape is Shape.TABLE:
            parts = [self._operator(key, operand) for key, operand in value.entries.items()]
            return conjunction([part for part in parts if part is not None])
        return self._equal("=", value)

    def _operator(self, key: str, operand: Node) -> Condition | None:
        match key:
            case "exists":
                there = Leaf(self._fact, Op.EXISTS)
                return there if operand.value else Not(there)
            case "not":
                same = self._equal(key, operand)
                return None if same is None else Not(same)
            case _:
                op = _ORDERED.get(key, Op.CONTAINS_ANY)
                return (
                    Leaf(self._fact, op, self._values(operand))
                    if self._fits(key, operand)
                    else None
                )

    def _equal(self, key: str, operand: Node) -> Condition | None:
        return Leaf(self._fact, Op.EQ, self._values(operand)) if self._fits(key, operand) else None

    def _fits(self, key: str, operand: Node) -> bool:
        """Whether the test makes sense for the fact's type; noted when it does not."""
        kind = self._plan.type
        if self._plan.pii:
            self._findings.add("RB318", operand.place, fact=self._fact)
            return False
        if key in _ORDERED:
            fits = kind is LabelType.INTEGER
        else:
            fits = (kind is LabelType.LIST) == (key == "contains_any")
        if not fits:
            expected = TYPE_NAMES[kind]
            place = operand.place
            self._findings.add("RB304", place, operator=key, fact=self._fact, expected=expected)
        return fits

    def _values(self, node: Node) -> tuple[FactValue, ...]:
        read = [fact_value(self._fact, self._plan, item, self._findings) for item in node.many]
        return tuple(value for value in read if value is not None)
