"""Random rulebooks: typed facts, every operator, nested conditions, both hit policies, odd texts.

Drawn with a seeded Random, not with hypothesis: a hundred thousand decisions must take seconds.
"""

import random
from collections.abc import Iterator, Sequence

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op
from routing_service.core.records.model import Facts, FactValue
from routing_service.rulebook.rules import HitPolicy, Outcome, Rule, StageRules, stage_rules
from routing_service.rulebook.samples import Drawn, Samples
from routing_service.rulebook.tree import Place

TEXTS = {
    "channel": ("chat", "phone", "email"),
    "tier": ("vip", "gold", "普通"),
    "类别": ("退款", "物流", "\u00e9", "e\u0301", "🙂"),
    "remark": ("", "5", "true", '"', "\\", "a\x00b", "</script>", "x" * 300),
    "topic": tuple(f"topic-{number}" for number in range(40)),
}
NUMBERS = {"amount": (0, 100, 999_999_999_999_999), "age": (1, 2, 3, 18), "share": (-5, 50, 80)}
FLAGS = ("usable", "signal.angry")
LISTS = {"tags": ("refund", "退款", "late"), "skills": tuple("abcdefghijkl")}

HOSTILE: tuple[Drawn, ...] = (
    {"rbtcn1b": "vip"},  # 32-bit hash of "tier"
    {"e70atnl": "e", "3l6a2jb": "0"},  # of "id" and "sid"
    {"id": "x", "sid": "9", "$s": 1, "f0": "vip"},
    {"tier": "v" * 65_536 + "vip"},
    {"remark": "\ud800"},
    {"amount": 2**64, "age": -(2**63)},
    {"remark": "a\x00b", "类别": "e\u0301"},
    {f"unused-{number}": number for number in range(300)},
)
"""Facts that come beside the drawn ones now and then: what has broken engines before."""

_HOSTILE_SHARE = 0.01
_STAGES = (("route", HitPolicy.FIRST), ("sla", HitPolicy.ALL), ("escalate", HitPolicy.ALL))
SIZES = (1, 3, 6, 9, 14, 20, 30, 45)
_DUPLICATES = 0.1
_WIDE = 0.03
_DEEPEST = 4


def rulebooks(seed: int, sizes: Sequence[int] = SIZES) -> Iterator[dict[str, StageRules]]:
    """Stages of rulebooks, one after the other without end; rules a stage as in `sizes`."""
    draw = random.Random(seed)
    while True:
        yield {
            name: stage_rules(name, hit, _rules(draw, draw.choice(sizes))) for name, hit in _STAGES
        }


def facts(rules: StageRules, seed: int) -> Iterator[Facts]:
    """Facts for a stage without end; now and then with a hostile companion."""
    draw = random.Random(seed)
    samples = Samples(rules, draw)
    yield samples.broadest()
    while True:
        drawn = samples.facts()
        if draw.random() < _HOSTILE_SHARE:
            drawn |= draw.choice(HOSTILE)
        yield drawn


def _rules(draw: random.Random, count: int) -> list[Rule]:
    conditions: list[Condition] = []
    for _ in range(count):
        chance = draw.random()
        if conditions and chance < _DUPLICATES:
            conditions.append(draw.choice(conditions))
        else:
            conditions.append(_wide(draw) if chance > 1 - _WIDE else _condition(draw))
    return [
        Rule(id=f"rule-{number}", condition=condition, outcome=Outcome(), place=Place("f"))
        for number, condition in enumerate(conditions)
    ]


def _condition(draw: random.Random, depth: int = 1) -> Condition:
    """A leaf more often the deeper it is; groups are small, as people write them."""
    if depth == _DEEPEST or draw.random() < 0.25 * depth - 0.15:
        return _leaf(draw)
    match draw.randrange(10):
        case 0:
            return Not(_condition(draw, depth + 1))
        case 1 | 2:
            return Any(_parts(draw, depth))
        case _:
            return All(_parts(draw, depth))


def _wide(draw: random.Random) -> Condition:
    """More alternatives, written out, than the engine is given: 3 * 3 * 3 * 3 unless some meet."""
    return All(tuple(Any(tuple(_leaf(draw) for _ in range(3))) for _ in range(4)))


def _parts(draw: random.Random, depth: int) -> tuple[Condition, ...]:
    count = draw.choice((1, 2, 2, 2, 3, 3)) if draw.random() < 0.98 else 0
    return tuple(_condition(draw, depth + 1) for _ in range(count))


def _leaf(draw: random.Random) -> Condition:
    match draw.randrange(10):
        case 0 | 1 | 2 | 3:
            fact = draw.choice(list(TEXTS))
            return Leaf(fact, Op.EQ, _some(draw, TEXTS[fact]))
        case 4:
            return Leaf(draw.choice(FLAGS), Op.EQ, (draw.random() < 0.7,))
        case 5:
            fact = draw.choice(list(LISTS))
            return Leaf(fact, Op.CONTAINS_ANY, _some(draw, LISTS[fact]))
        case 6:
            return Leaf(draw.choice([*TEXTS, *NUMBERS, *FLAGS, *LISTS]), Op.EXISTS)
        case 7:
            fact = draw.choice(list(NUMBERS))
            return Leaf(fact, Op.EQ, _some(draw, NUMBERS[fact]))
        case _:
            fact = draw.choice(list(NUMBERS))
            op = draw.choice((Op.GT, Op.GTE, Op.LT, Op.LTE))
            return Leaf(fact, op, (draw.choice(NUMBERS[fact]),))


def _some(draw: random.Random, values: tuple[FactValue, ...]) -> tuple[FactValue, ...]:
    return tuple(draw.sample(values, draw.choice((1, 1, 1, 2))))
