"""Who serves a queue: those whose profile names it, those whom its expression holds for, and while
its load is at a level, those in reserve.
"""

from collections.abc import Mapping

from routing_service.core.plans.plan import Plan
from routing_service.core.plans.predicate import holds
from routing_service.core.plans.surge_plan import LoadPlan
from routing_service.core.records.model import Agent, FactValue, QueueTerms
from routing_service.core.records.surge import Surge

SKILL = "skill."
"""Prefix of the facts that skills become; such a fact is the agent's level, or missing."""


def queues_of(plan: Plan, agent: Agent) -> tuple[str, ...]:
    """Every queue the agent serves, once, those of his profile first."""
    by_rule = {name: each.members for name, each in plan.queues.items() if each.members}
    if not by_rule:
        return tuple(dict.fromkeys(agent.queues))
    facts = agent_facts(agent)
    held = (name for name, condition in by_rule.items() if holds(condition, facts))
    return tuple(dict.fromkeys((*agent.queues, *held)))


def terms_of(plan: Plan, agent: Agent) -> Mapping[str, QueueTerms]:
    """On which terms he serves queues: by his profile, else by his team's plan."""
    team = plan.teams.get(agent.team) if agent.team else None
    if team is None or not team.terms:
        return agent.terms
    return {**team.terms, **agent.terms}


def in_reserve(plan: LoadPlan, agent: Agent, level: str = "") -> bool:
    """Whether the agent serves the load's queue at this level; empty = at its last one."""
    conditions = plan.reserves(level or plan.levels[-1].name)
    return bool(conditions) and any(holds(each, agent_facts(agent)) for each in conditions)


def called_in(plan: Plan, agent: Agent, surges: Mapping[str, Surge]) -> tuple[str, ...]:
    """Queues that the agent serves because of the levels in force."""
    return tuple(
        plan.loads[name].queue
        for name, surge in surges.items()
        if surge.standing
        and name in plan.loads
        and in_reserve(plan.loads[name], agent, surge.standing)
    )


def agent_facts(agent: Agent) -> dict[str, FactValue]:
    """What expressions over agents may ask about: attributes, team, id and skill levels."""
    facts: dict[str, FactValue] = dict(agent.attributes)
    facts["agent"] = agent.id
    if agent.team:
        facts["team"] = agent.team
    facts.update((f"{SKILL}{skill}", level) for skill, level in agent.skills.items())
    return facts
