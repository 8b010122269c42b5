"""What the pack's files become in core's plan."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from routing_service.core.handling.agents import MAX_LEVEL
from routing_service.core.plans.plan import (
    LabelPlan,
    LabelType,
    OnReopen,
    Order,
    Plan,
    QueuePlan,
    Strategy,
    Target,
    TeamPlan,
)
from routing_service.rulebook.loader import load_pack
from tests.unit.rulebook.packs import SMALL, changed, findings, pack, rulebook

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@pytest.fixture(name="plan", scope="module")
def small_plan() -> Plan:
    return load_pack(SMALL).plan


def test_pack_fields_keep_their_meaning(plan: Plan) -> None:
    assert ("small", "1", "Asia/Shanghai", "en") == (
        plan.pack,
        plan.version,
        plan.zone,
        plan.language,
    )
    assert ("urgent", "normal") == plan.priorities
    assert {"urgent": 10 * MINUTE, "normal": 0} == plan.boost
    assert {"customer": False, "parts": True} == plan.pending_reasons
    assert {"phone": 2, "email": 1} == plan.channel_cost
    assert (3 * DAY, 30 * DAY, DAY) == (plan.auto_close, plan.retention_closed, plan.max_backdate)
    assert ("front", "normal") == (plan.fallback_queue, plan.fallback_priority)
    assert "S00042" == plan.number_format.format(n=42)


def test_labels_keep_their_declaration(plan: Plan) -> None:
    assert (
        LabelPlan(type=LabelType.INTEGER, minimum=0, maximum=1000, unit="persons")
        == plan.labels["users"]
    )
    assert LabelPlan(type=LabelType.TEXT, pii=True) == plan.labels["phone"]
    assert plan.labels["kind"].derived


def test_queue_takes_from_the_defaults_what_it_leaves_out(plan: Plan) -> None:
    front = QueuePlan(
        name="front",
        title="Front desk",
        strategy=Strategy.LONGEST_IDLE,
        order=Order.AGE,
        offer_timeout=30 * SECOND,
        wrap_up=10 * SECOND,
        owner_wait=5 * MINUTE,
    )
    experts = plan.queues["experts"]

    assert front == plan.queues["front"]
    assert (Strategy.LEAST_LOADED, MINUTE, 10 * SECOND) == (
        experts.strategy,
        experts.offer_timeout,
        experts.wrap_up,
    )


def test_range_of_queues_is_written_out(tmp_path: Path) -> None:
    ranges = 'ranges: [{from: 8, to: 11, name: "desk-{n}", title: "Desk {n}", wrap_up: 1m}]\n'
    plan = load_pack(changed(tmp_path, "queues", "queues:\n", ranges + "queues:\n")).plan

    assert ["front", "experts", "desk-8", "desk-9", "desk-10", "desk-11"] == list(plan.queues)
    assert ("Desk 10", MINUTE) == (plan.queues["desk-10"].title, plan.queues["desk-10"].wrap_up)


def test_calendar_has_intervals_by_day(plan: Plan) -> None:
    office = plan.calendars["office"]
    day = ((480, 720), (780, 1080))

    assert (day, day, day, day, day, ((540, 720),), ()) == office.weekly
    assert ("2026-05-01",) == office.holidays
    assert {"2026-05-09": ((480, 720),)} == office.overrides


def test_always_is_there_without_being_declared(plan: Plan) -> None:
    always = plan.calendars["always"]

    assert (((0, 1440),),) * 7 == always.weekly
    assert "Asia/Shanghai" == always.zone


def test_clock_has_target_and_calendar_per_priority(plan: Plan) -> None:
    solution = plan.clocks["solution"]

    assert {"urgent": Target(duration=4 * HOUR), "normal": Target(workdays=3)} == solution.targets
    assert {"urgent": "always", "normal": "office"} == solution.calendars
    assert (("customer",), OnReopen.KEEP) == (solution.pause, solution.on_reopen)
    assert (80,) == plan.clocks["response"].warn


def test_one_target_stands_for_all_priorities(tmp_path: Path) -> None:
    sla = """
clocks:
  response: {start: opened, stop: responded, calendar: always, warn: [80%, 50%], target: 1h}
"""
    clock = rulebook(tmp_path, sla=sla).plan.clocks["response"]

    assert {"urgent": Target(duration=HOUR), "normal": Target(duration=HOUR)} == clock.targets
    assert (50, 80) == clock.warn


def test_priority_without_target_has_no_such_clock(tmp_path: Path) -> None:
    plan = load_pack(changed(tmp_path, "sla", "{urgent: 15m, normal: 4h}", "{urgent: 15m}")).plan

    assert ["urgent"] == list(plan.clocks["response"].calendars)


def test_workdays_may_end_with_the_day(tmp_path: Path) -> None:
    old = "    when: {kind: incident}\n"
    plan = load_pack(changed(tmp_path, "sla", old, old + "    count: end_of_day\n")).plan

    targets = plan.clocks["solution"].targets
    assert (Target(workdays=3, end_of_day=True), Target(duration=4 * HOUR)) == (
        targets["normal"],
        targets["urgent"],
    )


def test_priority_without_promise_is_written_none(tmp_path: Path) -> None:
    text = (SMALL / "sla.yaml").read_text("utf-8").replace("urgent: 15m", "urgent: none")
    loaded = rulebook(tmp_path, sla=text)

    assert {"normal"} == loaded.plan.clocks["response"].targets.keys()
    assert {"normal"} == loaded.plan.clocks["response"].calendars.keys()
    assert loaded.warnings == ()


def test_rules_ask_for_the_levels_that_agents_can_have(tmp_path: Path) -> None:
    highest = changed(tmp_path, "route", "level: 2", f"level: {MAX_LEVEL}")
    (folder := tmp_path / "beyond").mkdir()
    beyond = changed(folder, "route", "level: 2", f"level: {MAX_LEVEL + 1}")

    assert load_pack(highest).warnings == ()
    assert ["RB206"] == [finding.code for finding in findings(beyond)]


def test_teams_and_supervisor_are_known(plan: Plan) -> None:
    assert ("sue", {"first": TeamPlan(name="first", lead="lee", leads=("lee",))}) == (
        plan.supervisor,
        plan.teams,
    )


def off_for(days: int, *, open_on: str = "") -> str:
    """calendars.yaml of an office that is closed on the first `days` days of 2026."""
    first = date(2026, 1, 1)
    closed = [str(first + timedelta(days=day)) for day in range(days)]
    return (
        'calendars: {office: {zone: UTC, week: {mon-fri: ["09:00-17:00"]},'
        f" holidays: [{', '.join(closed)}], overrides: {{{open_on}}}}}}}"
    )


def test_a_year_without_a_working_day_is_a_finding(tmp_path: Path) -> None:
    (finding,) = findings(pack(tmp_path, calendars=off_for(365)))

    assert ("RB517", "calendars.yaml") == (finding.code, finding.file)
    assert "'office' has no working time in 2026" in finding.message


@pytest.mark.parametrize(
    "text",
    [off_for(364), off_for(365, open_on='2026-07-04: ["10:00-12:00"]')],
    ids=["the last day", "a special day"],
)
def test_one_working_day_makes_a_year(text: str, tmp_path: Path) -> None:
    assert "office" in rulebook(tmp_path, calendars=text).plan.calendars
