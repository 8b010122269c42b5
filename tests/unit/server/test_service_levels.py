"""A service level counts what its queue declared, and nothing else."""

from typing import Any

import pytest

from routing_service.core.journal.commands import RequestKind, Submit, Transfer
from routing_service.core.plans.queue_plan import Admission, Answer, Otherwise, ServiceLevel
from tests.builders import HOUR, MINUTE, SECOND, plan, queue_plan
from tests.desk import Desk
from tests.unit.server.test_metrics import Watched

TOTAL = "routing_service_level_items_total"
LEVEL = ServiceLevel(percent=80, within=20 * SECOND, short_abandon=5 * SECOND)


def watched(level: ServiceLevel = LEVEL, **terms: Any) -> Watched:
    """A desk whose queue `service` promises this."""
    queues = (queue_plan("service", service_level=level, **terms), queue_plan("second"))
    return Watched(Desk(plan(queues={queue.name: queue for queue in queues})))


def count(seen: Watched, outcome: str, counts: str, variant: str = "20s/5s/a") -> float:
    found = seen(
        TOTAL, queue="service", channel="web", outcome=outcome, counts=counts, variant=variant
    )
    return found or 0


def abandon_after(seen: Watched, span: int) -> None:
    item = seen.desk.open()
    seen.desk.wait(span)
    seen.desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))


def answer_after(seen: Watched, span: int) -> None:
    item = seen.desk.open()
    seen.desk.wait(span)
    seen.desk.sign_in("ann")
    seen.desk.accept(item)


def test_exactly_at_the_limit_is_in_time() -> None:
    in_time, late = watched(), watched()
    answer_after(in_time, 20 * SECOND)
    answer_after(late, 20 * SECOND + 1)

    assert (1, 0) == (
        count(in_time, "answered_in_time", "met"),
        count(late, "answered_in_time", "met"),
    )
    assert 1 == count(late, "answered_late", "missed")


@pytest.mark.parametrize(
    ("span", "count_abandons", "outcome", "counts", "variant"),
    [
        (5 * SECOND, True, "abandoned_short", "left_out", "20s/5s/a"),
        (6 * SECOND, True, "abandoned", "missed", "20s/5s/a"),
        (6 * SECOND, False, "abandoned", "left_out", "20s/5s/answered"),
    ],
)
def test_who_leaves_counts_as_declared(
    span: int, count_abandons: bool, outcome: str, counts: str, variant: str
) -> None:
    level = ServiceLevel(
        percent=80,
        within=20 * SECOND,
        short_abandon=5 * SECOND,
        count_abandons=count_abandons,
    )
    seen = watched(level)
    abandon_after(seen, span)

    assert 1 == count(seen, outcome, counts, variant)


def test_a_grace_in_which_he_may_come_back_does_not_make_him_wait_longer() -> None:
    seen = watched(abandon_grace=MINUTE)
    abandon_after(seen, 3 * SECOND)
    seen.desk.wait(2 * MINUTE)

    assert 1 == count(seen, "abandoned_short", "left_out")


def test_who_leaves_after_an_answer_counts_as_answered_only() -> None:
    seen = watched()
    answer_after(seen, SECOND)
    seen.release()
    (item,) = seen.desk.world.items
    seen.desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))

    assert 0 == count(seen, "abandoned", "missed") + count(seen, "abandoned_short", "left_out")


@pytest.mark.parametrize(("counted", "counts"), [(True, "missed"), (False, "left_out")])
def test_what_the_queue_did_not_admit_is_its_flow_out(counted: bool, counts: str) -> None:
    level = ServiceLevel(percent=80, within=20 * SECOND, count_flow_outs=counted)
    to_second = Answer(then=Otherwise.QUEUE, queue="second")
    seen = watched(level, admission=Admission(limit=1, full=to_second))
    seen.desk.open()
    seen.desk.open()

    assert 1 == count(seen, "flowed_out", counts, f"20s/0s/{'af' if counted else 'a'}")


def test_the_goal_is_told_and_queues_without_one_are_silent() -> None:
    seen = watched()
    seen.desk.open(queue="second")

    assert 0.8 == seen("routing_service_level_goal_ratio", queue="service", variant="20s/5s/a")
    assert seen("routing_service_level_goal_ratio", queue="second", variant="20s/5s/a") is None


def test_an_item_that_comes_back_from_an_agent_begins_another_wait() -> None:
    seen = watched()
    answer_after(seen, SECOND)
    seen.release()
    (item,) = seen.desk.world.items
    seen.desk.wait(MINUTE)
    seen.desk.sign_in("ben")
    seen.desk.do(Transfer(item=item))
    seen.desk.accept(item)

    assert count(seen, "answered_in_time", "met") == 2
    assert seen("routing_wait_seconds_sum", queue="service", channel="web") == 1


def test_who_gives_up_what_has_not_begun_was_not_kept_waiting() -> None:
    seen = watched()
    item = seen.desk.open(scheduled_for=seen.desk.now + HOUR)
    seen.desk.wait(MINUTE)
    seen.desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))

    assert count(seen, "abandoned", "missed") == 0
