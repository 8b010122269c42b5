"""Queues of a pack: what their keys become in the plan, by themselves and by defaults."""

from pathlib import Path

import pytest

from routing_service.core.plans.plan import LabelType, QueuePlan, Strategy
from routing_service.core.plans.predicate import Leaf, Op
from routing_service.core.plans.queue_plan import (
    Absence,
    Admission,
    Answer,
    BroadcastPlan,
    ChoicePlan,
    Ladder,
    Matters,
    Otherwise,
    Preference,
    RelaxStep,
    ServiceLevel,
    Territory,
)
from tests.unit.rulebook.packs import SMALL, codes, pack, rulebook

SECOND = 1_000_000
MINUTE = 60 * SECOND
ATTRIBUTES = """
agent_attributes:
  district: {type: text}
  quality: {type: integer, minimum: 0, maximum: 100}
"""


def queue(folder: Path, keys: str, defaults: str = "offer_timeout: 30s") -> QueuePlan:
    """The queue `front` with these keys."""
    text = (SMALL / "pack.yaml").read_text("utf-8") + ATTRIBUTES
    queues = f"defaults: {{{defaults}}}\nqueues:\n  front: {{{keys}}}\n  experts: {{}}\n"
    return rulebook(folder, pack=text, queues=queues).plan.queues["front"]


@pytest.mark.parametrize("strategy", list(Strategy))
def test_every_strategy_can_be_named(strategy: Strategy, tmp_path: Path) -> None:
    keys = (
        f"strategy: {strategy.value}, in_order: [ann], weights: {{skill: 3, quality: 1}},"
        " random_by: quality, idle_full: 10m, territory: {label: area, attribute: district}"
    )
    made = queue(tmp_path, keys)

    assert strategy is made.strategy
    assert made.choice == ChoicePlan(
        in_order=("ann",),
        random_by="quality",
        weights={"skill": 3, "quality": 1},
        idle_full=10 * MINUTE,
        territory=Territory(label="area", attribute="district"),
    )


def test_a_broadcast_is_ranked_bounded_and_may_go_in_waves(tmp_path: Path) -> None:
    terms = "{by: best_skill, at_most: 6, wave: 2, every: 15s}"
    made = queue(tmp_path, f"strategy: progressive_broadcast, broadcast: {terms}")

    assert made.choice.broadcast == BroadcastPlan(
        by=Strategy.BEST_SKILL, at_most=6, wave=2, every=15 * SECOND
    )


def test_a_broadcast_by_a_strategy_needs_what_that_one_needs(tmp_path: Path) -> None:
    front = "{strategy: broadcast, broadcast: {by: fixed_order}}"
    text = f"defaults: {{offer_timeout: 30s}}\nqueues:\n  front: {front}\n  experts: {{}}\n"

    assert ["RB530"] == codes(pack(tmp_path, queues=text))


def test_a_label_may_name_the_agent_to_be_asked_first(tmp_path: Path) -> None:
    made = queue(tmp_path, "prefer: [{label: area, for: 2m}]")

    assert made.choice.prefer == (Preference(label="area", wait=2 * MINUTE),)


def test_who_handled_the_customer_last_may_be_asked_first(tmp_path: Path) -> None:
    made = queue(tmp_path, "prefer: [{last_handler: customer, within: 1h, for: 2m}]")
    last = Preference(handled=Matters.CUSTOMER, within=60 * MINUTE, wait=2 * MINUTE)

    assert made.choice.prefer == (last,)


def test_a_step_that_drops_what_no_rule_asks_for_is_a_warning(tmp_path: Path) -> None:
    steps = "{after: 2m, drop: [repair, repairs], last: stay}"
    front = f"{{relax: {{steps: [{steps}]}}}}"
    text = f"defaults: {{offer_timeout: 30s}}\nqueues: {{front: {front}, experts: {{}}}}\n"

    (warning,) = rulebook(tmp_path, queues=text).warnings

    assert ("RB555", "queues.yaml", 2) == (warning.code, warning.file, warning.line)
    assert "Did you mean 'repair'?" == warning.hint


def test_relaxation_is_a_ladder_of_steps(tmp_path: Path) -> None:
    steps = (
        "{after: 1m, lower: 2}, {after: 2m, drop: [gas, tv], ceiling: none},"
        " {after: 3m, queues: [experts], at_once: {waiting_per_agent: 3}},"
        " {after: 4m, last: anyone, at_once: nobody_on_shift}"
    )
    made = queue(tmp_path, f"relax: {{floor: 2, ceiling: 7, steps: [{steps}]}}")

    assert made.ladder == Ladder(
        steps=(
            RelaxStep(after=MINUTE, lower=2),
            RelaxStep(after=2 * MINUTE, drop=("gas", "tv"), no_ceiling=True),
            RelaxStep(after=3 * MINUTE, queues=("experts",), crowded=3),
            RelaxStep(after=4 * MINUTE, anyone=True, unstaffed=True),
        ),
        floor=2,
        ceiling=7,
    )


def test_a_step_as_long_as_an_offer_is_long_enough(tmp_path: Path) -> None:
    made = queue(tmp_path, "relax: {steps: [{after: 30s, last: stay}]}")

    assert made.ladder.steps == (RelaxStep(after=MINUTE // 2),)


def test_members_are_a_condition_over_agents(tmp_path: Path) -> None:
    made = queue(tmp_path, "members: {skill.hvac: {gte: 3}}")

    assert made.members == Leaf("skill.hvac", Op.GTE, (3,))


def test_admission_asks_hours_limit_and_who_is_there(tmp_path: Path) -> None:
    made = queue(
        tmp_path,
        "admit: {hours: {calendar: office, otherwise: refuse}, limit: {waiting: 9, otherwise:"
        " {queue: experts}}, nobody: {absent: [offline, full], otherwise: wait}}",
    )

    assert made.admission == Admission(
        calendar="office",
        closed=Answer(then=Otherwise.REFUSE),
        limit=9,
        full=Answer(then=Otherwise.QUEUE, queue="experts"),
        absences=(Absence.OFFLINE, Absence.FULL),
        unserved=Answer(then=Otherwise.WAIT),
    )


def test_service_level_declares_what_counts(tmp_path: Path) -> None:
    made = queue(tmp_path, "service_level: {target: 80%, within: 20s, short_abandon: 5s}")

    assert made.service_level == ServiceLevel(
        percent=80,
        within=20_000_000,
        short_abandon=5_000_000,
        count_abandons=True,
        count_flow_outs=False,
    )


def test_defaults_hold_for_queues_that_say_nothing(tmp_path: Path) -> None:
    made = queue(tmp_path, "", "offer_timeout: 30s, strategy: fixed_order, in_order: [ann]")

    assert (Strategy.FIXED_ORDER, ("ann",)) == (made.strategy, made.choice.in_order)


def test_numbered_queues_have_their_ranges_terms(tmp_path: Path) -> None:
    queues = (
        "queues: {front: {offer_timeout: 30s}, experts: {offer_timeout: 30s}}\n"
        "ranges: [{from: 1, to: 3, name: group-{n}, offer_timeout: 30s, strategy: balanced}]"
    ).replace("group-{n}", '"group-{n}"')
    plan = rulebook(tmp_path, queues=queues).plan

    assert [plan.queues[f"group-{n}"].strategy for n in (1, 2, 3)] == [Strategy.BALANCED] * 3


def test_agent_attributes_are_declared_like_labels(tmp_path: Path) -> None:
    text = (SMALL / "pack.yaml").read_text("utf-8") + ATTRIBUTES
    declared = rulebook(tmp_path, pack=text).plan.agent_attributes

    assert {"district": LabelType.TEXT, "quality": LabelType.INTEGER} == {
        name: plan.type for name, plan in declared.items()
    }


def test_a_flaw_in_the_defaults_is_told_once(tmp_path: Path) -> None:
    queues = "defaults: {offer_timeout: 30s, random_by: height}\nqueues: {front: {}, experts: {}}"

    assert ["RB330"] == codes(pack(tmp_path, queues=queues))
