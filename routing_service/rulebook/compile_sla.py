"""sla.yaml -> the clocks of core's Plan, and the rules that say which clocks an item gets."""

from collections.abc import Mapping
from itertools import pairwise

from routing_service.core.evolution.evolve_step import SUSPENDED
from routing_service.core.plans.plan import ClockPlan, OnReopen, Target
from routing_service.core.records.model import Milestone
from routing_service.rulebook import conditions, times
from routing_service.rulebook.fields import flag, known, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.rules import HitPolicy, Outcome, Rule, StageRules, stage_rules
from routing_service.rulebook.tree import Node, Shape
from routing_service.rulebook.vocabulary import Names, vocabulary

NO_TARGET = "none"
"""Written for a priority that is meant to have no such clock."""
_STARTS = tuple(milestone.value for milestone in Milestone)
_STOPS = tuple(name for name in _STARTS if name != Milestone.OPENED.value)


def clocks(tree: Node, names: Names, findings: Findings) -> dict[str, ClockPlan]:
    """The promises by name, in file order."""
    return {
        name: _clock(name, node, names, findings)
        for name, node in tree.table("clocks").entries.items()
    }


def applicability(tree: Node, names: Names, findings: Findings) -> StageRules:
    """The stage `sla`: one rule per clock, whose id is the clock; all that hold apply."""
    facts = vocabulary("sla", names)
    declared = tree.table("clocks")
    rules = [
        Rule(
            id=name,
            condition=conditions.parse(node.get("when"), facts, findings),
            outcome=Outcome(clocks=(name,)),
            place=declared.place_of(name),
        )
        for name, node in declared.entries.items()
    ]
    return stage_rules("sla", HitPolicy.ALL, rules)


def _clock(name: str, node: Node, names: Names, findings: Findings) -> ClockPlan:
    start, stop = node.entries["start"], node.entries["stop"]
    known("RB310", start, _STARTS, findings)
    if start.text == stop.text:
        findings.add("RB509", stop.place)
    else:
        known("RB310", stop, _STOPS, findings)
    reasons = node.table("pause").listed("pending")
    for reason in reasons:
        known("RB311", reason, names.pending, findings)
    targets = _targets(node, names, findings)
    return ClockPlan(
        name=name,
        start=start.text,
        stop=stop.text,
        targets=targets,
        calendars=_calendars(node, targets, names, findings),
        pause=(
            *(reason.text for reason in reasons),
            *((SUSPENDED,) if flag(node.table("pause"), "suspended") else ()),
        ),
        warn=_warn(node, findings),
        on_reopen=OnReopen(word(node, "on_reopen", OnReopen.KEEP.value)),
        kind=word(node, "kind", "sla"),
    )


def _misnamed(node: Node, names: Names) -> bool:
    """Whether a key is no priority (noted): then it is not sure which priority is lacking."""
    return not node.keys.keys() <= set(names.priorities)


def _per_priority(node: Node, names: Names, findings: Findings) -> dict[str, Node]:
    """One value for all priorities, or a table with one for each that has any."""
    if node.shape is Shape.SCALAR:
        return dict.fromkeys(names.priorities, node)
    for priority, place in node.keys.items():
        if priority not in names.priorities:
            findings.unknown("RB305", place, priority, names.priorities)
    return {name: node.entries[name] for name in names.priorities if name in node.entries}


def _targets(node: Node, names: Names, findings: Findings) -> dict[str, Target]:
    end_of_day = word(node, "count") == "end_of_day"
    given = _promised(node.entries["target"], names, findings)
    targets = {name: _target(item, findings, end_of_day) for name, item in given.items()}
    _note_inverted(given, targets, findings)
    return targets


def _promised(field: Node, names: Names, findings: Findings) -> dict[str, Node]:
    """The targets by priority. One that is lacking is a warning unless it is written NO_TARGET."""
    given = _per_priority(field, names, findings)
    if not _misnamed(field, names):
        for name in names.priorities:
            if name not in given:
                findings.add("RB518", field.place, name=name)
    if field.shape is Shape.SCALAR:
        return given
    promised = {name: item for name, item in given.items() if item.text != NO_TARGET}
    if given and not promised:
        findings.add("RB207", field.place)
    return promised


def _target(node: Node, findings: Findings, end_of_day: bool) -> Target:
    days = times.workdays(node.text)
    length = times.duration(node.text)
    if days is None and length is None:
        findings.add("RB501", node.place, name=node.text)
    elif not days and not length:
        findings.add("RB502", node.place)
    return Target(duration=length or 0, workdays=days or 0, end_of_day=end_of_day and bool(days))


def _note_inverted(
    given: Mapping[str, Node], targets: Mapping[str, Target], findings: Findings
) -> None:
    """Warn where a more urgent priority has the longer promise; only equal units compare."""
    for urgent, other in pairwise(targets):
        a, b = targets[urgent], targets[other]
        if not (b.workdays or b.duration):
            continue  # was noted as wrong
        if bool(a.workdays) == bool(b.workdays) and (a.workdays, a.duration) > (
            b.workdays,
            b.duration,
        ):
            findings.add("RB515", given[urgent].place, name=urgent, other=other)


def _calendars(
    node: Node, targets: Mapping[str, Target], names: Names, findings: Findings
) -> dict[str, str]:
    field = node.entries["calendar"]
    given = _per_priority(field, names, findings)
    for item in given.values():
        known("RB307", item, names.calendars, findings)
    for priority in targets:
        if priority not in given and not _misnamed(field, names):
            findings.add("RB503", field.place, name=priority)
    return {name: item.text for name, item in given.items() if name in targets}


def _warn(node: Node, findings: Findings) -> tuple[int, ...]:
    shares = set()
    for item in node.listed("warn"):
        share = times.share(item.text)
        if share is None:
            findings.add("RB508", item.place, name=item.text)
        else:
            shares.add(share)
    return tuple(sorted(shares))
