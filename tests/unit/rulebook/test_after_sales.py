"""The after-sales pack: its calendar is the one announced, and no requirement is left out."""

import datetime

import holidays
import pytest

from routing_service.core.desk.calendar import Calendar
from routing_service.core.plans.predicate import All, Any, Condition, Leaf, Not
from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.requirements import load_requirements
from tests.unit.rulebook.packs import ROOT

PACK = ROOT / "rules" / "after_sales"
YEARS = (2023, 2024, 2025, 2026)
CHINA = datetime.timezone(datetime.timedelta(hours=8))


@pytest.fixture(name="desk", scope="module")
def desk_rulebook() -> Rulebook:
    return load_pack(PACK)


def noon(day: datetime.date) -> int:
    at = datetime.datetime.combine(day, datetime.time(12), CHINA)
    return int(at.timestamp()) * 1_000_000


def test_pack_has_no_findings_and_speaks_chinese(desk: Rulebook) -> None:
    assert ((), "zh") == (desk.warnings, desk.plan.language)


@pytest.mark.parametrize("year", YEARS)
def test_workdays_are_those_announced(desk: Rulebook, year: int) -> None:
    calendar = Calendar(desk.plan.calendars["workdays"])
    announced = holidays.country_holidays("CN", years=year)
    days = [
        datetime.date(year, 1, 1) + datetime.timedelta(days=number)
        for number in range(366 if year % 4 == 0 else 365)
    ]

    assert [day for day in days if calendar.is_open(noon(day))] == [
        day for day in days if announced.is_working_day(day)
    ]


def test_every_requirement_of_the_desk_is_kept_or_told_to_come_later() -> None:
    rows = load_requirements(PACK, load_cases(PACK, load_pack(PACK)))
    kept = {row.row.rstrip("abc") for row in rows if not row.status}
    later = {row.row for row in rows if row.status}

    assert {"S3.6", "S3.7", "S3.8"} == later
    assert {f"S3.{number}" for number in range(1, 10)} == kept | later


def facts_of(condition: Condition) -> set[str]:
    match condition:
        case Leaf():
            return {condition.fact}
        case Not(part):
            return facts_of(part)
        case All(parts) | Any(parts):
            return {fact for part in parts for fact in facts_of(part)}


def test_tier_of_the_customer_decides_nothing(desk: Rulebook) -> None:
    asked = {
        fact
        for stage in desk.stages.values()
        for rule in stage.rules
        for fact in facts_of(rule.condition)
    }

    assert "kind" in asked
    assert "tier" not in asked


@pytest.mark.parametrize("channel", ["phone", "chat", "email", "social"])
def test_channel_decides_nothing(desk: Rulebook, channel: str) -> None:
    verdict = desk.intake({"channel": channel, "type": "logistics_delay"})

    assert ("level2", "logistics") == (verdict.priority, verdict.queue)
