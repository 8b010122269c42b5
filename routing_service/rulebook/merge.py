"""How the outcomes of several rules become one (design §6, hit policy `all`).

Priority: the most urgent. Requirements: the union, each at its highest level. Alerts: a set; the
same alert of two rules is raised once, under the first rule. Boost: the largest. Queue: the first
in file order (two that differ are a finding when the pack is loaded). Labels: each as the first
rule sets it.
"""

from collections.abc import Iterable, Sequence

import msgspec

from routing_service.core.records.model import AlertOrder, FactValue, Requirement
from routing_service.rulebook.rules import Outcome


def merge(outcomes: Sequence[Outcome], priorities: Sequence[str]) -> Outcome:
    """One outcome of many, given in file order; `priorities` most urgent first."""
    if len(outcomes) == 1:
        return outcomes[0]
    rank = {name: place for place, name in enumerate(priorities)}
    named = [outcome.priority for outcome in outcomes if outcome.priority]
    queues = [outcome for outcome in outcomes if outcome.queue or outcome.queue_label]
    base = queues[0] if queues else Outcome()
    return msgspec.structs.replace(
        base,
        labels=_labels(outcomes),
        priority=min(named, key=lambda name: rank[name], default=""),
        requirements=_requirements(outcomes),
        clocks=tuple(dict.fromkeys(clock for outcome in outcomes for clock in outcome.clocks)),
        alerts=_alerts(outcomes),
        boost=max((outcome.boost for outcome in outcomes), default=0),
        opens=tuple(dict.fromkeys(order for outcome in outcomes for order in outcome.opens)),
    )


def _labels(outcomes: Iterable[Outcome]) -> dict[str, FactValue]:
    first: dict[str, FactValue] = {}
    for outcome in outcomes:
        first = {**outcome.labels, **first}
    return first


def _requirements(outcomes: Iterable[Outcome]) -> tuple[Requirement, ...]:
    levels: dict[str, int] = {}
    for outcome in outcomes:
        for need in outcome.requirements:
            levels[need.skill] = max(need.level, levels.get(need.skill, 0))
    return tuple(Requirement(skill, levels[skill]) for skill in sorted(levels))


def _alerts(outcomes: Iterable[Outcome]) -> tuple[AlertOrder, ...]:
    first: dict[tuple[tuple[str, ...], str], AlertOrder] = {}
    for outcome in outcomes:
        for alert in outcome.alerts:
            first.setdefault((alert.to, alert.severity), alert)
    return tuple(first.values())
