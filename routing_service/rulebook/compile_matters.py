"""`correlation` and `links` of pack.yaml -> core's Plan: which items have to do with which."""

from collections.abc import Mapping

from routing_service.core.desk.correlation import CHANNEL, CUSTOMER, LABEL
from routing_service.core.plans.plan import CorrelationPlan, LabelPlan, LinkPlan
from routing_service.rulebook.fields import duration, known
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node
from routing_service.rulebook.vocabulary import Names


def links(pack: Node, names: Names, findings: Findings) -> dict[str, LinkPlan]:
    """What items of each kind have to do with those they are linked to."""
    return {
        kind: _link(node, names, findings) for kind, node in pack.table("links").entries.items()
    }


def _link(node: Node, names: Names, findings: Findings) -> LinkPlan:
    waits = node.get("parent_waits")
    return LinkPlan(
        parent_waits="" if waits is None else known("RB311", waits, names.pending, findings),
        spread=tuple(what.text for what in node.listed("spread")),
    )


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
