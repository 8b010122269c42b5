"""The green channel: units that agents keep for the items named, and that no other item gets."""

from routing_service.core.choice.blocks import Block, BlockKind, blocks
from routing_service.core.journal.commands import PutAgents
from routing_service.core.plans.plan import Plan
from routing_service.core.plans.predicate import Leaf, Op
from routing_service.core.plans.surge_plan import WHOLLY, GreenPlan, Keep
from routing_service.core.records.model import TriggerKind
from tests.builders import HOUR, SECOND, agent, alert, escalation, opened, plan, verdict
from tests.desk import Desk, FixedRules

URGENT = Leaf("priority", Op.EQ, ("p1",))


def keeping(*keep: Keep) -> Plan:
    return plan(channel_cost={}, green=GreenPlan(when=URGENT, keep=keep))


ONE_UNIT = Keep(queues=("service",), units=1)
SENIORS = Keep(queues=("service",), units=WHOLLY, agents=Leaf("team", Op.EQ, ("first",)))


def urgent(desk: Desk) -> str:
    return desk.open(verdict=verdict(priority="p1", green=True))


def test_the_last_units_are_left_for_the_green_channel() -> None:
    desk = Desk(keeping(ONE_UNIT))
    desk.sign_in(agent("ann", capacity=3))
    plain = [desk.open() for _ in range(3)]
    green = urgent(desk)

    assert ["ann", "ann", ""] == [desk.offered_to(item) for item in plain]
    assert "ann" == desk.offered_to(green)


def test_what_waits_for_others_does_not_get_the_kept_unit_when_it_is_free_again() -> None:
    desk = Desk(keeping(ONE_UNIT))
    desk.sign_in(agent("ann", capacity=2))
    green, plain, waiting = urgent(desk), desk.open(), desk.open()
    desk.cancel(green)

    assert ["ann", ""] == [desk.offered_to(item) for item in (plain, waiting)]


def test_who_is_there_for_the_green_channel_alone_gets_nothing_else() -> None:
    desk = Desk(keeping(SENIORS))
    desk.sign_in(agent("ann", capacity=9, team="first"))
    plain, green = desk.open(), urgent(desk)

    assert ["", "ann"] == [desk.offered_to(plain), desk.offered_to(green)]


def test_units_are_kept_from_items_of_the_agents_other_queues_too() -> None:
    desk = Desk(keeping(ONE_UNIT))
    desk.sign_in(agent("ann", queues=("service", "second")))

    assert "" == desk.offered_to(desk.open(queue="second"))


def test_agents_of_other_queues_keep_nothing() -> None:
    desk = Desk(keeping(ONE_UNIT))
    desk.sign_in(agent("ann", queues=("second",)))

    assert "ann" == desk.offered_to(desk.open(queue="second"))


def test_an_item_made_more_urgent_by_an_escalation_gets_what_is_kept() -> None:
    late = escalation(alert("lead"), priority="p1")
    desk = Desk(keeping(ONE_UNIT), FixedRules(escalations={TriggerKind.BREACHED: late}))
    desk.sign_in(agent("ann"))
    item = desk.open()
    desk.wait(4 * HOUR + SECOND)

    assert "ann" == desk.offered_to(item)


def test_a_profile_that_keeps_nothing_any_more_is_offered_what_waits() -> None:
    desk = Desk(keeping(SENIORS))
    desk.sign_in(agent("ann", team="first"))
    plain = desk.open()
    desk.do(PutAgents(agents=(agent("ann"),)))

    assert "ann" == desk.offered_to(plain)


def test_a_rulebook_without_green_channel_gives_the_kept_units_to_everybody() -> None:
    desk = Desk(keeping(ONE_UNIT))
    desk.sign_in("ann")
    plain = desk.open()
    desk.activate(plan(channel_cost={}))

    assert "ann" == desk.offered_to(plain)


def test_a_why_not_names_the_units_that_are_kept() -> None:
    desk = Desk(keeping(ONE_UNIT))
    desk.sign_in("ann")
    item = desk.item(desk.open())

    assert (Block(kind=BlockKind.GREEN_CHANNEL, needed=2, has=1),) == blocks(
        desk.world, item, desk.agent()
    )


def test_kept_units_are_no_room_in_the_estimated_wait_of_others() -> None:
    desk = Desk(keeping(SENIORS))
    desk.sign_in(agent("ann", team="first"), "ben")
    desk.open()
    both = Desk(plan(channel_cost={}))
    both.sign_in("ann", "ben")
    both.open()
    for each in (desk, both):
        each.submit(opened())
        each.submit(opened())
    told, shorter = (each.item(list(each.world.items)[-1]).expected for each in (desk, both))

    assert told is not None
    assert shorter is not None
    assert told.p50 > shorter.p50
