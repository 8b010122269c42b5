"""Whom a queue asks first, by each strategy, and what the decision record says about it."""

from typing import Any

import pytest
from msgspec.structs import replace

from routing_service.core.journal.commands import PutAgents, RemoveAgents, SwitchStrategy
from routing_service.core.journal.events import ItemOpened, OfferMade, StrategySwitched
from routing_service.core.journal.match_record import MatchRecord
from routing_service.core.plans.plan import LabelPlan, LabelType, Plan, QueuePlan, Strategy
from routing_service.core.plans.queue_plan import (
    ChoicePlan,
    Ladder,
    Preference,
    RelaxStep,
    Territory,
)
from routing_service.core.records.errors import Invalid, NotFound
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Agent
from tests.builders import MINUTE, SECOND, agent, needs, plan, queue_plan
from tests.desk import Desk, only
from tests.property.naive_strategies import chosen

QUALITY = LabelPlan(type=LabelType.INTEGER, minimum=0, maximum=100)
DISTRICT = LabelPlan(type=LabelType.TEXT)


def by(strategy: Strategy, **choice: Any) -> Plan:
    """A plan whose queue goes by this strategy."""
    queue: QueuePlan = queue_plan(strategy=strategy, wrap_up=0, choice=ChoicePlan(**choice))
    return plan(
        queues={"service": queue},
        agent_attributes={"quality": QUALITY, "district": DISTRICT},
    )


def desk_of(desk_plan: Plan, *agents: Agent) -> Desk:
    """The agents sign in one second after the other."""
    desk = Desk(desk_plan)
    for each in agents:
        desk.sign_in(each)
        desk.now += SECOND
    return desk


def asked(desk: Desk, **changes: Any) -> tuple[str, MatchRecord]:
    """Who is offered a new item, and why he."""
    item = desk.open(**changes)
    made = [event for event in only(OfferMade, desk.records[-1].events) if event.item == item]
    return made[0].agent, made[0].why


def three(**changes: Any) -> tuple[Agent, ...]:
    return tuple(agent(name, capacity=9, **changes) for name in ("ann", "ben", "cho"))


def test_round_robin_goes_on_after_who_was_asked_last_and_begins_again() -> None:
    desk = desk_of(by(Strategy.ROUND_ROBIN), *three())

    assert ["ann", "ben", "cho", "ann"] == [asked(desk)[0] for _ in range(4)]


def test_round_robin_passes_over_who_is_away_without_losing_its_place() -> None:
    desk = desk_of(by(Strategy.ROUND_ROBIN), *three())
    asked(desk)
    desk.presence("ben", Presence.AWAY)
    to, why = asked(desk)

    assert ("cho", "turn") == (to, why.tie_break)
    desk.presence("ben", Presence.AVAILABLE)
    assert ["ann", "ben"] == [asked(desk)[0] for _ in range(2)]


def test_best_skill_takes_the_highest_sum_of_the_levels_asked_for() -> None:
    desk = desk_of(
        by(Strategy.BEST_SKILL),
        agent("ann", skills={"hvac": 9, "gas": 2}),
        agent("ben", skills={"hvac": 6, "gas": 6}),
        agent("cho", skills={"hvac": 10, "gas": 1}),
    )
    to, why = asked(desk, requirements=needs(hvac=2, gas=2))

    assert ("ben", "skill", (-12, -11)) == (
        to,
        why.tie_break,
        tuple(each.score[0] for each in why.top),
    )


def test_best_skill_of_many_agents_is_the_one_that_a_scan_finds() -> None:
    crew = [
        agent(f"a{n:03}", skills={"hvac": 1 + n * 7 % 10, "gas": 1 + n * 3 % 10}) for n in range(90)
    ]
    desk = desk_of(by(Strategy.BEST_SKILL), *crew)
    _, why = asked(desk, requirements=needs(hvac=2, gas=1))

    able = [each for each in crew if each.skills["hvac"] >= 2]
    sums = sorted(-each.skills["hvac"] - each.skills["gas"] for each in able)
    assert sums[:5] == [each.score[0] for each in why.top]


def test_fixed_order_begins_at_the_top_every_time_and_asks_the_unnamed_last() -> None:
    desk = desk_of(by(Strategy.FIXED_ORDER, in_order=("cho", "zoe", "ann")), *three())
    first = [asked(desk)[0] for _ in range(2)]
    desk.presence("cho", Presence.AWAY)
    second = asked(desk)[0]
    desk.presence("ann", Presence.AWAY)

    assert (["cho", "cho"], "ann", "ben") == (first, second, asked(desk)[0])


def test_a_weighted_draw_asks_each_as_often_as_he_weighs() -> None:
    crew = [
        agent(name, capacity=9000, attributes={"quality": weight})
        for name, weight in (("ann", 1), ("ben", 3))
    ]
    desk = desk_of(by(Strategy.WEIGHTED_RANDOM, random_by="quality"), *crew)
    drawn = [asked(desk)[0] for _ in range(400)]

    assert 260 <= drawn.count("ben") <= 340  # 300 within about 4.6 standard deviations


def test_a_draw_is_the_same_when_the_same_desk_decides_again() -> None:
    def draws() -> list[str]:
        desk = desk_of(by(Strategy.WEIGHTED_RANDOM), *three())
        return [asked(desk)[0] for _ in range(9)]

    assert draws() == draws()
    assert {"ann", "ben", "cho"} == set(draws())


@pytest.mark.parametrize("others", [0, 100])
@pytest.mark.parametrize("strategy", [Strategy.BEST_SKILL, Strategy.SKILL_FIRST])
def test_who_has_a_skill_that_is_asked_for_no_more_still_comes_first(
    strategy: Strategy, others: int
) -> None:
    dropped = Ladder(steps=(RelaxStep(after=MINUTE, drop=("hvac",)),))
    queue = queue_plan(strategy=strategy, ladder=dropped)
    desk = Desk(plan(queues={"service": queue}))
    crew = [agent(f"a{number:03}") for number in range(others + 1)]
    desk.sign_in(*crew, agent("zoe", skills={"hvac": 2}))
    item = desk.open(requirements=needs(hvac=9))
    desk.wait(MINUTE)

    assert "zoe" == desk.offered_to(item)


def test_skill_first_and_idle_first_are_the_same_factors_weighed_the_other_way_round() -> None:
    crew = (
        agent("ann", skills={"hvac": 3}),
        agent("ben", skills={"hvac": 9}),
    )

    def first(strategy: Strategy) -> str:
        desk = desk_of(by(strategy), crew[0])
        desk.wait(30 * MINUTE)
        desk.sign_in(crew[1])
        return asked(desk, requirements=needs(hvac=1))[0]

    assert ("ben", "ann") == (first(Strategy.SKILL_FIRST), first(Strategy.IDLE_FIRST))


def test_a_weighted_score_adds_shares_of_skill_idleness_room_and_attributes() -> None:
    weights = {"skill": 50, "room": 30, "quality": 20}
    desk = desk_of(
        by(Strategy.WEIGHTED_SCORE, weights=weights),
        agent("ann", capacity=2, skills={"hvac": 8}, attributes={"quality": 50}),
        agent("ben", capacity=2, skills={"hvac": 8}, attributes={"quality": 80}),
    )
    to, why = asked(desk, requirements=needs(hvac=1))

    assert ("ben", "score") == (to, why.tie_break)
    assert (-50 * 800 - 30 * 1000 - 20 * 800) == why.top[0].score[0]


def test_agents_of_the_items_territory_come_first_and_others_when_none_is_free() -> None:
    territory = Territory(label="area", attribute="district")
    desk = desk_of(
        by(Strategy.TERRITORY, territory=territory),
        agent("ann", attributes={"district": "north"}),
        agent("ben", attributes={"district": "south"}),
    )
    south = asked(desk, labels={"area": "south"})
    rest = asked(desk, labels={"area": "south"})

    assert ("ben", "territory") == (south[0], south[1].tie_break)
    assert ("ann", (1,)) == (rest[0], rest[1].top[0].score[:1])


def test_balanced_ownership_gives_to_whoever_owns_the_fewest_open_items() -> None:
    desk = desk_of(by(Strategy.BALANCED), *three())
    first = desk.open()
    desk.accept(first)
    desk.complete(first, "ann")
    desk.now += SECOND
    second = desk.open()
    desk.accept(second)
    desk.complete(second, "ben")

    assert "cho" == asked(desk)[0]
    desk.cancel(first)
    to, why = asked(desk)
    assert ("ann", "load", (0, 0, 1)) == (
        to,
        why.tie_break,
        tuple(each.score[0] for each in why.top),
    )


def test_a_switched_strategy_holds_until_the_next_rulebook() -> None:
    desk = desk_of(by(Strategy.FIXED_ORDER, in_order=("cho",)), *three())
    told = desk.do(SwitchStrategy(queue="service", strategy=Strategy.LONGEST_IDLE))
    switched = asked(desk)
    desk.activate(by(Strategy.FIXED_ORDER, in_order=("cho",)), "d2")

    assert [StrategySwitched(queue="service", strategy=Strategy.LONGEST_IDLE)] == told
    assert ("ann", "longest_idle") == (switched[0], switched[1].strategy)
    assert "cho" == asked(desk)[0]


def test_a_switch_can_be_taken_back() -> None:
    desk = desk_of(by(Strategy.FIXED_ORDER, in_order=("cho",)), *three())
    desk.do(SwitchStrategy(queue="service", strategy=Strategy.LEAST_LOADED))
    desk.do(SwitchStrategy(queue="service"))

    assert "cho" == asked(desk)[0]


def test_a_switch_to_what_the_rulebook_did_not_prepare_is_refused() -> None:
    desk = Desk()
    with pytest.raises(Invalid, match="territory") as refused:
        desk.do(SwitchStrategy(queue="service", strategy=Strategy.TERRITORY))

    assert "STRATEGY_NOT_PREPARED" == refused.value.reason
    with pytest.raises(NotFound):
        desk.do(SwitchStrategy(queue="nowhere", strategy=Strategy.BEST_SKILL))


def test_a_profile_put_again_is_asked_by_what_it_says_now() -> None:
    territory = Territory(label="area", attribute="district")
    desk = desk_of(
        by(Strategy.TERRITORY, territory=territory),
        agent("ann", attributes={"district": "north"}),
        agent("ben", attributes={"district": "north"}),
    )
    desk.do(PutAgents(agents=(agent("ben", attributes={"district": "south"}),)))

    assert "ben" == asked(desk, labels={"area": "south"})[0]


def test_a_draw_from_many_is_the_one_that_a_row_of_all_of_them_gives() -> None:
    crew = tuple(agent(f"a{n:03}", capacity=9, attributes={"quality": n % 7}) for n in range(200))
    desk = desk_of(by(Strategy.WEIGHTED_RANDOM, random_by="quality"), *crew)
    for _ in range(5):
        to, why = asked(desk)
        item = replace(list(desk.world.items.values())[-1], offers={})
        able = list(desk.world.agents.values())

        assert to == chosen(desk.world, item, able, {})[0].id
        assert 5 == len({each.agent for each in why.top})


def kept(item_labels: dict[str, str], presence: Presence = Presence.AVAILABLE) -> tuple[Desk, str]:
    """A desk whose items are kept two minutes for their account manager; Ann is idle longer."""
    prefer = Preference(label="manager", wait=2 * MINUTE)
    desk = desk_of(by(Strategy.LONGEST_IDLE, prefer=(prefer,)), agent("ann"), agent("ben"))
    desk.presence("ben", presence)
    return desk, desk.open(labels=item_labels)


def test_the_agent_a_label_names_is_asked_before_the_strategy_is() -> None:
    desk, item = kept({"manager": "ben"})

    assert "ben" == desk.offered_to(item)


def test_a_preferred_agent_is_waited_for_as_long_as_the_queue_says() -> None:
    desk, item = kept({"manager": "ben"}, Presence.BUSY)
    desk.wait(2 * MINUTE - 1)
    before = desk.offered_to(item)
    desk.wait(1)

    assert ("", "ann") == (before, desk.offered_to(item))


@pytest.mark.parametrize(
    ("manager", "presence", "reason"),
    [
        ("nobody", Presence.AVAILABLE, "preferred_unknown"),
        ("ben", Presence.OFFLINE, "preferred_absent"),
        ("ben", Presence.DRAINING, "preferred_absent"),
    ],
)
def test_a_preferred_agent_who_cannot_come_is_not_waited_for(
    manager: str, presence: Presence, reason: str
) -> None:
    desk, item = kept({"manager": manager}, presence)

    assert ("ann", reason) == (desk.offered_to(item), opened_reason(desk, item))


def opened_reason(desk: Desk, item: str) -> str:
    """What the item's first record says."""
    events = (event for record in desk.records for event in record.events)
    return next(event.record.reason for event in only(ItemOpened, events) if event.item == item)


def test_round_robin_goes_on_where_it_stood_when_who_was_asked_last_is_removed() -> None:
    desk = Desk(by(Strategy.ROUND_ROBIN))
    desk.sign_in("ann", "ben", "cat", "dan")

    def next_one() -> str:
        item = desk.open()
        agent_asked = desk.offered_to(item)
        desk.cancel(item)
        return agent_asked

    before = [next_one(), next_one()]
    desk.do(RemoveAgents(agents=("ben",)))
    after = [next_one(), next_one(), next_one()]
    desk.do(RemoveAgents(agents=("ann",)))

    assert (before, after) == (["ann", "ben"], ["cat", "dan", "ann"])
    assert next_one() == "cat"
