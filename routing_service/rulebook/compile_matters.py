"""`correlation` of pack.yaml -> its part of core's Plan: which contacts are about one matter."""

from collections.abc import Mapping

from routing_service.core.correlation import CHANNEL, CUSTOMER, LABEL
from routing_service.core.plan import CorrelationPlan, LabelPlan
from routing_service.rulebook.fields import duration, known
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node


def correlation(
    pack: Node, declared: Mapping[str, LabelPlan], findings: Findings
) -> CorrelationPlan | None:
    """What repeat contacts have in common; never two customers, never what comes after arrival."""
    node = pack.get("correlation")
    if node is None:
        return None
    sent = [f"{LABEL}{name}" for name, label in declared.items() if not label.derived]
    parts = node.listed("by")
    for part in parts:
        known("RB325", part, (CUSTOMER, CHANNEL, *sent), findings)
    if CUSTOMER not in {part.text for part in parts}:
        findings.add("RB326", node.place_of("by"))
    window = duration(node.entries["window"], findings, positive=True)
    kept = duration(pack.entries["retention"].entries["closed"], findings)
    if window > kept:
        findings.add("RB327", node.entries["window"].place)
    return CorrelationPlan(by=tuple(part.text for part in parts), window=window)
