"""What recording and alert rules must be like. promtool runs them and their tests in tests/e2e."""

import re
from typing import Any

import pytest
import yaml

from routing_service.server.metric_names import declared_names
from routing_service.server.metrics import Metrics
from tests.unit.deploy.queries import ALERTS, COMMON, DEPLOY, RECORDINGS, RULE_TESTS, RULES, metrics

ALWAYS_FIRING = {"Watchdog"}
RECORDED = {rule["record"] for rule in RECORDINGS}
NAMES = sorted({alert["alert"] for alert in ALERTS})
README = (DEPLOY / "README.md").read_text("utf-8")
CHECKS = [
    check
    for file in RULE_TESTS
    for case in yaml.safe_load(file.read_text("utf-8"))["tests"]
    for check in case.get("alert_rule_test", [])
]


def described(rule: dict[str, Any]) -> str:
    return str(rule.get("alert") or rule["record"])


@pytest.mark.parametrize("rule", RULES, ids=described)
def test_rule_reads_only_what_is_exposed_or_recorded(rule: dict[str, Any]) -> None:
    used = metrics(rule["expr"])

    assert used - COMMON - RECORDED <= declared_names()


@pytest.mark.parametrize("rule", RECORDINGS, ids=described)
def test_recorded_name_says_level_metric_and_operation(rule: dict[str, Any]) -> None:
    assert re.fullmatch(r"(job|desk)(_\w+)?:\w+:[a-z0-9_]+", rule["record"])


@pytest.mark.parametrize("alert", ALERTS, ids=described)
def test_alert_says_how_bad_for_whom_and_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"page", "ticket", "info", "none"}
    assert alert["labels"]["audience"] in {"service", "business"}
    assert set(alert["annotations"]) == {"summary", "description", "runbook_url"}
    assert all(alert["annotations"].values())


@pytest.mark.parametrize("alert", ALERTS, ids=described)
def test_alert_links_to_a_runbook_that_exists(alert: dict[str, Any]) -> None:
    anchor = f"deploy/README.md#{alert['alert'].lower()}"

    assert alert["annotations"]["runbook_url"] == anchor
    assert f"\n### {alert['alert']}\n" in README
    assert f"| [{alert['alert']}](#{alert['alert'].lower()}) |" in README


def test_business_alerts_have_a_file_of_their_own() -> None:
    text = (DEPLOY / "prometheus/rules/desk_sla.yml").read_text("utf-8")
    inside = {
        rule["alert"]: rule["labels"]["audience"]
        for group in yaml.safe_load(text)["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    business = {rule["alert"] for rule in ALERTS if rule["labels"]["audience"] == "business"}

    assert inside == dict.fromkeys(business, "business")


@pytest.mark.parametrize("name", NAMES)
def test_alert_is_tested_firing(name: str) -> None:
    firing = [check for check in CHECKS if check["alertname"] == name and check["exp_alerts"]]

    assert firing


@pytest.mark.parametrize("name", sorted(set(NAMES) - ALWAYS_FIRING))
def test_alert_is_tested_staying_silent(name: str) -> None:
    silent = [check for check in CHECKS if check["alertname"] == name and not check["exp_alerts"]]

    assert silent


def test_promised_error_budget_burn_windows_are_all_there() -> None:
    windows = {
        (alert["labels"]["severity"], alert["labels"]["window"])
        for alert in ALERTS
        if alert["alert"] == "ErrorBudgetBurn"
    }

    assert windows == {("page", "1h"), ("page", "6h"), ("ticket", "3d")}


def test_counters_whose_first_rise_must_alert_are_there_from_the_start() -> None:
    metrics_of_an_idle_desk = Metrics(now=lambda: 0)
    metrics_of_an_idle_desk.committed("north", [])
    at_zero = {
        (sample.name, *sorted(sample.labels.items()))
        for family in metrics_of_an_idle_desk.registry.collect()
        for sample in family.samples
        if sample.value == 0
    }

    assert at_zero >= {
        ("routing_rulebook_loads_total", ("desk", "north"), ("result", "failed")),
        ("routing_recoveries_total", ("cause", "append_failed"), ("desk", "north")),
        ("routing_recoveries_total", ("cause", "fault"), ("desk", "north")),
        ("routing_escalation_loops_total", ("desk", "north")),
        ("routing_rulebook_stale", ("desk", "north")),
        ("routing_rule_engine_quarantines_total", ("desk", "north")),
        ("routing_rule_divergences_total", ("desk", "north")),
    }
