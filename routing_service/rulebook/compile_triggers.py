"""The `trigger` of an escalation rule -> a condition over the facts of a trigger."""

from routing_service.core.plans.predicate import Condition, Leaf, Op
from routing_service.core.records.model import TriggerKind
from routing_service.rulebook import times
from routing_service.rulebook.conditions import ALWAYS, conjunction
from routing_service.rulebook.fields import known
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node
from routing_service.rulebook.vocabulary import Names

ANY = "any"
BREACH = "breach"
_FORMS = ({"clock", "at"}, {"declined"}, {"reopened"}, {"unanswered"}, {"closed"}, {"answered"})


def trigger_condition(node: Node, names: Names, findings: Findings) -> Condition:
    """When the rule is asked at all: kind of trigger, clocks, share or count."""
    keys = set(node.entries)
    if keys not in _FORMS:
        findings.add("RB404", node.place)
        return ALWAYS
    if keys == {"clock", "at"}:
        return _clock_trigger(node, names, findings)
    if keys == {"answered"}:
        return _answered(node)
    ((kind, count),) = node.entries.items()
    if kind == TriggerKind.CLOSED:
        return _kind(TriggerKind.CLOSED)
    return conjunction([_kind(TriggerKind(kind)), Leaf("count", Op.GTE, (int(count.text),))])


def _clock_trigger(node: Node, names: Names, findings: Findings) -> Condition:
    at = node.entries["at"]
    share = times.share(at.text)
    if at.text == BREACH:
        parts: list[Condition] = [_kind(TriggerKind.BREACHED)]
    elif share is not None:
        parts = [_kind(TriggerKind.WARNED), Leaf("share", Op.EQ, (share,))]
    else:
        findings.add("RB508", at.place, name=at.text)
        return ALWAYS
    clocks = [clock for clock in node.listed("clock") if clock.text != ANY]
    for clock in clocks:
        known("RB309", clock, (*names.clocks, ANY), findings)
    if clocks:
        parts.append(Leaf("clock", Op.EQ, tuple(clock.text for clock in clocks)))
    return conjunction(parts)


def _answered(node: Node) -> Condition:
    """By an item of any kind, or of one of these."""
    kinds = tuple(kind.text for kind in node.listed("answered") if kind.text != ANY)
    parts: list[Condition] = [_kind(TriggerKind.ANSWERED)]
    if kinds:
        parts.append(Leaf("linked_kind", Op.EQ, kinds))
    return conjunction(parts)


def _kind(kind: TriggerKind) -> Leaf:
    return Leaf("trigger", Op.EQ, (kind.value,))
