"""How rule files write time."""

import pytest

from routing_service.core.records.model import SECOND
from routing_service.rulebook import times


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("4h", 14400), ("1h30m", 5400), ("2d", 172800), ("0s", 0)],
)
def test_duration_is_read_in_microseconds(text: str, seconds: int) -> None:
    assert seconds * SECOND == times.duration(text)


@pytest.mark.parametrize(
    "text", ["", "4", "h", "4 h", "30m1h", "1.5h", "-4h", "4H", "9999d", "٤h", "4h\n"]
)
def test_text_that_is_no_duration_is_not_guessed(text: str) -> None:
    assert times.duration(text) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [("1 workday", 1), ("5 workdays", 5), ("5workdays", None), ("1001 workdays", None)],
)
def test_workdays_are_read_as_a_number(text: str, days: int | None) -> None:
    assert days == times.workdays(text)


@pytest.mark.parametrize(("text", "share"), [("1%", 1), ("99%", 99), ("0%", None), ("100%", None)])
def test_share_lies_between_start_and_due(text: str, share: int | None) -> None:
    assert share == times.share(text)


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("08:00-12:30", (480, 750)),
        ("00:00-24:00", (0, 1440)),
        ("8:00-12:00", None),
        ("12:00-12:00", None),
        ("23:00-24:01", None),
        ("10:60-11:00", None),
    ],
)
def test_interval_is_read_in_minutes(text: str, interval: times.Interval | None) -> None:
    assert interval == times.interval(text)


def test_intervals_that_touch_do_not_overlap() -> None:
    assert not times.overlap(((0, 10), (10, 20)))
    assert times.overlap(((0, 11), (10, 20)))


@pytest.mark.parametrize(
    ("text", "days"),
    [("mon-fri", (0, 1, 2, 3, 4)), ("sun", (6,)), ("sun-mon", None), ("mon-", None), ("", None)],
)
def test_days_are_a_day_or_a_range(text: str, days: tuple[int, ...] | None) -> None:
    assert days == times.days(text)


@pytest.mark.parametrize(
    ("text", "date"), [("2028-02-29", "2028-02-29"), ("2026-02-29", None), ("20260501", None)]
)
def test_date_must_exist(text: str, date: str | None) -> None:
    assert date == times.date(text)
