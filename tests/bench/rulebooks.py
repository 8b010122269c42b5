"""The rules and facts that engines are measured on: a desk's table of N rules, requests like Zipf.

All facts are present and of their type, so that no peer pays for what only ours must handle.
"""

import random

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op
from routing_service.core.records.model import Facts, FactValue
from routing_service.rulebook.rules import HitPolicy, Outcome, Rule, StageRules, stage_rules
from routing_service.rulebook.tree import Place

STAGE = "escalate"
DISTINCT = 10_000
CHANNELS = ("chat", "phone", "email", "web", "app", "desk")
TIERS = ("vip", "gold", "silver", "plain")
TAGS = ("refund", "late", "damaged", "投诉", "repeat", "legal")


def stage(rules: int, seed: int = 5) -> StageRules:
    """A stage of so many rules, all of which are asked."""
    draw = random.Random(seed)
    categories = _categories(rules)
    made = [
        Rule(
            id=f"rule-{number}",
            condition=_condition(draw, categories),
            outcome=Outcome(),
            place=Place("bench.yaml"),
        )
        for number in range(rules)
    ]
    return stage_rules(STAGE, HitPolicy.ALL, made)


def requests(rules: int, asked: int, seed: int = 6) -> list[Facts]:
    """What is asked: of DISTINCT facts, the n-th most frequent one 1/n as often as the first."""
    draw = random.Random(seed)
    categories = _categories(rules)
    distinct: dict[tuple[FactValue, ...], Facts] = {}
    while len(distinct) < DISTINCT:
        facts = _facts(draw, categories)
        distinct[tuple(facts.values())] = facts
    weights = [1 / rank for rank in range(1, DISTINCT + 1)]
    return draw.choices(list(distinct.values()), weights=weights, k=asked)


def _categories(rules: int) -> list[str]:
    return [f"category-{number}" for number in range(max(5, rules // 10))]


def _condition(draw: random.Random, categories: list[str]) -> Condition:
    """Two equalities, then one to three further tests, as authors write them."""
    parts: list[Condition] = [
        Leaf("channel", Op.EQ, (draw.choice(CHANNELS),)),
        Leaf("category", Op.EQ, tuple(draw.sample(categories, draw.choice((1, 1, 1, 3))))),
    ]
    parts += [_further(draw) for _ in range(draw.choice((1, 2, 2, 3)))]
    return All(tuple(parts))


def _further(draw: random.Random) -> Condition:
    match draw.randrange(7):
        case 0:
            return Leaf("tier", Op.EQ, tuple(draw.sample(TIERS, 2)))
        case 1:
            return Leaf("amount", draw.choice((Op.GT, Op.GTE)), (draw.randrange(0, 2_000, 100),))
        case 2:
            return Leaf("waiting", draw.choice((Op.LT, Op.LTE)), (draw.randrange(5, 60, 5),))
        case 3:
            return Leaf("tags", Op.CONTAINS_ANY, tuple(draw.sample(TAGS, 2)))
        case 4:
            return Leaf("usable", Op.EQ, (draw.random() < 0.5,))
        case 5:
            return Not(Leaf("tier", Op.EQ, (draw.choice(TIERS),)))
        case _:
            return Any(
                (
                    Leaf("tier", Op.EQ, (draw.choice(TIERS),)),
                    Leaf("amount", Op.GTE, (draw.randrange(0, 2_000, 100),)),
                )
            )


def _facts(draw: random.Random, categories: list[str]) -> Facts:
    return {
        "channel": draw.choice(CHANNELS),
        "category": draw.choice(categories),
        "tier": draw.choices(TIERS, weights=(1, 2, 4, 8))[0],
        "amount": draw.randrange(2_000),
        "waiting": draw.randrange(60),
        "usable": draw.random() < 0.7,
        "tags": tuple(draw.sample(TAGS, draw.choice((0, 1, 1, 2)))),
    }
