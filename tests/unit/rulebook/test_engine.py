"""The C engine behind its door: right answers, and when it is odd, the reference's."""

import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import durable_rules_engine
import pytest

from routing_service.core.plans.predicate import All, Any, Leaf, Not, Op
from routing_service.core.records.model import Facts, FactValue
from routing_service.rulebook import engine as module
from routing_service.rulebook.engine import MAX_REBUILDS, DurableEngine
from routing_service.rulebook.planner import plan_stage
from routing_service.rulebook.rules import HitPolicy, StageRules
from tests.unit.rulebook.staged import (
    STAGE,
    Watched,
    at_least,
    engine,
    equal,
    every,
    reference,
    run,
    stage,
)

RULES = stage(
    equal("topic", "fault"),
    every(equal("topic", "fault", "question"), at_least("users", 5)),
    Not(equal("vip", True)),
    Any((equal("topic", "question"), at_least("users", 9))),
)
ODD: list[tuple[str, object]] = [
    ("assert_fact", durable_rules_engine.error("Could not assert fact, error code: 303")),
    ("assert_fact", MemoryError()),
    ("assert_fact", (2, 1)),
    ("assert_fact", (4, 1)),
    ("start_action_for_state", None),
    ("start_action_for_state", ("{}", '{"r99":{}}')),
    ("start_action_for_state", ("{}", "nonsense")),
    ("complete_and_start_action", durable_rules_engine.error("error code: 101")),
    ("complete_and_start_action", '{"r77":{}}'),
    ("complete_and_start_action", '{"r0":{}}'),
    ("retract_fact", (1, 1)),
    ("retract_fact", durable_rules_engine.error("error code: 301")),
]


def some(seed: int, count: int) -> list[Facts]:
    draw = random.Random(seed)
    values: dict[str, list[FactValue]] = {
        "topic": ["fault", "question", "new", ""],
        "users": [4, 5, 8, 9, 10],
        "vip": [True, False],
    }
    return [
        {fact: draw.choice(known) for fact, known in values.items() if draw.random() < 0.8}
        for _ in range(count)
    ]


def wrong(made: DurableEngine, rules: StageRules, many: list[Facts]) -> list[Facts]:
    right = reference(rules)
    return [f for f in many if right.evaluate(STAGE, f) != made.evaluate(STAGE, f)]


def test_all_rules_that_hold_come_in_file_order() -> None:
    assert ("r0", "r1", "r2", "r3") == engine(RULES).evaluate(STAGE, {"topic": "fault", "users": 9})


def test_only_the_first_rule_that_holds_comes_under_first() -> None:
    rules = stage(equal("a", 1), every(equal("b", 1), equal("a", 2)), All(()), hit=HitPolicy.FIRST)
    made = engine(rules)

    assert ("r0",) == made.evaluate(STAGE, {"a": 1, "b": 1})
    assert ("r1",) == made.evaluate(STAGE, {"a": 2, "b": 1})
    assert ("r2",) == made.evaluate(STAGE, {})


def test_stage_that_is_not_there_decides_nothing() -> None:
    made = engine(RULES)

    assert ((), 0) == (made.evaluate("route", {}), made.counts.fallbacks)


def test_decisions_are_counted_by_who_made_them() -> None:
    made = DurableEngine({STAGE: RULES}, [plan_stage(RULES)], reference(RULES))
    before = wrong(made, RULES, some(1, 20))
    run(made.build())
    after = wrong(made, RULES, some(2, 30))

    assert ([], []) == (before, after)
    assert (20, 30) == (made.counts.fallbacks, made.counts.decisions)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, ("five",)),
        ("5", ("text",)),
        ("", ("empty",)),
        (True, ("true",)),
        (1, ()),
        ("true", ()),
        ("客户投诉😀", ("wide",)),
        ('"},"x":{"', ("quotes",)),
        ("\0", ("nul",)),
        ("\ud800", ("lone",)),
        ("abc", ("short",)),
        ("é", ("composed",)),
        ("e\u0301", ()),
        ("x" * 65_533 + "abc", ()),
        ("a" * 65_536 + "abc", ()),
        ("y" * 65_536, ("long",)),
        ("y" * 65_537, ()),
        (2**64, ()),
        (-(2**63), ()),
        (("abc",), ()),
        ((), ()),
    ],
)
def test_value_is_what_it_is_and_nothing_like_it(
    value: FactValue, expected: tuple[str, ...]
) -> None:
    known: dict[str, FactValue] = {
        "five": 5,
        "text": "5",
        "empty": "",
        "true": True,
        "wide": "客户投诉😀",
        "quotes": '"},"x":{"',
        "nul": "\0",
        "lone": "\ud800",
        "short": "abc",
        "composed": "é",
        "long": "y" * 65_536,
    }
    made = engine(stage(*(equal("x", constant) for constant in known.values())))
    fired = made.evaluate(STAGE, {"x": value})

    assert expected == tuple(list(known)[int(rule[1:])] for rule in fired)
    assert (1, 0) == (made.counts.decisions, made.counts.quarantined)


def test_long_text_does_not_reach_the_engine() -> None:
    raw = Watched()
    made = engine(stage(equal("x", "abc"), Leaf("x", Op.EXISTS)), raw)
    fired = made.evaluate(STAGE, {"x": "z" * 65_536 + "abc"})
    (fact,) = [arguments[0] for name, _, arguments in raw.calls if name == "assert_fact"]

    assert ("r1",) == fired
    assert len(str(fact)) < 60


def test_every_message_has_the_one_session_and_flat_integers() -> None:
    raw = Watched()
    wrong(engine(RULES, raw), RULES, some(3, 200))
    told = [json.loads(str(arguments[0])) for name, _, arguments in raw.calls if "assert" in name]

    assert {("0", "e"), ("0", "p")} == {(fact.pop("sid"), fact.pop("id")) for fact in told}
    assert {int} == {type(value) for fact in told for value in fact.values()}


def test_what_no_rule_asks_about_is_not_told() -> None:
    raw = Watched()
    made = engine(stage(equal("topic", "fault")), raw)
    made.evaluate(STAGE, {"topic": "new", "id": "9", "sid": "9", "other": 1})

    assert [] == raw.handles("assert_fact")


@pytest.mark.parametrize(("call", "lie"), ODD)
def test_odd_answer_is_never_taken_and_its_handle_never_touched_again(
    call: str, lie: object
) -> None:
    raw = Watched()
    made = engine(RULES, raw)
    (handle,) = raw.handles("create_ruleset")
    raw.lies[call] = lie
    first = wrong(made, RULES, [{"topic": "fault"}])
    touched = raw.touched(handle)
    raw.lies.clear()
    later = wrong(made, RULES, some(4, 50))
    made.close()

    assert ([], []) == (first, later)
    assert touched == raw.touched(handle)
    assert (1, 51, 0) == (made.counts.quarantined, made.counts.fallbacks, made.counts.decisions)


@pytest.mark.parametrize(("call", "lie"), ODD)
def test_stage_in_quarantine_is_built_anew(call: str, lie: object) -> None:
    raw = Watched()
    made = engine(RULES, raw)
    raw.lies[call] = lie
    made.evaluate(STAGE, {"topic": "fault"})
    raw.lies.clear()
    seen = (made.needs_rebuild, made.quarantined)
    slices = run(made.rebuild())
    found = wrong(made, RULES, some(5, 50))

    assert (True, (STAGE,)) == seen
    assert (False, ()) == (made.needs_rebuild, made.quarantined)
    assert ([], 2, 50, 1) == (found, slices, made.counts.decisions, made.counts.rebuilt)
    assert 2 == len(set(raw.handles("create_ruleset")))


def test_interrupt_in_a_call_is_passed_on_and_the_handle_given_up() -> None:
    raw = Watched()
    made = engine(RULES, raw)
    raw.lies["complete_and_start_action"] = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        made.evaluate(STAGE, {"topic": "fault"})

    raw.lies.clear()
    assert [] == wrong(made, RULES, some(6, 20))
    assert 1 == made.counts.quarantined


@pytest.mark.parametrize("call", ["create_ruleset", "assert_event", "start_action_for_state"])
def test_engine_that_cannot_be_built_leaves_all_to_the_reference(call: str) -> None:
    raw = Watched()
    raw.lies[call] = durable_rules_engine.error("error code: 101")
    made = engine(RULES, raw)

    assert [] == wrong(made, RULES, some(7, 20))
    assert (True, 20) == (made.needs_rebuild, made.counts.fallbacks)
    assert "101" in made.faults[STAGE]


def test_what_keeps_failing_is_not_built_for_ever() -> None:
    raw = Watched()
    raw.lies["create_ruleset"] = durable_rules_engine.error("error code: 101")
    made = engine(RULES, raw)
    for _ in range(MAX_REBUILDS + 3):
        run(made.rebuild())

    assert 1 + MAX_REBUILDS == len(raw.handles("create_ruleset"))
    assert (False, 0) == (made.needs_rebuild, made.counts.rebuilt)


def test_only_the_broken_tree_of_a_stage_is_built_anew() -> None:
    rules = stage(*(every(equal("t", f"t{n % 40}"), at_least("age", n)) for n in range(200)))
    raw = Watched()
    made = engine(rules, raw)
    trees = len(raw.handles("create_ruleset"))
    raw.lies["assert_fact"] = (2, 1)
    made.evaluate(STAGE, {"t": "t3", "age": 300})
    raw.lies.clear()
    run(made.rebuild())

    assert trees > 1
    assert 1 + trees == len(raw.handles("create_ruleset"))
    assert [] == wrong(made, rules, [{"t": f"t{n}", "age": 20 * n} for n in range(40)])


def test_retired_stage_stays_with_the_reference() -> None:
    made = engine(RULES)
    made.retire(STAGE)

    assert (False, (STAGE,)) == (made.needs_rebuild, made.quarantined)
    assert ([], 9) == (wrong(made, RULES, some(8, 9)), made.counts.fallbacks)


def test_closing_primes_and_frees_every_handle_once() -> None:
    raw = Watched()
    made = engine(RULES, raw)
    wrong(made, RULES, some(9, 10))
    made.close()
    made.close()
    (handle,) = raw.handles("create_ruleset")
    last = [name for name, _, _ in raw.calls][-5:]

    assert last == [
        "assert_event",
        "start_action_for_state",
        "complete_and_start_action",
        "delete_state",
        "delete_ruleset",
    ]
    assert [handle] == raw.handles("delete_ruleset")


def test_closed_engine_still_answers_without_its_handles() -> None:
    raw = Watched()
    made = engine(RULES, raw)
    made.close()
    touched = len(raw.calls)

    assert [] == wrong(made, RULES, some(10, 20))
    assert (touched, 0) == (len(raw.calls), made.counts.quarantined)
    assert not made.needs_rebuild


def test_engine_closed_in_the_middle_of_a_question_is_not_odd() -> None:
    raw = Watched()
    made = engine(RULES, raw)

    class Closing(dict[str, FactValue]):
        def get(self, *asked):
            made.close()
            return super().get(*asked)

    assert ("r0", "r2") == made.evaluate(STAGE, Closing(topic="fault"))
    assert (0, False) == (made.counts.quarantined, made.needs_rebuild)


def test_threads_that_ask_at_once_get_right_answers() -> None:
    made, many = engine(RULES), some(12, 400)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(wrong, made, RULES, many) for _ in range(4)]
        found = [each.result() for each in asked]

    assert [[]] * 4 == found
    assert 0 == made.counts.quarantined


def test_build_that_is_given_up_frees_what_it_made() -> None:
    raw = Watched()
    made = DurableEngine({STAGE: RULES}, [plan_stage(RULES)], reference(RULES), raw)
    steps = made.build()
    next(steps)
    next(steps)
    steps.close()

    assert raw.handles("create_ruleset") == raw.handles("delete_ruleset")
    assert [] == wrong(made, RULES, some(11, 5))


def test_engine_closed_while_it_is_built_frees_what_was_made() -> None:
    raw = Watched()
    made = DurableEngine({STAGE: RULES}, [plan_stage(RULES)], reference(RULES), raw)
    steps = made.build()
    next(steps)
    made.close()
    run(steps)

    assert raw.handles("create_ruleset") == raw.handles("delete_ruleset")
    assert [] == wrong(made, RULES, some(13, 5))


def test_without_the_module_there_is_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_module", None)

    with pytest.raises(ImportError):
        DurableEngine({STAGE: RULES}, [plan_stage(RULES)], reference(RULES))


GROWTH = """
import resource
from tests.unit.rulebook.staged import STAGE, at_least, engine, equal, every, stage

rules = stage(*(every(equal("t", f"t{n % 9}"), at_least("age", n)) for n in range(200)))
def cycles(count):
    for _ in range(count):
        made = engine(rules)
        for age in range(40):
            made.evaluate(STAGE, {"t": "t3", "age": 5 * age})
        made.close()
        assert made.counts.decisions == 40, made.faults
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(cycles(10), cycles(60))
"""


def test_building_and_closing_keeps_no_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GROWTH], capture_output=True, text=True, timeout=50, check=True
    )
    first, last = map(int, done.stdout.split())

    assert last - first < 5_000, "kilobytes of 60 builds; one that is not freed is 2,000"
