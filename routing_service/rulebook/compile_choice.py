"""Whom a queue asks: these keys of queues.yaml -> its ChoicePlan.

Trees come with the form already checked.
"""

from collections.abc import Mapping

from routing_service.core.plans.plan import LabelPlan, LabelType, QueuePlan, Strategy
from routing_service.core.plans.queue_plan import (
    BroadcastPlan,
    ChoicePlan,
    Matters,
    Preference,
    Territory,
)
from routing_service.rulebook.fields import duration, integer, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node, Place
from routing_service.rulebook.values import TYPE_NAMES
from routing_service.rulebook.vocabulary import Names

FACTORS = ("skill", "idle", "room")
"""Of a weighted score, beside integer attributes."""

Layers = tuple[Node, Node]
"""A queue's own table, and the defaults of all."""


def field(layers: Layers, key: str) -> Node | None:
    """What the queue says, or else the defaults."""
    return layers[0].get(key) or layers[1].get(key)


def _in_waves(plan: QueuePlan) -> bool:
    return plan.strategy is Strategy.PROGRESSIVE_BROADCAST


class Choices:
    """Reads what strategies go by; what it cannot use it notes and leaves out."""

    def __init__(
        self, names: Names, attributes: Mapping[str, LabelPlan], findings: Findings
    ) -> None:
        self._names = names
        self._attributes = attributes
        self._findings = findings

    def choice(self, plan: QueuePlan, layers: Layers) -> ChoicePlan:
        """What the queue's strategies go by; `plan` is the queue as far as it is known."""
        in_order, territory = field(layers, "in_order"), field(layers, "territory")
        random_by, full = field(layers, "random_by"), field(layers, "idle_full")
        if random_by is not None:
            self._attribute(random_by.text, random_by.place, LabelType.INTEGER)
        return ChoicePlan(
            in_order=() if in_order is None else tuple(node.text for node in in_order.many),
            random_by="" if random_by is None else random_by.text,
            weights=self._weights(field(layers, "weights")),
            idle_full=duration(full, self._findings, positive=True) or ChoicePlan().idle_full,
            territory=None if territory is None else self._territory(territory),
            prefer=self._prefer(field(layers, "prefer")),
            broadcast=self._broadcast(plan, layers),
        )

    def _broadcast(self, plan: QueuePlan, layers: Layers) -> BroadcastPlan:
        """Unless said, and where the strategy is one: as BroadcastPlan has it."""
        node, usual = field(layers, "broadcast"), BroadcastPlan()
        strategy = field(layers, "strategy")
        if node is None:
            place = strategy.place if strategy else None
            self._check_waves(plan, usual, place if _in_waves(plan) else None)
            return usual
        terms = BroadcastPlan(
            by=Strategy(word(node, "by", usual.by.value)),
            at_most=integer(node.get("at_most")) or usual.at_most,
            wave=integer(node.get("wave")) or usual.wave,
            every=duration(node.get("every"), self._findings, positive=True) or usual.every,
        )
        if terms.wave > terms.at_most:
            self._findings.add("RB536", node.place_of("wave"), limit=terms.at_most)
        told = _in_waves(plan) or node.get("every") is not None
        self._check_waves(plan, terms, node.place if told else None)
        return terms

    def _check_waves(self, plan: QueuePlan, terms: BroadcastPlan, place: Place | None) -> None:
        if place is not None and plan.offer_timeout and terms.every >= plan.offer_timeout:
            self._findings.add("RB537", place, name=plan.name)

    def _prefer(self, node: Node | None) -> tuple[Preference, ...]:
        return () if node is None else tuple(self._preference(each) for each in node.many)

    def _preference(self, node: Node) -> Preference:
        """By a label or by who handled it last, never both; `within` belongs to the latter."""
        label, handled, within = (node.get(key) for key in ("label", "last_handler", "within"))
        if (label is None) == (handled is None) or (handled is None) != (within is None):
            self._findings.add("RB538", node.place)
        if label is not None:
            self._agents_label(label)
        if handled is not None and handled.text == Matters.MATTER and not self._names.correlated:
            self._findings.add("RB539", handled.place)
        return Preference(
            wait=duration(node.entries["for"], self._findings, positive=True),
            label="" if label is None else label.text,
            handled=None if handled is None else Matters(handled.text),
            within=duration(within, self._findings, positive=True),
        )

    def _agents_label(self, label: Node) -> None:
        """Its value names an agent, for all to see."""
        plan = self._names.labels.get(label.text)
        if plan is None:
            self._findings.unknown("RB301", label.place, label.text, self._names.labels)
        elif plan.type is not LabelType.TEXT or plan.pii:
            self._findings.add("RB333", label.place, name=label.text)

    def _weights(self, node: Node | None) -> dict[str, int]:
        if node is None:
            return {}
        for name, place in node.keys.items():
            if name not in FACTORS:
                self._attribute(name, place, LabelType.INTEGER, bounded=True)
        return {name: int(each.text) for name, each in node.entries.items()}

    def _territory(self, node: Node) -> Territory:
        label, attribute = node.entries["label"], node.entries["attribute"]
        if label.text not in self._names.labels:
            self._findings.unknown("RB301", label.place, label.text, self._names.labels)
        self._attribute(attribute.text, attribute.place, LabelType.TEXT, LabelType.LIST)
        return Territory(label=label.text, attribute=attribute.text)

    def _attribute(self, name: str, place: Place, *kinds: LabelType, bounded: bool = False) -> None:
        plan = self._attributes.get(name)
        if plan is None:
            self._findings.unknown("RB330", place, name, self._attributes)
        elif plan.type not in kinds:
            expected = " / ".join(TYPE_NAMES[kind] for kind in kinds)
            self._findings.add("RB331", place, name=name, expected=expected)
        elif bounded and (plan.minimum is None or plan.maximum is None):
            self._findings.add("RB332", place, name=name)
