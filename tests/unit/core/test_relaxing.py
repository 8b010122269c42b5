"""An item that waits asks for less and less: its place stays, its ladder ends."""

from typing import Any

from routing_service.core.journal.commands import (
    PutAgents,
    ReportKind,
    RequestKind,
    Submit,
    Transfer,
)
from routing_service.core.journal.events import ItemRelaxed
from routing_service.core.plans.queue_plan import Ladder, RelaxStep
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Agent
from tests.builders import HOUR, MINUTE, SECOND, agent, needs, plan, queue_plan, verdict
from tests.desk import Desk, only


def desk_of(*steps: RelaxStep, agents: tuple[Agent, ...] = (), **ladder: Any) -> Desk:
    """A desk whose queue `service` has this ladder."""
    queues = (
        queue_plan("service", ladder=Ladder(steps=steps, **ladder)),
        queue_plan("second"),
    )
    desk = Desk(plan(queues={queue.name: queue for queue in queues}))
    desk.sign_in(*agents)
    return desk


def test_levels_asked_for_fall_step_by_step_and_not_below_the_floor() -> None:
    desk = desk_of(
        RelaxStep(after=MINUTE, lower=2),
        RelaxStep(after=2 * MINUTE, lower=9),
        agents=(agent("low", skills={"hvac": 2}), agent("mid", skills={"hvac": 4})),
        floor=3,
    )
    item = desk.open(requirements=needs(hvac=6))
    desk.wait(MINUTE - 1)
    early = desk.offered_to(item)
    desk.wait(1)

    assert ("", "mid") == (early, desk.offered_to(item))
    desk.presence("mid", Presence.OFFLINE)
    desk.wait(5 * MINUTE)
    assert "" == desk.offered_to(item)


def test_a_level_under_the_floor_is_not_raised_to_it() -> None:
    desk = desk_of(
        RelaxStep(after=MINUTE, lower=1), agents=(agent("low", skills={"hvac": 2}),), floor=5
    )
    desk.presence("low", Presence.AWAY)
    item = desk.open(requirements=needs(hvac=2))
    desk.wait(MINUTE)
    desk.presence("low", Presence.AVAILABLE)

    assert "low" == desk.offered_to(item)


def test_skills_are_dropped_in_the_order_of_the_steps() -> None:
    desk = desk_of(
        RelaxStep(after=MINUTE, drop=("language",)),
        RelaxStep(after=2 * MINUTE, drop=("hvac",)),
        agents=(agent("speaker", skills={"language": 5}), agent("fitter", skills={"hvac": 5})),
    )
    item = desk.open(requirements=needs(language=1, hvac=1))
    told = only(ItemRelaxed, desk.wait(MINUTE))

    assert "fitter" == desk.offered_to(item)
    assert [ItemRelaxed(item=item, step=1)] == told


def test_another_queues_agents_are_asked_and_the_item_keeps_its_queue_and_place() -> None:
    desk = desk_of(
        RelaxStep(after=MINUTE, queues=("second",)), agents=(agent("sue", queues=("second",)),)
    )
    item = desk.open()
    desk.wait(30 * SECOND)
    later = desk.open(queue="second", requirements=needs(rare=1))
    desk.wait(30 * SECOND)

    assert ("sue", "service") == (desk.offered_to(item), desk.item(item).queue)
    assert "" == desk.offered_to(later)


def test_an_item_that_relaxed_goes_before_a_younger_one_of_the_widened_queue() -> None:
    desk = desk_of(
        RelaxStep(after=MINUTE, queues=("second",)), agents=(agent("sue", queues=("second",)),)
    )
    held = desk.open(queue="second")
    item = desk.open()
    desk.now += SECOND
    younger = desk.open(queue="second")
    desk.wait_until(desk.now + MINUTE)
    desk.cancel(held)

    assert ("sue", "") == (desk.offered_to(item), desk.offered_to(younger))


def test_experts_above_the_ceiling_are_kept_free_until_a_step_asks_them() -> None:
    desk = desk_of(
        RelaxStep(after=MINUTE, no_ceiling=True),
        agents=(agent("expert", skills={"hvac": 9}),),
        ceiling=6,
    )
    item = desk.open(requirements=needs(hvac=1))

    assert "" == desk.offered_to(item)
    desk.wait(MINUTE)
    assert "expert" == desk.offered_to(item)


def test_at_last_anyone_of_the_queue_is_asked() -> None:
    desk = desk_of(RelaxStep(after=MINUTE, anyone=True), agents=(agent("ann"),), ceiling=1)
    item = desk.open(requirements=needs(hvac=9, language=9))
    desk.wait(MINUTE)

    assert "ann" == desk.offered_to(item)


def desk_with_fitter(**changes: Any) -> Desk:
    """Without a fitter the skill is dropped at once."""
    return desk_of(
        RelaxStep(after=5 * MINUTE, drop=("hvac",), unstaffed=True),
        agents=(agent("ann"), agent("fitter", skills={"hvac": 5}, **changes)),
    )


def test_a_step_for_an_unstaffed_skill_is_taken_at_once_when_nobody_is_on_shift() -> None:
    desk = desk_with_fitter()
    desk.presence("fitter", Presence.OFFLINE)

    assert "ann" == desk.offered_to(desk.open(requirements=needs(hvac=1)))


def test_who_is_on_a_break_is_waited_for_and_who_leaves_is_not() -> None:
    desk = desk_with_fitter()
    desk.presence("fitter", Presence.AWAY)
    item = desk.open(requirements=needs(hvac=1))
    waits = desk.offered_to(item)

    desk.presence("fitter", Presence.OFFLINE)

    assert ("", "ann") == (waits, desk.offered_to(item))


def test_when_the_shift_of_the_last_one_ends_what_waits_goes_on_at_once() -> None:
    desk = desk_with_fitter(calendar="office")
    desk.presence("fitter", Presence.AWAY)
    ends = desk.agent("fitter").shift_ends
    desk.wait_until(ends - 1)
    item = desk.open(requirements=needs(hvac=1))
    waits = desk.offered_to(item)

    desk.wait(1)

    assert ("", "ann") == (waits, desk.offered_to(item))


def test_when_the_last_one_loses_the_skill_what_waits_goes_on_at_once() -> None:
    desk = desk_with_fitter()
    desk.presence("fitter", Presence.AWAY)
    item = desk.open(requirements=needs(hvac=1))

    desk.do(PutAgents(agents=(agent("fitter"),)))

    assert "ann" == desk.offered_to(item)


def test_a_step_taken_because_nobody_was_there_stays_taken() -> None:
    desk = desk_of(
        RelaxStep(after=MINUTE, lower=1, unstaffed=True),
        agents=(agent("fitter", skills={"hvac": 5}),),
    )
    desk.presence("fitter", Presence.OFFLINE)
    item = desk.open(requirements=needs(hvac=6))

    assert 1 == desk.item(item).relaxed


def crowded_desk() -> Desk:
    """From two waiting items an agent on the second step, which drops the skill, is taken."""
    return desk_of(
        RelaxStep(after=MINUTE, lower=1),
        RelaxStep(after=HOUR, drop=("hvac",), crowded=2),
        agents=(agent("ann"), agent("ben")),
    )


def test_a_step_for_a_crowd_is_taken_by_all_who_stand_before_it_when_too_many_wait() -> None:
    desk = crowded_desk()
    items = [desk.open(requirements=needs(hvac=2)) for _ in range(3)]
    desk.wait(MINUTE)
    waits = [desk.offered_to(item) for item in items]

    fourth = desk.open(requirements=needs(hvac=2))

    assert ["", "", ""] == waits
    assert ["ann", "ben", ""] == [desk.offered_to(item) for item in items]
    assert [2, 2, 2, 0] == [desk.item(item).relaxed for item in (*items, fourth)]


def test_a_crowd_is_one_too_when_agents_leave() -> None:
    desk = crowded_desk()
    items = [desk.open(requirements=needs(hvac=2)) for _ in range(2)]
    desk.wait(MINUTE)

    desk.presence("ben", Presence.OFFLINE)

    assert ["ann", ""] == [desk.offered_to(item) for item in items]


def test_what_waits_for_one_agent_alone_takes_no_step_for_a_state() -> None:
    desk = desk_of(
        RelaxStep(after=HOUR, drop=("hvac",), crowded=1),
        agents=(agent("fitter", skills={"hvac": 1}),),
    )
    desk.accept(desk.open())
    item = desk.open(requirements=needs(hvac=1))
    relaxed = desk.item(item).relaxed
    kept = desk.open(requirements=needs(hvac=1), queue="second")
    desk.do(Transfer(item=kept, queue="service", agent="fitter", wait=MINUTE))
    meanwhile = desk.item(kept).relaxed

    desk.wait(MINUTE)

    assert [1, 0, 1] == [relaxed, meanwhile, desk.item(kept).relaxed]


def test_moved_to_another_queue_an_item_begins_that_queues_ladder() -> None:
    desk = desk_of(RelaxStep(after=MINUTE, lower=1))
    item = desk.open(requirements=needs(hvac=3))
    desk.wait(MINUTE)
    before = desk.item(item).relaxed
    desk.submit(moved(item, queue="second"))

    assert (1, 0) == (before, desk.item(item).relaxed)


def test_what_was_laid_aside_begins_its_ladder_when_it_comes_back() -> None:
    desk = desk_of(RelaxStep(after=MINUTE, lower=1))
    item = desk.open(requirements=needs(hvac=3))
    desk.report(item, ReportKind.SUSPENDED)
    desk.wait(HOUR)
    desk.report(item, ReportKind.RESUMED)
    desk.wait(MINUTE - 1)
    before = desk.item(item).relaxed
    desk.wait(1)

    assert (0, 1) == (before, desk.item(item).relaxed)


def test_a_thousand_waiting_items_of_a_queue_have_one_deadline_between_them() -> None:
    desk = desk_of(RelaxStep(after=MINUTE, lower=1))
    before = len(desk.world.timers)
    for _ in range(100):
        desk.open(requirements=needs(hvac=3))
        desk.now += 1000

    clocks_each = 2
    assert 100 * clocks_each + 1 == len(desk.world.timers) - before
    told = only(ItemRelaxed, desk.wait(MINUTE))
    assert 100 == len(told)


def moved(item: str, **changes: Any) -> Submit:
    """The rules decided anew about the item."""
    return Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=verdict(**changes))


def test_steps_that_another_rulebook_does_not_have_were_not_taken() -> None:
    """Else a later one that has more of them would find the item further than it ever waited."""
    far = RelaxStep(after=HOUR, drop=("hvac",))
    desk = desk_of(RelaxStep(after=MINUTE, lower=1), RelaxStep(after=2 * MINUTE, lower=2))
    desk.sign_in("ann")
    item = desk.open(requirements=needs(hvac=9))
    desk.wait(2 * MINUTE)
    before = desk.item(item).relaxed

    first = RelaxStep(after=MINUTE, lower=1)
    desk.activate(desk_of(first).world.plan)
    without = desk.item(item).relaxed
    desk.activate(desk_of(first, far).world.plan)
    desk.tick()

    assert [2, 1, 1] == [before, without, desk.item(item).relaxed]
    assert "" == desk.offered_to(item)
