"""Roster, checks, counters and shifting: the parts of a replay that need no service."""

import io
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from routing_service.cli.replay import checks
from routing_service.cli.replay.counters import handled
from routing_service.cli.replay.figures import result
from routing_service.cli.replay.incident_log import rows
from routing_service.cli.replay.observed import Observed, Story
from routing_service.cli.replay.replay import WEEK, Outcome, Refusal, by_incident, shifted
from routing_service.cli.replay.roster import Resolver, roster
from routing_service.cli.replay.table import checks_table
from routing_service.rulebook.loader import load_pack
from tests.unit.cli.incident_rows import acts, line

RULEBOOK = load_pack(Path(__file__).parents[3] / "rules" / "itsm")
QUEUES = ("service_desk", "group-1", "group-2")


def test_resolver_serves_the_groups_the_log_shows_him_in() -> None:
    log = rows(
        [
            line(assignment_group="Group 1", assigned_to="Resolver 8"),
            line(assignment_group="Group 2", assigned_to="Resolver 8"),
        ]
    )

    assert roster(log, QUEUES, "service_desk") == [
        Resolver("on-duty-service_desk", ("service_desk",)),
        Resolver("resolver-8", ("group-1", "group-2")),
    ]


def test_group_without_known_resolver_has_somebody_on_duty() -> None:
    log = rows([line(assignment_group="Group 2")])

    assert Resolver("on-duty-group-2", ("group-2",)) in roster(log, QUEUES, "service_desk")


@pytest.mark.parametrize("group", ["Group 95", "?"])
def test_group_without_queue_is_served_where_its_incidents_go(group: str) -> None:
    log = rows([line(assignment_group=group, assigned_to="Resolver 8")])

    assert Resolver("resolver-8", ("service_desk",)) in roster(log, QUEUES, "service_desk")


def test_acts_in_the_past_are_moved_by_whole_weeks() -> None:
    told = acts(line("09:30", "Resolved"))
    moved = shifted(told, told[0].at + 1)

    assert [b.at - a.at for a, b in zip(told, moved, strict=True)] == [WEEK, WEEK]


def test_acts_in_the_future_stay_where_they_are() -> None:
    told = acts(line("09:30", "Resolved"))

    assert shifted(told, told[0].at) == told


def test_acts_of_one_instant_are_parted_by_incident_in_order() -> None:
    told = acts(line("09:00", "Resolved"), line("09:00", number="INC2"))

    assert [[act.key for act in each] for each in by_incident(told)] == [
        ["INC1:0", "INC1:0:resolved"],
        ["INC2:0"],
    ]


def test_counters_are_read_by_service_method_and_code() -> None:
    page = (
        "# HELP grpc_server_handled_total Calls.\n"
        'grpc_server_handled_total{grpc_code="OK",grpc_method="Get",'
        'grpc_service="routing.v1.RoutingService",grpc_type="unary"} 12.0\n'
        'grpc_server_handled_total{grpc_code="NOT_FOUND",grpc_method="Get",'
        'grpc_service="routing.v1.RoutingService",grpc_type="unary"} 1.0\n'
        'grpc_server_started_total{grpc_method="Get",grpc_service="routing.v1.RoutingService"} 13\n'
    )

    assert handled(page) == {
        ("RoutingService/Get", "OK"): 12,
        ("RoutingService/Get", "NOT_FOUND"): 1,
    }


def test_counter_that_differs_is_named_with_both_values() -> None:
    key = ("RoutingService/Get", "OK")
    check = checks.of_counters(Counter({key: 2}), Counter({key: 1}))

    assert not check.passed
    assert check.told.endswith("RoutingService/Get OK sent 2, counted 1")


def test_refusal_is_explained_only_by_what_the_service_told() -> None:
    told = acts(line("09:00", "Closed"))
    outcome = Outcome(items={"INC1": "it1"}, refusals=[Refusal(told[-1], "it1", "ITEM_NOT_FOUND")])
    seen = Observed()
    seen.stories["it1"] = Story(opened_at=0)
    before = [check.passed for check in checks.of_outcome(told, outcome, seen)]
    seen.stories["it1"].closed_by_itself = True

    assert before == [True, False, True]
    assert all(check.passed for check in checks.of_outcome(told, outcome, seen))


def test_item_that_is_missing_or_was_offered_to_nobody_fails_the_demo() -> None:
    told = acts(line(assigned_to="Resolver 1"))
    outcome = Outcome(unoffered=[told[-1]])  # type: ignore[list-item]  # it is a Taken

    found = [check.passed for check in checks.of_outcome(told, outcome, Observed())]
    assert found == [False, True, False]


def test_what_the_log_has_must_occur() -> None:
    told = acts(
        line("09:10", "Resolved"),
        line("09:20", "Active", impact="1 - High", urgency="1 - High"),
        line("09:30", "Awaiting Vendor"),
    )
    silent = result([Story(opened_at=0, priority="high")], ["high"]).total

    missing = [c.name for c in checks.of_figures(told, silent, RULEBOOK) if not c.passed]
    assert missing == ["a pause occurred", "a re-opening occurred", "a change of priority occurred"]


def test_what_the_log_has_not_need_not_occur() -> None:
    told = acts(line("09:20", impact="3 - Low", urgency="1 - High"))
    silent = result([Story(opened_at=0, priority="high")], ["high"]).total

    assert all(check.passed for check in checks.of_figures(told, silent, RULEBOOK))


def test_what_the_log_has_not_is_shown_as_not_in_it_and_not_as_well() -> None:
    told = acts(line("09:20", impact="3 - Low", urgency="1 - High"))
    silent = result([Story(opened_at=0, priority="high")], ["high"]).total
    page = Console(width=100, file=io.StringIO())
    page.print(checks_table(checks.of_figures(told, silent, RULEBOOK)))
    shown = page.file.getvalue().splitlines()  # type: ignore[attr-defined]  # it is the StringIO

    assert [text.split() for text in shown if "pause" in text] == [
        ["-", "a", "pause", "occurred", "not", "in", "these", "1"]
    ]


def test_other_impact_with_the_same_priority_is_no_change() -> None:
    same = acts(
        line(impact="2 - Medium", urgency="3 - Low"), line(impact="3 - Low", urgency="2 - Medium")
    )
    other = acts(line(), line(impact="1 - High"))

    assert checks.priority_changes(same, RULEBOOK) == 0
    assert checks.priority_changes(other, RULEBOOK) == 1
