"""What is kept for one agent can be had by him, and is kept no longer than he can have it."""

from typing import Any

import pytest

from routing_service.core.choice.blocks import BlockKind, blocks
from routing_service.core.journal.commands import (
    PutAgents,
    ReportKind,
    RequestKind,
    Submit,
    Transfer,
)
from routing_service.core.plans.plan import Plan
from routing_service.core.plans.queue_plan import ChoicePlan, Ladder, Preference, RelaxStep
from routing_service.core.records.errors import WrongState
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import QueueTerms
from tests.builders import HOUR, MINUTE, agent, needs, plan, queue_plan, verdict
from tests.desk import Desk


def plan_of(*steps: RelaxStep, ceiling: int = 0, **terms: Any) -> Plan:
    """A plan whose queue `service` has this ladder, and a queue `second`."""
    ladder = Ladder(steps=steps, ceiling=ceiling)
    queues = (queue_plan(ladder=ladder, **terms), queue_plan("second"))
    return plan(clocks=(), queues={queue.name: queue for queue in queues})


LATER = plan_of(
    RelaxStep(after=MINUTE, lower=3),
    RelaxStep(after=2 * MINUTE, queues=("second",), no_ceiling=True),
    ceiling=5,
    offer_timeout=HOUR,
)


@pytest.mark.parametrize(
    "owner",
    [
        agent(skills={"hvac": 1}),
        agent(queues=("second",), skills={"hvac": 1}),
        agent(skills={"hvac": 9}),
    ],
    ids=["less skilled", "of another queue", "above the ceiling"],
)
@pytest.mark.parametrize("how", ["pending", "resolved"])
def test_who_got_an_item_when_it_asked_for_less_is_asked_first_when_it_comes_back(
    owner: Any, how: str
) -> None:
    desk = Desk(LATER)
    desk.sign_in(owner)
    item = desk.open(requirements=needs(hvac=4))
    desk.wait(2 * MINUTE)
    desk.accept(item)

    if how == "pending":
        desk.report(item, ReportKind.PENDING, reason="waiting_customer")
        desk.report(item, ReportKind.RESUMED)
    else:
        desk.report(item, ReportKind.RESOLVED)
        desk.wait(MINUTE)
        desk.report(item, ReportKind.REOPENED)

    assert owner.id == desk.offered_to(item)
    assert 0 == desk.item(item).relaxed


def test_others_are_asked_for_what_it_asks_when_it_is_kept_no_more() -> None:
    desk = Desk(LATER)
    desk.sign_in(agent("ann", skills={"hvac": 1}), agent("ben", skills={"hvac": 1}))
    desk.presence("ann", Presence.AWAY)
    item = desk.open(requirements=needs(hvac=4))
    desk.do(Transfer(item=item, agent="ann", wait=HOUR))

    blocked = {block.kind for block in blocks(desk.world, desk.item(item), desk.agent("ben"))}

    assert {BlockKind.SKILL, BlockKind.RESERVED} == blocked


def test_his_delay_is_told_of_who_would_have_one_were_the_item_not_kept() -> None:
    desk = Desk(plan_of())
    desk.sign_in("ann", agent("ben", terms={"service": QueueTerms(delay=HOUR)}))
    desk.presence("ann", Presence.AWAY)
    item = desk.open()
    desk.do(Transfer(item=item, agent="ann", wait=MINUTE))

    blocked = {block.kind for block in blocks(desk.world, desk.item(item), desk.agent("ben"))}

    assert {BlockKind.RESERVED, BlockKind.DELAY} == blocked


def test_people_may_name_an_expert_who_is_otherwise_left_for_others() -> None:
    desk = Desk(plan_of(ceiling=5))
    desk.sign_in(agent("expert", skills={"hvac": 9}))
    item = desk.open(requirements=needs(hvac=1))

    desk.do(Transfer(item=item, agent="expert"))

    assert "expert" == desk.offered_to(item)


def test_people_may_name_nobody_who_could_not_take_it_at_its_last_step_either() -> None:
    desk = Desk(LATER)
    desk.sign_in(agent("novice"))
    item = desk.open(requirements=needs(hvac=4))

    with pytest.raises(WrongState) as refused:
        desk.do(Transfer(item=item, agent="novice"))

    assert "AGENT_CANNOT_SERVE" == refused.value.reason


def test_a_preference_of_the_queue_asks_no_less_of_whom_it_prefers() -> None:
    """Else the account manager got what he cannot do while an expert is free."""
    manager = ChoicePlan(prefer=(Preference(wait=HOUR, label="manager"),))
    desk = Desk(plan_of(RelaxStep(after=2 * HOUR, drop=("hvac",)), choice=manager))
    desk.sign_in("ann", agent("ben", skills={"hvac": 3}))

    item = desk.open(labels={"manager": "ann"}, requirements=needs(hvac=3))

    assert "ben" == desk.offered_to(item)


def waiting_for_ann(desk_plan: Plan) -> tuple[Desk, str]:
    """Kept for ann for an hour; ben could take it now."""
    desk = Desk(desk_plan)
    desk.sign_in("ann", "ben")
    for each in ("ann", "ben"):
        desk.presence(each, Presence.AWAY)
    item = desk.open()
    desk.do(Transfer(item=item, agent="ann", wait=HOUR))
    desk.presence("ben", Presence.AVAILABLE)
    return desk, item


def test_a_profile_without_the_queue_lets_go_of_what_is_kept_for_the_agent() -> None:
    desk, item = waiting_for_ann(plan_of())

    desk.do(PutAgents(agents=(agent("ann", queues=("second",)),)))

    assert "ben" == desk.offered_to(item)


def test_a_profile_that_still_fits_keeps_it() -> None:
    desk, item = waiting_for_ann(plan_of())

    desk.do(PutAgents(agents=(agent("ann", name="Ann"),)))

    assert "ann" == desk.item(item).preferred


def test_a_rulebook_without_the_step_that_let_him_have_it_lets_go() -> None:
    desk = Desk(plan_of(RelaxStep(after=MINUTE, queues=("second",))))
    desk.sign_in(agent("ann", queues=("second",)), "ben")
    for each in ("ann", "ben"):
        desk.presence(each, Presence.AWAY)
    item = desk.open()
    desk.do(Transfer(item=item, agent="ann", wait=HOUR))
    desk.presence("ben", Presence.AVAILABLE)
    kept = desk.item(item).preferred

    desk.activate(plan_of())

    assert ("ann", "ben") == (kept, desk.offered_to(item))


def test_a_customer_who_comes_back_does_not_wait_for_who_has_gone_meanwhile() -> None:
    desk, item = waiting_for_ann(plan_of(abandon_grace=HOUR))
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))
    desk.presence("ann", Presence.OFFLINE)

    desk.submit(Submit(kind=RequestKind.RETURNED, item=item, occurred_at=0, verdict=verdict()))

    assert "ben" == desk.offered_to(item)
