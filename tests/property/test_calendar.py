"""Calendar arithmetic for any hours in zones with awkward clock changes.

The oracle walks minute by minute and only ever converts UTC to local time, the direction in which
nothing is skipped or ambiguous; the product goes the other way.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from routing_service.core.desk.calendar import Calendar
from routing_service.core.plans.plan import CalendarPlan

Day = tuple[tuple[int, int], ...]
MINUTE: Final = 60_000_000
DAY: Final = 1440 * MINUTE
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
BEFORE: Final = 5
AFTER: Final = 9

EDGES: Final = (
    ("Asia/Shanghai", date(2023, 10, 1)),  # no change at all, the holiday of the golden case
    ("Asia/Shanghai", date(1991, 9, 15)),  # its last change ever
    ("Europe/Berlin", date(2024, 3, 31)),
    ("Europe/Berlin", date(2024, 10, 27)),
    ("America/New_York", date(2024, 3, 10)),
    ("America/New_York", date(2024, 11, 3)),
    ("Australia/Lord_Howe", date(2024, 4, 7)),  # half an hour
    ("Australia/Lord_Howe", date(2024, 10, 6)),
    ("America/Havana", date(2024, 11, 3)),  # midnight comes twice
    ("America/Sao_Paulo", date(2018, 11, 4)),  # midnight never comes
    ("America/St_Johns", date(2010, 11, 7)),  # from one past midnight back into yesterday
    ("Pacific/Apia", date(2011, 12, 30)),  # the date never comes
)


class Case:
    """A calendar near a clock change, and the same hours as one flag per minute of UTC."""

    def __init__(self, zone: str, edge: date, plan: CalendarPlan) -> None:
        self.calendar = Calendar(plan)
        self.plan = plan
        self.readings, self.seen = readings(zone, edge)
        self.origin = origin(edge)
        self.dates = [edge + timedelta(days=n) for n in range(-BEFORE, AFTER)]
        self.spans = {day: self._spans(day) for day in self.dates}
        self.open = bytearray(len(self.readings))
        for spans in self.spans.values():
            for opens, closes in spans:
                self.open[opens:closes] = b"\x01" * (closes - opens)

    def __repr__(self) -> str:
        return repr(self.plan)

    def instant(self, minute: int) -> int:
        return self.origin + minute * MINUTE

    def hours(self, day: date) -> Day:
        if day.isoformat() in self.plan.overrides:
            return self.plan.overrides[day.isoformat()]
        return () if day.isoformat() in self.plan.holidays else self.plan.weekly[day.weekday()]

    def minute_of(self, reading: datetime, which: int) -> int:
        """First (0) or last (1) minute that reads so, else the first that reads later."""
        if reading in self.seen:
            return self.seen[reading][which]
        return next(n for n, each in enumerate(self.readings) if each > reading)

    def _spans(self, day: date) -> list[tuple[int, int]]:
        midnight = datetime.combine(day, datetime.min.time())
        spans = [
            (
                self.minute_of(midnight + timedelta(minutes=start), 0),
                self.minute_of(midnight + timedelta(minutes=end), 1),
            )
            for start, end in self.hours(day)
        ]
        return [(opens, closes) for opens, closes in spans if opens < closes]

    def add(self, start: int, length: int) -> int | None:
        worked = 0
        for minute in range(start, len(self.open)):
            if worked == length:
                return minute
            worked += self.open[minute]
        return None

    def add_workdays(self, start: int, days: int, *, end_of_day: bool) -> int | None:
        today = self.readings[start].date()
        workdays = [day for day in self.dates if self.spans[day] and day >= today]
        if len(workdays) <= days:
            return None
        opening = min(opens for opens, _ in self.spans[workdays[days]])
        closing = max(closes for _, closes in self.spans[workdays[days]])
        if end_of_day:
            return max(start, closing)
        if workdays[0] != today:
            return opening
        same = datetime.combine(workdays[days], self.readings[start].time())
        return max(start, min(max(self.minute_of(same, 1), opening), closing))


def origin(edge: date) -> int:
    return (edge.toordinal() - EPOCH.toordinal() - BEFORE - 2) * DAY


@lru_cache(maxsize=len(EDGES))
def readings(zone: str, edge: date) -> tuple[list[datetime], dict[datetime, tuple[int, int]]]:
    """Return what a local clock shows in each minute of UTC, when it first and last shows it."""
    begin, local = EPOCH + timedelta(microseconds=origin(edge)), ZoneInfo(zone)
    shown = [
        (begin + timedelta(minutes=n)).astimezone(local).replace(tzinfo=None)
        for n in range((BEFORE + AFTER + 4) * 1440)
    ]
    seen: dict[datetime, tuple[int, int]] = {}
    for n, reading in enumerate(shown):
        seen[reading] = (seen[reading][0] if reading in seen else n, n)
    return shown, seen


BOUNDS: Final = st.one_of(
    st.sampled_from([0, 1, 30, 60, 90, 100, 119, 120, 121, 135, 150, 180, 540, 1380, 1439, 1440]),
    st.integers(0, 1440),
)


@st.composite
def hours(draw: st.DrawFn) -> Day:
    bounds = sorted(draw(st.lists(BOUNDS, max_size=6, unique=True)))
    return tuple(zip(bounds[::2], bounds[1::2], strict=False))


def exceptions(edge: date) -> st.SearchStrategy[str]:
    return st.integers(-2, 3).map(lambda n: (edge + timedelta(days=n)).isoformat())


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone, edge = draw(st.sampled_from(EDGES))
    plan = CalendarPlan(
        name="any",
        zone=zone,
        weekly=tuple(draw(st.lists(hours(), min_size=7, max_size=7))),
        holidays=tuple(draw(st.lists(exceptions(edge), max_size=2))),
        overrides=draw(st.dictionaries(exceptions(edge), hours(), max_size=2)),
    )
    return Case(zone, edge, plan)


STARTS: Final = st.integers(3 * 1440, 10 * 1440)  # minutes well inside what the oracle walked
INSTANTS: Final = st.integers(0, (BEFORE + AFTER) * DAY)


@given(cases(), STARTS, STARTS)
def test_between_equals_a_count_of_open_minutes(case: Case, a: int, b: int) -> None:
    assert case.calendar.between(case.instant(a), case.instant(b)) == sum(case.open[a:b]) * MINUTE


@given(cases(), STARTS)
def test_is_open_equals_the_minute_s_flag(case: Case, minute: int) -> None:
    assert case.calendar.is_open(case.instant(minute)) is bool(case.open[minute])


@given(cases(), STARTS, st.integers(0, 2000))
def test_add_equals_a_walk_over_open_minutes(case: Case, start: int, length: int) -> None:
    expected = case.add(start, length)
    assume(expected is not None and expected < len(case.open) - 4 * 1440)

    assert case.calendar.add(case.instant(start), length * MINUTE) == case.instant(expected or 0)


@given(case=cases(), start=STARTS, days=st.integers(0, 4), end_of_day=st.booleans())
def test_workdays_equal_a_walk_over_dates(
    case: Case, start: int, days: int, *, end_of_day: bool
) -> None:
    expected = case.add_workdays(start, days, end_of_day=end_of_day)
    assume(expected is not None)
    due = case.calendar.add_workdays(case.instant(start), days, end_of_day=end_of_day)

    assert due == case.instant(expected or 0)


@given(cases(), INSTANTS, st.integers(0, 20 * DAY))
def test_what_is_added_lies_between(case: Case, offset: int, length: int) -> None:
    assume(any(case.plan.weekly))
    start = case.origin + offset
    due = case.calendar.add(start, length)

    assert case.calendar.between(start, due) == length


@given(cases(), INSTANTS, st.integers(1, 20 * DAY))
def test_a_due_is_the_first_instant_with_that_much_work(
    case: Case, offset: int, length: int
) -> None:
    assume(any(case.plan.weekly))
    start = case.origin + offset
    due = case.calendar.add(start, length)

    assert case.calendar.between(start, due - 1) == length - 1


@given(cases(), st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_between_is_additive(case: Case, offsets: list[int]) -> None:
    a, b, c = (case.origin + offset for offset in offsets)
    between = case.calendar.between

    assert between(a, c) == between(a, b) + between(b, c)


@given(cases(), st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_between_grows_with_its_end_and_never_beyond_elapsed_time(
    case: Case, offsets: list[int]
) -> None:
    a, b, c = (case.origin + offset for offset in offsets)

    assert 0 <= case.calendar.between(a, b) <= case.calendar.between(a, c) <= c - a


@given(cases(), st.lists(INSTANTS, min_size=2, max_size=2).map(sorted), st.integers(1, 5 * DAY))
def test_a_later_start_is_never_due_earlier(case: Case, offsets: list[int], length: int) -> None:
    assume(any(case.plan.weekly))
    early, late = (case.calendar.add(case.origin + offset, length) for offset in offsets)

    assert early <= late


@given(st.sampled_from(EDGES), INSTANTS, st.integers(0, 20 * DAY))
def test_the_shortcut_for_always_open_agrees_with_the_long_way(
    edge: tuple[str, date], offset: int, length: int
) -> None:
    zone, day = edge
    week = (((0, 1440),),) * 7
    always = Calendar(CalendarPlan(name="always", zone=zone, weekly=week))
    far_holiday = Calendar(
        CalendarPlan(name="almost", zone=zone, weekly=week, holidays=("1971-01-01",))
    )
    start = origin(day) + offset

    assert always.add(start, length) == far_holiday.add(start, length) == start + length
    assert far_holiday.between(start, start + length) == length
