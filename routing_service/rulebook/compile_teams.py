"""teams.yaml, and which channels interrupt which -> their parts of core's Plan.

Trees come with the form already checked.
"""

from collections.abc import Iterable

from routing_service.core.plan import TeamPlan
from routing_service.rulebook.fields import known, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node


def teams(tree: Node, calendars: Iterable[str], findings: Findings) -> dict[str, TeamPlan]:
    """Teams, who answers for them, who does what in them, and their shifts."""
    named = tuple(calendars)
    return {
        name: _team(name, node, named, findings)
        for name, node in tree.table("teams").entries.items()
    }


def _team(name: str, node: Node, calendars: tuple[str, ...], findings: Findings) -> TeamPlan:
    leads = tuple(each.text for each in node.listed("lead"))
    calendar = node.get("calendar")
    return TeamPlan(
        name=name,
        lead=leads[0],
        leads=leads,
        roles={
            role: tuple(each.text for each in who.many)
            for role, who in node.table("roles").entries.items()
        },
        calendar="" if calendar is None else known("RB307", calendar, calendars, findings),
    )


def people(tree: Node) -> tuple[str, ...]:
    """Those who lead or supervise, by id, and the roles of teams: whom an alert may name."""
    teams = tree.table("teams").entries.values()
    leads = [each.text for node in teams for each in node.listed("lead")]
    roles = [role for node in teams for role in node.table("roles").entries]
    return (word(tree, "supervisor"), *leads, *roles)


def interrupts(pack: Node, findings: Findings) -> dict[str, tuple[str, ...]]:
    """Channel -> those whose items in hand it may interrupt."""
    channels = pack.table("channels").entries
    found: dict[str, tuple[str, ...]] = {}
    for name, node in channels.items():
        for by in node.listed("interrupted_by"):
            if by.text == name:
                findings.add("RB334", by.place, name=name)
            known("RB324", by, channels, findings)
            found[by.text] = (*found.get(by.text, ()), name)
    return found
