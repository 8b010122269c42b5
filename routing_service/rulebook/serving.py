"""Whether anybody could ever take what rules send to queues: by the pack alone, and by its people.

Asks at every step of a queue's ladder, as items do. Pure; matching itself is core's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from routing_service.core.plans.plan import Plan, QueuePlan
from routing_service.core.queues.relaxing import Need, need
from routing_service.core.records.model import Agent, Item
from routing_service.core.staff.membership import in_reserve, queues_of, terms_of
from routing_service.core.staff.profiles import PLAIN
from routing_service.rulebook.findings import Finding, Findings, closest
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.rules import Rule, StageRules
from routing_service.rulebook.tree import Place

_NOBODYS = Item(id="", number="", channel="", customer="", labels={}, opened_at=0, received_at=0)


def check_ceilings(
    stages: Mapping[str, StageRules], queues: Mapping[str, QueuePlan], findings: Findings
) -> None:
    """Note rules that ask for more than the ceiling of their queue allows at any of its steps."""
    for rule in stages["route"].rules:
        queue = queues.get(rule.outcome.queue)
        if queue is None or any(_allowed(step) for step in _needs(rule, queue)):
            continue
        ceiling = queue.ladder.ceiling
        above = next(each for each in rule.outcome.requirements if each.level > ceiling)
        findings.add(
            "RB550",
            rule.place,
            queue=queue.name,
            skill=above.skill,
            level=above.level,
            ceiling=ceiling,
        )


def unserved(
    rulebook: Rulebook, agents: Sequence[Agent], places: Mapping[str, Place]
) -> tuple[Finding, ...]:
    """Warnings about queues and rules that none of these agents could ever serve.

    `places` = where each queue is declared. Nothing for a desk without agents: it has not begun.
    """
    findings = Findings()
    if agents:
        served = {queue for agent in agents for queue in _queues(rulebook.plan, agent)}
        for queue in _unserved(rulebook.plan, served):
            findings.add("RB551", places.get(queue, Place("queues.yaml")), name=queue)
        for queue in _always_second(rulebook.plan, agents, served):
            findings.add("RB553", places.get(queue, Place("queues.yaml")), name=queue)
        for rule in rulebook.stages["route"].rules:
            _check_skills(rule, rulebook.plan, agents, findings)
    return findings.told(rulebook.plan.language)


def _queues(plan: Plan, agent: Agent) -> tuple[str, ...]:
    """Those he serves, also when he is called in from the reserve."""
    called = (load.queue for load in plan.loads.values() if in_reserve(load, agent))
    return (*queues_of(plan, agent), *called)


def _unserved(plan: Plan, served: set[str]) -> Iterator[str]:
    for queue in plan.queues.values():
        if not served & _by_which(queue):
            yield queue.name


def _by_which(queue: QueuePlan) -> set[str]:
    """The queues whose agents may have its items, at the latest at the last step."""
    return {queue.name, *(name for step in queue.ladder.steps for name in step.queues)}


def _always_second(plan: Plan, agents: Sequence[Agent], served: set[str]) -> Iterator[str]:
    """Queues that agents serve, but each of them another one first: nothing bounds the wait."""
    if not any(terms_of(plan, agent) for agent in agents):
        return
    first = {queue for agent in agents for queue in _first(plan, agent)}
    for queue in plan.queues.values():
        by_which = _by_which(queue)
        if served & by_which and not first & by_which:
            yield queue.name


def _first(plan: Plan, agent: Agent) -> list[str]:
    """Of the queues that he serves those before which he serves none."""
    queues, terms = _queues(plan, agent), terms_of(plan, agent)
    urgency = {name: terms.get(name, PLAIN).priority for name in queues}
    return [name for name in queues if urgency[name] == max(urgency.values())]


def _check_skills(rule: Rule, plan: Plan, agents: Iterable[Agent], findings: Findings) -> None:
    """Whether some agent has each skill, and at the level that is asked for at last."""
    queue = plan.queues.get(rule.outcome.queue)
    asked = rule.outcome.requirements
    at_last = asked if queue is None else _needs(rule, queue)[-1].requirements
    where = rule.outcome.queue or rule.outcome.queue_label
    best: dict[str, int] = {}
    for agent in agents:
        for skill, level in agent.skills.items():
            best[skill] = max(level, best.get(skill, 0))
    for each in at_last:
        if best.get(each.skill, 0) < each.level:
            meant = "" if each.skill in best else closest(each.skill, best)
            findings.add(
                "RB552", rule.place, meant, skill=each.skill, level=each.level, queue=where
            )
    dropped = {each.skill for each in asked} - {each.skill for each in at_last}
    for skill in sorted(dropped - best.keys()):
        findings.unknown("RB554", rule.place, skill, sorted(best), queue=where)


def _needs(rule: Rule, queue: QueuePlan) -> list[Need]:
    """What its items need at the beginning and after each step."""
    item = replace(_NOBODYS, queue=queue.name, requirements=rule.outcome.requirements)
    steps = range(len(queue.ladder.steps) + 1)
    return [need(replace(item, relaxed=taken), queue.ladder) for taken in steps]


def _allowed(asked: Need) -> bool:
    return not asked.ceiling or all(each.level <= asked.ceiling for each in asked.requirements)
