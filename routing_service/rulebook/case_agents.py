"""The agents of a case: read and checked against the plan, and the profiles they have in a run."""

from routing_service.core.plans.plan import Plan
from routing_service.core.records.model import Agent, FactValue
from routing_service.rulebook.cases import CaseAgent
from routing_service.rulebook.fields import known, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node
from routing_service.rulebook.values import label_value


def case_agent(node: Node, plan: Plan, findings: Findings) -> CaseAgent:
    """One agent; what the plan does not know is noted."""
    skills = node.table("skills").entries
    for queue in node.listed("queues"):
        known("RB306", queue, plan.queues, findings)
    if (team := node.get("team")) is not None:
        known("RB323", team, plan.teams, findings)
    return CaseAgent(
        id=word(node, "id"),
        skills={skill: int(level.text) for skill, level in skills.items()},
        queues=tuple(queue.text for queue in node.listed("queues")),
        team=word(node, "team"),
        attributes=_attributes(node.table("attributes"), plan, findings),
        capacity=int(word(node, "capacity", "1")),
        presence=word(node, "presence", "available"),
    )


def _attributes(node: Node, plan: Plan, findings: Findings) -> dict[str, FactValue]:
    declared, found = plan.agent_attributes, dict[str, FactValue]()
    for name, each in node.entries.items():
        if name not in declared:
            findings.unknown("RB330", node.place_of(name), name, declared)
        elif (value := label_value(name, declared[name], each, findings)) is not None:
            found[name] = value
    return found


def profile(agent: CaseAgent, every_queue: tuple[str, ...]) -> Agent:
    """His profile; without queues of his own he serves every one."""
    return Agent(
        id=agent.id,
        skills=agent.skills,
        queues=agent.queues or every_queue,
        team=agent.team,
        attributes=agent.attributes,
        capacity=agent.capacity,
    )
