"""Agents who are asked first, and alone for a while: last handlers, and whom a label names."""

from typing import Any

import pytest
from msgspec.structs import replace

from routing_service.core.journal.commands import (
    ConnectAgent,
    LoseAgent,
    PutAgents,
    RemoveAgents,
    ReportKind,
    RequestKind,
    Submit,
    Transfer,
)
from routing_service.core.journal.events import ItemOpened
from routing_service.core.plans.plan import CorrelationPlan, TeamPlan
from routing_service.core.plans.predicate import Leaf, Op
from routing_service.core.plans.queue_plan import ChoicePlan, Ladder, Matters, Preference, RelaxStep
from routing_service.core.plans.surge_plan import GreenPlan, Keep
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ItemState, Presence
from routing_service.store.codec import frames, freeze, snapshot_of, thaw
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    agent,
    needs,
    opened,
    plan,
    queue_plan,
)
from tests.desk import Desk, only

LAST = Preference(handled=Matters.CUSTOMER, within=DAY, wait=2 * MINUTE)
MANAGER = Preference(label="manager", wait=5 * MINUTE)


def desk_of(*prefer: Preference, names: tuple[str, ...] = ("ann", "ben"), **changes: Any) -> Desk:
    """Both serve both queues; who was asked last is asked last."""
    queue = queue_plan(choice=ChoicePlan(prefer=prefer), wrap_up=0, owner_wait=0)
    queues = {"service": queue, "second": replace(queue, name="second")}
    desk = Desk(plan(queues=queues, **changes))
    for name in names:
        desk.sign_in(agent(name, queues=("service", "second"), capacity=3))
        desk.now += SECOND
    return desk


def handled(desk: Desk, **changes: Any) -> str:
    """A request of the customer that somebody accepted; who it was."""
    item = desk.open(**changes)
    desk.accept(item)
    desk.now += MINUTE
    return desk.item(item).owner


def update(desk: Desk, item: str, **changes: Any) -> None:
    again = opened(**changes)
    command = Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, labels=again.labels)
    desk.submit(replace(command, verdict=again.verdict))


def test_who_accepted_the_customers_last_request_is_asked_first() -> None:
    desk = desk_of(LAST)
    first = handled(desk, customer="c1")

    assert ("ann", "ann") == (first, desk.offered_to(desk.open(customer="c1")))


def test_other_customers_go_to_whom_the_strategy_chooses() -> None:
    desk = desk_of(LAST)
    handled(desk, customer="c1")

    assert "ben" == desk.offered_to(desk.open(customer="c2"))


def test_after_the_wait_anybody_is_asked() -> None:
    desk = desk_of(LAST)
    handled(desk, customer="c1")
    desk.presence("ann", Presence.BUSY)
    item = desk.open(customer="c1")
    desk.wait(2 * MINUTE - 1)
    before = desk.offered_to(item)
    desk.wait(1)

    assert ("", "ben") == (before, desk.offered_to(item))


def test_a_handling_too_long_ago_is_forgotten() -> None:
    desk = desk_of(LAST)
    handled(desk, customer="c1")
    desk.wait(DAY)
    item = desk.open(customer="c1")

    assert ("", "ben") == (desk.item(item).preferred, desk.offered_to(item))


def test_handlers_longer_ago_than_any_queue_asks_are_dropped() -> None:
    desk = desk_of(LAST)
    handled(desk, customer="c1")
    desk.wait(2 * DAY)
    handled(desk, customer="c2")

    assert [("customer", "c2")] == list(desk.world.handlers.known)


def test_nothing_is_remembered_where_no_queue_asks_for_it() -> None:
    desk = desk_of(MANAGER)
    handled(desk, customer="c1")

    assert {} == desk.world.handlers.known


def test_an_activation_without_such_a_queue_forgets() -> None:
    desk = desk_of(LAST)
    handled(desk, customer="c1")
    desk.activate(plan())

    assert {} == desk.world.handlers.known


def test_a_last_handler_outlives_his_item_and_the_process() -> None:
    desk = desk_of(LAST, retention_closed=MINUTE)
    handled(desk, customer="c1")
    for item in list(desk.world.items):
        desk.report(item, ReportKind.CONFIRMED)
    desk.wait(HOUR)
    encoded = list(frames(freeze(desk.world, dev=False)))
    desk.world, _ = thaw(snapshot_of(desk.world.seq, encoded))

    assert {} == desk.world.items
    assert "ann" == desk.offered_to(desk.open(customer="c1"))


def test_the_last_handler_of_a_matter_is_told_from_that_of_the_customer() -> None:
    by_matter = Preference(handled=Matters.MATTER, within=DAY, wait=MINUTE)
    correlation = CorrelationPlan(by=("customer", "label.topic"), window=SECOND)
    desk = desk_of(by_matter, names=("ann", "ben", "cho"), correlation=correlation)
    who = {}
    for topic in ("bill", "repair"):
        who[topic] = handled(desk, customer="c1", labels={"topic": topic})
        for item in list(desk.world.items):
            if desk.item(item).state is ItemState.ASSIGNED:
                desk.report(item, ReportKind.CONFIRMED)
        desk.wait(MINUTE)

    assert {"bill": "ann", "repair": "ben"} == who
    assert "ann" == desk.offered_to(desk.open(customer="c1", labels={"topic": "bill"}))


def test_linked_items_make_nobody_the_customers_handler() -> None:
    desk = desk_of(LAST)
    handled(desk, customer="c1")
    parent = next(iter(desk.world.items))
    handled(desk, customer="c1", item_kind=ItemKind.CONSULT, parent=parent)
    desk.presence("ann", Presence.AWAY)
    handled(desk, customer="c2")
    desk.presence("ann", Presence.AVAILABLE)

    assert {"c1": "ann", "c2": "ben"} == {
        str(key[1]): agent for key, (agent, _) in desk.world.handlers.known.items()
    }


def test_the_first_of_several_who_can_come_is_preferred() -> None:
    desk = desk_of(LAST, MANAGER)
    handled(desk, customer="c1")
    desk.presence("ann", Presence.OFFLINE)
    item = desk.open(customer="c1", labels={"manager": "ben"})

    assert ("ben", "") == (desk.offered_to(item), desk.item(item).preferred)


@pytest.mark.parametrize("kind", [ReportKind.RESOLVED, ReportKind.PENDING])
def test_an_item_that_comes_back_is_kept_for_whom_its_queue_prefers(kind: ReportKind) -> None:
    desk = desk_of(MANAGER)
    item = desk.open(labels={"manager": "ben"})
    desk.decline(item)
    desk.wait(30 * SECOND)
    desk.accept(item)
    desk.report(item, kind, reason="waiting_customer")
    back = {ReportKind.RESOLVED: ReportKind.REOPENED, ReportKind.PENDING: ReportKind.RESUMED}
    desk.report(item, back[kind])

    assert "ann" == desk.item(item).owner
    assert "ben" == desk.offered_to(item)


def test_an_item_routed_to_another_queue_is_kept_for_whom_that_one_prefers() -> None:
    desk = desk_of(MANAGER)
    item = desk.open(labels={"manager": "ben"})
    desk.accept(item)
    update(desk, item, queue="second", labels={"manager": "ann"})

    assert ("second", "ann") == (desk.item(item).queue, desk.offered_to(item))


def test_a_label_that_names_somebody_else_by_now_is_obeyed() -> None:
    desk = desk_of(MANAGER)
    desk.presence("ben", Presence.BUSY)
    item = desk.open(labels={"manager": "ben"})
    update(desk, item, labels={"manager": "ann"})

    assert "ann" == desk.offered_to(item)


def test_an_update_that_names_nobody_else_does_not_lengthen_the_wait() -> None:
    desk = desk_of(MANAGER)
    desk.presence("ben", Presence.BUSY)
    item = desk.open(labels={"manager": "ben"})
    until = desk.item(item).preferred_until
    desk.wait(MINUTE)
    update(desk, item, labels={"manager": "ben"}, priority="p1")

    assert ("ben", until) == (desk.item(item).preferred, desk.item(item).preferred_until)


def test_who_declined_the_item_is_not_waited_for_again_in_another_queue() -> None:
    desk = desk_of(MANAGER)
    item = desk.open(labels={"manager": "ben"})
    desk.decline(item, retry_at=desk.now + HOUR)
    update(desk, item, queue="second", labels={"manager": "ben"})

    assert ("", "ann") == (desk.item(item).preferred, desk.offered_to(item))


def test_a_scheduled_item_is_kept_from_when_it_begins() -> None:
    desk = desk_of(MANAGER)
    desk.presence("ben", Presence.BUSY)
    item = desk.open(labels={"manager": "ben"}, scheduled_for=desk.now + HOUR)
    before = desk.item(item).preferred
    desk.wait(HOUR)

    assert ("", "ben") == (before, desk.item(item).preferred)
    assert desk.now + 5 * MINUTE == desk.item(item).preferred_until


def test_a_removed_agent_is_not_waited_for() -> None:
    desk = desk_of(MANAGER)
    desk.presence("ben", Presence.BUSY)
    item = desk.open(labels={"manager": "ben"})
    desk.do(RemoveAgents(agents=("ben",)))

    assert "ann" == desk.offered_to(item)


def test_a_transfer_goes_where_people_send_it() -> None:
    desk = desk_of(MANAGER)
    item = desk.open(labels={"manager": "ben"})
    desk.accept(item)
    desk.do(Transfer(item=item, queue="second"))

    assert ("", "ann") == (desk.item(item).preferred, desk.offered_to(item))


@pytest.mark.parametrize("presence", [Presence.OFFLINE, Presence.DRAINING])
def test_an_item_that_comes_back_is_not_kept_for_an_owner_who_went_home(
    presence: Presence,
) -> None:
    desk = Desk(plan(queues={"service": queue_plan(wrap_up=0, owner_wait=HOUR)}))
    desk.sign_in("ann", "ben")
    item = desk.open()
    desk.accept(item)
    desk.report(item, ReportKind.RESOLVED)
    desk.presence("ann", presence)

    desk.report(item, ReportKind.REOPENED)

    assert desk.offered_to(item) == "ben"


@pytest.mark.parametrize(("later", "first"), [(20 * HOUR, "ben"), (20 * HOUR + 1, "")])
def test_an_item_is_kept_for_an_owner_whose_shift_begins_within_the_wait(
    later: int, first: str
) -> None:
    desk = Desk(plan(queues={"service": queue_plan(wrap_up=0, owner_wait=HOUR)}))
    desk.sign_in(agent("ann", calendar="office"))
    item = desk.open()
    desk.accept(item)
    desk.report(item, ReportKind.RESOLVED)
    desk.sign_in("ben")
    desk.wait_until(NOON + later)

    desk.report(item, ReportKind.REOPENED)

    assert desk.offered_to(item) == first


@pytest.mark.parametrize("goes", ["offline", "draining", "lost", "removed"])
def test_what_is_kept_for_an_agent_goes_to_others_when_he_goes(goes: str) -> None:
    desk = desk_of(MANAGER)
    desk.do(ConnectAgent(agent="ann"))
    desk.presence("ann", Presence.AWAY)
    item = desk.open(labels={"manager": "ann"})
    kept = desk.item(item).preferred, desk.offered_to(item)

    if goes == "lost":
        desk.do(LoseAgent(agent="ann", epoch=1))
    elif goes == "removed":
        desk.do(RemoveAgents(agents=("ann",)))
    else:
        desk.presence("ann", Presence(goes))

    assert (kept, desk.offered_to(item)) == (("ann", ""), "ben")


def why_not_kept(desk: Desk) -> str:
    """What the record of the opening says."""
    return only(ItemOpened, desk.records[-1].events)[0].record.reason


def test_nobody_is_waited_for_who_lacks_what_the_item_asks() -> None:
    desk = desk_of(MANAGER)
    desk.sign_in(agent("cho", skills={"hvac": 5}))
    item = desk.open(labels={"manager": "ben"}, requirements=needs(hvac=3))

    assert ("preferred_unfit", "cho") == (why_not_kept(desk), desk.offered_to(item))


@pytest.mark.parametrize(
    "limits",
    [{"capacity": 1}, {"capacity": 3, "maximum": {"phone": 0}}, {"capacity": 3, "team": "vip"}],
)
def test_who_never_has_room_for_the_item_is_not_waited_for(limits: dict[str, Any]) -> None:
    """A phone call costs two units; the team keeps two for the green channel."""
    kept = Keep(queues=("service",), units=2, agents=Leaf("team", Op.EQ, ("vip",)))
    green = GreenPlan(when=Leaf("priority", Op.EQ, ("p1",)), keep=(kept,))
    teams = {"vip": TeamPlan(name="vip", lead="lead-1")}
    desk = desk_of(MANAGER, green=green, teams=teams)
    desk.sign_in(agent("cho", **limits))
    item = desk.open(labels={"manager": "cho"}, channel="phone")

    assert ("preferred_unfit", "ann") == (why_not_kept(desk), desk.offered_to(item))


def test_who_will_have_what_a_step_leaves_of_it_is_waited_for() -> None:
    ladder = Ladder(steps=(RelaxStep(after=MINUTE, lower=2),))
    queue = queue_plan(choice=ChoicePlan(prefer=(MANAGER,)), ladder=ladder)
    desk = Desk(plan(queues={"service": queue}))
    desk.sign_in(agent("ann", skills={"hvac": 1}), agent("ben", skills={"hvac": 3}))
    item = desk.open(labels={"manager": "ann"}, requirements=needs(hvac=3))
    desk.wait(MINUTE)

    assert "ann" == desk.offered_to(item)


def test_an_owner_who_lost_the_skill_is_not_waited_for_when_his_item_comes_back() -> None:
    queue = queue_plan(wrap_up=0)
    desk = Desk(plan(queues={"service": queue}))
    desk.sign_in(agent("ann", skills={"hvac": 3}))
    item = desk.open(requirements=needs(hvac=3))
    desk.accept(item)
    desk.report(item, ReportKind.RESOLVED)
    desk.sign_in(agent("ann"), agent("ben", skills={"hvac": 3}))
    desk.report(item, ReportKind.REOPENED)

    assert "ben" == desk.offered_to(item)


def test_who_declines_what_a_label_gave_him_meanwhile_is_not_waited_for() -> None:
    desk = desk_of(MANAGER)
    item = desk.open()
    update(desk, item, labels={"manager": "ann"})
    desk.decline(item)

    assert ("", "ben") == (desk.item(item).preferred, desk.offered_to(item))


def test_what_is_kept_for_an_agent_is_for_all_when_he_serves_its_queue_no_longer() -> None:
    desk = desk_of(MANAGER)
    desk.presence("ann", Presence.BUSY)
    item = desk.open(labels={"manager": "ann"})
    kept = desk.item(item).preferred
    desk.do(PutAgents(agents=(agent("ann", queues=("second",)),)))

    assert ("ann", "ben") == (kept, desk.offered_to(item))


def test_who_comes_back_does_not_wait_for_an_agent_who_is_gone() -> None:
    queue = queue_plan(choice=ChoicePlan(prefer=(MANAGER,)), abandon_grace=MINUTE)
    desk = Desk(plan(queues={"service": queue}))
    desk.sign_in("ann", "ben")
    desk.presence("ann", Presence.BUSY)
    item = desk.open(labels={"manager": "ann"})
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))
    desk.presence("ann", Presence.OFFLINE)
    desk.submit(Submit(kind=RequestKind.RETURNED, item=item, occurred_at=0))

    assert "ben" == desk.offered_to(item)
