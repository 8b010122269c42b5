"""Deadlines: one per thing, fired in order, never lost, cheap to move."""

from routing_service.core.desk.timers import Timers
from routing_service.core.journal.commands import TimerKey, TimerKind


def key(name: str) -> TimerKey:
    return TimerKey(TimerKind.OFFER.value, name)


def test_the_earliest_deadline_is_next() -> None:
    timers = Timers()
    timers.set(key("b"), 20)
    timers.set(key("a"), 10)

    assert timers.next_due() == 10
    assert timers.take_due(20, 10) == (key("a"), key("b"))


def test_nothing_is_taken_before_it_is_due() -> None:
    timers = Timers()
    timers.set(key("a"), 10)

    assert timers.take_due(9, 10) == ()
    assert timers.take_due(10, 10) == (key("a"),)


def test_deadlines_of_one_instant_fire_by_name_whenever_they_were_set() -> None:
    timers = Timers()
    for name in ("c", "a", "b"):
        timers.set(key(name), 10)

    assert timers.take_due(10, 10) == (key("a"), key("b"), key("c"))


def test_at_most_the_limit_is_taken() -> None:
    timers = Timers()
    for name in ("a", "b", "c"):
        timers.set(key(name), 10)

    assert timers.take_due(10, 2) == (key("a"), key("b"))


def test_a_moved_deadline_fires_at_its_new_instant_only() -> None:
    timers = Timers()
    timers.set(key("a"), 10)
    timers.set(key("a"), 30)

    assert timers.take_due(29, 10) == ()
    assert timers.due(key("a")) == 30


def test_a_cancelled_deadline_does_not_fire() -> None:
    timers = Timers()
    timers.set(key("a"), 10)
    timers.set(key("a"), None)

    assert timers.next_due() is None
    assert len(timers) == 0


def test_a_deadline_set_to_the_same_instant_while_it_fires_is_not_lost() -> None:
    timers = Timers()
    timers.set(key("a"), 10)
    (taken,) = timers.take_due(10, 1)
    timers.set(taken, 10)

    assert timers.next_due() == 10


def test_moving_one_deadline_for_ever_takes_no_memory() -> None:
    timers = Timers()
    for due in range(10_000):
        timers.set(key("a"), due)

    assert len(timers._heap) <= 1_100
    assert timers.take_due(10_000, 10) == (key("a"),)


def test_a_deadline_set_after_very_many_others_does_not_take_the_place_of_one_that_stands() -> None:
    timers = Timers()
    timers.set(key("standing"), 50)
    timers._next_slot = 2**32 - 1  # as many as one desk may have set in some years
    timers.set(key("last"), 20)
    timers.set(key("first again"), 10)

    assert timers.take_due(50, 10) == (key("first again"), key("last"), key("standing"))
