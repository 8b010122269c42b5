"""What a service manager expects of working hours, one example each."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from routing_service.core.desk.calendar import Calendar, NoWorkingTimeError
from routing_service.core.plans.plan import CalendarPlan

MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Day = tuple[tuple[int, int], ...]
OFFICE: Final[Day] = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
WHOLE_DAY: Final[Day] = ((0, 1440),)


def at(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def calendar(
    zone: str,
    workday: Day = OFFICE,
    weekend: Day = (),
    holidays: tuple[str, ...] = (),
    overrides: dict[str, Day] | None = None,
) -> Calendar:
    return Calendar(
        CalendarPlan(
            name="hours",
            zone=zone,
            weekly=(workday,) * 5 + (weekend,) * 2,
            holidays=holidays,
            overrides=overrides or {},
        )
    )


BERLIN: Final = calendar("Europe/Berlin")
NATIONAL_DAY: Final = calendar(
    "Asia/Shanghai",
    workday=((9 * 60, 18 * 60),),
    holidays=("2023-09-29", "2023-10-02", "2023-10-03", "2023-10-04", "2023-10-05", "2023-10-06"),
    overrides={"2023-10-07": ((9 * 60, 18 * 60),), "2023-10-08": ((9 * 60, 18 * 60),)},
)


def test_working_time_skips_the_lunch_break_the_night_and_the_weekend() -> None:
    due = BERLIN.add(at("2024-05-17T11:00+02:00"), 8 * HOUR)  # a Friday

    assert due == at("2024-05-20T11:00+02:00")


def test_a_due_on_an_edge_is_the_closing_edge() -> None:
    due = BERLIN.add(at("2024-05-17T17:00+02:00"), HOUR)

    assert due == at("2024-05-17T18:00+02:00")


def test_a_start_outside_hours_counts_from_the_next_opening() -> None:
    due = BERLIN.add(at("2024-05-18T03:00+02:00"), 30 * MINUTE)

    assert due == at("2024-05-20T09:30+02:00")


def test_adding_nothing_keeps_the_start_even_when_closed() -> None:
    saturday = at("2024-05-18T03:00+02:00")

    assert BERLIN.add(saturday, 0) == saturday


def test_time_between_counts_open_time_only() -> None:
    worked = BERLIN.between(at("2024-05-17T11:30+02:00"), at("2024-05-20T09:15+02:00"))

    assert worked == 30 * MINUTE + 5 * HOUR + 15 * MINUTE


def test_time_between_is_nothing_backwards() -> None:
    assert BERLIN.between(at("2024-05-17T12:00+02:00"), at("2024-05-17T10:00+02:00")) == 0


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2024-05-17T08:59:59+02:00", False),
        ("2024-05-17T09:00+02:00", True),
        ("2024-05-17T12:00+02:00", False),
        ("2024-05-17T17:59:59+02:00", True),
        ("2024-05-17T18:00+02:00", False),
        ("2024-05-18T10:00+02:00", False),
    ],
)
def test_an_opening_edge_is_open_and_a_closing_edge_is_not(when: str, *, expected: bool) -> None:
    assert BERLIN.is_open(at(when)) is expected


def test_a_calendar_around_the_clock_measures_exact_elapsed_time_over_a_dst_change() -> None:
    always = calendar("Europe/Berlin", WHOLE_DAY, WHOLE_DAY)
    start = at("2024-03-30T12:00+01:00")

    assert always.add(start, 24 * HOUR) == at("2024-03-31T13:00+02:00")
    assert always.between(start, at("2024-03-31T12:00+02:00")) == 23 * HOUR
    assert always.is_open(start)


def test_an_override_gives_a_holiday_special_hours() -> None:
    christmas = calendar(
        "Europe/Berlin",
        holidays=("2024-12-24", "2024-12-25"),
        overrides={"2024-12-24": ((9 * 60, 12 * 60),)},
    )

    due = christmas.add(at("2024-12-24T11:00+01:00"), 2 * HOUR)

    assert due == at("2024-12-26T10:00+01:00")


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        pytest.param("2024-03-28T16:45+01:00", 2, "2024-04-01T16:45+02:00", id="same local time"),
        pytest.param("2024-05-17T22:00+02:00", 1, "2024-05-20T18:00+02:00", id="after closing"),
        pytest.param("2024-05-17T06:00+02:00", 1, "2024-05-20T09:00+02:00", id="before opening"),
        pytest.param("2024-05-18T16:00+02:00", 1, "2024-05-21T09:00+02:00", id="on a day off"),
        pytest.param("2024-05-16T12:30+02:00", 1, "2024-05-17T12:30+02:00", id="in the break"),
    ],
)
def test_workdays_keep_the_local_time_within_the_hours_of_the_day(
    start: str, days: int, expected: str
) -> None:
    assert BERLIN.add_workdays(at(start), days) == at(expected)


def test_end_of_day_extends_to_the_last_closing() -> None:
    due = BERLIN.add_workdays(at("2024-05-17T09:30+02:00"), 1, end_of_day=True)

    assert due == at("2024-05-20T18:00+02:00")


def test_no_workdays_after_hours_are_due_at_once_not_earlier() -> None:
    start = at("2024-05-17T22:00+02:00")

    assert BERLIN.add_workdays(start, 0) == start
    assert BERLIN.add_workdays(start, 0, end_of_day=True) == start


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2023-10-01T16:45+08:00", "2023-10-12T09:00+08:00"),  # a day off: counts from 7 October
        ("2023-09-28T16:45+08:00", "2023-10-11T16:45+08:00"),  # the last workday before
        ("2023-10-08T16:45+08:00", "2023-10-13T16:45+08:00"),  # a make-up Sunday
    ],
)
def test_five_workdays_over_the_national_day_holiday_of_2023(start: str, expected: str) -> None:
    assert NATIONAL_DAY.add_workdays(at(start), 5) == at(expected)


def test_make_up_workdays_carry_working_time() -> None:
    due = NATIONAL_DAY.add(at("2023-10-01T16:45+08:00"), 5 * 9 * HOUR)

    assert due == at("2023-10-11T18:00+08:00")


def test_a_date_the_zone_skipped_is_no_workday() -> None:
    apia = calendar("Pacific/Apia", WHOLE_DAY, WHOLE_DAY, holidays=("2012-01-01",))

    due = apia.add_workdays(at("2011-12-29T10:00-10:00"), 1)  # 30 December 2011 never was

    assert due == at("2011-12-31T10:00+14:00")


@pytest.mark.parametrize(
    ("workday", "opens", "closes"),
    [
        (((150, 300),), "2024-03-31T03:00+02:00", "2024-03-31T05:00+02:00"),
        (((60, 150),), "2024-03-31T01:00+01:00", "2024-03-31T03:00+02:00"),
        (((60, 120),), "2024-03-31T01:00+01:00", "2024-03-31T03:00+02:00"),
        (((0, 1440),), "2024-03-31T00:00+01:00", "2024-04-01T00:00+02:00"),
    ],
)
def test_a_local_time_in_a_gap_moves_to_its_end(workday: Day, opens: str, closes: str) -> None:
    night = calendar("Europe/Berlin", (), (), overrides={"2024-03-31": workday})
    day_before = at("2024-03-30T12:00+01:00")

    assert night.add(day_before, 1) == at(opens) + 1
    assert night.add(day_before, at(closes) - at(opens)) == at(closes)
    assert night.between(day_before, at("2024-04-02T00:00+02:00")) == at(closes) - at(opens)


@pytest.mark.parametrize(
    ("workday", "opens", "closes"),
    [
        (((150, 300),), "2024-10-27T02:30+02:00", "2024-10-27T05:00+01:00"),
        (((60, 150),), "2024-10-27T01:00+02:00", "2024-10-27T02:30+01:00"),
        (((0, 140), (150, 300)), "2024-10-27T00:00+02:00", "2024-10-27T05:00+01:00"),
        (((0, 1440),), "2024-10-27T00:00+02:00", "2024-10-28T00:00+01:00"),
    ],
)
def test_the_first_of_two_equal_local_times_opens_and_the_second_closes(
    workday: Day, opens: str, closes: str
) -> None:
    night = calendar("Europe/Berlin", (), (), overrides={"2024-10-27": workday})
    day_before = at("2024-10-26T12:00+02:00")

    assert night.add(day_before, 1) == at(opens) + 1
    assert night.between(day_before, at("2024-10-29T00:00+01:00")) == at(closes) - at(opens)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        pytest.param("2024-03-30T02:15+01:00", "2024-03-31T03:00+02:00", id="in a gap: its end"),
        pytest.param("2024-10-26T02:15+02:00", "2024-10-27T02:15+01:00", id="repeated: the second"),
    ],
)
def test_a_workday_due_at_an_awkward_local_time_closes(start: str, expected: str) -> None:
    nights = calendar("Europe/Berlin", WHOLE_DAY, WHOLE_DAY)

    assert nights.add_workdays(at(start), 1) == at(expected)


def test_a_midnight_that_comes_twice_is_counted_once() -> None:
    havana = calendar("America/Havana", WHOLE_DAY, WHOLE_DAY, holidays=("2030-01-01",))
    start, end = at("2024-11-02T12:00-04:00"), at("2024-11-03T12:00-05:00")

    assert havana.between(start, end) == 25 * HOUR


def test_a_calendar_without_working_time_names_no_due() -> None:
    never = calendar("UTC", ())

    with pytest.raises(NoWorkingTimeError, match="Calendar hours has no working time"):
        never.add(0, 1)
    with pytest.raises(NoWorkingTimeError, match="Calendar hours has no working time"):
        never.add_workdays(0, 1)
    assert never.between(0, 1000 * HOUR) == 0
    assert not never.is_open(0)


def test_a_calendar_that_ends_names_no_due_beyond_its_last_day() -> None:
    once = calendar("UTC", (), overrides={"1970-03-01": ((0, 60),)})

    assert once.add(0, HOUR) == at("1970-03-01T01:00+00:00")
    with pytest.raises(NoWorkingTimeError, match="366 days"):
        once.add(0, HOUR + 1)


def test_a_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        BERLIN.add(0, -1)
    with pytest.raises(ValueError, match="cannot be negative"):
        BERLIN.add_workdays(0, -1)


@pytest.mark.parametrize("zone", ["", "Europe", "Mars/Olympus", "../etc/passwd", "/etc/localtime"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="not a known time zone"):
        calendar(zone)


@pytest.mark.parametrize(
    "hours",
    [
        ((60, 60),),
        ((120, 60),),
        ((-1, 60),),
        ((0, 1441),),
        ((0, 60), (30, 90)),
        ((60, 90), (0, 30)),
    ],
)
def test_malformed_intervals_are_refused(hours: Day) -> None:
    with pytest.raises(ValueError, match=r"Saturday: intervals must be sorted"):
        calendar("UTC", weekend=hours)
    with pytest.raises(ValueError, match=r"2024-05-17: intervals must be sorted"):
        calendar("UTC", overrides={"2024-05-17": hours})


@pytest.mark.parametrize("text", ["20240517", "2024-W20-5", "2024-02-30", "17.05.2024", ""])
def test_a_date_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date in the form YYYY-MM-DD"):
        calendar("UTC", holidays=(text,))


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="seven days"):
        Calendar(CalendarPlan(name="hours", zone="UTC", weekly=(OFFICE,) * 6))


def test_answers_stay_the_same_after_more_dates_than_are_kept() -> None:
    start, century_later = at("1980-01-01T00:00+01:00"), at("2080-01-01T00:00+01:00")
    before = BERLIN.between(start, century_later)

    assert BERLIN.between(start, century_later) == before
    assert BERLIN.add(start, before) == at("2079-12-29T18:00+01:00")
