"""On which terms an agent serves a queue: what he takes first, and what he takes only later."""

from typing import Final

import pytest

from routing_service.core.choice.blocks import BlockKind
from routing_service.core.choice.why_not import LackKind, why_not
from routing_service.core.journal.commands import PutAgents, Transfer
from routing_service.core.journal.events import OfferMade
from routing_service.core.plans.plan import Plan, TeamPlan
from routing_service.core.plans.queue_plan import Ladder, RelaxStep
from routing_service.core.records.errors import RoutingError
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import QueueTerms
from tests.builders import HOUR, MINUTE, SECOND, agent, plan, queue_plan
from tests.desk import Desk, only

BOTH: Final = ("service", "second")
FIRST_SECOND: Final = {"second": QueueTerms(priority=1)}
LATER: Final = {"service": QueueTerms(delay=MINUTE)}


def reason(desk: Desk, item: str) -> LackKind:
    return why_not(desk.world, desk.item(item)).lack.kind


def test_what_he_serves_first_goes_before_what_has_waited_longer() -> None:
    desk = Desk()
    old = desk.open(queue="service", priority="p1")
    desk.wait(HOUR)
    new = desk.open(queue="second", priority="p3")

    desk.sign_in(agent("ann", queues=BOTH, terms=FIRST_SECOND))

    assert ("", "ann") == (desk.offered_to(old), desk.offered_to(new))


def test_of_equal_priority_what_has_waited_longest_goes_first() -> None:
    desk = Desk()
    old = desk.open(queue="service")
    desk.wait(HOUR)
    new = desk.open(queue="second")
    same = {queue: QueueTerms(priority=1) for queue in BOTH}

    desk.sign_in(agent("ann", queues=BOTH, terms=same))

    assert ("ann", "") == (desk.offered_to(old), desk.offered_to(new))


def test_who_serves_another_queue_first_is_left_to_it_when_two_items_can_be_had_at_once() -> None:
    """The older item would ask Ann first, who is idle longest; but there is something for her."""
    desk = Desk(plan(channel_cost={"phone": 3}))
    desk.sign_in(agent("ann", queues=BOTH, terms=FIRST_SECOND))
    desk.wait(SECOND)
    desk.sign_in(agent("ben"))
    old = desk.open(queue="service", channel="phone")
    desk.wait(SECOND)
    new = desk.open(queue="second", channel="phone")

    made = only(OfferMade, desk.activate(plan(channel_cost={})))

    assert ("ben", "ann") == (desk.offered_to(old), desk.offered_to(new))
    assert [1, 0] == [offer.why.elsewhere for offer in made]


def test_he_is_offered_what_has_waited_through_his_delay_and_nothing_sooner() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", terms=LATER))
    item = desk.open()
    desk.wait(MINUTE - 1)
    sooner = desk.offered_to(item)
    lack, blocks = reason(desk, item), why_not(desk.world, desk.item(item)).nearest[0].blocks

    desk.wait(1)

    assert ("", "ann") == (sooner, desk.offered_to(item))
    assert lack is LackKind.DELAYED
    assert [(BlockKind.DELAY, desk.now)] == [(block.kind, block.until) for block in blocks]


def test_who_has_no_delay_gets_it_at_once() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", terms=LATER))
    desk.wait(SECOND)
    desk.sign_in(agent("ben"))

    assert "ben" == desk.offered_to(desk.open())


def test_a_delay_counts_from_when_the_item_began_to_wait_though_it_comes_late() -> None:
    desk = Desk()
    item = desk.open()
    desk.wait(2 * MINUTE)

    desk.sign_in(agent("ann", terms=LATER))
    desk.tick()

    assert "ann" == desk.offered_to(item)


def test_another_queue_counts_its_delay_anew_only_as_far_as_the_item_waited() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", queues=("second",), terms={"second": QueueTerms(delay=MINUTE)}))
    item = desk.open(queue="service")
    desk.wait(2 * MINUTE)

    desk.do(Transfer(item=item, queue="second"))
    desk.tick()

    assert "ann" == desk.offered_to(item)


def test_what_waits_for_him_alone_has_no_delay() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", terms=LATER))
    item = desk.open()

    desk.do(Transfer(item=item, agent="ann", wait=MINUTE))

    assert "ann" == desk.offered_to(item)


def test_what_waits_for_him_alone_he_serves_before_his_first_queue() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", queues=BOTH, terms=FIRST_SECOND))
    desk.presence("ann", Presence.AWAY)
    first = desk.open(queue="second", priority="p1")
    his = desk.open(queue="service")
    desk.do(Transfer(item=his, agent="ann", wait=HOUR))

    desk.presence("ann", Presence.AVAILABLE)

    assert ("", "ann") == (desk.offered_to(first), desk.offered_to(his))


def test_a_team_says_how_its_agents_serve_a_queue_and_a_profile_goes_before_it() -> None:
    team = TeamPlan(name="first", lead="lee", terms={"service": QueueTerms(delay=HOUR)})
    desk = Desk(plan(teams={"first": team}))
    desk.sign_in(agent("ann", team="first"), agent("ben", team="first", terms=LATER))
    item = desk.open()

    desk.wait(MINUTE)

    assert "ben" == desk.offered_to(item)


def test_a_rulebook_with_another_delay_for_a_team_holds_for_what_waits() -> None:
    def of(delay: int) -> Plan:
        team = TeamPlan(name="first", lead="lee", terms={"service": QueueTerms(delay=delay)})
        return plan(teams={"first": team})

    desk = Desk(of(HOUR))
    desk.sign_in(agent("ann", team="first"))
    item = desk.open()
    desk.wait(MINUTE)

    desk.activate(of(2 * MINUTE))
    early = desk.offered_to(item)
    desk.wait(MINUTE)

    assert ("", "ann") == (early, desk.offered_to(item))


def test_an_item_that_was_widened_waits_for_the_delay_of_the_other_queue() -> None:
    ladder = Ladder(steps=(RelaxStep(after=MINUTE, queues=("second",)),))
    queues = (queue_plan("service", ladder=ladder), queue_plan("second"))
    desk = Desk(plan(queues={queue.name: queue for queue in queues}))
    desk.sign_in(agent("ann", queues=("second",), terms={"second": QueueTerms(delay=2 * MINUTE)}))
    item = desk.open(queue="service")
    desk.wait(2 * MINUTE - 1)
    sooner = desk.offered_to(item)

    desk.wait(1)

    assert ("", "ann") == (sooner, desk.offered_to(item))


def test_priorities_and_delays_out_of_range_and_unknown_queues_are_refused() -> None:
    desk = Desk()
    wrong = (
        {"service": QueueTerms(priority=101)},
        {"service": QueueTerms(delay=-1)},
        {"nowhere": QueueTerms(priority=1)},
    )

    reasons = []
    for terms in wrong:
        with pytest.raises(RoutingError) as refused:
            desk.do(PutAgents(agents=(agent("ann", terms=terms),)))
        reasons.append(refused.value.reason)

    assert ["FIELD_OUT_OF_RANGE", "FIELD_OUT_OF_RANGE", "QUEUE_NOT_FOUND"] == reasons


def test_without_his_delay_he_is_offered_what_waits_at_once() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", terms=LATER))
    item = desk.open()

    desk.do(PutAgents(agents=(agent("ann"),)))

    assert "ann" == desk.offered_to(item)
    assert Presence.AVAILABLE is desk.world.agents["ann"].presence


def test_a_queue_whose_delay_is_not_over_gives_an_item_that_was_widened_to_it_no_priority() -> None:
    """By `second` ann may not have it yet; by `service` she may, and serves it like any other."""
    ladder = Ladder(steps=(RelaxStep(after=MINUTE, queues=("second",)),))
    queues = (queue_plan("service", ladder=ladder), queue_plan("second"), queue_plan("third"))
    desk = Desk(plan(queues={queue.name: queue for queue in queues}))
    names = tuple(queue.name for queue in queues)
    older = desk.open(queue="third")
    desk.wait(SECOND)
    widened = desk.open(queue="service")
    desk.wait(2 * MINUTE)

    later = {"second": QueueTerms(priority=9, delay=HOUR)}
    desk.sign_in(agent("ann", queues=names, terms=later))

    assert ("ann", "") == (desk.offered_to(older), desk.offered_to(widened))


def test_what_he_serves_first_is_his_at_once_though_its_wait_was_over_unnoticed() -> None:
    """He may be asked again for the first item; a desk with much to do has not said so yet."""
    desk = Desk()
    desk.sign_in(agent("ann", queues=BOTH, terms=FIRST_SECOND))
    first = desk.open(queue="second")
    desk.decline(first, retry_at=desk.now + MINUTE)
    desk.now += MINUTE

    other = desk.open(queue="service")

    assert ("ann", "") == (desk.offered_to(first), desk.offered_to(other))


def test_what_an_owner_gives_back_waits_through_the_delay_of_others_anew() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", terms=LATER))
    item = desk.open()
    desk.wait(MINUTE)
    desk.accept(item)
    desk.presence("ann", Presence.AWAY)
    desk.sign_in(agent("ben", terms=LATER))

    desk.do(Transfer(item=item))
    at_once = desk.offered_to(item)
    desk.wait(MINUTE)

    assert ("", "ben") == (at_once, desk.offered_to(item))
