"""Loads and their levels: entered, held, left, switched, returned; and what a level does."""

import pytest
from msgspec.structs import replace

from routing_service.core.journal.commands import RequestKind, Submit, SwitchStrategy, Transfer
from routing_service.core.journal.events import ItemMoved, SurgeMoved
from routing_service.core.journal.surge_commands import SwitchSurge
from routing_service.core.plans.plan import Plan, Strategy
from routing_service.core.plans.predicate import Leaf, Op
from routing_service.core.plans.queue_plan import Absence, Admission, Answer, Otherwise
from routing_service.core.plans.surge_plan import LoadLevel, LoadPlan
from routing_service.core.records.errors import Invalid, NotFound, WrongState
from routing_service.core.records.lifecycle import ClockState, ItemState, ItemStep, Presence
from routing_service.core.records.model import Verdict
from routing_service.core.records.surge import SurgeAnswer, SurgeCause
from routing_service.core.steering.facts import Newcomer, submit_facts
from tests.builders import DAY, MINUTE, SECOND, agent, needs, opened, plan, queue_plan, verdict
from tests.desk import Desk, only

RESERVE = Leaf("team", Op.EQ, ("first",))
LEVELS = (
    LoadLevel(name="busy", above=100, below=80, hold=MINUTE),
    LoadLevel(name="peak", above=120, below=100, hold=5 * MINUTE, reserve=RESERVE),
    LoadLevel(name="emergency", reserve=Leaf("agent", Op.EQ, ("boss",))),
)
QUEUES = ("service", "second", "third")
LOAD = LoadPlan(name="phones", queue="service", levels=LEVELS)


def measured(*loads: LoadPlan) -> Plan:
    quick = {name: queue_plan(name, wrap_up=0) for name in ("service", "second")}
    return plan(queues=quick, channel_cost={}, loads={each.name: each for each in loads or (LOAD,)})


def desk_of(*agents: str, loads: tuple[LoadPlan, ...] = ()) -> Desk:
    desk = Desk(measured(*loads))
    desk.sign_in(*agents)
    return desk


def level(desk: Desk, load: str = "phones") -> str:
    surge = desk.world.surges.get(load)
    return surge.standing if surge else ""


def figures(desk: Desk, load: str = "phones") -> tuple[int, int]:
    found = desk.world.loads.figures[load]
    return found.demand, found.units


def switch(desk: Desk, **changes: object) -> list[SurgeMoved]:
    command = SwitchSurge(actor="sue", reason="power cut", until=desk.now + 10 * MINUTE)
    return only(SurgeMoved, desk.do(replace(command, **changes)))


def test_a_level_may_change_how_its_queue_chooses_until_a_switch_of_the_queue_says_otherwise() -> (
    None
):
    levels = (
        LoadLevel(name="busy", strategy=Strategy.LEAST_LOADED),
        LoadLevel(name="emergency", strategy=Strategy.BROADCAST),
        LoadLevel(name="worse"),
    )
    desk = desk_of("ann", loads=(LoadPlan(name="phones", queue="service", levels=levels),))

    def strategy(queue: str = "service") -> Strategy:
        return desk.world.strategy(desk.world.queue(queue))

    seen = [strategy()]
    for each in ("busy", "emergency", "worse", ""):
        switch(desk, load="phones", level=each)
        seen.append(strategy())
    switch(desk, load="phones", level="emergency")
    by_hand = SwitchStrategy(actor="sue", queue="service", strategy=Strategy.ROUND_ROBIN)
    desk.do(by_hand)

    assert seen == [
        Strategy.LONGEST_IDLE,
        Strategy.LEAST_LOADED,
        Strategy.BROADCAST,
        Strategy.BROADCAST,
        Strategy.LONGEST_IDLE,
    ]
    assert (strategy(), strategy("second")) == (Strategy.ROUND_ROBIN, Strategy.LONGEST_IDLE)


def test_the_load_is_what_waits_and_is_in_hand_over_the_units_signed_in() -> None:
    desk = desk_of("ann", "ben")
    for _ in range(3):
        desk.open()

    assert (3, 2) == figures(desk)


def test_an_offer_accepted_leaves_the_load_as_it_is() -> None:
    desk = desk_of("ann")
    item = desk.open()
    desk.accept(item)
    before = figures(desk)
    desk.complete(item, "ann")

    assert [(1, 1), (0, 1)] == [before, figures(desk)]


def test_an_agent_who_is_busy_for_another_queue_is_no_room_for_this_one() -> None:
    desk = desk_of()
    desk.sign_in(agent("ann", queues=("service", "second")))
    desk.accept(desk.open(queue="second"))

    assert (1, 1) == figures(desk)


def test_a_level_is_entered_above_its_threshold_and_not_at_it() -> None:
    desk = desk_of(*"abcde")
    for _ in range(5):
        desk.open()
    full = level(desk)
    desk.open()

    assert ["", "busy"] == [full, level(desk)]


def test_a_load_far_above_goes_to_the_worst_level_at_once() -> None:
    desk = desk_of("ann")
    desk.open()
    moved = only(SurgeMoved, desk.submit(opened()))

    assert [("", "peak", 2, 1)] == [(e.before, e.surge.level, e.demand, e.units) for e in moved]


def test_a_level_is_not_left_before_it_was_held_and_then_at_once() -> None:
    desk = desk_of("ann")
    items = [desk.open() for _ in range(2)]
    desk.wait(SECOND)
    for item in items:
        desk.cancel(item)
    held = level(desk)
    events = only(SurgeMoved, desk.wait(5 * MINUTE))

    assert "peak" == held
    assert [(SurgeCause.LOAD, "")] == [(event.cause, event.surge.level) for event in events]
    assert {} == desk.world.surges


def test_a_level_held_long_enough_is_left_when_the_load_is_below_the_lower_threshold() -> None:
    desk = desk_of("ann")
    items = [desk.open() for _ in range(2)]
    over = only(SurgeMoved, desk.wait(6 * MINUTE))
    desk.cancel(items[1])
    at_the_threshold = level(desk)
    desk.cancel(items[0])

    assert [SurgeCause.HOLD_OVER] == [event.cause for event in over]
    assert ["peak", ""] == [at_the_threshold, level(desk)]


def test_from_the_worst_level_it_goes_to_the_one_that_the_load_still_keeps_up() -> None:
    desk = desk_of(*"abcdefghij")
    items = [desk.open() for _ in range(13)]
    desk.wait(6 * MINUTE)
    for item in items[:4]:
        desk.cancel(item)

    assert "busy" == level(desk)


def test_with_nobody_signed_in_there_is_no_load_and_the_level_stays() -> None:
    desk = desk_of()
    desk.open()
    nobody = level(desk)
    desk.sign_in("ann")
    desk.open()
    peak = level(desk)
    desk.wait(6 * MINUTE)
    desk.presence("ann", Presence.AWAY)

    assert ["", "peak", "peak"] == [nobody, peak, level(desk)]


def test_agents_in_reserve_serve_the_queue_while_it_is_at_the_level_and_no_longer() -> None:
    desk = desk_of("ann")
    desk.sign_in(agent("pat", queues=("second",), team="first"))
    items = [desk.open() for _ in range(2)]
    called_in = desk.offered_to(items[1])
    for item in items:
        desk.accept(item)
        desk.cancel(item)
    desk.wait(6 * MINUTE)
    late = [desk.open() for _ in range(2)]

    assert "pat" == called_in
    assert ["ann", "pat"] == [desk.offered_to(item) for item in late]  # at the peak once more


def test_who_is_in_reserve_brings_no_units_but_his_work_for_the_queue_counts() -> None:
    desk = desk_of("ann")
    desk.sign_in(agent("pat", queues=("second",), team="first"))
    for _ in range(2):
        desk.open()

    assert (2, 1) == figures(desk)


def test_a_load_of_a_skill_counts_who_has_it_and_what_asks_for_it() -> None:
    english = LoadPlan(
        name="english", queue="service", skill="english", skill_level=5, levels=LEVELS
    )
    desk = desk_of("ann", loads=(LOAD, english))
    desk.sign_in(agent("ben", skills={"english": 5}), agent("cho", skills={"english": 4}))
    desk.open(requirements=needs(english=5))
    desk.open(requirements=needs(english=5))
    desk.open(requirements=needs(english=4))

    assert [(3, 3), (2, 1)] == [figures(desk), figures(desk, "english")]
    assert ["", "peak"] == [level(desk), level(desk, "english")]


def test_a_switch_names_who_why_and_until_when_and_ends_by_itself() -> None:
    desk = desk_of("ann")
    switched = switch(desk, load="phones", level="emergency")
    stands = level(desk)
    returned = only(SurgeMoved, desk.wait(10 * MINUTE))

    assert [("sue", "power cut", SurgeCause.SWITCHED)] == [
        (event.by, event.reason, event.cause) for event in switched
    ]
    assert "emergency" == stands
    assert [(SurgeCause.RETURNED, "emergency", "")] == [
        (event.cause, event.before, event.surge.standing) for event in returned
    ]
    assert {} == desk.world.surges


def test_a_switch_is_given_back_by_hand_and_the_load_decides_again() -> None:
    desk = desk_of("ann")
    switch(desk, level="")
    for _ in range(2):
        desk.open()
    switched_off = level(desk)
    released = switch(desk, release=True, reason="over")

    assert ["", "peak"] == [switched_off, level(desk)]
    assert [(SurgeCause.RELEASED, "sue", "over")] == [
        (event.cause, event.by, event.reason) for event in released
    ]


def test_a_switch_without_a_load_is_of_every_load_that_has_the_level() -> None:
    other = replace(LOAD, name="other", queue="second", levels=LEVELS[:1])
    desk = desk_of("ann", loads=(LOAD, other))
    switch(desk, level="emergency")

    assert ["emergency", ""] == [level(desk), level(desk, "other")]


@pytest.mark.parametrize(
    ("changes", "error", "reason"),
    [
        ({"load": "fax"}, NotFound, "LOAD_NOT_FOUND"),
        ({"load": "fax", "release": True}, NotFound, "LOAD_NOT_FOUND"),
        ({"level": "panic"}, NotFound, "LEVEL_NOT_FOUND"),
        ({"reason": " "}, Invalid, "FIELD_REQUIRED"),
        ({"until": 1}, Invalid, "FIELD_OUT_OF_RANGE"),
        ({"until": 10**15 * 9}, Invalid, "FIELD_OUT_OF_RANGE"),
        ({"release": True}, WrongState, "NOT_SWITCHED"),
    ],
)
def test_a_switch_that_says_too_little_is_refused(
    changes: dict[str, object], error: type[Exception], reason: str
) -> None:
    desk = desk_of("ann")

    with pytest.raises(error) as refused:
        switch(desk, **changes)

    assert reason == getattr(refused.value, "reason", "")


def test_a_refused_switch_names_what_there_is() -> None:
    desk = desk_of("ann")
    with pytest.raises(NotFound) as load:
        switch(desk, load="fax")
    with pytest.raises(NotFound) as missing:
        switch(desk, level="panic")

    assert "phones" == load.value.details["known"]
    assert ", ".join(each.name for each in LEVELS) == missing.value.details["known"]


def test_without_loads_there_is_nothing_to_switch() -> None:
    desk = Desk(replace(measured(), loads={}))
    with pytest.raises(NotFound) as refused:
        switch(desk, level="peak")

    assert "The rulebook measures no loads." == refused.value.message


def test_a_switch_lasts_a_week_at_most() -> None:
    desk = desk_of("ann")

    with pytest.raises(Invalid):
        switch(desk, level="peak", until=desk.now + 7 * DAY + 1)


def test_a_rulebook_without_the_level_ends_it_and_says_so() -> None:
    desk = desk_of("ann")
    switch(desk, level="emergency")
    moved = only(SurgeMoved, desk.activate(measured(replace(LOAD, levels=LEVELS[:2]))))

    assert [(SurgeCause.RULEBOOK, "emergency", "")] == [
        (event.cause, event.before, event.surge.standing) for event in moved
    ]


def test_a_rulebook_that_knows_the_level_keeps_the_emergency() -> None:
    desk = desk_of("ann")
    switch(desk, level="emergency")
    desk.activate(measured())

    assert "emergency" == level(desk)


def answered(**answer: str) -> Verdict:
    return verdict(surge=SurgeAnswer(load="phones", level="peak", **answer))


def test_a_deflected_item_ends_at_once_and_tells_where_its_customer_is_sent() -> None:
    desk = desk_of()
    item = desk.item(desk.open(verdict=answered(deflect="self_service", tell="Try the app.")))

    assert (ItemState.CANCELLED, "deflected") == (item.state, item.reason)
    assert item.surge is not None
    assert ("self_service", "Try the app.") == (item.surge.deflected_to, item.surge.message)
    assert {ClockState.CANCELLED} == {clock.state for clock in item.clocks.values()}


def test_a_deflected_item_is_never_offered() -> None:
    desk = desk_of("ann")
    events = desk.submit(opened(verdict=answered(deflect="self_service")))

    assert [ItemStep.CANCEL] == [event.step for event in only(ItemMoved, events)]


def test_an_item_deflected_to_another_queue_says_where_it_came_from() -> None:
    desk = desk_of()
    item = desk.item(desk.open(verdict=answered(queue="second")))

    assert ("second", "service", "surge") == (item.queue, item.flowed_from, item.reason)


def test_the_sentence_tells_the_wait_that_nine_of_ten_stay_below() -> None:
    desk = desk_of("ann")
    for _ in range(4):
        desk.open()
    item = desk.item(desk.open(verdict=answered(tell="About {minutes} minutes.")))

    assert item.expected is not None
    assert item.surge is not None
    assert f"About {-(-item.expected.p90 // MINUTE)} minutes." == item.surge.message


def test_without_an_estimate_a_sentence_about_minutes_is_not_told() -> None:
    desk = desk_of()
    item = desk.item(desk.open(verdict=answered(tell="{minutes} minutes", offer="callback")))

    assert item.surge is not None
    assert ("", "callback") == (item.surge.message, item.surge.offer)


def test_a_queue_that_admits_who_can_be_served_counts_those_called_in() -> None:
    full = Answer(then=Otherwise.REFUSE)
    strict = queue_plan(admission=Admission(absences=(Absence.OFFLINE,), unserved=full))
    desk = Desk(replace(measured(), queues={"service": strict}))
    desk.sign_in(agent("pat", queues=(), team="first"))
    with pytest.raises(WrongState):
        desk.open()
    switch(desk, level="peak")

    assert "pat" == desk.offered_to(desk.open())


def test_a_deflected_item_needs_no_room_in_its_queue() -> None:
    full = Admission(limit=1, full=Answer(then=Otherwise.REFUSE))
    desk = Desk(replace(measured(), queues={"service": queue_plan(admission=full)}))
    desk.open()
    item = desk.item(desk.open(verdict=answered(deflect="self_service")))

    assert (ItemState.CANCELLED, "deflected") == (item.state, item.reason)


def test_an_item_moved_to_the_queue_it_is_in_has_not_moved() -> None:
    desk = desk_of()
    item = desk.item(desk.open(verdict=answered(queue="service")))

    assert ("service", "", "") == (item.queue, item.flowed_from, item.reason)


def test_the_levels_of_now_say_nothing_of_a_request_that_begins_later() -> None:
    desk = desk_of()
    switch(desk, level="emergency")
    later = Newcomer(now=desk.now, later=True)
    now, then = (submit_facts(desk.world, "web", {}, (), "", each) for each in (Newcomer(), later))

    assert ("emergency", None) == (now.get("surge.phones"), then.get("surge.phones"))


def updated(desk: Desk, item: str, queue: str) -> str:
    """The rules decided anew and named this queue; where the item is then."""
    again = verdict(queue=queue)
    desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=again))
    return desk.item(item).queue


def test_an_item_moved_because_of_a_load_stays_moved_until_the_rules_name_another_queue() -> None:
    desk = Desk(replace(measured(), queues={name: queue_plan(name) for name in QUEUES}))
    item = desk.open(verdict=answered(queue="second"))

    assert ["second", "third", "service"] == [
        updated(desk, item, queue) for queue in ("service", "third", "service")
    ]


def test_an_item_that_flowed_on_and_was_transferred_stays_where_people_put_it() -> None:
    desk = Desk(replace(measured(), queues={name: queue_plan(name) for name in QUEUES}))
    item = desk.open(verdict=answered(queue="second"))
    desk.do(Transfer(item=item, queue="third"))

    assert "third" == updated(desk, item, "service")
