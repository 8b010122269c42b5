"""Numbers people read: counted for ever, or anew each day of the desk's zone."""

from datetime import UTC, datetime, timedelta

import pytest

from routing_service.core.plans.plan import Plan
from routing_service.store.codec import frames, freeze, snapshot_of, thaw
from tests.builders import DAY, HOUR, NOON, plan
from tests.desk import Desk

DAILY = plan(number_format="NR{date}{n:03d}", zone="Asia/Shanghai")
MIDNIGHT_THERE = 16 * HOUR  # in UTC


def numbers(desk: Desk, count: int) -> list[str]:
    return [desk.item(desk.open()).number for _ in range(count)]


def to_midnight(desk: Desk) -> int:
    """Time from now to the next midnight in Shanghai."""
    return (MIDNIGHT_THERE - desk.now % DAY) % DAY or DAY


def there(desk: Desk) -> str:
    at = datetime.fromtimestamp(desk.now / 1_000_000, UTC) + timedelta(hours=8)
    return f"{at:%Y%m%d}"


def test_without_a_date_all_items_are_counted() -> None:
    desk = Desk(plan(number_format="C-{n}"))
    first = numbers(desk, 1)
    desk.wait(DAY)

    assert ["C-1", "C-2"] == first + numbers(desk, 1)


def test_with_a_date_the_count_begins_anew_at_midnight_of_the_desks_zone() -> None:
    desk = Desk(DAILY)
    today = there(desk)
    desk.wait(to_midnight(desk) - 1)
    before = numbers(desk, 2)
    desk.wait(1)
    tomorrow = there(desk)

    assert today != tomorrow
    assert [f"NR{today}001", f"NR{today}002"] == before
    assert [f"NR{tomorrow}001"] == numbers(desk, 1)


def test_more_than_fit_the_digits_get_more_digits() -> None:
    desk = Desk(plan(number_format="NR{date}{n:01d}"))

    assert ["9", "10"] == [number[len("NR20260101") :] for number in numbers(desk, 10)][8:]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "Pacific/Kiritimati"])
def test_no_number_is_given_twice_whatever_zone_the_desk_moves_to(zone: str) -> None:
    desk = Desk(plan(number_format="NR{date}{n:03d}", zone="Pacific/Kiritimati"))
    given = numbers(desk, 2)
    desk.activate(plan(number_format="NR{date}{n:03d}", zone=zone))
    given += numbers(desk, 2)
    desk.wait(2 * HOUR)
    given += numbers(desk, 2)

    assert len(set(given)) == len(given) == 6


@pytest.mark.parametrize("daily", [DAILY, plan()], ids=["daily", "for ever"])
def test_a_snapshot_goes_on_counting_where_it_was(daily: Plan) -> None:
    desk = Desk(daily)
    numbers(desk, 3)
    desk.world, _ = thaw(snapshot_of(desk.world.seq, list(frames(freeze(desk.world, dev=False)))))

    assert numbers(desk, 1)[0].endswith("4")


def test_the_day_is_that_of_the_receipt() -> None:
    desk = Desk(DAILY)

    assert NOON == desk.now
    assert numbers(desk, 1) == [f"NR{there(desk)}001"]
