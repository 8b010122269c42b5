"""Rules: the indexed matcher equals the plain scan, and what logic claims is true of all facts."""

from hypothesis import given
from hypothesis import strategies as st

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op, holds
from routing_service.core.records.model import Facts, FactValue
from routing_service.rulebook.logic import disjoint, implies, impossible_fact, required
from routing_service.rulebook.matcher import ReferenceEngine, scan
from routing_service.rulebook.rules import HitPolicy, Outcome, Rule, stage_rules
from routing_service.rulebook.tree import Place

# Few facts and few values, so that conditions meet; True beside 1, since they are not equal.
NAMES = ("a", "b", "c")
VALUES: list[FactValue] = ["x", "y", 1, 2, 3, True, False]
LISTS: list[FactValue] = [(), ("x",), ("x", "y")]

names = st.sampled_from(NAMES)
facts = st.dictionaries(names, st.sampled_from(VALUES + LISTS))
some = st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique_by=lambda v: (type(v), v))
equal = st.builds(lambda fact, values: Leaf(fact, Op.EQ, tuple(values)), names, some)
ordered = st.builds(
    lambda fact, op, bound: Leaf(fact, op, (bound,)),
    names,
    st.sampled_from([Op.GT, Op.GTE, Op.LT, Op.LTE]),
    st.integers(0, 4),
)
there = st.builds(lambda fact: Leaf(fact, Op.EXISTS), names)
contains = st.builds(
    lambda fact, values: Leaf(fact, Op.CONTAINS_ANY, tuple(values)),
    names,
    st.lists(st.sampled_from(["x", "y"]), min_size=1, unique=True),
)


def nested(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(several.map(All), several.map(Any), parts.map(Not))


conditions: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(equal, equal, ordered, there, contains), nested, max_leaves=6
)


def rules(*asked: Condition) -> list[Rule]:
    return [
        Rule(id=f"r{n}", condition=condition, outcome=Outcome(), place=Place("f"))
        for n, condition in enumerate(asked)
    ]


@given(
    st.lists(conditions, min_size=8, max_size=20),
    st.lists(facts, min_size=1, max_size=10),
    st.sampled_from(HitPolicy),
)  # fmt: skip - as it reads
def test_indexed_matcher_equals_the_plain_scan(
    asked: list[Condition], many: list[Facts], hit: HitPolicy
) -> None:
    stage = stage_rules("route", hit, rules(*asked))
    engine = ReferenceEngine({"route": stage})

    for seen in many:
        assert scan(stage.rules, hit, seen) == engine.evaluate("route", seen)


@given(conditions, conditions, facts)
def test_what_is_implied_holds_wherever_the_condition_does(
    first: Condition, second: Condition, seen: Facts
) -> None:
    claimed = implies(first, second)

    assert not claimed or not holds(first, seen) or holds(second, seen)


@given(equal | ordered | there, st.lists(conditions, max_size=3), facts)
def test_a_conjunction_implies_each_of_its_parts(
    part: Condition, others: list[Condition], seen: Facts
) -> None:
    whole = All((part, *others))

    assert implies(whole, part)
    assert not holds(whole, seen) or holds(part, seen)


@given(conditions, conditions, facts)
def test_conditions_called_disjoint_never_hold_together(
    first: Condition, second: Condition, seen: Facts
) -> None:
    claimed = disjoint(first, second)

    assert not claimed or not (holds(first, seen) and holds(second, seen))


@given(conditions, facts)
def test_required_values_are_required(condition: Condition, seen: Facts) -> None:
    needs = required(condition)
    met = all((type(seen.get(fact)), seen.get(fact)) in keys for fact, keys in needs.items())

    assert not holds(condition, seen) or met


@given(conditions, facts)
def test_condition_called_impossible_never_holds(condition: Condition, seen: Facts) -> None:
    claimed = impossible_fact(condition) != ""

    assert not claimed or not holds(condition, seen)
