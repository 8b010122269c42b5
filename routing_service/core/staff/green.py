"""The green channel: which items may use the capacity that is kept, and who keeps how much.

Pure, over plan and records. Room itself is the roster's.
"""

from collections.abc import Iterable, Mapping

from routing_service.core.plans.plan import Plan
from routing_service.core.plans.predicate import holds
from routing_service.core.records.model import Agent, FactValue
from routing_service.core.staff.membership import agent_facts


def is_green(plan: Plan, facts: Mapping[str, FactValue], priority: str) -> bool:
    """Whether an item of these facts and this priority goes through the green channel.

    The condition may ask about labels, priority, channel and kind.
    """
    return plan.green is not None and holds(plan.green.when, {**facts, "priority": priority})


def kept_units(plan: Plan | None, agent: Agent, queues: Iterable[str]) -> int:
    """The last units that the agent, of these queues, keeps for the green channel."""
    if plan is None or plan.green is None:
        return 0
    served = set(queues)
    facts = agent_facts(agent)
    kept = [
        each.units
        for each in plan.green.keep
        if not served.isdisjoint(each.queues) and (each.agents is None or holds(each.agents, facts))
    ]
    return max(kept, default=0)
