"""classify, prioritise, route and escalate files -> rules with typed conditions and outcomes."""

from collections.abc import Callable

from routing_service.core.plans.plan import LabelType
from routing_service.core.plans.predicate import Condition
from routing_service.core.records.kinds import ItemKind, LinkOrder
from routing_service.core.records.model import AlertOrder, FactValue, Requirement
from routing_service.rulebook import compile_surge, conditions
from routing_service.rulebook.compile_triggers import trigger_condition
from routing_service.rulebook.fields import duration, known, word
from routing_service.rulebook.findings import Findings, closest, slip
from routing_service.rulebook.rules import HitPolicy, Outcome, Rule, StageRules, stage_rules
from routing_service.rulebook.tree import Node, Place, Shape
from routing_service.rulebook.values import label_value
from routing_service.rulebook.vocabulary import Names, vocabulary

ROLES = ("owner", "lead", "supervisor")

_Then = Callable[[Node], Outcome]


class RuleCompiler:
    """Compiles the rule files of one pack; what it cannot use it notes and leaves out."""

    def __init__(self, names: Names, findings: Findings) -> None:
        """Check against these names, note in these findings."""
        self._names = names
        self._findings = findings

    def classify(self, tree: Node) -> StageRules:
        """The stage that sets derived labels."""
        return self._first("classify", tree, self._labels)

    def prioritise(self, tree: Node) -> StageRules:
        """The stage that sets the priority."""
        return self._first("prioritise", tree, lambda then: Outcome(priority=self._priority(then)))

    def route(self, tree: Node) -> StageRules:
        """The stage that names queue and required skills."""
        return self._first("route", tree, self._route)

    def surge(self, tree: Node) -> StageRules:
        """The stage that is asked about new items of a queue that is at a level."""
        rules = [
            self._rule("surge", node, conditions.ALWAYS, self._answer(node.entries["then"]))
            for node in tree.listed("rules")
        ]
        default = tree.get("default")
        if default is None and not rules:
            return stage_rules("surge", HitPolicy.FIRST, ())
        otherwise = Outcome() if default is None else self._answer(default)
        return stage_rules("surge", HitPolicy.FIRST, rules, otherwise)

    def escalate(self, tree: Node) -> StageRules:
        """The stage that answers triggers; all rules that hold count."""
        rules = [
            self._rule("escalate", node, trigger, self._escalation(node))
            for node in tree.listed("rules")
            for trigger in [trigger_condition(node.entries["trigger"], self._names, self._findings)]
        ]
        return stage_rules("escalate", HitPolicy.ALL, rules)

    def _first(self, stage: str, tree: Node, then: _Then) -> StageRules:
        rules = [
            self._rule(stage, node, conditions.ALWAYS, then(node.entries["then"]))
            for node in tree.listed("rules")
        ]
        default = then(tree.entries["default"])
        return stage_rules(stage, HitPolicy.FIRST, rules, default)

    def _rule(self, stage: str, node: Node, trigger: Condition, outcome: Outcome) -> Rule:
        facts = vocabulary(stage, self._names)
        when = conditions.parse(node.get("when"), facts, self._findings)
        parts = [part for part in (trigger, when) if part != conditions.ALWAYS]
        return Rule(
            id=node.entries["id"].text,
            condition=conditions.conjunction(parts),
            outcome=outcome,
            why=word(node, "why"),
            place=node.entries["id"].place,
        )

    def _answer(self, then: Node) -> Outcome:
        return compile_surge.outcome(then, self._names, self._findings)

    def _labels(self, then: Node) -> Outcome:
        labels: dict[str, FactValue] = {}
        for name, node in then.entries.items():
            plan = self._names.labels.get(name)
            if plan is None:
                self._findings.unknown("RB301", then.place_of(name), name, self._names.labels)
            elif not plan.derived:
                self._findings.add("RB316", then.place_of(name), name=name)
            elif (value := label_value(name, plan, node, self._findings)) is not None:
                labels[name] = value
        return Outcome(labels=labels)

    def _priority(self, then: Node) -> str:
        node = then.get("priority")
        if node is None:
            return ""
        return known("RB305", node, self._names.priorities, self._findings)

    def _route(self, then: Node) -> Outcome:
        queue = then.entries["queue"]
        by_label = queue.shape is Shape.TABLE
        needs = [
            Requirement(node.entries["skill"].text, int(word(node, "level", "1")))
            for node in then.listed("requirements")
        ]
        return Outcome(
            queue="" if by_label else self._queue(queue),
            queue_label=self._queue_label(queue.entries["label"]) if by_label else "",
            requirements=tuple(sorted(needs)),
        )

    def _queue(self, node: Node | None) -> str:
        if node is None:
            return ""
        return known("RB306", node, self._names.queues, self._findings)

    def _queue_label(self, node: Node) -> str:
        plan = self._names.labels.get(node.text)
        if plan is None:
            self._findings.unknown("RB301", node.place, node.text, self._names.labels)
        elif plan.type is not LabelType.TEXT or plan.pii:
            self._findings.add("RB317", node.place, name=node.text)
        return node.text

    def _escalation(self, rule: Node) -> Outcome:
        then = rule.entries["then"]
        name = rule.entries["id"].text
        return Outcome(
            labels=self._labels(then.table("set")).labels,
            alerts=tuple(self._alert(name, node) for node in then.listed("alert")),
            boost=duration(then.get("boost"), self._findings, positive=True),
            priority=self._priority(then),
            queue=self._queue(then.get("queue")),
            opens=tuple(_order(node) for node in then.listed("open")),
        )

    def _alert(self, rule: str, node: Node) -> AlertOrder:
        to = [recipient.text for recipient in node.listed("to")]
        for recipient in node.listed("to"):
            self._check_recipient(recipient.text, recipient.place)
        return AlertOrder(rule=rule, to=tuple(to), severity=node.entries["severity"].text)

    def _check_recipient(self, name: str, place: Place) -> None:
        """Any id may be named; one nobody declared that is nearly a role is a slip."""
        written = name.lower()
        near = closest(written, ROLES, cutoff=0.8) or any(slip(written, role) for role in ROLES)
        if near and name not in (*ROLES, *self._names.people):
            self._findings.unknown("RB308", place, name, ROLES)


def _order(node: Node) -> LinkOrder:
    """A linked item to open; the schema knows the kinds."""
    return LinkOrder(kind=ItemKind(node.entries["kind"].text), role=word(node, "role"))
