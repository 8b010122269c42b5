"""The request toolkit pack: its calendar is the one announced, and no requirement is left out."""

import datetime

import holidays
import pytest

from routing_service.core.desk.calendar import Calendar
from routing_service.core.records.model import Facts
from routing_service.rulebook.case_files import load_cases
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.requirements import load_requirements
from tests.unit.rulebook.packs import ROOT

PACK = ROOT / "rules" / "request_toolkit"
CHINA = datetime.timezone(datetime.timedelta(hours=8))
CHANNELS = ("phone", "online_chat", "email_ticket", "social_media", "offline")


@pytest.fixture(name="desk", scope="module")
def desk_rulebook() -> Rulebook:
    return load_pack(PACK)


def noon(day: datetime.date) -> int:
    at = datetime.datetime.combine(day, datetime.time(12), CHINA)
    return int(at.timestamp()) * 1_000_000


def asked(desk: Rulebook, text: str, channel: str = "phone") -> Facts:
    """The facts of a request that says only this."""
    return {"channel": channel, **{f"signal.{name}": True for name in desk.signals(text)}}


def test_pack_has_no_findings_and_speaks_chinese(desk: Rulebook) -> None:
    assert ((), "zh") == (desk.warnings, desk.plan.language)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_workdays_are_those_announced(desk: Rulebook, year: int) -> None:
    calendar = Calendar(desk.plan.calendars["workdays"])
    announced = holidays.country_holidays("CN", years=year)
    first = datetime.date(year, 1, 1)
    days = [first + datetime.timedelta(days=number) for number in range(365)]

    assert [day for day in days if calendar.is_open(noon(day))] == [
        day for day in days if announced.is_working_day(day)
    ]


def test_every_requirement_of_the_desk_is_kept_or_told_to_come_later() -> None:
    rows = load_requirements(PACK, load_cases(PACK, load_pack(PACK)))
    only_later = {row.row for row in rows if row.status == "later"} - {
        row.row for row in rows if row.status != "later"
    }

    assert {f"S0.{number}" for number in range(1, 16)} == {row.row for row in rows}
    assert {"S0.11", "S0.15"} == only_later


def test_the_five_channels_are_those_of_the_desk(desk: Rulebook) -> None:
    assert CHANNELS == tuple(desk.plan.channel_cost)


@pytest.mark.parametrize("channel", CHANNELS)
def test_channel_decides_nothing(desk: Rulebook, channel: str) -> None:
    verdict = desk.intake(asked(desk, "APP无法登录", channel))

    assert ("urgent", "tech_support") == (verdict.priority, verdict.queue)


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("APP无法登录", "APP無法登錄"),
        ("如何开通信用卡", "如何開通信用卡"),
        ("增加夜间客服服务时间", "增加夜間客服服務時間"),
        ("没有出现无法登录的情况", "沒有出現無法登錄的情況"),
        ("我要投诉，态度太差", "我要投訴，態度太差"),
        ("请帮我补办会员卡", "請幫我補辦會員卡"),
        ("打不开的问题已经解决了", "打不開的問題已經解決了"),
    ],
)
def test_both_ways_of_writing_are_read_alike(
    desk: Rulebook, simplified: str, traditional: str
) -> None:
    assert desk.signals(simplified) == desk.signals(traditional)


def test_undefined_cell_of_the_table_is_decided_with_its_reason(desk: Rulebook) -> None:
    verdict = desk.intake({**asked(desk, "请问积分怎么查"), "affected": "group"})
    rule = desk.stages["prioritise"].by_id["general-of-many"]

    assert ("urgent", "prioritise/general-of-many") == (verdict.priority, verdict.fired[1])
    assert "一般×群体" in rule.why
