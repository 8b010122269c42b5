"""Alerts to roles: all leads of the owner's team, roles of his team, then of the desk's."""

from routing_service.core.plans.plan import Plan, TeamPlan
from tests.builders import MINUTE, FixedRules, agent, alert, escalation, plan
from tests.desk import Desk, alerts


def teams() -> Plan:
    first = TeamPlan(name="first", lead="lee", leads=("lee", "kim"), roles={"trainer": ("tom",)})
    second = TeamPlan(name="second", lead="may", roles={"quality": ("quin", "rae")})
    return plan(teams={"first": first, "second": second})


def told(*to: str, owned: bool = True) -> list[str]:
    """Who is told when the promise of an item is near its end."""
    rules = FixedRules(escalations={"warned": escalation(alert(*to))})
    desk = Desk(teams(), rules)
    if owned:
        desk.sign_in(agent(team="first"))
    item = desk.open(priority="p1")
    if owned:
        desk.accept(item)
    return list(alerts(desk.wait(5 * MINUTE))[0].to)


def test_every_lead_of_the_owners_team_is_told() -> None:
    assert ["lee", "kim"] == told("lead")


def test_a_role_of_the_owners_team_is_told() -> None:
    assert ["tom"] == told("trainer")


def test_a_role_that_only_another_team_has_is_told_there() -> None:
    assert ["quin", "rae"] == told("quality")


def test_nobody_is_told_twice() -> None:
    assert ["lee", "kim", "ann"] == told("lead", "kim", "owner")


def test_without_an_owner_the_supervisor_is_told_and_roles_are_found() -> None:
    assert ["boss", "tom"] == told("lead", "trainer", owned=False)
