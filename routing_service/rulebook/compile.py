"""A pack's trees -> the Rulebook: core's Plan, the rules of each stage, signals, digest.

Pure: trees in, values and findings out. Reading files and their form is the business of others.
"""

from collections.abc import Mapping

import msgspec

from routing_service.core.plans.plan import CalendarPlan, LabelPlan, Plan, QueuePlan
from routing_service.rulebook import (
    compile_calendars,
    compile_pack,
    compile_sla,
    compile_surge,
    compile_teams,
    digest,
)
from routing_service.rulebook.compile_ladder import check_dropped
from routing_service.rulebook.compile_matters import correlation, links
from routing_service.rulebook.compile_queues import complete
from routing_service.rulebook.compile_rules import RuleCompiler
from routing_service.rulebook.fields import duration, known, word, zone
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.lint import lint, trigger_kinds
from routing_service.rulebook.matcher import ReferenceEngine
from routing_service.rulebook.messages import DEFAULT_LANGUAGE
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.parts import expand, parts
from routing_service.rulebook.rules import HitPolicy, StageRules, stage_rules
from routing_service.rulebook.signals import BadPattern, SignalSet, compile_pattern
from routing_service.rulebook.tree import Node, Place, Shape
from routing_service.rulebook.vocabulary import Names

Trees = Mapping[str, Node]


class _Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What the plan and the names are both made of."""

    queues: dict[str, QueuePlan]
    labels: dict[str, LabelPlan]
    calendars: dict[str, CalendarPlan]
    names: Names
    attributes: dict[str, LabelPlan]


def compile_rulebook(
    trees: Trees, sources: Mapping[str, str], findings: Findings
) -> Rulebook | None:
    """The rulebook of files whose form is right; None when an error was noted."""
    declared = _declared(trees, findings)
    stages = _stages(trees, declared.names, findings)
    signals = _signals(_tree(trees, "signals"), findings)
    plan = _plan(trees, declared, stages, findings)
    if not findings.failed:  # a wrong name would only be noted again, in other words
        lint(stages, plan, findings)
        check_dropped(_tree(trees, "queues"), _skills(stages["route"]), findings)
    if findings.failed or signals is None:
        return None
    return Rulebook(
        digest=digest.digest(sources),
        plan=plan,
        source=digest.bundle(sources),
        stages=stages,
        engine=ReferenceEngine(stages),
        signal_set=signals,
    )


def _skills(route: StageRules) -> set[str]:
    """All that rules ask for."""
    outcomes = [rule.outcome for rule in route.rules]
    if route.default is not None:
        outcomes.append(route.default)
    return {need.skill for outcome in outcomes for need in outcome.requirements}


def _tree(trees: Trees, kind: str) -> Node:
    """The file's tree; an empty table for an optional file the pack does not have."""
    file = f"{kind}.yaml"
    return trees.get(file) or Node(place=Place(file), shape=Shape.TABLE)


def _declared(trees: Trees, findings: Findings) -> _Declared:
    pack = _tree(trees, "pack")
    queues = compile_pack.queues(_tree(trees, "queues"), findings)
    labels = compile_pack.labels(pack, findings)
    attributes = compile_pack.agent_attributes(pack, findings)
    pack_zone = zone(pack.entries["zone"], findings)
    calendars = compile_calendars.calendars(_tree(trees, "calendars"), pack_zone, findings)
    names = Names(
        priorities=tuple(item.text for item in pack.listed("priorities")),
        queues=tuple(queues),
        calendars=tuple(calendars),
        clocks=tuple(_tree(trees, "sla").table("clocks").entries),
        signals=tuple(_tree(trees, "signals").table("signals").entries),
        pending=tuple(pack.table("pending").entries),
        channels=tuple(pack.table("channels").entries),
        labels=labels,
        attributes=attributes,
        people=compile_teams.people(_tree(trees, "teams")),
        teams=tuple(_tree(trees, "teams").table("teams").entries),
        loads=compile_surge.level_names(_tree(trees, "surge")),
        correlated=pack.get("correlation") is not None,
    )
    return _Declared(
        queues=complete(_tree(trees, "queues"), queues, names, attributes, findings),
        labels=labels,
        calendars=calendars,
        names=names,
        attributes=attributes,
    )


def _stages(trees: Trees, names: Names, findings: Findings) -> dict[str, StageRules]:
    rules = RuleCompiler(names, findings)
    has_classify = "classify.yaml" in trees
    return {
        "classify": rules.classify(_tree(trees, "classify"))
        if has_classify
        else stage_rules("classify", HitPolicy.FIRST, ()),
        "prioritise": rules.prioritise(_tree(trees, "prioritise")),
        "sla": compile_sla.applicability(_tree(trees, "sla"), names, findings),
        "route": rules.route(_tree(trees, "route")),
        "surge": rules.surge(_tree(trees, "surge")),
        "escalate": rules.escalate(_tree(trees, "escalate")),
    }


def _signals(tree: Node, findings: Findings) -> SignalSet | None:
    """The signals; None when a pattern was noted that RE2 refuses."""
    known, declared = parts(tree, findings), tree.table("signals").entries
    shown = {name: _patterns(_any(node), known, findings) for name, node in declared.items()}
    cut = {name: _patterns(_except(node), known, findings) for name, node in declared.items()}
    if None in (*shown.values(), *cut.values()):
        return None
    return SignalSet(
        {name: found for name, found in shown.items() if found is not None},
        {name: found for name, found in cut.items() if found is not None},
    )


def _any(node: Node) -> tuple[Node, ...]:
    """The patterns of a signal, one of which is enough: written bare or under `any`."""
    return node.listed("any") if node.shape is Shape.TABLE else node.many


def _except(node: Node) -> tuple[Node, ...]:
    return node.listed("except")


def _patterns(
    nodes: tuple[Node, ...], known: Mapping[str, str], findings: Findings
) -> tuple[str, ...] | None:
    """The patterns with their parts written out; None when RE2 refuses one, which is noted."""
    whole = tuple(expand(node, known, findings) for node in nodes)
    refused = False
    for node, pattern in zip(nodes, whole, strict=True):
        try:
            compile_pattern(pattern)
        except BadPattern as bad:
            refused = True
            findings.add(bad.code, node.place, problem=bad.problem)
    return None if refused else whole


def _age_credit(pack: Node, findings: Findings) -> int:
    """How far back a customer may have waited; as far as anything may have happened unless said."""
    return duration(pack.get("max_age_credit") or pack.entries["max_backdate"], findings)


def _plan(
    trees: Trees, declared: _Declared, stages: Mapping[str, StageRules], findings: Findings
) -> Plan:
    pack, teams, names = _tree(trees, "pack"), _tree(trees, "teams"), declared.names
    surge = _tree(trees, "surge")
    fallback, retention = pack.entries["fallback"], pack.entries["retention"]
    loads = compile_surge.loads(surge, names, declared.attributes, findings)
    compile_surge.check_strategies(surge, loads, declared.queues, findings)
    return Plan(
        pack=word(pack, "pack"),
        version=word(pack, "version"),
        zone=word(pack, "zone"),
        language=word(pack, "lang", DEFAULT_LANGUAGE),
        priorities=names.priorities,
        boost=compile_pack.boost(pack, names.priorities, findings),
        labels=compile_pack.lasting(declared.labels, stages["escalate"].rules),
        queues=declared.queues,
        agent_attributes=declared.attributes,
        fallback_queue=known("RB306", fallback.entries["queue"], names.queues, findings),
        fallback_priority=known("RB305", fallback.entries["priority"], names.priorities, findings),
        clocks=compile_sla.clocks(_tree(trees, "sla"), names, findings),
        calendars=declared.calendars,
        teams=compile_teams.teams(teams, names, findings),
        supervisor=word(teams, "supervisor"),
        pending_reasons=compile_pack.pending_reasons(pack),
        resume_on_contact=compile_pack.resume_on_contact(pack, findings),
        channel_cost=compile_pack.channel_cost(pack),
        interrupts=compile_teams.interrupts(pack, findings),
        number_format=compile_pack.number_format(pack, findings),
        auto_close=duration(pack.table("auto_close").get("after"), findings, positive=True),
        retention_closed=duration(retention.entries["closed"], findings, positive=True),
        max_backdate=duration(pack.entries["max_backdate"], findings),
        links=links(pack, names, findings),
        correlation=correlation(pack, declared.labels, findings),
        max_age_credit=_age_credit(pack, findings),
        escalations=trigger_kinds(stages["escalate"].rules),
        loads=loads,
        green=compile_surge.green(surge, names, declared.attributes, findings),
    )
