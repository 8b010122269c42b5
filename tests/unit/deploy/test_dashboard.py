"""What the committed dashboard must be like. Its queries run on a real Prometheus in tests/e2e."""

import re
from collections import Counter
from itertools import combinations
from typing import Any

import promql_parser
import pytest

from deploy.grafana import build
from routing_service.server.metric_names import FAMILIES, declared_names
from tests.unit.deploy.queries import (
    COMMON,
    DASHBOARD,
    PANELS,
    ROWS,
    VARIABLES,
    escaped,
    filled,
    metrics,
    selectors,
)

LABELS = {family.name: set(family.labels) for family in FAMILIES}
ADDED_BY_PROMETHEUS = {"job", "instance", "le"}
QUERIES = [
    pytest.param(panel, target, id=f"{panel['title']} {target['refId']}")
    for panel in PANELS
    for target in panel["targets"]
]


def plain(target: dict[str, Any]) -> str:
    return filled(target["expr"], {"desk": "north", "queue": ".*"}, "5m", "1h")


def family_of(metric: str) -> str:
    return metric if metric in LABELS else re.sub(r"_(bucket|sum|count)$", "", metric)


def test_committed_dashboard_is_what_the_builder_makes() -> None:
    committed = build.OUTPUT.read_text("utf-8")

    assert build.render() == committed


def test_rows_cover_what_operators_ask_about() -> None:
    titles = [row["title"] for row in ROWS]

    assert titles == [
        "Queues and waits",
        "Response and resolution times",
        "Attainment",
        "Warnings and breaches",
        "Alert lateness",
        "Agents and capacity",
        "gRPC",
        "Journal and recovery",
        "Process and rulebook",
    ]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_panel_explains_itself(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert len(panel["description"].split()) >= 5
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["datasource"]["uid"] == "${datasource}"
    assert panel["options"]["legend"]["showLegend"]


def test_no_two_panels_share_a_title_or_an_id() -> None:
    titles = Counter(panel["title"] for panel in PANELS)
    ids = Counter(panel["id"] for panel in DASHBOARD["panels"])

    assert {title for title, count in titles.items() if count > 1} == set()
    assert set(ids.values()) == {1}


def test_no_panel_lies_on_another() -> None:
    def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
        across = one["x"] < other["x"] + other["w"] and other["x"] < one["x"] + one["w"]
        return across and one["y"] < other["y"] + other["h"] and other["y"] < one["y"] + one["h"]

    places = [(panel["title"], panel["gridPos"]) for panel in DASHBOARD["panels"]]
    covered = [(a, b) for (a, one), (b, other) in combinations(places, 2) if overlap(one, other)]

    assert covered == []
    assert all(place["x"] + place["w"] <= build.COLUMNS for _, place in places)


@pytest.mark.parametrize(("panel", "target"), QUERIES)
def test_query_names_its_series_and_takes_the_chosen_data_source(
    panel: dict[str, Any], target: dict[str, Any]
) -> None:
    assert target["legendFormat"]
    assert target["datasource"] == panel["datasource"]


@pytest.mark.parametrize(("panel", "target"), QUERIES)
def test_ranges_follow_the_zoom(panel: dict[str, Any], target: dict[str, Any]) -> None:
    ranges = set(re.findall(r"\[(.*?)\]", target["expr"]))

    assert ranges <= {"$__rate_interval", "$__range"}


@pytest.mark.parametrize(("panel", "target"), QUERIES)
def test_query_reads_only_metrics_that_the_service_declares(
    panel: dict[str, Any], target: dict[str, Any]
) -> None:
    used = metrics(plain(target))

    assert used
    assert used - COMMON <= declared_names()


@pytest.mark.parametrize(("panel", "target"), QUERIES)
def test_query_selects_by_labels_that_the_metric_has(
    panel: dict[str, Any], target: dict[str, Any]
) -> None:
    unknown = {
        (selector.name, matcher.name)
        for selector in selectors(plain(target))
        if selector.name not in COMMON
        for matcher in selector.matchers.matchers
        if matcher.name not in LABELS[family_of(selector.name)] | ADDED_BY_PROMETHEUS
    }

    assert unknown == set()


@pytest.mark.parametrize(("panel", "target"), QUERIES)
def test_desk_and_queue_choosers_work_wherever_the_metric_has_them(
    panel: dict[str, Any], target: dict[str, Any]
) -> None:
    ignored = {
        (selector.name, label)
        for selector in selectors(plain(target))
        if selector.name not in COMMON
        for label in LABELS[family_of(selector.name)] & {"desk", "queue"}
        if label not in {matcher.name for matcher in selector.matchers.matchers}
    }

    assert ignored == set()


@pytest.mark.parametrize(("panel", "target"), QUERIES)
def test_legend_uses_labels_that_the_metric_has(
    panel: dict[str, Any], target: dict[str, Any]
) -> None:
    used = metrics(plain(target)) - COMMON
    known = set().union(*(LABELS[family_of(name)] for name in used)) | {"instance"}

    assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= known


def test_choosers_are_data_source_desk_and_queue() -> None:
    assert list(VARIABLES) == ["datasource", "desk", "queue"]
    for name in ("desk", "queue"):
        assert VARIABLES[name]["multi"]
        assert VARIABLES[name]["includeAll"]


@pytest.mark.parametrize("name", ["desk", "queue"])
def test_chooser_asks_a_declared_metric_for_its_label(name: str) -> None:
    asked = re.fullmatch(r"label_values\((.+), (\w+)\)", VARIABLES[name]["query"]["query"])

    assert asked
    selector = filled(asked[1], {"desk": "north"}, "", "")
    assert metrics(selector) <= declared_names()
    assert asked[2] == name


@pytest.mark.parametrize("value", ["a.b", "a|b", "(a", "a\\d", "a$", "[a]", "a{2}", "a'b", "50%+"])
def test_queries_stay_queries_whatever_a_queue_is_called(value: str) -> None:
    chosen = {"desk": escaped(value), "queue": escaped(value)}
    exprs = [target["expr"] for panel in PANELS for target in panel["targets"]]

    assert all(promql_parser.parse(filled(expr, chosen, "5m", "1h")) for expr in exprs)
