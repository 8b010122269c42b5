"""Rules asked again change only what they say otherwise: an item stays where it was put since."""

import pytest

from routing_service.core.journal.commands import RemoveAgents, RequestKind, Submit, Transfer
from routing_service.core.plans.plan import CorrelationPlan, Plan
from routing_service.core.plans.queue_plan import Admission, Answer, Otherwise
from routing_service.core.records.lifecycle import ItemState
from tests.builders import (
    HOUR,
    MINUTE,
    FixedRules,
    agent,
    escalation,
    needs,
    opened,
    plan,
    queue_plan,
)
from tests.builders import verdict as said
from tests.desk import Desk

NAMES = ("service", "second", "third")
FULL = Admission(limit=1, full=Answer(then=Otherwise.QUEUE, queue="second"))
MATTER = CorrelationPlan(by=("customer",), window=HOUR)


def three(**service: object) -> Plan:
    """Queues without wrap-up; `service` has these terms."""
    queues = {name: queue_plan(name, wrap_up=0) for name in NAMES}
    queues["service"] = queue_plan("service", wrap_up=0, **service)
    return plan(queues=queues, correlation=MATTER)


def staffed(desk_plan: Plan, rules: FixedRules | None = None) -> Desk:
    """One agent in each queue, named like it."""
    desk = Desk(desk_plan, rules)
    desk.sign_in(*(agent(name, queues=(name,)) for name in NAMES))
    return desk


def again(desk: Desk, item: str, how: str = "updated", **verdict: object) -> None:
    """The rules are asked again, because labels changed or the customer has called again."""
    if how == "updated":
        asked = said(**verdict)
        desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=asked))
    else:
        desk.submit(opened(**verdict))


def stands(desk: Desk, item: str) -> tuple[str, str]:
    """Its queue and its owner."""
    return desk.item(item).queue, desk.item(item).owner


def moved_by_people(desk: Desk) -> str:
    item = desk.open()
    desk.accept(item)
    desk.do(Transfer(item=item, queue="second"))
    desk.accept(item)
    return item


@pytest.mark.parametrize("how", ["updated", "called again"])
def test_what_people_moved_stays_with_its_owner(how: str) -> None:
    desk = staffed(three())
    item = moved_by_people(desk)

    again(desk, item, how)

    assert ("second", "second") == stands(desk, item)


def test_it_stays_while_it_is_handed_on_warm_though_its_owner_was_not_the_first() -> None:
    desk = staffed(three())
    item = moved_by_people(desk)
    desk.do(Transfer(item=item, queue="third", warm=True))

    again(desk, item)

    assert ("third", "second") == stands(desk, item)
    assert "third" == desk.offered_to(item)


def test_it_stays_when_its_owner_is_removed_and_another_verdict_takes_it_away() -> None:
    desk = staffed(three())
    item = moved_by_people(desk)
    desk.do(RemoveAgents(agents=("second",)))
    again(desk, item)
    stayed = desk.item(item).queue

    again(desk, item, queue="third")
    again(desk, item)

    assert ("second", "service") == (stayed, desk.item(item).queue)


@pytest.mark.parametrize("how", ["updated", "called again"])
def test_what_a_full_queue_passed_on_stays_with_its_owner(how: str) -> None:
    desk = staffed(three(admission=FULL))
    for customer in ("c2", "c3"):
        desk.open(customer=customer)
    item = desk.open()
    desk.accept(item)

    again(desk, item, how)

    assert ("second", "second") == stands(desk, item)


def test_what_a_full_queue_passed_on_asks_for_what_the_rules_say_now() -> None:
    desk = staffed(three(admission=FULL))
    for customer in ("c2", "c3"):
        desk.open(customer=customer)
    item = desk.open()

    again(desk, item, requirements=needs(hvac=1))

    assert ("second", needs(hvac=1)) == (desk.item(item).queue, desk.item(item).requirements)


@pytest.mark.parametrize("how", ["updated", "called again"])
def test_an_escalation_holds_until_the_rules_say_something_else(how: str) -> None:
    up = escalation(queue="second", priority="p1")
    desk = staffed(three(), FixedRules(escalations={"warned": up}))
    item = desk.open(priority="p2")
    desk.wait(30 * MINUTE)  # half of its time to respond
    desk.accept(item)

    again(desk, item, how, priority="p2")
    stood = (*stands(desk, item), desk.item(item).priority, desk.item(item).state)
    again(desk, item, how, priority="p3", queue="third")

    assert ("second", "second", "p1", ItemState.ASSIGNED) == stood
    assert ("third", "", "p3") == (*stands(desk, item), desk.item(item).priority)


def test_people_who_move_what_was_passed_on_or_escalated_have_the_last_word() -> None:
    desk = staffed(three(admission=FULL))
    for customer in ("c2", "c3"):
        desk.open(customer=customer)
    item = desk.open()
    desk.do(Transfer(item=item, queue="third"))
    desk.accept(item)

    again(desk, item)

    assert ("third", "third") == stands(desk, item)
