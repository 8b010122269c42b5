"""calendars.yaml -> working time for core's calendar: zone, week, holidays, single dates."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from routing_service.core.plans.plan import CalendarPlan
from routing_service.rulebook import times
from routing_service.rulebook.fields import zone
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node

ALWAYS = "always"
"""The predefined calendar: every minute counts."""
_WEEKS = 52
"""Fewer days off leave a year some working time."""


def calendars(tree: Node, default_zone: str, findings: Findings) -> dict[str, CalendarPlan]:
    """The calendars and `always`."""
    whole_day = ((0, times.MINUTES_OF_DAY),)
    made = {ALWAYS: CalendarPlan(name=ALWAYS, zone=default_zone, weekly=(whole_day,) * 7)}
    declared = tree.table("calendars")
    for name, node in declared.entries.items():
        if name == ALWAYS:
            findings.add("RB319", declared.place_of(name), name=name)
        made[name] = _calendar(name, node, default_zone, findings)
    return made


def _calendar(name: str, node: Node, default_zone: str, findings: Findings) -> CalendarPlan:
    zone_node = node.get("zone")
    weekly = _week(node.entries["week"], findings)
    if not any(item.items for item in node.entries["week"].entries.values()):
        findings.add("RB506", node.place_of("week"), name=name)
    overrides = node.table("overrides")
    plan = CalendarPlan(
        name=name,
        zone=default_zone if zone_node is None else zone(zone_node, findings),
        weekly=weekly,
        holidays=tuple(
            sorted(_date(item.text, item, findings) for item in node.listed("holidays"))
        ),
        overrides={
            _date(key, Node(place=overrides.place_of(key)), findings): _intervals(item, findings)
            for key, item in overrides.entries.items()
        },
    )
    for year in _years_off(plan):
        findings.add("RB517", node.place_of("week"), name=name, year=year)
    return plan


def _years_off(plan: CalendarPlan) -> list[int]:
    """Years in which no week has working time left: a promise made in one would never be due."""
    special = {**dict.fromkeys(plan.holidays, ()), **plan.overrides}
    closed = Counter(text[:4] for text, hours in special.items() if not hours and times.date(text))
    may_be_off = [int(year) for year, days in closed.items() if days >= _WEEKS and any(plan.weekly)]
    return [
        year
        for year in sorted(may_be_off)
        if not any(special.get(str(day), plan.weekly[day.weekday()]) for day in _days(year))
    ]


def _days(year: int) -> Iterator[date]:
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return map(date.fromordinal, range(first, last + 1))


def _week(node: Node, findings: Findings) -> tuple[tuple[times.Interval, ...], ...]:
    weekly: list[tuple[times.Interval, ...]] = [()] * 7
    given: set[int] = set()
    for key, item in node.entries.items():
        days = times.days(key)
        if days is None:
            findings.add("RB510", node.place_of(key), name=key)
            continue
        for day in days:
            if day in given:
                findings.add("RB511", node.place_of(key), name=times.DAYS[day])
            given.add(day)
            weekly[day] = _intervals(item, findings)
    return tuple(weekly)


def _intervals(node: Node, findings: Findings) -> tuple[times.Interval, ...]:
    read = []
    for item in node.items:
        interval = times.interval(item.text)
        if interval is None:
            findings.add("RB504", item.place, name=item.text)
        else:
            read.append(interval)
    ordered = tuple(sorted(read))
    if times.overlap(ordered):
        findings.add("RB507", node.place)
    return ordered


def _date(text: str, node: Node, findings: Findings) -> str:
    read = times.date(text)
    if read is None:
        findings.add("RB505", node.place, name=text)
    return read or text
