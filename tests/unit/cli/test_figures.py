"""Figures from what was observed, and the same from the file alone."""

import csv
from pathlib import Path

import pytest

from routing_service.cli.replay.figures import Quantiles, figures, quantiles, result
from routing_service.cli.replay.observed import Story
from routing_service.cli.replay.table import span
from tests.samples.figures_from_csv import figures as figures_of_file
from tests.samples.figures_from_csv import incident_figures
from tests.samples.figures_from_csv import quantiles as quantiles_of_file
from tests.unit.cli.incident_rows import COLUMNS, line

SECOND = 1_000_000
SOMEBODY = {"assigned_to": "Resolver 3"}


def story(**changes: object) -> Story:
    made = Story(opened_at=0, priority="high")
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_half_and_nine_of_ten_lie_between_the_nearest_values() -> None:
    assert quantiles([0.0, 10.0, 20.0, 30.0]) == Quantiles(15.0, 27.0)


@pytest.mark.parametrize(
    ("values", "expected"), [([], Quantiles(None, None)), ([7.0], Quantiles(7.0, 7.0))]
)
def test_none_and_one_value_are_no_special_case_for_the_reader(
    values: list[float], expected: Quantiles
) -> None:
    assert quantiles(values) == expected


@pytest.mark.parametrize("values", [[], [3.0], [3.0, 4.0], [5.0, 1.0, 2.0, 9.0, 9.0]])
def test_both_sides_mean_the_same_by_p50_and_p90(values: list[float]) -> None:
    ours = quantiles(values)

    assert {"p50": ours.p50, "p90": ours.p90} == quantiles_of_file(values)


def test_incident_without_assignment_is_not_in_that_figure() -> None:
    found = figures([story(assigned_at=60 * SECOND), story()])

    assert found.count == 2
    assert found.first_assignment_s == Quantiles(60.0, 60.0)


def test_priorities_come_in_the_order_of_the_pack_and_empty_ones_not_at_all() -> None:
    stories = [story(), story(priority="critical", pauses=2)]
    found = result(stories, ["critical", "high", "low"])

    assert list(found.priorities) == ["critical", "high"]
    assert found.priorities["critical"].pauses == 2
    assert found.total.count == 2


@pytest.mark.parametrize(
    ("seconds", "told"), [(None, "-"), (300, "5m"), (9_000, "2.5h"), (130_000, "1.5d")]
)
def test_spans_are_told_in_the_unit_a_person_would_use(seconds: float | None, told: str) -> None:
    assert span(seconds) == told


def test_file_incident_reopened_counts_from_its_last_resolution() -> None:
    rows = [
        line("09:05", **SOMEBODY),
        line("09:10", "Resolved"),
        line("10:00", "Active"),
        line("11:00", "Resolved"),
        line("12:00", "Closed"),
    ]

    assert incident_figures(rows) == {
        "priority": "moderate",
        "pauses": 0,
        "reopens": 1,
        "reassignments": 0,
        "first_assignment": 300.0,
        "resolution": 7200.0,
    }


def test_file_rows_more_than_thirty_days_after_the_resolution_do_not_count() -> None:
    late = line("31-03-2016 09:00", "Active", assignment_group="Group 1")

    assert incident_figures([line("09:00", "Resolved"), late])["reopens"] == 0


def test_file_incident_that_stays_open_has_no_resolution() -> None:
    rows = [line(), line("09:30", "Awaiting Vendor"), line("09:40", "-100")]
    found = incident_figures(rows)

    assert found["resolution"] is None
    assert found["pauses"] == 1


def test_first_so_many_incidents_are_the_first_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(line(number=f"INC{n}") for n in (1, 2, 1, 3))

    assert figures_of_file(path, 2)["total"]["count"] == 2
