"""Instants of a failed case, in the zone of the desk."""

from routing_service.rulebook.case_check import instant
from tests.builders import at


def test_instant_is_told_as_the_clock_of_the_desk_shows_it() -> None:
    nine = at("2026-03-02T09:00+01:00")

    assert instant(nine, "Europe/Berlin") == "2026-03-02T09:00:00+01:00"
    assert instant(nine + 1, "UTC") == "2026-03-02T08:00:00.000001Z"
    assert instant(None, "UTC") == "none"
