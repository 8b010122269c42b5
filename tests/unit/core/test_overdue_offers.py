"""The time of an offer is time of waiting: who answers nothing keeps an item from nobody else."""

from typing import Any

import pytest

from routing_service.core.journal.commands import ConnectAgent, LoseAgent, RemoveAgents
from routing_service.core.journal.events import ItemRelaxed, OfferMade
from routing_service.core.plans.plan import Plan
from routing_service.core.plans.queue_plan import BroadcastPlan, ChoicePlan, Ladder, RelaxStep
from routing_service.core.plans.strategy import Strategy
from routing_service.core.records.lifecycle import ItemState, Presence
from routing_service.core.records.model import QueueTerms
from tests.builders import MINUTE, SECOND, agent, needs, plan, queue_plan
from tests.desk import Desk, only


def plan_of(*steps: RelaxStep, **terms: Any) -> Plan:
    """A plan whose queue `service` has this ladder, and a queue `second`."""
    queues = (queue_plan(ladder=Ladder(steps=steps), **terms), queue_plan("second"))
    return plan(clocks=(), queues={queue.name: queue for queue in queues})


WIDENED = plan_of(RelaxStep(after=MINUTE, queues=("second",)))
SUE = agent("sue", queues=("second",))


def test_two_who_never_answer_do_not_keep_an_item_from_the_agents_it_is_widened_to() -> None:
    desk = Desk(WIDENED)
    desk.sign_in("ann", "ben", SUE)
    item = desk.open()

    asked = [offer.agent for offer in only(OfferMade, desk.wait(MINUTE + 2 * SECOND))]

    assert ["ben", "sue"] == asked
    assert 1 == desk.item(item).relaxed


def test_they_do_not_keep_it_from_who_has_a_delay() -> None:
    desk = Desk(plan(clocks=()))
    desk.sign_in("ann", "ben", agent("sue", terms={"service": QueueTerms(delay=MINUTE)}))
    desk.open()

    asked = [offer.agent for offer in only(OfferMade, desk.wait(MINUTE + 2 * SECOND))]

    assert ["ben", "sue"] == asked


def test_what_is_widened_meanwhile_may_be_had_by_who_has_a_delay_there() -> None:
    desk = Desk(WIDENED)
    late = {"second": QueueTerms(delay=50 * SECOND)}
    desk.sign_in("ann", "ben", agent("sue", queues=("second",), terms=late))
    desk.open()

    asked = [offer.agent for offer in only(OfferMade, desk.wait(MINUTE + 2 * SECOND))]

    assert ["ben", "sue"] == asked


def test_an_item_whose_life_ended_while_it_was_offered_expires_and_is_offered_no_more() -> None:
    desk = Desk(plan_of(ttl=MINUTE))
    desk.sign_in("ann", "ben")
    item = desk.open()

    asked = [offer.agent for offer in only(OfferMade, desk.wait(MINUTE + 2 * SECOND))]

    assert ["ben"] == asked
    assert (ItemState.EXPIRED, "ttl") == (desk.item(item).state, desk.item(item).reason)
    assert {} == desk.agent("ann").holds | desk.agent("ben").holds


def test_an_item_offered_until_the_last_instant_of_its_life_may_be_accepted_then() -> None:
    desk = Desk(plan_of(ttl=30 * SECOND))
    desk.sign_in("ann")
    item = desk.open()

    desk.wait(30 * SECOND)
    desk.accept(item)

    assert ItemState.ASSIGNED is desk.item(item).state


@pytest.mark.parametrize("how", ["declined", "signed out", "lost", "removed"])
def test_however_the_offer_ends_the_steps_that_were_due_are_taken_before_the_next(
    how: str,
) -> None:
    steps = (RelaxStep(after=10 * SECOND, lower=1), RelaxStep(after=20 * SECOND, drop=("hvac",)))
    desk = Desk(plan_of(*steps))
    desk.sign_in(agent("ann", skills={"hvac": 3}), agent("ben"))
    desk.do(ConnectAgent(agent="ann"))
    item = desk.open(requirements=needs(hvac=3))
    desk.now += 25 * SECOND

    match how:
        case "declined":
            events = desk.decline(item)
        case "signed out":
            events = desk.presence("ann", Presence.OFFLINE)
        case "lost":
            events = desk.do(LoseAgent(agent="ann", epoch=1))
        case _:
            events = desk.do(RemoveAgents(agents=("ann",)))

    assert [2] == [event.step for event in only(ItemRelaxed, events)]
    assert "ben" == desk.offered_to(item)


def test_a_further_wave_asks_those_whom_the_item_is_widened_to_by_then() -> None:
    waves = ChoicePlan(broadcast=BroadcastPlan(wave=1, every=30 * SECOND))
    step = RelaxStep(after=MINUTE, queues=("second",))
    strategy = Strategy.PROGRESSIVE_BROADCAST
    desk = Desk(plan_of(step, strategy=strategy, choice=waves, offer_timeout=5 * MINUTE))
    desk.sign_in("ann", "ben", SUE)
    item = desk.open()

    desk.wait(MINUTE)

    assert ["ann", "ben", "sue"] == desk.offered_to_all(item)
