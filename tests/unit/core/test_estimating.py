"""The estimated wait: what a customer is told before he has waited."""

import pytest
from msgspec.structs import replace

from routing_service.core.arrival.estimating import _moves, estimate, expected_wait
from routing_service.core.desk.pace import MILLION, PRIOR_HANDLING, Pace, after_handling
from routing_service.core.journal.commands import (
    PutAgents,
    Report,
    ReportKind,
    RequestKind,
    SetOutsideWork,
    Submit,
    Transfer,
)
from routing_service.core.journal.events import ItemOpened
from routing_service.core.records.lifecycle import ItemState, Presence
from routing_service.core.records.model import ExpectedWait, Item
from routing_service.store.codec import frames, freeze, snapshot_of, thaw
from tests.builders import HOUR, MINUTE, SECOND, agent, needs, opened, plan, queue_plan
from tests.desk import Desk, only

NO_WRAP_UP = plan(queues={name: queue_plan(name, wrap_up=0) for name in ("service", "second")})


def known(desk: Desk, queue: str = "service", **changes: int) -> None:
    """The queue's pace as if learnt long ago: a minute of work each."""
    wanted = {"handled": 200, "handling": MINUTE} | changes
    desk.world.paces[queue] = Pace(**wanted)


def busy(*agents: str, **profile: object) -> Desk:
    """A desk whose agents all have something to do."""
    desk = Desk(NO_WRAP_UP)
    desk.sign_in(*(agent(each, **profile) for each in agents))
    for _ in agents:
        desk.accept(desk.open())
    return desk


def told(desk: Desk, item: str) -> ExpectedWait:
    wait = expected_wait(desk.world, desk.item(item))
    assert wait is not None
    return wait


def test_with_somebody_free_the_wait_is_that_of_an_answer() -> None:
    desk = Desk(NO_WRAP_UP)
    desk.sign_in("ann")
    known(desk, answered=50, answering=4 * SECOND)

    assert ExpectedWait(4 * SECOND, 4 * SECOND) == desk.item(desk.open()).expected


def test_with_nobody_there_nothing_is_told() -> None:
    desk = Desk(NO_WRAP_UP)
    desk.sign_in("ann")
    desk.presence("ann", Presence.AWAY, "break")

    assert desk.item(desk.open()).expected is None


def test_nobody_who_has_the_skill_is_nobody() -> None:
    desk = Desk(NO_WRAP_UP)
    desk.sign_in("ann")

    assert desk.item(desk.open(requirements=needs(hvac=3))).expected is None


def test_first_in_line_waits_for_one_of_all_agents_to_come_free() -> None:
    desk = busy("ann", "bob", "cid", "dan")
    known(desk)
    wait = told(desk, desk.open())

    assert 0.02 > abs(wait.p50 / (15 * SECOND * 0.693) - 1)  # median and 90 % of an exponential
    assert 0.02 > abs(wait.p90 / (15 * SECOND * 2.303) - 1)


def test_each_item_ahead_makes_it_one_departure_longer() -> None:
    desk = busy("ann")
    known(desk)
    waits = [told(desk, desk.open()).p50 for _ in range(4)]

    assert sorted(waits) == waits
    assert 0.02 > abs((waits[3] - waits[2]) / MINUTE - 1)


def test_estimate_shrinks_as_the_line_does() -> None:
    desk = busy("ann")
    known(desk)
    first, second = desk.open(), desk.open()
    before = told(desk, second)
    desk.cancel(first)

    assert told(desk, second).p50 < before.p50


def test_more_urgent_items_do_not_wait_for_others() -> None:
    desk = busy("ann")
    known(desk)
    for _ in range(5):
        desk.open(priority="p3")

    assert told(desk, desk.open(priority="p1")).p50 < MINUTE


def test_items_of_another_queue_count_as_far_as_its_agents_are_ours() -> None:
    both = ("service", "second")
    desk = busy("ann", queues=both)
    desk.sign_in(agent("bob", queues=("second",)))
    desk.accept(desk.open(queue="second"))
    known(desk)
    desk.open(queue="second")
    item = desk.item(desk.open(queue="service"))
    found = estimate(desk.world, replace(item, state=ItemState.QUEUED))

    assert found is not None
    assert (0.5, 0, 1) == (found.ahead, found.free, found.slots)


def test_who_comes_goes_or_changes_counts_at_once() -> None:
    desk = busy("ann")
    known(desk)
    item = desk.item(desk.open())
    slots = [slots_for(desk, item)]
    desk.sign_in(agent("bob", capacity=3, queues=("second",)))
    slots.append(slots_for(desk, item))
    desk.do(PutAgents(agents=(agent("bob", capacity=3),)))
    slots.append(slots_for(desk, item))
    desk.presence("bob", Presence.AWAY, "break")
    slots.append(slots_for(desk, item))

    assert [1, 1, 4, 1] == slots


def test_work_from_elsewhere_takes_its_part_of_an_agent() -> None:
    desk = Desk(NO_WRAP_UP)
    desk.sign_in(agent("ann", capacity=3))
    item = replace(desk.item(desk.open(channel="phone")), state=ItemState.QUEUED)  # two units
    before = slots_for(desk, item)
    desk.do(SetOutsideWork(agent="ann", units=2))

    assert 1 == before
    assert estimate(desk.world, item) is None


def slots_for(desk: Desk, item: Item) -> int:
    found = estimate(desk.world, item)
    assert found is not None
    return found.slots


def test_agent_with_room_for_more_serves_more_at_once() -> None:
    desk = Desk(NO_WRAP_UP)
    desk.sign_in(agent("ann", capacity=6))
    item = desk.item(desk.open(channel="phone"))  # two units
    found = estimate(desk.world, replace(item, state=ItemState.QUEUED))

    assert found is not None
    assert 3 == found.slots


def test_before_anything_is_known_a_stated_time_is_assumed_and_told_with_doubt() -> None:
    desk = busy("ann")
    wait = told(desk, desk.open())

    assert wait.p50 < PRIOR_HANDLING < wait.p90
    assert wait.p90 > 4 * wait.p50


def test_what_the_queue_expects_is_assumed_where_it_says_so() -> None:
    slow = plan(
        queues={
            "service": queue_plan(expected_handling=20 * MINUTE),
            "second": queue_plan("second"),
        }
    )
    desk = Desk(slow)
    desk.sign_in("ann")
    desk.accept(desk.open())
    found = estimate(desk.world, desk.item(desk.open()))

    assert found is not None
    assert 20 * MINUTE == found.pace.handling


def test_pace_is_learnt_from_the_offer_to_the_end_of_wrap_up() -> None:
    desk = Desk()
    desk.sign_in("ann")
    item = desk.open()
    desk.wait(5 * SECOND)
    desk.accept(item)
    desk.wait(MINUTE)
    desk.report(item, ReportKind.RESOLVED)
    desk.wait(MINUTE)  # wrap-up
    pace = desk.world.paces["service"]

    assert (1, 5 * SECOND) == (pace.answered, pace.answering)
    assert (2, (PRIOR_HANDLING + 125 * SECOND) // 2) == (pace.handled, pace.handling)


def test_offer_that_nobody_took_teaches_nothing() -> None:
    desk = Desk()
    desk.sign_in("ann")
    desk.decline(desk.open())

    assert {} == desk.world.paces


def test_people_ahead_who_give_up_make_it_shorter() -> None:
    patient, impatient = busy("ann"), busy("ann")
    known(patient)
    known(impatient, gave_up=MILLION, waited=2 * MINUTE)
    waits = [[told(desk, desk.open()) for _ in range(8)] for desk in (patient, impatient)]

    assert waits[0][0] == waits[1][0]  # nobody is ahead of the first
    assert all(soon.p90 < late.p90 for late, soon in zip(*waits, strict=True) if soon != late)
    assert waits[1][7].p50 < waits[0][7].p50 / 2


def test_patience_is_learnt_from_those_who_give_up_and_those_who_do_not() -> None:
    desk = busy("ann")
    first, second = desk.open(), desk.open()
    desk.wait(MINUTE)
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=first, occurred_at=0))
    desk.wait(MINUTE)
    desk.complete(next(iter(desk.world.items)), "ann")
    desk.accept(second)
    pace = desk.world.paces["service"]

    assert pytest.approx(MILLION, rel=0.01) == pace.gave_up
    assert pytest.approx(3 * MINUTE, rel=0.01) == pace.waited
    assert pytest.approx(1 / (3 * MINUTE), rel=0.01) == pace.impatience


def test_what_is_given_up_after_an_answer_says_nothing_of_patience() -> None:
    desk = busy("ann")
    item = next(iter(desk.world.items))
    before = desk.world.paces["service"]
    desk.wait(MINUTE)
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))

    assert before.gave_up == desk.world.paces["service"].gave_up == 0


def test_many_ahead_are_summed_as_well_as_one_by_one() -> None:
    serving, impatience = 1 / MINUTE, 1 / (20 * MINUTE)
    rates = [serving + ahead * impatience for ahead in range(500)]
    mean, variance = _moves(500, serving, impatience)

    assert pytest.approx(sum(1 / rate for rate in rates), rel=1e-3) == mean
    assert pytest.approx(sum(1 / rate**2 for rate in rates), rel=1e-3) == variance


def test_what_was_told_is_part_of_the_opened_record() -> None:
    desk = busy("ann")
    (event,) = only(ItemOpened, desk.submit(opened()))

    assert event.record.expected == told(desk, event.item)


def test_offered_item_waits_for_the_answer_alone() -> None:
    desk = Desk(NO_WRAP_UP)
    desk.sign_in("ann")
    known(desk, answered=9, answering=3 * SECOND)

    assert ExpectedWait(3 * SECOND, 3 * SECOND) == told(desk, desk.open())


def test_item_in_work_waits_for_nothing() -> None:
    desk = busy("ann")

    assert expected_wait(desk.world, next(iter(desk.world.items.values()))) is None


def test_pace_survives_a_snapshot() -> None:
    desk = busy("ann")
    desk.wait(MINUTE)
    desk.report(next(iter(desk.world.items)), ReportKind.RESOLVED)
    kept = snapshot_of(desk.world.seq, list(frames(freeze(desk.world, dev=False))))
    again, _ = thaw(kept)

    assert desk.world.paces == again.paces
    assert 2 == again.paces["service"].handled


def test_work_that_takes_no_time_leaves_an_estimate() -> None:
    pace = Pace()
    for _ in range(5_000):
        pace = after_handling(pace, 0)
    desk = busy("ann")
    desk.world.paces["service"] = pace

    assert told(desk, desk.open()).p50 <= 1


def test_what_was_handled_in_one_queue_teaches_nothing_about_another() -> None:
    desk = Desk(plan(queues={name: queue_plan(name) for name in ("service", "second")}))
    desk.sign_in("ann")
    item = desk.open()
    desk.accept(item)
    desk.do(Transfer(item=item, queue="second"))
    desk.wait(MINUTE)

    assert list(desk.world.paces) == ["service"]


def test_time_laid_aside_is_no_patience() -> None:
    desk = Desk(NO_WRAP_UP)
    item = desk.open()
    desk.do(
        Report(kind=ReportKind.SUSPENDED, item=item, occurred_at=desk.now, until=desk.now + HOUR)
    )
    desk.wait(HOUR + MINUTE)
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))

    assert desk.world.paces["service"].waited == MINUTE
