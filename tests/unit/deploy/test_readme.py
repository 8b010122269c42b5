"""The operator's README tells what the code declares, no more and no less."""

import re

from routing_service.server.metric_names import FAMILIES
from tests.unit.deploy.queries import ALERTS, DEPLOY, RECORDINGS

README = (DEPLOY / "README.md").read_text("utf-8")


def test_metrics_table_is_what_the_service_declares() -> None:
    declared = [
        f"| `{family.name}` | {type(family).__name__.lower()} "
        f"| {', '.join(family.labels) or '–'} | {family.help} |"
        for family in FAMILIES
    ]
    told = [
        line
        for line in README.splitlines()
        if re.match(r"\| `\w+` \| (counter|gauge|histogram) ", line)
    ]

    assert declared == told


def test_alerts_table_tells_each_severity_and_audience() -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(#\w+\) \| (.+) \| (\w+) \|$", README, re.MULTILINE)
    told = {name: (set(severities.split(", ")), audience) for name, severities, audience in rows}
    declared: dict[str, tuple[set[str], str]] = {}
    for alert in ALERTS:
        severities, _ = declared.setdefault(alert["alert"], (set(), alert["labels"]["audience"]))
        severities.add(alert["labels"]["severity"])

    assert declared == told


def test_every_business_figure_is_defined() -> None:
    business = {rule["record"] for rule in RECORDINGS if rule["record"].startswith("desk")}
    undefined = {name for name in business if name.rsplit("_", 1)[0] not in README}

    assert undefined == set()


def test_every_file_link_and_command_path_exists() -> None:
    paths = set(re.findall(r"deploy/(?!secrets)[\w./-]*\w", README))
    missing = {path for path in paths if not (DEPLOY.parent / path).exists()}

    assert missing == set()
