"""A scalar of a rule file as a value that a fact can have, by its declaration. No coercion."""

from routing_service.core.plans.plan import LabelPlan, LabelType
from routing_service.core.records.model import FactValue
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.form import type_name
from routing_service.rulebook.tree import Node, Scalar, Shape
from routing_service.rulebook.vocabulary import SIGNAL

TYPE_NAMES = {
    LabelType.TEXT: "text",
    LabelType.LIST: "a list of texts",
    LabelType.INTEGER: "a whole number",
    LabelType.BOOLEAN: "true or false",
}


def fact_value(
    fact: str, plan: LabelPlan, node: Node, findings: Findings
) -> str | int | bool | None:
    """One scalar for the fact (one element of a list fact); None with a finding when it is none."""
    value = node.value if node.shape is Shape.SCALAR else None
    if node.shape is Shape.SCALAR and value is None:
        findings.add("RB322", node.place)
        return None
    if value is None or isinstance(value, float) or not _has_type(plan.type, value):
        expected, found = TYPE_NAMES[plan.type], type_name(node.plain())
        findings.add("RB302", node.place, fact=fact, expected=expected, found=found)
        return None
    known = _possible(fact, plan, value)
    if known is not None:
        findings.unknown("RB303", node.place, _written(value), known, fact=fact)
        return None
    return value


def label_value(name: str, plan: LabelPlan, node: Node, findings: Findings) -> FactValue | None:
    """The whole value of a label, a tuple for a list label; None with a finding when it is none."""
    if (plan.type is LabelType.LIST) != (node.shape is Shape.LIST):
        expected, found = TYPE_NAMES[plan.type], type_name(node.plain())
        findings.add("RB302", node.place, fact=name, expected=expected, found=found)
        return None
    values = [fact_value(name, plan, item, findings) for item in node.many]
    if plan.type is LabelType.LIST:
        return tuple(str(value) for value in values if value is not None)
    return values[0]


def _has_type(kind: LabelType, value: Scalar) -> bool:
    match kind:
        case LabelType.TEXT | LabelType.LIST:
            return isinstance(value, str)
        case LabelType.BOOLEAN:
            return isinstance(value, bool)
        case LabelType.INTEGER:
            return type(value) is int


def _possible(fact: str, plan: LabelPlan, value: str | int) -> list[str] | None:
    """None when the fact can have the value; else what it can have, in words."""
    if isinstance(value, bool):
        return ["true"] if fact.startswith(SIGNAL) and not value else None
    if isinstance(value, str):
        return list(plan.values) if plan.values and value not in plan.values else None
    low, high = plan.minimum, plan.maximum
    fits = (low is None or value >= low) and (high is None or value <= high)
    return None if fits else [f"{'…' if low is None else low} to {'…' if high is None else high}"]


def _written(value: str | int) -> str:
    """The value as the author wrote it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
