"""Queries of the dashboard and the rules, as the tests need them: found, filled in, taken apart."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import promql_parser
import yaml

DEPLOY = Path(__file__).parents[3] / "deploy"
DASHBOARD = json.loads((DEPLOY / "grafana/dashboards/routing.json").read_text("utf-8"))
RULE_FILES = sorted((DEPLOY / "prometheus/rules").glob("*.yml"))
RULE_TESTS = sorted((DEPLOY / "prometheus/tests").glob("*.yml"))

ROWS = [panel for panel in DASHBOARD["panels"] if panel["type"] == "row"]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
VARIABLES = {variable["name"]: variable for variable in DASHBOARD["templating"]["list"]}
RULES = [
    rule
    for file in RULE_FILES
    for group in yaml.safe_load(file.read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
ALERTS = [rule for rule in RULES if "alert" in rule]
RECORDINGS = [rule for rule in RULES if "record" in rule]

# What every client library and Prometheus itself expose, not we.
COMMON = frozenset({"up", "process_start_time_seconds", "process_cpu_seconds_total"})


def escaped(value: str) -> str:
    """One value of a `multi` variable, as Grafana writes it into =~ "…" of a query."""
    return re.sub(r"[$^*{}\[\]'+?.()|]", r"\\\\\g<0>", value.replace("\\", "\\\\\\\\"))


def filled(expr: str, variables: Mapping[str, str], rate_interval: str, time_range: str) -> str:
    """The query as Grafana sends it; `variables` holds text ready for the query."""
    told = {"__rate_interval": rate_interval, "__range": time_range, **variables}
    return re.sub(r"\$(__\w+|\w+)", lambda found: told[found[1]], expr)


def selectors(expr: str) -> list[promql_parser.VectorSelector]:
    """Every selector of a query, those inside ranges and sub-queries included."""
    found: list[promql_parser.VectorSelector] = []

    def note(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.MatrixSelector):
            note(node.vector_selector)
        if isinstance(node, promql_parser.VectorSelector):
            found.append(node)

    promql_parser.walk(promql_parser.parse(expr), note)
    return found


def metrics(expr: str) -> set[str]:
    """The metric names that a query reads."""
    return {selector.name for selector in selectors(expr) if selector.name}
