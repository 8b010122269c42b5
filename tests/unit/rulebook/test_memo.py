"""The memo: the same answers, sooner; and a wrong one does not live long."""

import random
from collections.abc import Mapping

from routing_service.core.plans.predicate import Leaf, Not, Op
from routing_service.core.records.model import Facts
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.memo import Memo
from routing_service.rulebook.rules import StageRules
from tests.unit.rulebook.staged import STAGE, Watched, at_least, engine, equal, every, stage

RULES = stage(
    every(equal("topic", "fault"), at_least("users", 10)),
    Not(equal("vip", True)),
    Leaf("tags", Op.CONTAINS_ANY, ("late", "lost")),
)


class Counting:
    """The plain matcher, counting how often it is asked."""

    def __init__(self, rules: StageRules) -> None:
        self.asked = 0
        self.closed = 0
        self._reference = ReferenceEngine({STAGE: rules})

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        self.asked += 1
        return self._reference.evaluate(stage, facts)

    def close(self) -> None:
        self.closed += 1


def memo(rules: StageRules = RULES, size: int = 100, shadow_every: int = 1_000) -> Memo:
    behind = Counting(rules)
    reference = ReferenceEngine({STAGE: rules})
    return Memo(behind, {STAGE: rules}, reference, size=size, shadow_every=shadow_every)


def asked(made: Memo) -> int:
    assert isinstance(made.engine, Counting)
    return made.engine.asked


def test_what_was_decided_is_not_decided_again() -> None:
    made = memo()
    answers = {made.evaluate(STAGE, {"topic": "fault", "users": 12}) for _ in range(5)}

    assert {("r0", "r1")} == answers
    assert (1, 4, 1) == (asked(made), made.counts.hits, made.counts.misses)


def test_facts_that_no_rule_can_tell_apart_are_one_entry() -> None:
    made = memo()
    for users in range(10, 500):
        made.evaluate(STAGE, {"topic": "fault", "users": users, "note": f"n{users}"})

    assert 2 == asked(made)  # the threshold itself, and above it


def test_each_threshold_and_each_side_of_it_is_an_entry_of_its_own() -> None:
    made = memo()
    found = [made.evaluate(STAGE, {"topic": "fault", "users": n}) for n in (9, 10, 11)]

    assert [("r1",), ("r0", "r1"), ("r0", "r1")] == found
    assert 3 == asked(made)


def test_true_is_not_remembered_for_one() -> None:
    made = memo(stage(equal("x", 1), equal("x", True)))

    assert [("r0",), ("r1",)] == [made.evaluate(STAGE, {"x": x}) for x in (1, True)]


def test_missing_is_not_remembered_for_an_unknown_value() -> None:
    made = memo(stage(Leaf("x", Op.EXISTS)))

    assert [(), ("r0",)] == [made.evaluate(STAGE, facts) for facts in ({}, {"x": "new"})]


def test_stages_are_remembered_apart() -> None:
    stages = {"route": stage(equal("x", 1)), STAGE: stage(Not(equal("x", 1)))}
    made = Memo(ReferenceEngine(stages), stages, ReferenceEngine(stages))

    assert [("r0",), ()] == [made.evaluate(name, {"x": 1}) for name in ("route", STAGE)]
    assert () == made.evaluate("classify", {"x": 1})


def test_memory_is_bounded_and_what_was_asked_lately_stays() -> None:
    made = memo(stage(*(at_least("n", bound) for bound in range(900))), size=100)
    for n in range(900):
        made.evaluate(STAGE, {"n": n})
        made.evaluate(STAGE, {"n": 0})
    kept = made._stages[STAGE]

    assert len(kept.young) + len(kept.old) <= 100
    assert (900, 900) == (asked(made), made.counts.hits)


def test_what_was_not_asked_for_long_is_forgotten() -> None:
    made = memo(stage(*(at_least("n", bound) for bound in range(50))), size=4)
    for n in (1, 2, 3, 4, 5, 1, 5):
        made.evaluate(STAGE, {"n": n})

    assert 6 == asked(made)


def test_each_nth_hit_and_each_nth_miss_is_compared() -> None:
    made = memo(stage(*(at_least("n", bound) for bound in range(50))), shadow_every=10)
    for n in range(35):
        made.evaluate(STAGE, {"n": n})
    for _ in range(47):
        made.evaluate(STAGE, {"n": 3})

    assert (35, 47) == (made.counts.misses, made.counts.hits)
    assert (3 + 4, 0) == (made.counts.shadowed, made.counts.diverged)


class Noting(ReferenceEngine):
    """The plain matcher, noting which stages it is asked about."""

    def __init__(self, stages: Mapping[str, StageRules]) -> None:
        super().__init__(stages)
        self.asked: list[str] = []

    def evaluate(self, stage: str, facts: Facts) -> tuple[str, ...]:
        self.asked.append(stage)
        return super().evaluate(stage, facts)


def test_every_stage_is_compared_when_four_are_asked_in_turn() -> None:
    names = ("classify", "prioritise", "sla", "route")
    stages = {name: stage(equal("x", 1)) for name in names}
    reference = Noting(stages)
    made = Memo(ReferenceEngine(stages), stages, reference, shadow_every=8)
    for name in names * 9:  # the first of each is a miss
        made.evaluate(name, {"x": 1})

    assert list(names) == reference.asked
    assert (32, 4, 4) == (made.counts.hits, made.counts.misses, made.counts.shadowed)


def test_divergent_memory_is_answered_by_the_reference_and_emptied() -> None:
    made = memo(shadow_every=3)
    told: list[str] = []
    made.on_divergence = told.append
    facts: Facts = {"topic": "fault", "users": 12, "vip": True}
    for seen in (facts, {}):
        made.evaluate(STAGE, seen)
    remembered = made._stages[STAGE].young
    remembered[next(iter(remembered))] = ("r2",)
    answers = [made.evaluate(STAGE, facts) for _ in range(4)]

    assert [("r2",), ("r2",), ("r0",), ("r0",)] == answers
    assert (1, [STAGE]) == (made.counts.diverged, told)
    assert 3 == asked(made)


def test_divergent_engine_is_answered_by_the_reference_and_not_remembered() -> None:
    raw = Watched()
    durable = engine(RULES, raw)
    made = Memo(durable, {STAGE: RULES}, ReferenceEngine({STAGE: RULES}), shadow_every=1)
    made.on_divergence = durable.retire
    raw.lies["assert_fact"] = (1, 0)  # "no rule", said of facts that one rule holds for
    first = made.evaluate(STAGE, {"tags": ("late",), "vip": True})
    later = made.evaluate(STAGE, {"tags": ("late",), "vip": True})

    assert [("r2",), ("r2",)] == [first, later]
    assert (1, (STAGE,)) == (made.counts.diverged, durable.quarantined)


def test_random_facts_get_the_answers_of_the_plain_matcher() -> None:
    made, right, draw = memo(size=8), ReferenceEngine({STAGE: RULES}), random.Random(3)
    for _ in range(2_000):
        drawn = {
            "topic": draw.choice(("fault", "other")),
            "users": draw.randrange(8, 13),
            "vip": draw.random() < 0.5,
            "tags": tuple(draw.sample(("late", "lost", "new"), draw.randrange(3))),
        }
        facts = {name: value for name, value in drawn.items() if draw.random() < 0.8}

        assert right.evaluate(STAGE, facts) == made.evaluate(STAGE, facts)
    assert made.counts.hits > 100
    assert made.counts.misses > 200


def test_closing_forgets_and_closes_what_is_behind() -> None:
    made = memo()
    made.evaluate(STAGE, {})
    made.close()
    made.evaluate(STAGE, {})

    assert isinstance(made.engine, Counting)
    assert (1, 2) == (made.engine.closed, asked(made))
