"""The numbers people read: a pack's `number_format` filled in.

`{n}` counts the desk's items; in a format with `{date}` it counts those of one day in the desk's
zone and begins anew with the next: "NR{date}{n:03d}" gives NR20231001001. No clock enters here.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from routing_service.core.desk.world import World
from routing_service.core.plans.plan import Plan
from routing_service.core.records.model import SECOND

DATE = "{date}"


def next_number(world: World, now: int) -> tuple[str, str]:
    """The number of the item that opens at `now`, and the day it counts for ("" = no day).

    The day never goes back, so that a desk that changes its zone gives no number twice.
    """
    text = world.plan.number_format
    if DATE not in text:
        return text.format(n=world.items_made + 1), ""
    day = max(_today(world.plan, now), world.number_day)
    return text.format(n=_counted(world, day), date=day), day


def count_number(world: World, day: str) -> None:
    """Note that a number of this day was given; only apply calls it."""
    if day:
        world.numbers_of_day = _counted(world, day)
        world.number_day = day


def _counted(world: World, day: str) -> int:
    return world.numbers_of_day + 1 if day == world.number_day else 1


def _today(plan: Plan, now: int) -> str:
    at = datetime.fromtimestamp(now // SECOND, UTC)
    return f"{at.astimezone(ZoneInfo(plan.zone)):%Y%m%d}"
