"""A second opinion: conditions as Python text, compiled. Shares nothing with core's evaluator."""

from collections.abc import Callable, Mapping

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op
from routing_service.core.records.model import Facts
from routing_service.rulebook.rules import HitPolicy, StageRules

_SIGNS = {Op.GT: ">", Op.GTE: ">=", Op.LT: "<", Op.LTE: "<="}


class TranslatedEngine:
    """One generated function a stage."""

    gave_up = False

    def __init__(self, stages: Mapping[str, StageRules]) -> None:
        self._stages = {name: translated(rules) for name, rules in stages.items()}

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        """See Engine."""
        return self._stages[stage](facts) if stage in self._stages else ()

    def close(self) -> None:
        """Nothing to free."""


def translated(rules: StageRules) -> Callable[[Facts], tuple[str, ...]]:
    """The stage as one function of the facts."""
    lines = ["def asked(f):", " g = f.get", " fired = []"]
    for rule in rules.rules:
        then = f"return ({rule.id!r},)" if rules.hit is HitPolicy.FIRST else f"add({rule.id!r})"
        lines.append(f" if {text(rule.condition)}: {then}")
    lines.insert(3, " add = fired.append")
    space: dict[str, Callable[[Facts], tuple[str, ...]]] = {}
    exec("\n".join([*lines, " return tuple(fired)"]), space)  # noqa: S102 - our own text
    return space["asked"]


def text(condition: Condition) -> str:
    """The condition as a Python expression over `g`, the facts' get."""
    match condition:
        case Leaf():
            return f"({_leaf(condition)})"
        case Not(part):
            return f"(not {text(part)})"
        case All(parts):
            return f"({' and '.join(['True', *map(text, parts)])})"
        case Any(parts):
            return f"({' or '.join(['False', *map(text, parts)])})"


def _leaf(leaf: Leaf) -> str:
    fact = f"g({leaf.fact!r})"
    match leaf.op:
        case Op.EXISTS:
            return f"{fact} is not None"
        case Op.EQ:
            return " or ".join(
                f"type({fact}) is {type(value).__name__} and {fact} == {value!r}"
                for value in leaf.values
            )
        case Op.CONTAINS_ANY:
            wanted = f"{set(leaf.values)!r}"
            return f"type({fact}) is tuple and not {wanted}.isdisjoint({fact})"
        case _:
            return f"type({fact}) is int and {fact} {_SIGNS[leaf.op]} {leaf.values[0]!r}"
