"""teams.yaml, and which channels interrupt which -> their parts of core's Plan.

Trees come with the form already checked.
"""

from routing_service.core.plans.plan import TeamPlan
from routing_service.core.records.model import QueueTerms
from routing_service.rulebook.fields import duration, known, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node
from routing_service.rulebook.vocabulary import Names


def teams(tree: Node, names: Names, findings: Findings) -> dict[str, TeamPlan]:
    """Teams, who answers for them, who does what in them, their shifts, how they serve queues."""
    return {
        name: _team(name, node, names, findings)
        for name, node in tree.table("teams").entries.items()
    }


def _team(name: str, node: Node, names: Names, findings: Findings) -> TeamPlan:
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
        calendar="" if calendar is None else known("RB307", calendar, names.calendars, findings),
        terms=_terms(node.table("terms"), names, findings),
    )


def _terms(node: Node, names: Names, findings: Findings) -> dict[str, QueueTerms]:
    """Queue -> how the team's agents serve it."""
    for queue, place in node.keys.items():
        if queue not in names.queues:
            findings.unknown("RB306", place, queue, list(names.queues))
    return {
        queue: QueueTerms(
            priority=int(word(each, "priority", "0")), delay=duration(each.get("delay"), findings)
        )
        for queue, each in node.entries.items()
    }


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
