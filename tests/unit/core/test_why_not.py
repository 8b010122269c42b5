"""Why a waiting item is with nobody: each reason there is, as it is told."""

import pytest

from routing_service.core.choice.blocks import Block, BlockKind
from routing_service.core.choice.why_not import Lack, LackKind, WhyNot, why_not
from routing_service.core.journal.commands import SetOutsideWork, Transfer
from routing_service.core.plans.queue_plan import Ladder, RelaxStep
from routing_service.core.records.errors import WrongState
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Requirement
from tests.builders import DAY, HOUR, MINUTE, NOON, agent, at, needs, plan, queue_plan
from tests.desk import Desk

NINE_TOMORROW = at("2024-05-16T09:00+00:00")


def told(desk: Desk, item: str) -> WhyNot:
    return why_not(desk.world, desk.item(item))


def blocks(desk: Desk, item: str) -> list[tuple[str, tuple[Block, ...]]]:
    """Agents and what blocks each, nearest first."""
    return [(miss.agent, miss.blocks) for miss in told(desk, item).nearest]


def test_queue_without_agents_is_told_so() -> None:
    desk = Desk()
    item = desk.open()

    assert Lack(kind=LackKind.NOBODY_IN_QUEUE) == told(desk, item).lack
    assert () == told(desk, item).nearest


def test_skill_that_nobody_has_at_this_level_is_named() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", skills={"hvac": 5}), agent("ben"))
    item = desk.open(requirements=needs(hvac=6))
    five, none = (Block(kind=BlockKind.SKILL, skill="hvac", needed=6, has=has) for has in (5, 0))

    assert Lack(kind=LackKind.SKILL_OF_NOBODY, skill="hvac", level=6) == told(desk, item).lack
    assert [("ann", (five,)), ("ben", (none,))] == blocks(desk, item)


def test_skill_of_agents_of_other_queues_only_is_told_apart() -> None:
    desk = Desk()
    desk.sign_in("ann", agent("eve", queues=("second",), skills={"hvac": 6}))
    item = desk.open(requirements=needs(hvac=6))
    elsewhere = Block(kind=BlockKind.NOT_IN_QUEUE, detail="service")

    assert Lack(kind=LackKind.SKILL_NOT_IN_QUEUE, skill="hvac", level=6) == told(desk, item).lack
    assert ("eve", (elsewhere,)) in blocks(desk, item)


def test_skills_that_nobody_has_together() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", skills={"hvac": 1}), agent("ben", skills={"english": 1}))
    item = desk.open(requirements=needs(hvac=1, english=1))

    assert LackKind.NOT_TOGETHER is told(desk, item).lack.kind


def test_nobody_qualified_is_on_shift_until_the_first_one_is() -> None:
    evening = Desk()
    evening.now = at("2024-05-15T20:00+00:00")
    evening.sign_in(agent("ann", calendar="office"))
    item = evening.open()

    assert Lack(kind=LackKind.NOBODY_ON_SHIFT, until=NINE_TOMORROW) == told(evening, item).lack
    assert [("ann", (Block(kind=BlockKind.OFF_SHIFT, until=NINE_TOMORROW),))] == blocks(
        evening, item
    )


def test_presence_is_told_with_its_reason() -> None:
    desk = Desk()
    desk.sign_in("ann")
    desk.presence("ann", Presence.AWAY, "lunch")
    item = desk.open()
    away = Block(kind=BlockKind.PRESENCE, detail="away", reason="lunch")

    assert Lack(kind=LackKind.NOBODY_AVAILABLE) == told(desk, item).lack
    assert [("ann", (away,))] == blocks(desk, item)


def test_draining_agent_finishes_what_he_has() -> None:
    desk = Desk()
    desk.sign_in("ann")
    desk.presence("ann", Presence.DRAINING)

    assert [("ann", (Block(kind=BlockKind.PRESENCE, detail="draining"),))] == blocks(
        desk, desk.open()
    )


def test_call_that_needs_more_units_than_are_free() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", capacity=3))
    desk.do(SetOutsideWork(agent="ann", units=2))
    item = desk.open(channel="phone")

    assert Lack(kind=LackKind.NOBODY_FREE) == told(desk, item).lack
    assert [("ann", (Block(kind=BlockKind.CAPACITY, needed=2, has=1),))] == blocks(desk, item)


def test_channel_maximum_is_told_apart_from_units() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", capacity=9, maximum={"phone": 1}))
    desk.accept(desk.open(channel="phone"))
    item = desk.open(channel="phone")
    full = Block(kind=BlockKind.CHANNEL_MAXIMUM, detail="phone", needed=1, has=1)

    assert Lack(kind=LackKind.NOBODY_FREE) == told(desk, item).lack
    assert [("ann", (full,))] == blocks(desk, item)


def test_cap_of_a_window_ends_with_the_oldest_item_taken() -> None:
    desk = Desk()
    desk.sign_in(agent("ann", capacity=5, cap=1, cap_window=HOUR))
    desk.accept(desk.open())
    item = desk.open()
    full = Block(kind=BlockKind.CAP, needed=1, has=1, until=NOON + HOUR)

    assert [("ann", (full,))] == blocks(desk, item)


def test_agent_who_declined_is_passed_over_until_then() -> None:
    desk = Desk()
    desk.sign_in("ann")
    item = desk.open()
    desk.decline(item, retry_at=NOON + HOUR)

    assert Lack(kind=LackKind.ALL_DECLINED, until=NOON + HOUR) == told(desk, item).lack
    assert [("ann", (Block(kind=BlockKind.DECLINED, until=NOON + HOUR),))] == blocks(desk, item)


def test_item_that_waits_for_one_agent_is_reserved_for_him() -> None:
    desk = Desk()
    desk.sign_in("ann", "ben")
    item = desk.open()
    desk.accept(item)
    busy = desk.open()
    desk.accept(busy)
    desk.do(Transfer(item=item, agent="ben", wait=HOUR))
    desk.wait(2 * MINUTE)
    reserved = Block(kind=BlockKind.RESERVED, detail="ben", until=NOON + HOUR)
    full = Block(kind=BlockKind.CAPACITY, needed=1)

    assert Lack(kind=LackKind.RESERVED, agent="ben", until=NOON + HOUR) == told(desk, item).lack
    assert [("ann", (reserved,)), ("ben", (full,))] == blocks(desk, item)


def test_agents_above_the_ceiling_are_left_for_others_until_a_step_lifts_it() -> None:
    ladder = Ladder(steps=(RelaxStep(after=MINUTE, no_ceiling=True),), ceiling=2)
    desk = Desk(plan(queues={"service": queue_plan(ladder=ladder)}))
    desk.sign_in(agent("ann", skills={"hvac": 4}))
    item = desk.open(requirements=needs(hvac=1))
    above = Block(kind=BlockKind.CEILING, skill="hvac", needed=2, has=4)

    assert [("ann", (above,))] == blocks(desk, item)
    assert NOON + MINUTE == told(desk, item).relaxes_at


def test_level_above_the_ceiling_fits_nobody() -> None:
    desk = Desk(plan(queues={"service": queue_plan(ladder=Ladder(ceiling=2))}))
    desk.sign_in(agent("ann", skills={"hvac": 4}))
    item = desk.open(requirements=needs(hvac=3))
    impossible = Block(kind=BlockKind.NO_LEVEL_FITS, skill="hvac", needed=3, has=2)

    assert Lack(kind=LackKind.NO_LEVEL_FITS, skill="hvac", level=3) == told(desk, item).lack
    assert [("ann", (impossible,))] == blocks(desk, item)


def test_what_a_step_dropped_is_not_asked_any_more() -> None:
    steps = (RelaxStep(after=MINUTE, drop=("hvac",), queues=("second",)),)
    queues = {"service": queue_plan(ladder=Ladder(steps=steps)), "second": queue_plan("second")}
    desk = Desk(plan(queues=queues))
    item = desk.open(requirements=needs(hvac=3, english=2))

    desk.wait(MINUTE)

    assert ("service", "second") == told(desk, item).queues
    assert (Requirement("english", 2),) == told(desk, item).requirements


def test_funnel_counts_whom_each_filter_left() -> None:
    desk = Desk()
    skilled = {"hvac": 3}
    desk.sign_in("ann", agent("ben", skills=skilled), agent("cho", skills=skilled))
    desk.presence("ben", Presence.AWAY)
    desk.accept(desk.open(requirements=needs(hvac=1)))
    found = told(desk, desk.open(requirements=needs(hvac=1)))

    assert (3, 2, 1, 0) == (found.in_queue, found.qualified, found.available, found.free)


def test_nearest_are_those_with_the_fewest_blocks_and_five_at_most() -> None:
    desk = Desk()
    desk.sign_in(*(agent(f"a{n}", queues=("second",)) for n in range(4)))
    desk.sign_in(*(agent(f"b{n}", skills={"hvac": 1}) for n in range(4)))
    for n in range(4):
        desk.presence(f"b{n}", Presence.AWAY)

    nearest = told(desk, desk.open(requirements=needs(hvac=1))).nearest

    assert ["b0", "b1", "b2", "b3", "a0"] == [miss.agent for miss in nearest]
    assert [1, 1, 1, 1, 2] == [len(miss.blocks) for miss in nearest]


def test_of_equally_near_agents_the_one_whose_block_ends_first_is_nearest() -> None:
    desk = Desk()
    desk.sign_in("ann")
    item = desk.open()
    desk.decline(item, retry_at=NOON + DAY)
    desk.sign_in("ben")
    desk.decline(item, retry_at=NOON + HOUR)

    assert ["ben", "ann"] == [miss.agent for miss in told(desk, item).nearest]


def test_wait_that_just_ended_means_an_offer_is_on_its_way() -> None:
    desk = Desk()
    desk.sign_in("ann")
    item = desk.open()
    desk.decline(item, retry_at=NOON + MINUTE)
    desk.now += MINUTE
    desk.open(queue="second")  # time goes on before the deadline is fired

    assert Lack(kind=LackKind.ABOUT_TO_BE_OFFERED) == told(desk, item).lack


def test_item_that_does_not_wait_has_no_why_not() -> None:
    desk = Desk()
    desk.sign_in("ann")
    item = desk.open()

    with pytest.raises(WrongState) as refused:
        told(desk, item)

    assert "ITEM_NOT_WAITING" == refused.value.reason
