"""How a queue's offers and wrap-ups go on: these keys of queues.yaml -> their parts of a QueuePlan.

Trees come with the form already checked.
"""

from routing_service.core.plans.plan import OfferPlan, WrapUpMode
from routing_service.rulebook.fields import duration, integer, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node, Shape

NONE = "none"


def offers(node: Node | None, findings: Findings) -> OfferPlan:
    """What follows when offers end without an owner; nothing unless said."""
    if node is None:
        return OfferPlan()
    return OfferPlan(
        attempts=integer(node.get("attempts")) or 0,
        again_after=duration(node.get("again_after"), findings, positive=True),
        pause_after=integer(node.get("pause_after")) or 0,
        cool_down={
            outcome: duration(length, findings, positive=True)
            for outcome, length in node.table("cool_down").entries.items()
        },
    )


def wrap_up(node: Node | None, findings: Findings) -> tuple[int, WrapUpMode, int]:
    """(microseconds, who ends it, renewals). A bare duration is timed."""
    if node is None or node.shape is not Shape.TABLE:
        return duration(node, findings), WrapUpMode.TIMED, 0
    mode = word(node, "mode")
    if mode == NONE:
        return 0, WrapUpMode.TIMED, 0
    if node.get("time") is None:
        findings.add("RB203", node.place, name="time", example="time: 30s")
    time = duration(node.get("time"), findings, positive=True)
    return time, WrapUpMode(mode), integer(node.get("renewals")) or 0
