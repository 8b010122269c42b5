"""What the C engine is given: within its bounds, in names of ours, nothing of anybody's text."""

import json
import random
from collections import Counter

import pytest

from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not, Op
from routing_service.rulebook import names
from routing_service.rulebook.names import hash32
from routing_service.rulebook.planner import MAX_SHARDS, ShardPlan, StagePlan, plan_stage
from routing_service.rulebook.projection import Projection
from routing_service.rulebook.rules import HitPolicy
from tests.unit.rulebook.staged import at_least, engine, equal, every, reference, stage

STAGE = "escalate"


def conditions_of(shard: ShardPlan) -> list[tuple[str, ...]]:
    """The conditions of each rule as the engine gets them, in its order of rules."""
    rules = sorted(json.loads(shard.rules).values(), key=lambda rule: rule["pri"])
    asked = [rule["all"][0]["m"] for rule in rules]
    return [tuple(json.dumps(part) for part in one.get("$and", [one])) for one in asked]


def siblings(shard: ShardPlan) -> int:
    """The most different conditions under one node of the engine's tree."""
    under: Counter[tuple[str, ...]] = Counter()
    nodes = {tests[: n + 1] for tests in conditions_of(shard) for n in range(len(tests))}
    for node in nodes:
        under[node[:-1]] += 1
    return max(under.values())


def assert_safe(plan: StagePlan) -> None:
    """Every bound of the engine's tree, counted on the JSON that it gets."""
    assert len(plan.shards) <= MAX_SHARDS
    for shard in plan.shards:
        many = conditions_of(shard)

        assert siblings(shard) <= 301  # and the priming rule
        assert max(Counter(many).values()) == 1
        assert len(many) <= 2_001
        assert shard.stack <= 60
        assert widest(shard) <= 200
        assert len(shard.rules) < 2**20


def widest(shard: ShardPlan) -> int:
    """The most properties that one fact can have."""
    return sum(max(text.count(":") for text in writer.texts) for writer in shard.writers)


def same(conditions: list[Condition], plan: StagePlan) -> bool:
    return sum(len(shard.ranks) for shard in plan.shards) == len(conditions)


@pytest.mark.parametrize("count", [199, 200, 201, 255, 256, 257])
def test_rules_of_one_condition_are_one_rule_of_the_engine(count: int) -> None:
    rules = stage(*[equal("topic", "fault")] * count)
    plan = plan_stage(rules)
    (shard,) = plan.shards

    assert_safe(plan)
    assert [tuple(range(count))] == list(shard.ranks.values())
    assert rules.by_id.keys() == set(engine(rules).evaluate(STAGE, {"topic": "fault"}))


@pytest.mark.parametrize("count", [299, 300, 301, 511, 512, 513])
def test_rules_of_so_many_values_stay_safe_and_answer(count: int) -> None:
    rules = stage(*(equal("topic", f"t{n}") for n in range(count)))
    plan, made = plan_stage(rules), engine(rules)

    assert_safe(plan)
    assert () == plan.left
    for n in (0, 31, 32, count - 1):
        assert (f"r{n}",) == made.evaluate(STAGE, {"topic": f"t{n}"})
    assert () == made.evaluate(STAGE, {"topic": "t"})
    assert (count > 0, 0) == (made.counts.decisions > 0, made.counts.quarantined)


@pytest.mark.parametrize("count", [299, 300, 301, 511, 512, 513])
def test_rules_of_so_many_facts_stay_safe_and_answer(count: int) -> None:
    rules = stage(*(equal(f"fact{n}", True) for n in range(count)))
    plan, made = plan_stage(rules), engine(rules)
    everything = {f"fact{n}": True for n in range(count)}

    assert_safe(plan)
    assert () == plan.left
    assert tuple(rules.by_id) == made.evaluate(STAGE, everything)
    assert (1, 0) == (made.counts.decisions, made.counts.quarantined)


@pytest.mark.parametrize("count", [59, 60, 61, 63, 64, 65, 130])
def test_thresholds_that_are_all_true_do_not_overflow_the_engine(count: int) -> None:
    rules = stage(*(every(equal("vip", True), at_least("users", n)) for n in range(count)))
    plan, made = plan_stage(rules), engine(rules)

    assert_safe(plan)
    assert tuple(rules.by_id) == made.evaluate(STAGE, {"vip": True, "users": 10_000})
    assert (1, 0) == (made.counts.decisions, made.counts.quarantined)


@pytest.mark.parametrize("seed", range(6))
def test_broad_rules_that_are_all_true_stay_safe(seed: int) -> None:
    draw = random.Random(seed)
    facts = [f"fact{n}" for n in range(draw.choice((12, 80)))]
    wholly = dict.fromkeys(facts, 50)
    rules = stage(*(broad(draw, facts) for _ in range(250)))
    plan, made = plan_stage(rules), engine(rules)

    assert_safe(plan)
    assert reference(rules).evaluate(STAGE, wholly) == made.evaluate(STAGE, wholly)
    assert 0 == made.counts.quarantined


def broad(draw: random.Random, facts: list[str]) -> Condition:
    tests: list[Condition] = [
        at_least(fact, draw.randrange(50)) if draw.random() < 0.6 else Not(equal(fact, 7))
        for fact in draw.sample(facts, 3)
    ]
    return every(tests[0], Any(tuple(tests[1:])))


@pytest.mark.parametrize("count", [199, 200, 201, 252, 253, 254, 255])
def test_rule_of_so_many_facts_is_left_past_the_bound_and_still_answered(count: int) -> None:
    rules = stage(every(*(equal(f"fact{n}", True) for n in range(count))), equal("vip", True))
    plan, made = plan_stage(rules), engine(rules)
    everything = {f"fact{n}": True for n in range(count)}

    assert_safe(plan)
    assert (count > 200) == bool(plan.left)
    assert [("r0",), ()] == [
        made.evaluate(STAGE, facts) for facts in (everything, {**everything, "fact7": False})
    ]
    assert 0 == made.counts.quarantined


def test_rules_past_every_bound_are_left_and_still_answered() -> None:
    count = 61 * MAX_SHARDS
    rules = stage(*(at_least("users", n) for n in range(count)))
    plan, made = plan_stage(rules), engine(rules)

    assert_safe(plan)
    assert {"RB415"} == {left.code for left in plan.left}
    assert tuple(rules.by_id) == made.evaluate(STAGE, {"users": count})


@pytest.mark.parametrize("hit", list(HitPolicy))
def test_rule_of_too_many_alternatives_is_left_and_still_answered(hit: HitPolicy) -> None:
    wide = Any(tuple(equal(f"fact{n}", True) for n in range(33)))
    rules = stage(equal("vip", True), wide, equal("late", True), All(()), hit=hit)
    plan, made = plan_stage(rules), engine(rules)

    assert [(1, "RB414")] == [(left.rank, left.code) for left in plan.left]
    for facts in ({"vip": True}, {"fact7": True}, {"late": True}, {"vip": True, "fact0": True}, {}):
        assert reference(rules).evaluate(STAGE, facts) == made.evaluate(STAGE, facts)
    assert 0 == made.counts.fallbacks


def test_no_text_of_rules_or_requests_reaches_the_engine() -> None:
    words = ["vip客户", 'a"b', "\0", "😀", "secret", "x" * 70_000]
    rules = stage(
        *(every(equal("tier", word), at_least("amount", 5)) for word in words),
        Leaf("tags", Op.CONTAINS_ANY, tuple(words)),
        Not(equal("tier", *words)),
    )
    plan = plan_stage(rules)
    (shard,) = plan.shards
    told = Projection(plan.fields).codes({"tier": "secret", "amount": 7, "tags": ("😀", "new")})

    for text in (shard.rules, shard.body(told)):
        assert text.isascii()
        assert len(text) < 3_000
        assert not [word for word in (*words, "tier", "amount", "tags") if word in text]


def test_names_differ_in_the_hash_by_which_the_engine_knows_them() -> None:
    given = names.name_all({n: n % 20 for n in range(400)})
    hashes = {hash32(name) for name in (*given.values(), *names.RESERVED)}

    assert 400 + len(names.RESERVED) == len(hashes)


def test_name_with_a_hash_that_is_taken_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"x": names.CROWDED + 1}
    first = names.name_all(values)["x"]
    monkeypatch.setattr(names, "RESERVED", (*names.RESERVED, first))
    second = names.name_all(values)["x"]

    assert {"id", "sid", "$s"} < set(names.RESERVED)
    assert hash32(first) != hash32(second)


def test_label_with_the_hash_of_another_is_not_taken_for_it() -> None:
    made = engine(stage(equal("tier", "vip")))

    assert hash32("rbtcn1b") == hash32("tier")
    assert () == made.evaluate(STAGE, {"rbtcn1b": "vip"})
    assert ("r0",) == made.evaluate(STAGE, {"rbtcn1b": "x", "tier": "vip"})


def test_rules_share_the_conditions_that_most_of_them_have() -> None:
    rules = [every(at_least("amount", n), equal("tier", "ab"[n % 2]), VIP) for n in range(9)]
    (shard,) = plan_stage(stage(*rules)).shards
    firsts = Counter(tests[:1] for tests in conditions_of(shard) if "zprime" not in tests[0])

    assert [9] == list(firsts.values())


VIP = equal("vip", True)


def test_many_rules_are_split_by_the_fact_that_tells_them_apart_best() -> None:
    rules = [every(VIP, equal("topic", f"t{n % 40}"), at_least("amount", n)) for n in range(400)]
    plan = plan_stage(stage(*rules))
    asked = {
        plan.asked[codes[plan.gate]]
        for n in range(40)
        for codes in [Projection(plan.fields).codes({"topic": f"t{n}"})]
    }

    assert_safe(plan)
    assert {1} == {len(shards) for shards in asked}
    assert max(len(shard.ranks) for shard in plan.shards) < 60


def test_rule_that_does_not_ask_about_the_gate_is_always_asked() -> None:
    rules = stage(*(equal("topic", f"t{n % 40}", f"u{n}") for n in range(200)), at_least("age", 60))
    made = engine(rules)

    for facts in ({"age": 70}, {"age": 70, "topic": "t3"}, {"age": 70, "topic": "new"}):
        assert reference(rules).evaluate(STAGE, facts) == made.evaluate(STAGE, facts)


def test_plan_of_a_stage_is_always_the_same() -> None:
    rules = stage(*(every(equal("topic", f"t{n % 7}"), at_least("age", n)) for n in range(90)))

    assert plan_stage(rules) == plan_stage(rules)


def test_stage_without_rules_has_no_tree() -> None:
    plan = plan_stage(stage())

    assert ((), (), ()) == (plan.shards, plan.left, plan.always)
