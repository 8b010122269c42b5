"""Whether an agent's profile says only what the pack declares of agents."""

from collections.abc import Mapping

from routing_service.core.plans.plan import LabelPlan, LabelType
from routing_service.core.records.errors import Invalid
from routing_service.core.records.model import Agent, FactValue

_MAX_CHARACTERS = 256


def check_attributes(agent: Agent, declared: Mapping[str, LabelPlan]) -> None:
    """Invalid(ATTRIBUTE_UNKNOWN, ATTRIBUTE_VALUE), naming agent and attribute."""
    for name, value in agent.attributes.items():
        plan = declared.get(name)
        if plan is None:
            raise Invalid(
                "ATTRIBUTE_UNKNOWN",
                "The rulebook declares no such agent attribute.",
                agent=agent.id[:64],
                attribute=name[:64],
            )
        if not _may_be(value, plan):
            raise Invalid(
                "ATTRIBUTE_VALUE",
                f"The attribute is a {plan.type.value}, within what the rulebook allows.",
                agent=agent.id[:64],
                attribute=name[:64],
            )


def _may_be(value: FactValue, plan: LabelPlan) -> bool:
    match plan.type:
        case LabelType.BOOLEAN:
            return isinstance(value, bool)
        case LabelType.INTEGER:
            return type(value) is int and _within(value, plan)
        case LabelType.TEXT:
            return isinstance(value, str) and _allowed(value, plan)
        case LabelType.LIST:
            return isinstance(value, tuple) and all(_allowed(each, plan) for each in value)


def _within(value: int, plan: LabelPlan) -> bool:
    above = plan.minimum is None or value >= plan.minimum
    return above and (plan.maximum is None or value <= plan.maximum)


def _allowed(value: str, plan: LabelPlan) -> bool:
    return len(value) <= _MAX_CHARACTERS and (not plan.values or value in plan.values)
