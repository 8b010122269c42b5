"""How rule files write time: durations, shares, hours of the day, days of the week, dates.

Each reader gives None for a text that has not the form; the caller knows the place and the finding.
A `d` is 24 hours of the clock's own time: on a calendar of 10 working hours a day, `1d` takes more
than two working days. Whole working days are written `5 workdays`.
"""

import datetime
import re
from itertools import pairwise

from routing_service.core.records.model import SECOND

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MAX_DURATION = 3660 * DAY
MAX_WORKDAYS = 1000

MINUTES_OF_HOUR = 60
MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Interval = tuple[int, int]

_DURATION = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?", re.ASCII)
_WORKDAYS = re.compile(r"(\d{1,4}) workdays?", re.ASCII)
_SHARE = re.compile(r"(\d{1,2})%", re.ASCII)
_INTERVAL = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def duration(text: str) -> int | None:
    """Microseconds of "90s", "30m", "4h", "1h30m", "2d"; at most ten years."""
    found = _DURATION.fullmatch(text)
    if found is None or not text:
        return None
    units = (DAY, HOUR, MINUTE, SECOND)
    total = sum(
        int(count) * unit for count, unit in zip(found.groups(), units, strict=True) if count
    )
    return total if total <= MAX_DURATION else None


def workdays(text: str) -> int | None:
    """The number in "5 workdays" (or "1 workday"); at most 1000."""
    found = _WORKDAYS.fullmatch(text)
    if found is None or int(found.group(1)) > MAX_WORKDAYS:
        return None
    return int(found.group(1))


def share(text: str) -> int | None:
    """The percentage of "80%", 1 to 99."""
    found = _SHARE.fullmatch(text)
    if found is None or int(found.group(1)) == 0:
        return None
    return int(found.group(1))


def interval(text: str) -> Interval | None:
    """Minutes of the day of "08:00-12:00"; the end may be 24:00."""
    found = _INTERVAL.fullmatch(text)
    if found is None:
        return None
    from_hour, from_minute, to_hour, to_minute = (int(part) for part in found.groups())
    start = from_hour * MINUTES_OF_HOUR + from_minute
    end = to_hour * MINUTES_OF_HOUR + to_minute
    if max(from_minute, to_minute) >= MINUTES_OF_HOUR or not start < end <= MINUTES_OF_DAY:
        return None
    return start, end


def overlap(intervals: tuple[Interval, ...]) -> bool:
    """Whether two of the sorted intervals share a minute."""
    return any(after[0] < before[1] for before, after in pairwise(intervals))


def days(text: str) -> tuple[int, ...] | None:
    """Days of the week (Monday = 0) of "sat" or "mon-fri"."""
    first, _, last = text.partition("-")
    if first not in DAYS or (last or first) not in DAYS or text.endswith("-"):
        return None
    start, end = DAYS.index(first), DAYS.index(last or first)
    return tuple(range(start, end + 1)) or None


def date(text: str) -> str | None:
    """The ISO date itself when it exists in the calendar."""
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return None
