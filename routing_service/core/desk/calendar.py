"""Working time of one calendar: how far a duration reaches, how much of a span was worked.

Pure arithmetic on instants and durations in integer microseconds UTC. Never here: the current
time, clock states, targets, any I/O besides loading the zone. `zoneinfo` prefers the system's
zone files: the process empties that path (`zoneinfo.reset_tzpath`), so that the pinned `tzdata`
package decides and a due is the same on every machine.
"""

import functools
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from routing_service.core.plans.plan import CalendarPlan
from routing_service.core.records.errors import WrongState

Minutes = tuple[tuple[int, int], ...]
"""(start, end) in minutes of one local date."""
Spans = tuple[tuple[int, int], ...]
"""(opens, closes) as instants, sorted and disjoint."""

_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_DAY: Final = 24 * 60 * _MINUTE
_MONTH: Final = 31 * _DAY
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UTC_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_EPOCH_WEEKDAY: Final = date(1970, 1, 1).weekday()
_HORIZON_DAYS: Final = 366
_BLOCK_DAYS: Final = 4
_CACHED_BLOCKS: Final = 3 * 366 // _BLOCK_DAYS  # three years; about 300 kB


class NoWorkingTimeError(WrongState):
    """The calendar has no working time for a whole year, so no due can be named."""

    def __init__(self, calendar: str, until: date) -> None:
        """`until`: the last date looked at."""
        super().__init__(
            "CALENDAR_WITHOUT_TIME",
            f"Calendar {calendar} has no working time in the {_HORIZON_DAYS} days up to {until}:"
            " give it hours, then activate the rulebook.",
            calendar=calendar,
        )


class Calendar:
    """Working time by local dates; a date is counted in days since 1970-01-01.

    An interval opens at the first and closes at the second occurrence of an ambiguous local time;
    a local time inside a gap means the gap's end. Intervals that come to overlap by this count
    once. Open means opens <= at < closes.
    """

    def __init__(self, plan: CalendarPlan) -> None:
        """Raise ValueError on an unknown zone, a date not YYYY-MM-DD or malformed intervals."""
        self.name: Final = plan.name
        self._zone: Final = _zone(plan.zone)
        self._local_epoch: Final = datetime(1970, 1, 1, tzinfo=self._zone)
        self._weekly: Final = _weekly(plan.weekly)
        self._special: Final = _special(plan.holidays, tuple(plan.overrides.items()))
        whole_days = all(each == ((0, 24 * 60),) for each in self._weekly)
        self.is_always: Final = whole_days and not self._special
        """Whether there is no time off at all."""
        self._cache: Final[dict[int, tuple[Spans, ...]]] = {}

    def add(self, start: int, duration: int) -> int:
        """Return the earliest instant by which `duration` of working time has passed since `start`.

        A due on an edge is therefore the closing edge; adding nothing gives `start`, open or not.
        Raise ValueError on a negative duration, NoWorkingTimeError after a year without work,
        OverflowError past the year 9999.
        """
        if duration < 0:
            msg = f"working time cannot be negative: {duration} microseconds"
            raise ValueError(msg)
        if self.is_always or not duration:
            return start + duration
        left = duration
        day, latest = start // _DAY - 1, start // _DAY + _HORIZON_DAYS
        while day <= latest:
            for opens, closes in self._spans(day):
                begins = max(opens, start)
                if left <= closes - begins:
                    return begins + left
                left -= max(closes - begins, 0)
                latest = day + _HORIZON_DAYS
            day += 1
        raise self._no_working_time(day)

    def between(self, a: int, b: int) -> int:
        """Return the working time in [a, b], 0 when b <= a; it costs by the days between."""
        if b <= a:
            return 0
        if self.is_always:
            return b - a
        return sum(
            min(closes, b) - max(opens, a)
            for opens, closes in self._spans_near(a, b)
            if opens < b and closes > a
        )

    def opens_after(self, at: int) -> int:
        """The first instant of working time at or after `at`. Raises like `add`."""
        return self.add(at, 1) - 1

    def closes_after(self, at: int) -> int:
        """The end of the working time in which `at` lies; spans that touch count as one.

        Of a calendar that closes nowhere within a month: a month later, to be asked again.
        """
        end = at
        for opens, closes in self._spans_near(at, at + _MONTH):
            if opens <= end < closes:
                end = closes
        return end

    def is_open(self, at: int) -> bool:
        """Whether `at` is working time: an opening edge is, a closing edge is not."""
        return self.is_always or any(
            opens <= at < closes for opens, closes in self._spans_near(at, at)
        )

    def add_workdays(self, start: int, days: int, *, end_of_day: bool = False) -> int:
        """Return the same local time `days` working days later, inside that day's hours.

        A workday is a local date with working time. Before its first opening the due moves up to
        that opening, after its last closing back to that closing; breaks within the day are kept.
        `end_of_day` gives the last closing instead. A start on a day off counts as if it came at
        the opening of the next workday, so its due is an opening, `days` whole workdays later.
        The due closes a span: of an ambiguous local time it is the second. It is never before
        `start` (0 days after hours). Raise ValueError on negative days, else as `add`.
        """
        if days < 0:
            msg = f"working days cannot be negative: {days}"
            raise ValueError(msg)
        local = (_UTC_EPOCH + timedelta(microseconds=start)).astimezone(self._zone)
        first = local.toordinal() - _EPOCH_ORDINAL
        worked = bool(self._spans(first))
        day = first if worked else self._workday_after(first)
        for _ in range(days):
            day = self._workday_after(day)
        opening, closing = self._spans(day)[0][0], self._spans(day)[-1][1]
        if end_of_day:
            return max(start, closing)
        if not worked:
            return opening
        same_time = self._instant(day, _time_of_day(local), fold=1)
        return max(start, min(max(same_time, opening), closing))

    def _workday_after(self, day: int) -> int:
        for later in range(day + 1, day + 1 + _HORIZON_DAYS):
            if self._spans(later):
                return later
        raise self._no_working_time(day + _HORIZON_DAYS)

    def _no_working_time(self, day: int) -> NoWorkingTimeError:
        return NoWorkingTimeError(self.name, date.fromordinal(day + _EPOCH_ORDINAL))

    def _spans_near(self, a: int, b: int) -> Iterator[tuple[int, int]]:
        for day in range(a // _DAY - 1, b // _DAY + 2):  # a local date is at most one off UTC's
            yield from self._spans(day)

    def _spans(self, day: int) -> Spans:
        block = self._cache.get(day // _BLOCK_DAYS)
        if block is None:
            if len(self._cache) >= _CACHED_BLOCKS:
                self._cache.clear()
            block = self._cache[day // _BLOCK_DAYS] = self._resolve(day // _BLOCK_DAYS)
        return block[day % _BLOCK_DAYS]

    def _resolve(self, block: int) -> tuple[Spans, ...]:
        """Resolve the dates of a block, by plain arithmetic where one offset holds throughout.

        The same offset a day before and a day after means no transition between: the shortest time
        in which a zone went back and forth is 7 days (America/Recife in 2000), these are 6.
        """
        days = range(block * _BLOCK_DAYS, (block + 1) * _BLOCK_DAYS)
        offset = self._offset(days.start - 1)
        if offset != self._offset(days.stop + 1):
            return tuple(self._resolve_over_transition(day) for day in days)
        return tuple(_shifted(self._minutes(day), day * _DAY - offset) for day in days)

    def _resolve_over_transition(self, day: int) -> Spans:
        """Resolve edge by edge; no span begins before the last one ended, yesterday's included."""
        spans: list[tuple[int, int]] = []
        reached = max((closes for _, closes in self._edges(day - 1)), default=None)
        for opens, closes in self._edges(day):
            begins = opens if reached is None else max(opens, reached)
            if begins < closes:
                spans.append((begins, closes))
                reached = closes
        return tuple(spans)

    def _edges(self, day: int) -> Spans:
        return tuple(
            (
                self._instant(day, timedelta(minutes=start), fold=0),
                self._instant(day, timedelta(minutes=end), fold=1),
            )
            for start, end in self._minutes(day)
        )

    def _minutes(self, day: int) -> Minutes:
        special = self._special.get(day)
        return self._weekly[(day + _EPOCH_WEEKDAY) % 7] if special is None else special

    def _offset(self, day: int) -> int:
        at = (_UTC_EPOCH + timedelta(days=day)).astimezone(self._zone)
        return _instant(at.replace(tzinfo=UTC)) - day * _DAY

    def _instant(self, day: int, time_of_day: timedelta, *, fold: int) -> int:
        """Return the instant of a local time; inside a gap that is the gap's end on both folds."""
        local = self._local_epoch + timedelta(days=day) + time_of_day
        first, second = _instant(local), _instant(local.replace(fold=1))
        if first <= second:
            return second if fold else first
        seconds = range(second // _SECOND, first // _SECOND + 1)  # the gap's end lies between them
        return seconds[bisect_left(seconds, True, key=lambda at: self._reads(at) > local)] * _SECOND

    def _reads(self, second: int) -> datetime:
        return (_UTC_EPOCH + timedelta(seconds=second)).astimezone(self._zone)


def _shifted(minutes: Minutes, midnight: int) -> Spans:
    return tuple((midnight + start * _MINUTE, midnight + end * _MINUTE) for start, end in minutes)


def _instant(local: datetime) -> int:
    return (local - _UTC_EPOCH) // timedelta(microseconds=1)


def _time_of_day(local: datetime) -> timedelta:
    return local - local.replace(hour=0, minute=0, second=0, microsecond=0)  # same zone: wall time


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: it names a folder
        msg = f"{name!r} is not a known time zone; use an IANA name such as Europe/Berlin"
        raise ValueError(msg) from error


def _weekly(weekly: tuple[Minutes, ...]) -> tuple[Minutes, ...]:
    if len(weekly) != len(_WEEKDAYS):
        msg = f"a week has seven days, Monday first; {len(weekly)} are given"
        raise ValueError(msg)
    return tuple(_checked(each, name) for each, name in zip(weekly, _WEEKDAYS, strict=True))


@functools.lru_cache(maxsize=64)  # the same dates at each activation, and of many desks
def _special(
    holidays: tuple[str, ...], overrides: tuple[tuple[str, Minutes], ...]
) -> Mapping[int, Minutes]:
    days_off: dict[int, Minutes] = {_day(text): () for text in holidays}
    return days_off | {_day(text): _checked(each, text) for text, each in overrides}


def _checked(minutes: Minutes, where: str) -> Minutes:
    previous_end = 0
    for start, end in minutes:
        if not previous_end <= start < end <= _DAY // _MINUTE:
            msg = f"{where}: intervals must be sorted, apart and within 0 to 1440: {minutes}"
            raise ValueError(msg)
        previous_end = end
    return minutes


def _day(text: str) -> int:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # one spelling: an override must meet its holiday
        msg = f"{text!r} is not a date in the form YYYY-MM-DD"
        raise ValueError(msg)
    return day.toordinal() - _EPOCH_ORDINAL
