"""What the log really holds, case by case, and what an adapter would have sent for it."""

from itertools import pairwise
from pathlib import Path

import pytest

from routing_service.cli.replay.acts import Opened, Reported, Taken, Updated
from routing_service.cli.replay.converter import convert
from routing_service.cli.replay.incident_log import read_log, rows
from routing_service.core.records.errors import Invalid
from tests.unit.cli.incident_rows import COLUMNS, acts, line, told

LOG = Path(__file__).parents[2] / "samples" / "incidents.csv"
WHITELIST = {
    "contact_type",
    "category",
    "subcategory",
    "symptom",
    "location",
    "impact",
    "urgency",
    "assignment_group",
}
SOMEBODY = {"assigned_to": "Resolver 3"}


def test_opened_event_carries_what_the_caller_said_and_nothing_the_desk_found_later() -> None:
    (opened,) = acts(line(**SOMEBODY))[:1]

    assert isinstance(opened, Opened)
    assert opened.customer == "Caller 7"
    assert opened.channel == "phone"
    assert opened.labels == {
        "contact_type": "Phone",
        "category": "Category 2",
        "subcategory": "Subcategory 3",
        "symptom": "Symptom 4",
        "location": "Location 1",
        "impact": "medium",
        "urgency": "medium",
        "assignment_group": "group-70",
    }


@pytest.mark.parametrize(
    "column",
    ["priority", "made_sla", "assigned_to", "resolved_by", "resolved_at", "closed_at"],
)
def test_column_that_an_adapter_could_not_know_changes_no_label(column: str) -> None:
    (opened,) = acts(line(**{column: "EVIDENT"}))[:1]

    assert isinstance(opened, Opened)
    assert "EVIDENT" not in repr(opened)


def test_no_event_of_the_real_log_carries_another_label_than_the_whitelist() -> None:
    real = convert(read_log(LOG))
    labels = {name for act in real if isinstance(act, Opened | Updated) for name in act.labels}

    assert labels == WHITELIST


def test_incident_without_assignee_is_taken_by_nobody() -> None:
    assert told(line(), line("09:30", "Resolved")) == ["09:00 opened", "09:30 resolved"]


def test_assignee_takes_the_incident_once() -> None:
    lines = line(), line("09:05", **SOMEBODY), line("09:10", **SOMEBODY)

    assert told(*lines) == ["09:00 opened", "09:05 taken"]


def test_consecutive_updates_within_the_same_minute_keep_their_order() -> None:
    lines = (
        line("09:05", "Active", **SOMEBODY),
        line("09:05", "Awaiting User Info", **SOMEBODY),
        line("09:05", "Active", **SOMEBODY),
    )

    assert told(*lines) == [
        "09:00 opened",
        "09:05 taken",
        "09:05 engaged",
        "09:05 pending user_info",
        "09:05 resumed",
        "09:05 taken",
        "09:05 engaged",
    ]


def test_row_before_opening_counts_as_at_the_opening() -> None:
    assert told(line("08:10", "Active")) == ["09:00 opened", "09:00 engaged"]


def test_step_back_in_time_counts_as_at_the_row_before() -> None:
    lines = line(), line("10:00", "Active"), line("09:40", "Resolved")

    assert told(*lines) == ["09:00 opened", "10:00 engaged", "10:00 resolved"]


def test_row_without_time_counts_as_at_the_row_before() -> None:
    assert told(line("09:05"), line("?", "Active")) == ["09:00 opened", "09:05 engaged"]


def test_unknown_values_are_absent_labels() -> None:
    (opened,) = acts(line(u_symptom="?", assignment_group="?", caller_id="?"))

    assert isinstance(opened, Opened)
    assert set(opened.labels) == WHITELIST - {"symptom", "assignment_group"}
    assert opened.customer == "caller of INC1"


def test_label_that_becomes_unknown_stays_as_it_was() -> None:
    lines = line(), line("09:10", assignment_group="?"), line("09:20")

    assert told(*lines) == ["09:00 opened"]


def test_group_that_becomes_known_is_an_update() -> None:
    lines = line(assignment_group="?"), line("09:10")

    assert told(*lines) == ["09:00 opened", "09:10 updated assignment_group=group-70"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("New", []),
        ("Active", ["engaged"]),
        ("Awaiting User Info", ["pending user_info"]),
        ("Awaiting Problem", ["pending problem"]),
        ("Awaiting Vendor", ["pending vendor"]),
        ("Awaiting Evidence", ["pending evidence"]),
        ("Resolved", ["resolved"]),
        ("Closed", ["resolved", "closed"]),
    ],
)
def test_first_row_in_any_state_is_opened_then_taken_then_reported_so(
    state: str, expected: list[str]
) -> None:
    first = line("09:04", state, **SOMEBODY)

    assert told(first) == [
        "09:00 opened",
        "09:04 taken",
        *(f"09:04 {what}" for what in expected),
    ]


def test_closed_after_closed_is_nothing_new() -> None:
    lines = line("09:10", "Resolved"), line("09:20", "Closed"), line("09:30", "Closed")

    assert told(*lines) == ["09:00 opened", "09:10 resolved", "09:20 closed"]


def test_row_after_closed_is_nothing_new_whatever_it_says() -> None:
    lines = line("09:20", "Closed"), line("09:30", "Active", impact="1 - High", **SOMEBODY)

    assert told(*lines) == ["09:00 opened", "09:20 resolved", "09:20 closed"]


def test_row_twice_is_nothing_new() -> None:
    row = line("09:10", "Active", **SOMEBODY)

    assert told(line(), row, row) == ["09:00 opened", "09:10 taken", "09:10 engaged"]


def test_unknown_state_leaves_the_state_as_it_was() -> None:
    lines = line("09:10", "Active"), line("09:20", "-100"), line("09:30", "Active")

    assert told(*lines) == ["09:00 opened", "09:10 engaged"]


def test_incident_whose_first_state_is_unknown_is_new() -> None:
    assert told(line("09:10", "-100"), line("09:20", "New")) == ["09:00 opened"]


def test_end_of_a_wait_is_reported_and_somebody_takes_it_again() -> None:
    lines = (
        line("09:05", "Active", **SOMEBODY),
        line("09:10", "Awaiting Vendor", **SOMEBODY),
        line("09:20", "New", **SOMEBODY),
    )

    assert told(*lines)[3:] == ["09:10 pending vendor", "09:20 resumed", "09:20 taken"]


def test_other_reason_to_wait_is_another_report() -> None:
    lines = line("09:10", "Awaiting User Info"), line("09:20", "Awaiting Problem")

    assert told(*lines) == ["09:00 opened", "09:10 pending user_info", "09:20 pending problem"]


def test_incident_solved_while_it_waits_needs_no_resumption() -> None:
    lines = (
        line("09:05", **SOMEBODY),
        line("09:10", "Awaiting User Info", **SOMEBODY),
        line("09:20", "Resolved", **SOMEBODY),
    )

    assert told(*lines)[-2:] == ["09:10 pending user_info", "09:20 resolved"]


def test_assignee_named_while_it_waits_takes_it_when_the_wait_ends() -> None:
    lines = (
        line("09:10", "Awaiting User Info"),
        line("09:15", "Awaiting User Info", **SOMEBODY),
        line("09:20", "Resolved", **SOMEBODY),
    )

    assert told(*lines) == [
        "09:00 opened",
        "09:10 pending user_info",
        "09:20 resumed",
        "09:20 taken",
        "09:20 resolved",
    ]


def test_assignee_named_after_the_solution_takes_nothing() -> None:
    lines = line("09:10", "Resolved"), line("09:20", "Resolved", **SOMEBODY)

    assert told(*lines) == ["09:00 opened", "09:10 resolved"]


def test_incident_is_reopened_as_often_as_the_log_says() -> None:
    lines = (
        line("09:10", "Resolved"),
        line("09:20", "Active", **SOMEBODY),
        line("09:30", "Resolved"),
        line("09:40", "Awaiting Problem"),
        line("09:50", "Resolved"),
    )

    assert told(*lines) == [
        "09:00 opened",
        "09:10 resolved",
        "09:20 reopened",
        "09:20 taken",
        "09:20 engaged",
        "09:30 resolved",
        "09:40 reopened",
        "09:40 pending problem",
        "09:50 resolved",
    ]


def test_incident_that_is_closed_unsolved_is_resolved_at_that_instant() -> None:
    assert told(line(), line("09:30", "Closed"))[1:] == ["09:30 resolved", "09:30 closed"]


def test_incident_that_does_not_end_ends_not() -> None:
    lines = line("09:10", "Active"), line("09:20", "Awaiting Evidence")

    assert told(*lines)[-1] == "09:20 pending evidence"


def test_other_group_means_that_somebody_of_it_takes_the_incident_again() -> None:
    lines = (
        line("09:05", **SOMEBODY),
        line("09:10", assignment_group="Group 24", assigned_to="Resolver 9"),
    )

    assert told(*lines)[2:] == ["09:10 updated assignment_group=group-24", "09:10 taken"]


def test_other_urgency_and_impact_are_one_update_and_take_nobody_off() -> None:
    lines = (
        line("09:05", **SOMEBODY),
        line("09:10", impact="1 - High", urgency="1 - High", **SOMEBODY),
    )

    assert told(*lines)[2:] == ["09:10 updated impact=high,urgency=high"]


def test_missing_resolved_at_changes_nothing() -> None:
    lines = line(), line("09:30", "Resolved", resolved_at="?", resolved_by="?")

    assert told(*lines) == ["09:00 opened", "09:30 resolved"]


@pytest.mark.parametrize(
    ("contact", "channel"),
    [
        ("Phone", "phone"),
        ("IVR", "phone"),
        ("Email", "email"),
        ("Self service", "self_service"),
        ("Direct opening", "direct"),
        ("?", "direct"),
    ],
)
def test_contact_type_says_the_channel(contact: str, channel: str) -> None:
    (opened,) = acts(line(contact_type=contact))

    assert isinstance(opened, Opened)
    assert opened.channel == channel


def test_incidents_are_told_in_the_order_of_time_and_ties_in_the_order_of_the_log() -> None:
    second = {"number": "INC2", "opened_at": "29-02-2016 08:00"}
    lines = line("09:30", "Resolved"), line("09:00", "Active", **second)
    found = acts(*lines)

    assert [(act.incident, act.at - found[0].at) for act in found] == [
        ("INC2", 0),
        ("INC1", 3_600_000_000),
        ("INC2", 3_600_000_000),
        ("INC1", 5_400_000_000),
    ]


def test_every_act_of_the_real_log_has_its_own_key() -> None:
    real = convert(read_log(LOG))

    assert len({act.key for act in real}) == len(real)


def test_real_log_is_what_the_cases_say() -> None:
    real = convert(read_log(LOG))
    opened = [act for act in real if isinstance(act, Opened)]
    taken = {act.incident for act in real if isinstance(act, Taken)}
    log = read_log(LOG)
    assigned = {row.number for row in log if row.assignee}

    assert len(opened) == 300
    assert 300 - len(assigned) == 98
    assert taken <= assigned
    # the one is named only during a wait and not at its end, the other only after it was resolved
    assert assigned - taken == {"INC0000550", "INC0000595"}
    assert all(before.at <= after.at for before, after in pairwise(real))


def test_real_log_has_the_oddities_that_the_cases_name() -> None:
    log = read_log(LOG)
    steps = [(a, b) for a, b in pairwise(log) if a.number == b.number]
    back = {b.number for a, b in steps if (b.updated_at or 0) < (a.updated_at or 0)}

    assert sum(a.updated_at == b.updated_at for a, b in steps) == 153
    assert sum((row.updated_at or 0) < (row.opened_at or 0) for row in log) == 5
    assert back == {"INC0000137"}
    assert any((a.state, b.state) == ("Closed", "Closed") for a, b in steps)


def test_reports_of_the_real_log_alternate_as_the_life_cycle_wants() -> None:
    resolved: dict[str, bool] = {}
    wrong = []
    for act in convert(read_log(LOG)):
        if isinstance(act, Reported):
            before = resolved.get(act.incident, False)
            needs = {"resolved": False, "reopened": True, "closed": True, "pending": False}
            if needs.get(act.kind.value, before) is not before:
                wrong.append(act)
            resolved[act.incident] = act.kind.value in ("resolved", "closed")

    assert wrong == []


def test_log_without_a_needed_column_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("number,incident_state\nINC1,New\n")

    with pytest.raises(Invalid, match="assigned_to") as refused:
        read_log(tmp_path / "log.csv")
    assert refused.value.reason == "LOG_UNREADABLE"


def test_time_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match="2016-02-29"):
        rows([{**COLUMNS, "opened_at": "2016-02-29T09:00"}])


def test_log_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="nowhere"):
        read_log(tmp_path / "nowhere.csv")
