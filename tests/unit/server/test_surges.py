"""Loads and levels as Prometheus sees them: core's index, counted again from what committed."""

from math import isnan

from routing_service.core.journal.surge_commands import SwitchSurge
from routing_service.core.plans.predicate import Leaf, Op
from routing_service.core.plans.surge_plan import LoadLevel, LoadPlan
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.surge import SurgeAnswer
from tests.builders import MINUTE, agent, opened, plan, queue_plan, verdict
from tests.desk import Desk
from tests.unit.server.test_metrics import Watched

LOAD = LoadPlan(
    name="phones",
    queue="service",
    levels=(
        LoadLevel(name="busy", above=100, below=90, hold=MINUTE),
        LoadLevel(name="peak", above=120, below=100, hold=MINUTE, reserve=Leaf("agent", Op.EQ, ())),
        LoadLevel(name="emergency"),
    ),
)
OF_LOAD = {"queue": "service", "load": "phones"}


def watched() -> Watched:
    queues = {name: queue_plan(name, wrap_up=0) for name in ("service", "second")}
    return Watched(Desk(plan(queues=queues, channel_cost={}, loads={"phones": LOAD})))


def test_the_load_follows_what_waits_what_is_in_hand_and_who_is_there() -> None:
    seen = watched()
    seen.desk.sign_in("ann", agent("ben", capacity=3))
    item = seen.desk.open()
    seen.desk.open()
    half = seen("routing_queue_load_ratio", **OF_LOAD)
    seen.desk.accept(item)
    seen.desk.presence("ben", Presence.AWAY)
    double = seen("routing_queue_load_ratio", **OF_LOAD)
    seen.desk.cancel(item)

    assert (0.5, 2) == (half, double)
    assert 1 == seen("routing_queue_load_ratio", **OF_LOAD)


def test_with_nobody_there_the_load_is_no_number_and_with_nothing_to_do_it_is_zero() -> None:
    seen = watched()
    idle = seen("routing_queue_load_ratio", **OF_LOAD)
    seen.desk.open()
    alone = seen("routing_queue_load_ratio", **OF_LOAD)

    assert idle == 0
    assert alone is not None
    assert isnan(alone)


def test_the_level_counts_from_one_and_its_changes_tell_what_made_them() -> None:
    seen = watched()
    seen.desk.sign_in("ann")
    none = seen("routing_surge_level", **OF_LOAD)
    seen.desk.open()
    seen.desk.open()

    assert (0, 2) == (none, seen("routing_surge_level", **OF_LOAD))
    changes = {"load": "phones", "level": "peak", "cause": "load"}
    assert 1 == seen("routing_surge_level_changes_total", **changes)
    assert 0 == seen("routing_surge_switched", **OF_LOAD)


def test_a_switch_shows_until_it_ends() -> None:
    seen = watched()
    until = seen.desk.now + MINUTE
    seen.desk.do(SwitchSurge(actor="sue", level="emergency", reason="fire", until=until))
    switched = seen("routing_surge_switched", **OF_LOAD), seen("routing_surge_level", **OF_LOAD)
    seen.desk.wait(MINUTE)

    assert (1, 3) == switched
    assert (0, 0) == (
        seen("routing_surge_switched", **OF_LOAD),
        seen("routing_surge_level", **OF_LOAD),
    )
    back = {"load": "phones", "level": "none", "cause": "returned"}
    assert 1 == seen("routing_surge_level_changes_total", **back)


def test_each_item_at_a_level_counts_once_by_the_most_that_was_done() -> None:
    seen = watched()
    for said in (
        {"tell": "Please wait.", "deflect": "self_service"},
        {"tell": "Please wait.", "offer": "callback"},
        {"tell": "Please wait."},
        {"queue": "second"},
        {},
    ):
        answer = SurgeAnswer(load="phones", level="peak", **said)
        seen.desk.submit(opened(verdict=verdict(surge=answer)))

    assert [1, 1, 1, 1] == [
        seen("routing_surge_notices_total", queue="service", answer=answer)
        for answer in ("deflected", "moved", "offered", "told")
    ]


def test_the_figures_of_a_desk_brought_back_are_those_it_had() -> None:
    seen = watched()
    seen.desk.sign_in("ann")
    seen.desk.open()
    seen.desk.open()
    before = seen("routing_queue_load_ratio", **OF_LOAD), seen("routing_surge_level", **OF_LOAD)
    seen.metrics.seed(seen.desk.world)

    assert before == (
        seen("routing_queue_load_ratio", **OF_LOAD),
        seen("routing_surge_level", **OF_LOAD),
    )


def test_a_load_that_the_rulebook_has_no_more_is_shown_no_more() -> None:
    seen = watched()
    seen.release()
    seen.desk.activate(plan())

    assert seen("routing_queue_load_ratio", **OF_LOAD) is None
    assert seen("routing_surge_level", **OF_LOAD) is None
