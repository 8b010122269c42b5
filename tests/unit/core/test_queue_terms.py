"""Who serves a queue, and what it lets in: by expression, by hour, by length, by who is there."""

from typing import Any

import pytest

from routing_service.core.journal.commands import PutAgents
from routing_service.core.plans.plan import LabelPlan, LabelType, Plan
from routing_service.core.plans.predicate import All, Condition, Leaf, Op
from routing_service.core.plans.queue_plan import (
    Absence,
    Admission,
    Answer,
    Ladder,
    Otherwise,
    RelaxStep,
)
from routing_service.core.records.errors import Overloaded, WrongState
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import FactValue
from tests.builders import DAY, HOUR, MINUTE, NOON, agent, needs, plan, queue_plan
from tests.desk import Desk

REFUSE = Answer(then=Otherwise.REFUSE)
TO_SECOND = Answer(then=Otherwise.QUEUE, queue="second")


def plan_of(**terms: Any) -> Plan:
    """A plan whose queue `service` has these terms."""
    queues = (queue_plan("service", **terms), queue_plan("second"))
    attributes = {"site": LabelPlan(type=LabelType.TEXT)}
    return plan(queues={queue.name: queue for queue in queues}, agent_attributes=attributes)


def admits(**admission: Any) -> Desk:
    """A desk whose queue `service` admits like this."""
    return Desk(plan_of(admission=Admission(**admission)))


def is_(fact: str, value: FactValue) -> Condition:
    return Leaf(fact, Op.EQ, (value,))


def test_whoever_an_expression_holds_for_serves_the_queue() -> None:
    members = All((is_("site", "north"), Leaf("skill.hvac", Op.GTE, (3,))))
    desk = Desk(plan_of(members=members))
    desk.sign_in(
        agent("ann", queues=(), attributes={"site": "north"}, skills={"hvac": 2}),
        agent("ben", queues=(), attributes={"site": "north"}, skills={"hvac": 3}),
    )
    first, second = desk.open(), desk.open()

    assert ("ben", "") == (desk.offered_to(first), desk.offered_to(second))


def test_membership_follows_the_profile() -> None:
    desk = Desk(plan_of(members=is_("site", "north")))
    desk.sign_in(agent("ann", queues=(), attributes={"site": "south"}))
    item = desk.open()
    desk.do(PutAgents(agents=(agent("ann", queues=(), attributes={"site": "north"}),)))

    assert "ann" == desk.offered_to(item)


def test_membership_follows_the_rulebook() -> None:
    desk = Desk(plan_of(members=is_("site", "north")))
    desk.sign_in(agent("ann", queues=(), attributes={"site": "south"}))
    item = desk.open()
    desk.activate(plan_of(members=is_("site", "south")))

    assert "ann" == desk.offered_to(item)
    desk.activate(plan_of())
    assert "" == desk.offered_to(desk.open())


def test_a_full_queue_refuses_and_says_so() -> None:
    desk = admits(limit=2, full=REFUSE)
    waiting = [desk.open() for _ in range(2)]
    with pytest.raises(Overloaded) as refused:
        desk.open()

    assert ("QUEUE_FULL", "service") == (refused.value.reason, refused.value.details["queue"])
    desk.cancel(waiting[0])
    assert 2 == desk.world.waiting.position(desk.item(desk.open()))


def test_what_a_full_queue_does_not_take_goes_to_the_next_and_keeps_why() -> None:
    desk = admits(limit=1, full=TO_SECOND)
    desk.open()
    item = desk.item(desk.open())

    assert ("second", "service", "queue_full") == (item.queue, item.flowed_from, item.reason)


def test_a_queue_is_open_as_its_calendar_says() -> None:
    desk = admits(calendar="office", closed=REFUSE)
    desk.wait_until(NOON + 5 * HOUR - 1)
    desk.open()
    desk.wait(1)
    with pytest.raises(WrongState) as refused:
        desk.open()

    assert "QUEUE_CLOSED" == refused.value.reason


def test_a_closed_queue_may_let_its_items_wait() -> None:
    desk = admits(calendar="office")
    desk.wait_until(NOON + 9 * HOUR)

    assert "service" == desk.item(desk.open()).queue


@pytest.mark.parametrize(
    ("presence", "absences", "goes_to"),
    [
        (Presence.OFFLINE, (Absence.OFFLINE,), "second"),
        (Presence.AWAY, (Absence.OFFLINE,), "service"),
        (Presence.AWAY, (Absence.OFFLINE, Absence.AWAY), "second"),
        (Presence.BUSY, (Absence.BUSY,), "second"),
        (Presence.DRAINING, (Absence.DRAINING,), "second"),
        (Presence.AVAILABLE, tuple(Absence), "service"),
    ],
)
def test_the_queue_says_which_absent_agents_do_not_count(
    presence: Presence, absences: tuple[Absence, ...], goes_to: str
) -> None:
    desk = admits(absences=absences, unserved=TO_SECOND)
    desk.do(PutAgents(agents=(agent("ann"),)))
    desk.presence("ann", presence)

    assert goes_to == desk.item(desk.open()).queue


def test_an_agent_without_room_counts_unless_the_queue_says_he_does_not() -> None:
    full = admits(absences=(Absence.OFFLINE, Absence.FULL), unserved=REFUSE)
    full.sign_in("ann")
    full.open()
    with pytest.raises(WrongState) as refused:
        full.open()

    assert "NOBODY_CAN_SERVE" == refused.value.reason


def test_who_can_serve_at_the_last_step_of_the_ladder_can_serve() -> None:
    admission = Admission(absences=(Absence.OFFLINE,), unserved=REFUSE)

    def desk_of(ladder: Ladder) -> Desk:
        desk = Desk(plan_of(admission=admission, ladder=ladder))
        desk.sign_in("ann")
        return desk

    relaxes = desk_of(Ladder(steps=(RelaxStep(after=MINUTE, anyone=True),)))
    relaxes.open(requirements=needs(hvac=3))
    with pytest.raises(WrongState):
        desk_of(Ladder()).open(requirements=needs(hvac=3))


def test_a_scheduled_item_is_let_in_by_the_hours_in_which_it_begins() -> None:
    desk = admits(calendar="office", closed=REFUSE, limit=1, full=REFUSE)
    desk.open()
    desk.now = NOON + 8 * HOUR

    scheduled = desk.open(scheduled_for=NOON + DAY)
    with pytest.raises(WrongState) as refused:
        desk.open(scheduled_for=NOON + 9 * HOUR)

    assert desk.item(scheduled).queue == "service"
    assert refused.value.reason == "QUEUE_CLOSED"
