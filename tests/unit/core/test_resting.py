"""What keeps an agent from new work: missed offers, cool-downs, shifts, caps, work elsewhere."""

from typing import Any

import pytest
from msgspec.structs import replace

from routing_service.core.journal.commands import PutAgents, ReportKind, SetOutsideWork
from routing_service.core.plans.plan import OfferPlan, Plan, TeamPlan
from routing_service.core.records.errors import Invalid
from routing_service.core.records.lifecycle import ItemState, Presence
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    OFFICE,
    SECOND,
    agent,
    plan,
    queue_plan,
)
from tests.desk import Desk


def with_offers(**offers: Any) -> Plan:
    return plan(queues={"service": queue_plan(wrap_up=0, offers=OfferPlan(**offers))})


def test_who_misses_offers_in_a_row_is_away_until_he_says_otherwise() -> None:
    desk = Desk(with_offers(pause_after=2))
    desk.sign_in("ann")
    item = desk.open()
    desk.wait(31 * SECOND)
    once = desk.agent().presence
    desk.wait(61 * SECOND)
    paused = (desk.agent().presence, desk.agent().presence_reason)
    desk.wait(HOUR)
    meanwhile = desk.offered_to(item)
    desk.presence("ann", Presence.AVAILABLE)

    assert once is Presence.AVAILABLE
    assert (Presence.AWAY, "missed") == paused
    assert ("", "ann", 0) == (meanwhile, desk.offered_to(item), desk.agent().missed)


def test_an_answer_of_any_kind_begins_the_count_of_missed_offers_anew() -> None:
    desk = Desk(with_offers(pause_after=2))
    desk.sign_in("ann")
    item = desk.open()
    desk.wait(31 * SECOND)
    missed = desk.agent().missed
    desk.wait(30 * SECOND)
    desk.decline(item)

    assert (1, 0) == (missed, desk.agent().missed)


@pytest.mark.parametrize("outcome", ["declined", "expired", "completed"])
def test_after_an_outcome_the_agent_cools_down(outcome: str) -> None:
    desk = Desk(with_offers(cool_down={outcome: MINUTE}))
    desk.sign_in("ann")
    item = desk.open()
    if outcome == "declined":
        desk.decline(item)
    elif outcome == "expired":
        desk.wait(30 * SECOND + 1)
    else:
        desk.accept(item)
        desk.complete(item, "ann")
    desk.cancel(item)
    following = desk.open()
    desk.wait(MINUTE - 1)
    cools = desk.offered_to(following)
    desk.wait(1)

    assert ("", "ann") == (cools, desk.offered_to(following))


def test_an_outcome_without_cool_down_keeps_nobody() -> None:
    desk = Desk(with_offers(cool_down={"expired": MINUTE}))
    desk.sign_in("ann")
    desk.decline(desk.open())

    assert "ann" == desk.offered_to(desk.open())


def test_units_busy_elsewhere_are_not_given_away() -> None:
    desk = Desk()
    desk.sign_in(agent(capacity=3))
    desk.do(SetOutsideWork(agent="ann", units=2))
    first, second = desk.open(), desk.open()
    busy = [desk.offered_to(first), desk.offered_to(second)]
    desk.do(SetOutsideWork(agent="ann", units=0))

    assert ["ann", ""] == busy
    assert "ann" == desk.offered_to(second)


def test_work_elsewhere_may_be_more_than_all_and_takes_nothing_from_him() -> None:
    desk = Desk()
    desk.sign_in("ann")
    item = desk.open()
    desk.accept(item)
    desk.do(SetOutsideWork(agent="ann", units=9))

    assert ("ann", 0) == (desk.item(item).owner, desk.world.roster.units("ann")[""])


def test_negative_units_are_refused() -> None:
    desk = Desk()
    desk.sign_in("ann")
    with pytest.raises(Invalid):
        desk.do(SetOutsideWork(agent="ann", units=-1))


def capped(items: int) -> Desk:
    desk = Desk(plan(queues={"service": queue_plan(wrap_up=0)}))
    desk.sign_in(agent(capacity=9, cap=items, cap_window=HOUR))
    return desk


def test_nobody_gets_more_items_in_a_window_than_his_cap() -> None:
    desk = capped(2)
    items = [desk.open() for _ in range(3)]
    offered = [desk.offered_to(item) for item in items]
    for item in items[:2]:
        desk.accept(item)
        desk.wait(10 * SECOND)
    desk.wait(HOUR - 20 * SECOND - 1)
    full = desk.offered_to(items[2])
    desk.wait(1)

    assert ["ann", "ann", ""] == offered
    assert ("", "ann") == (full, desk.offered_to(items[2]))


def test_an_offer_he_does_not_take_does_not_count_against_his_cap() -> None:
    desk = capped(1)
    desk.decline(desk.open())

    assert "ann" == desk.offered_to(desk.open())


def in_office(**changes: Any) -> Desk:
    desk = Desk(
        plan(
            teams={"day": TeamPlan(name="day", lead="lead-1", calendar="office")},
        )
    )
    desk.sign_in(agent(**changes))
    return desk


@pytest.mark.parametrize("profile", [{"team": "day"}, {"calendar": "office"}])
def test_off_shift_he_gets_nothing_new_and_keeps_what_he_has(profile: dict[str, str]) -> None:
    desk = in_office(capacity=2, **profile)
    item = desk.open()
    desk.accept(item)
    desk.wait_until(NOON + 5 * HOUR)
    late = desk.open()
    after_hours = (desk.offered_to(late), desk.item(item).owner, dict(desk.agent().held_back))
    desk.wait_until(NOON + 21 * HOUR - 1)
    before = desk.offered_to(late)
    desk.wait(1)

    assert ("", "ann", {"off_shift": NOON + 21 * HOUR}) == after_hours
    assert ("", "ann") == (before, desk.offered_to(late))


def test_his_own_calendar_goes_before_that_of_his_team() -> None:
    desk = in_office(team="day", calendar="always")
    desk.wait_until(NOON + 6 * HOUR)

    assert "ann" == desk.offered_to(desk.open())


def test_a_shift_over_the_weekend_begins_on_monday() -> None:
    desk = in_office(calendar="office")
    desk.wait_until(NOON + 2 * DAY + 6 * HOUR)

    assert {"off_shift": NOON + 5 * DAY - 3 * HOUR} == desk.agent().held_back


def test_another_plan_turns_the_shifts_at_once() -> None:
    desk = in_office(calendar="office")
    night = replace(OFFICE, weekly=(((20 * 60, 1440),),) * 7)
    desk.activate(plan(calendars={"office": night}))
    off = dict(desk.agent().held_back)
    desk.activate(plan(calendars={}))

    assert {"off_shift": NOON + 8 * HOUR} == off
    assert ({}, 0) == (desk.agent().held_back, desk.agent().shift_ends)


def test_who_leaves_his_calendar_is_on_shift() -> None:
    desk = in_office(calendar="office")
    desk.wait_until(NOON + 6 * HOUR)
    desk.do(PutAgents(agents=(agent(),)))

    assert {} == desk.agent().held_back


def test_draining_finishes_what_he_has_and_gets_nothing_new() -> None:
    desk = Desk()
    desk.sign_in(agent(capacity=2))
    owned = desk.open()
    desk.accept(owned)
    desk.presence("ann", Presence.DRAINING)
    following = desk.open()
    desk.report(owned, ReportKind.RESPONDED)

    assert ("ann", "") == (desk.item(owned).owner, desk.offered_to(following))
    assert desk.item(following).state is ItemState.QUEUED
