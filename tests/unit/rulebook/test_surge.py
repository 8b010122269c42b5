"""The surge stage: when it is asked, what it sees, and what its plan comes to."""

from pathlib import Path

import pytest

from routing_service.core.plans.predicate import Leaf, Op
from routing_service.core.plans.surge_plan import WHOLLY, Keep, LoadLevel
from routing_service.core.records.model import Facts, Requirement
from routing_service.core.records.surge import SurgeAnswer
from routing_service.rulebook.explain import explain_intake
from routing_service.rulebook.explain_words import tree
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from tests.builders import MINUTE
from tests.unit.rulebook.packs import pack

LOADS = """
loads:
  front:
    queue: front
    levels:
      - {name: busy, above: 100%, below: 80%, hold: 1m}
      - {name: peak, above: 120%, below: 100%, hold: 5m, reserve: {team: first}}
      - {name: emergency}
  repairs: {queue: experts, requirement: {skill: repair, level: 2}, levels: [{name: short}]}
"""
RULES = """
rules:
  - {id: away, when: {surge.front: peak, topic: question}, then: {deflect: self_service}}
  - {id: elsewhere, when: {surge.front: peak, topic: fault}, then: {deflect: {queue: experts}}}
  - {id: back, when: {surge.repairs: short}, then: {offer: callback, tell: "{minutes} minutes"}}
default: {tell: Please wait.}
"""
GREEN = """
green_channel:
  when: {priority: urgent, channel: phone}
  keep:
    - {queues: front, units: 1}
    - {queues: [front, experts], units: all, agents: {skill.repair: {gte: 5}}}
"""
QUIET: Facts = {"topic": "question", "channel": "phone", "contacts": 1, "item_kind": "request"}
PEAK: Facts = {**QUIET, "surge.front": "peak"}


@pytest.fixture
def rules(tmp_path: Path) -> Rulebook:
    return load_pack(pack(tmp_path, surge=f"stage: surge\n{LOADS}{RULES}{GREEN}"))


def test_levels_are_compiled_as_written(rules: Rulebook) -> None:
    busy, peak, emergency = rules.plan.loads["front"].levels

    assert busy == LoadLevel(name="busy", above=100, below=80, hold=MINUTE)
    assert peak.reserve == Leaf("team", Op.EQ, ("first",))
    assert emergency == LoadLevel(name="emergency")


def test_the_green_channel_is_compiled_as_written(rules: Rulebook) -> None:
    assert rules.plan.green is not None
    assert rules.plan.green.keep == (
        Keep(queues=("front",), units=1),
        Keep(
            queues=("front", "experts"),
            units=WHOLLY,
            agents=Leaf("skill.repair", Op.GTE, (5,)),
        ),
    )


def test_while_no_load_is_at_a_level_the_stage_is_not_asked(rules: Rulebook) -> None:
    verdict = rules.intake(QUIET)

    assert verdict.surge is None
    assert [each for each in verdict.fired if each.startswith("surge/")] == []


def test_the_first_rule_that_holds_answers(rules: Rulebook) -> None:
    verdict = rules.intake(PEAK)

    assert verdict.surge == SurgeAnswer(load="front", level="peak", deflect="self_service")
    assert verdict.fired[-1] == "surge/away"


def test_a_queue_may_take_what_another_cannot(rules: Rulebook) -> None:
    verdict = rules.intake({**PEAK, "topic": "fault"})

    assert verdict.queue == "front"
    assert verdict.surge == SurgeAnswer(load="front", level="peak", queue="experts")


def test_where_no_rule_holds_the_default_answers(rules: Rulebook) -> None:
    verdict = rules.intake({**PEAK, "surge.front": "busy"})

    assert verdict.surge == SurgeAnswer(load="front", level="busy", tell="Please wait.")


def test_an_item_is_asked_about_the_loads_it_is_part_of_only(rules: Rulebook) -> None:
    repair: Facts = {
        "topic": "fault",
        "vip": True,
        "signal.angry": True,
        "surge.front": "peak",
        "surge.repairs": "short",
    }
    verdict = rules.intake(repair)

    assert (verdict.queue, verdict.requirements) == ("experts", (Requirement("repair", 2),))
    assert verdict.surge == SurgeAnswer(
        load="repairs", level="short", offer="callback", tell="{minutes} minutes"
    )


@pytest.mark.parametrize(
    ("priority", "channel", "green"),
    [("urgent", "phone", True), ("urgent", "email", False), ("normal", "phone", False)],
)
def test_what_the_green_channel_names_is_green(
    rules: Rulebook, priority: str, channel: str, green: bool
) -> None:
    angry = {"signal.angry": True} if priority == "urgent" else {}

    assert rules.intake({**QUIET, **angry, "channel": channel}).green is green


def test_an_explanation_tells_what_the_stage_answered(rules: Rulebook) -> None:
    told = explain_intake(rules, PEAK)

    assert told.fired == rules.intake(PEAK).fired
    assert told.stages[-1].stage == "surge"
    assert told.outcome.deflect == "self_service"
    assert "self_service" in str(tree(told, "en"))


def test_an_explanation_of_a_quiet_time_has_no_such_stage(rules: Rulebook) -> None:
    assert "surge" not in [stage.stage for stage in explain_intake(rules, QUIET).stages]


def test_a_pack_may_have_a_green_channel_and_no_load(tmp_path: Path) -> None:
    rules = load_pack(pack(tmp_path, surge=f"stage: surge\n{GREEN}"))

    assert (rules.plan.loads, rules.intake(PEAK).surge) == ({}, None)


def test_of_several_loads_the_answer_names_the_one_that_its_rule_is_about(tmp_path: Path) -> None:
    repairs = LOADS + "  all: {queue: experts, levels: [{name: full}]}\n"
    both: Facts = {"topic": "fault", "surge.repairs": "short", "surge.all": "full"}
    skilled: Facts = {"vip": True, "signal.angry": True, **both}
    about_all = '\nrules: [{id: all, when: {surge.all: full}, then: {tell: "Wait."}}]\n'
    rules = load_pack(pack(tmp_path, surge=f"stage: surge\n{repairs}{about_all}"))
    verdict = rules.intake(skilled)

    assert verdict.surge == SurgeAnswer(load="all", level="full", tell="Wait.")
