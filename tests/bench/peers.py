"""Other engines on the same rules, where they are installed: the `bench` extra.

Each is used in the fastest way found: one compiled expression that tells of every rule at once.
"""

import importlib
import json
from collections.abc import Callable
from types import ModuleType

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op
from routing_service.core.records.model import Facts, FactValue
from routing_service.rulebook.rules import StageRules

Ask = Callable[[Facts], tuple[str, ...]]
"""The ids of the rules that hold."""

_SIGNS = {Op.GT: ">", Op.GTE: ">=", Op.LT: "<", Op.LTE: "<="}


def peers() -> dict[str, Callable[[StageRules], Ask]]:
    """The peers that are here, by name."""
    makers = {"zen": _zen, "cel": _cel}
    return {name: make for name, make in makers.items() if _module(name) is not None}


def missing() -> list[str]:
    """Those that are not."""
    return [name for name in ("zen", "cel") if _module(name) is None]


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _zen(rules: StageRules) -> Ask:
    expression = _array(rules, ("and", "or", "not ({})"), "some({}, # in {})")
    program = importlib.import_module("zen").compile_expression(expression)
    ids = tuple(rule.id for rule in rules.rules)

    def ask(facts: Facts) -> tuple[str, ...]:
        told = program.evaluate({name: _plain(value) for name, value in facts.items()})
        return tuple(name for name, fires in zip(ids, told, strict=True) if fires)

    return ask


def _cel(rules: StageRules) -> Ask:
    expression = _array(rules, ("&&", "||", "!({})"), "{}.exists(t, t in {})")
    program = importlib.import_module("cel").compile(expression)
    ids = tuple(rule.id for rule in rules.rules)

    def ask(facts: Facts) -> tuple[str, ...]:
        told = program.execute({name: _plain(value) for name, value in facts.items()})
        return tuple(name for name, fires in zip(ids, told, strict=True) if fires)

    return ask


def _plain(value: FactValue) -> str | int | list[str]:
    return list(value) if isinstance(value, tuple) else value


def _array(rules: StageRules, words: tuple[str, str, str], contains: str) -> str:
    texts = [_text(rule.condition, words, contains) for rule in rules.rules]
    return f"[{', '.join(texts)}]"


def _text(condition: Condition, words: tuple[str, str, str], contains: str) -> str:
    both, either, negated = words
    match condition:
        case Leaf(fact, Op.EQ, (value,)):
            return f"{fact} == {json.dumps(value, ensure_ascii=False)}"
        case Leaf(fact, Op.EQ, values):
            return f"{fact} in {json.dumps(values, ensure_ascii=False)}"
        case Leaf(fact, Op.CONTAINS_ANY, values):
            return contains.format(fact, json.dumps(values, ensure_ascii=False))
        case Leaf(fact, op, values):
            return f"{fact} {_SIGNS[op]} {values[0]}"
        case Not(part):
            return negated.format(_text(part, words, contains))
        case All(parts) | Any(parts):
            word = both if isinstance(condition, All) else either
            joined = f" {word} ".join(_text(part, words, contains) for part in parts)
            return f"({joined})"
