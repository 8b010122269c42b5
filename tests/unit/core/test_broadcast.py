"""An item offered to several agents at once: at a stroke, or in waves that stay open."""

from typing import Any

import pytest

from routing_service.core.journal.commands import (
    Accept,
    Decline,
    RemoveAgents,
    SwitchStrategy,
    Transfer,
)
from routing_service.core.journal.events import OfferMade, OfferMoved
from routing_service.core.plans.plan import OfferPlan, Strategy
from routing_service.core.plans.queue_plan import BroadcastPlan, ChoicePlan, Preference
from routing_service.core.records.errors import Invalid, WrongState
from routing_service.core.records.lifecycle import HoldState, ItemState, OfferState, Presence
from routing_service.core.records.model import Offer, TriggerKind
from tests.builders import MINUTE, SECOND, agent, plan, queue_plan
from tests.desk import Desk, only

NAMES = ("ann", "ben", "cho", "dee")


def desk_of(strategy: Strategy = Strategy.BROADCAST, *, names: Any = NAMES, **changes: Any) -> Desk:
    """Everybody has room for one item; offers last 30 s, waves of one go out every ten seconds."""
    terms = {key: changes.pop(key) for key in ("by", "at_most", "wave", "every") if key in changes}
    prefer = changes.pop("prefer", ())
    choice = ChoicePlan(broadcast=BroadcastPlan(**terms), prefer=prefer)
    queue = queue_plan(strategy=strategy, choice=choice, wrap_up=0, **changes)
    queues = {"service": queue, "other": queue_plan("other")}
    desk = Desk(plan(queues=queues, escalations=("unanswered",)))
    for name in names:
        desk.sign_in(agent(name, queues=("service", "other")))
        desk.now += SECOND
    return desk


def waves(**changes: Any) -> Desk:
    return desk_of(Strategy.PROGRESSIVE_BROADCAST, **changes)


def offers_of(desk: Desk, item: str) -> dict[str, Offer]:
    return {agent: desk.world.offers[id_] for agent, id_ in desk.item(item).offers.items()}


def take(desk: Desk, offer: Offer) -> None:
    desk.do(Accept(offer=offer.id, agent=offer.agent, version=offer.version))


def refuse(desk: Desk, item: str, *agents: str) -> None:
    for name in agents:
        offer = offers_of(desk, item)[name]
        desk.do(Decline(offer=offer.id, agent=name, version=offer.version))


def test_everybody_who_has_room_is_offered_the_item_at_once() -> None:
    desk = desk_of()
    desk.presence("ben", Presence.AWAY)

    assert ["ann", "cho", "dee"] == desk.offered_to_all(desk.open())


def test_the_fan_out_is_bounded_and_the_best_ranked_are_asked() -> None:
    desk = desk_of(at_most=2)

    assert ["ann", "ben"] == desk.offered_to_all(desk.open())


def test_each_offer_has_a_decision_record_with_the_place_of_its_agent() -> None:
    desk = desk_of(names=[f"a{n}" for n in range(8)])
    desk.open()
    made = only(OfferMade, desk.records[-1].events)

    assert list(range(1, 9)) == [event.why.place for event in made]
    assert {("broadcast", 8, 8)} == {(e.why.strategy, e.why.skilled, e.why.free) for e in made}
    assert all(event.agent in {each.agent for each in event.why.top} for event in made)
    assert [5, 6] == [len(made[place].why.top) for place in (0, 7)]


def test_who_accepts_first_has_the_item_and_the_others_have_their_room_back_at_once() -> None:
    desk = desk_of()
    item = desk.open()
    next_item = desk.open()
    take(desk, offers_of(desk, item)["cho"])

    ended = only(OfferMoved, desk.records[-1].events)
    assert [("ann", "taken"), ("ben", "taken"), ("dee", "taken"), ("cho", "")] == [
        (event.agent, event.reason) for event in ended
    ]
    assert (ItemState.ASSIGNED, "cho", {}) == (
        desk.item(item).state,
        desk.item(item).owner,
        desk.item(item).offers,
    )
    assert {"ann", "ben", "dee"} == set(desk.offered_to_all(next_item))


def test_of_two_acceptances_that_arrive_together_one_wins_and_the_other_is_told_why() -> None:
    desk = desk_of()
    item = desk.open()
    first, second = list(offers_of(desk, item).values())[:2]
    take(desk, second)

    with pytest.raises(WrongState, match="rescinded") as refused:
        take(desk, first)

    assert "OFFER_NOT_PENDING" == refused.value.reason
    assert OfferState.RESCINDED is desk.world.ended_offers[first.id].state
    assert second.agent == desk.item(item).owner


def test_capacity_is_reserved_once_per_agent_and_not_at_all_after_a_cancellation() -> None:
    desk = desk_of()
    item = desk.open()
    reserved = [desk.agent(name).holds[item].state for name in NAMES]
    desk.cancel(item)

    assert [HoldState.RESERVED] * 4 == reserved
    assert [{}] * 4 == [desk.agent(name).holds for name in NAMES]
    assert {} == desk.world.offers


def test_who_declines_is_out_while_the_offers_of_the_others_stay_open() -> None:
    desk = desk_of()
    item = desk.open()
    refuse(desk, item, "ann", "cho")

    assert ["ben", "dee"] == desk.offered_to_all(item)
    assert (ItemState.OFFERED, 2, 0) == (
        desk.item(item).state,
        desk.item(item).declines,
        desk.item(item).attempts,
    )


def test_offers_that_nobody_takes_are_one_attempt_and_one_trigger() -> None:
    desk = desk_of(offers=OfferPlan(attempts=1))
    item = desk.open()
    refuse(desk, item, "ann")
    asked = len(desk.rules.asked)
    desk.wait(31 * SECOND)

    assert 1 == desk.item(item).attempts
    kinds = [facts["trigger"] for facts in desk.rules.asked[asked:]]
    assert [TriggerKind.UNANSWERED] == kinds


def test_who_declined_is_not_asked_again_in_the_next_round() -> None:
    desk = desk_of(offers=OfferPlan(again_after=SECOND))
    item = desk.open()
    offer = offers_of(desk, item)["ann"]
    later = desk.now + 10 * MINUTE
    desk.do(Decline(offer=offer.id, agent="ann", version=offer.version, retry_at=later))
    desk.wait(32 * SECOND)

    assert {"ben", "cho", "dee"} == set(desk.offered_to_all(item))


def test_who_is_lost_or_removed_takes_only_his_own_offer_with_him() -> None:
    desk = desk_of()
    item = desk.open()
    desk.presence("ann", Presence.OFFLINE)
    desk.do(RemoveAgents(agents=("ben",)))

    assert ["cho", "dee"] == desk.offered_to_all(item)


def test_waves_ask_the_best_ranked_first_and_leave_earlier_offers_open() -> None:
    desk = waves(wave=2)
    item = desk.open()
    first = desk.offered_to_all(item)
    desk.wait(10 * SECOND - 1)
    before = desk.offered_to_all(item)
    desk.wait(1)

    assert (["ann", "ben"], ["ann", "ben"]) == (first, before)
    assert ["ann", "ben", "cho", "dee"] == desk.offered_to_all(item)


def test_each_offer_of_a_wave_lasts_as_long_as_any() -> None:
    desk = waves(names=("ann", "ben"))
    item = desk.open()
    desk.wait(35 * SECOND)

    assert ["ben"] == desk.offered_to_all(item)


def test_a_wave_whose_agents_all_declined_is_followed_by_the_next_at_once() -> None:
    desk = waves()
    item = desk.open()
    refuse(desk, item, "ann")

    assert ["ben"] == desk.offered_to_all(item)


def test_a_wave_that_finds_nobody_is_tried_again_after_as_long() -> None:
    desk = waves(names=("ann",))
    item = desk.open()
    desk.wait(15 * SECOND)
    desk.sign_in(agent("ben", queues=("service",)))
    before = desk.offered_to_all(item)
    desk.wait(5 * SECOND)

    assert (["ann"], ["ann", "ben"]) == (before, desk.offered_to_all(item))


def test_a_round_of_waves_ends_when_as_many_were_asked_as_may_be() -> None:
    desk = waves(at_most=2)
    item = desk.open()
    desk.wait(25 * SECOND)
    asked = desk.offered_to_all(item), desk.item(item).wave_at
    desk.wait(16 * SECOND)

    assert (["ann", "ben"], 0) == asked
    assert (["cho"], 1) == (desk.offered_to_all(item), desk.item(item).attempts)


def test_a_better_ranked_item_gets_who_comes_free_before_a_wave_does() -> None:
    desk = waves(names=("ann", "ben"))
    item = desk.open()
    desk.presence("ben", Presence.AWAY)
    desk.wait(10 * SECOND - 1)
    urgent = desk.open(priority="p1")
    desk.wait(1)
    desk.presence("ben", Presence.AVAILABLE)
    desk.wait(10 * SECOND)

    assert (["ann"], ["ben"]) == (desk.offered_to_all(item), desk.offered_to_all(urgent))


def test_waves_stop_when_the_queue_is_switched_to_another_strategy() -> None:
    desk = waves()
    item = desk.open()
    desk.do(SwitchStrategy(queue="service", strategy=Strategy.LONGEST_IDLE))
    desk.wait(10 * SECOND)

    assert (["ann"], 0) == (desk.offered_to_all(item), desk.item(item).wave_at)


def test_a_queue_is_switched_to_a_broadcast_while_it_runs() -> None:
    desk = desk_of(Strategy.LONGEST_IDLE)
    desk.do(SwitchStrategy(queue="service", strategy=Strategy.BROADCAST))

    assert list(NAMES) == desk.offered_to_all(desk.open())


def test_a_broadcast_needs_what_the_strategy_needs_that_ranks_for_it() -> None:
    desk = desk_of(Strategy.LONGEST_IDLE, by=Strategy.TERRITORY)

    with pytest.raises(Invalid, match="territory"):
        desk.do(SwitchStrategy(queue="service", strategy=Strategy.BROADCAST))


def test_a_queue_is_not_switched_to_waves_that_would_never_meet() -> None:
    desk = desk_of(Strategy.LONGEST_IDLE, every=30 * SECOND)
    progressive = SwitchStrategy(queue="service", strategy=Strategy.PROGRESSIVE_BROADCAST)

    with pytest.raises(Invalid) as refused:
        desk.do(progressive)

    assert ("STRATEGY_NOT_PREPARED", "broadcast.every") == (
        refused.value.reason,
        refused.value.details["key"],
    )


def test_a_preferred_agent_is_asked_alone_and_then_everybody() -> None:
    desk = waves(prefer=(Preference(label="manager", wait=2 * MINUTE),))
    item = desk.open(labels={"manager": "cho"})
    desk.wait(20 * SECOND)
    alone = desk.offered_to_all(item)
    refuse(desk, item, "cho")
    desk.wait(10 * SECOND)

    assert (["cho"], ["ann", "ben"]) == (alone, desk.offered_to_all(item))


def test_waves_of_a_warm_transfer_pass_over_the_owner_and_end_with_it() -> None:
    desk = waves()
    item = desk.open()
    desk.accept(item)
    desk.do(Transfer(item=item, warm=True, wait=15 * SECOND))
    desk.wait(14 * SECOND)
    asked = desk.offered_to_all(item), desk.item(item).wave_at
    desk.wait(27 * SECOND)

    assert (["ben", "cho"], 0) == asked
    assert (ItemState.ASSIGNED, "ann") == (desk.item(item).state, desk.item(item).owner)


def test_a_wave_that_is_due_when_its_warm_transfer_is_over_asks_nobody() -> None:
    desk = waves(offer_timeout=MINUTE)
    item = desk.open()
    desk.accept(item)
    desk.do(Transfer(item=item, warm=True, wait=15 * SECOND))
    desk.now += 30 * SECOND  # nothing fired meanwhile: the service was down
    desk.tick()
    late = desk.offered_to_all(item), desk.item(item).wave_at
    desk.wait(MINUTE)

    assert (["ben"], 0) == late
    assert (ItemState.ASSIGNED, "ann") == (desk.item(item).state, desk.item(item).owner)
