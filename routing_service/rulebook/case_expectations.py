"""Reads what cases expect: every name in it must exist in the pack, or it would hold in vain."""

from collections.abc import Callable

from routing_service.core.records.model import FactValue
from routing_service.rulebook.cases import ABSENT, NOBODY, Expectation, ExpectedAlert
from routing_service.rulebook.fields import integer, known, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.rules import DEFAULT
from routing_service.rulebook.tree import Node

_EXPECTED = (
    *("number", "position", "signals", "priority", "queue", "agent", "state"),
    *("labels", "fired", "due", "alerts", "surge", "notice"),
)


class Expectations:
    """Of one case: `later` reads a time relative to its beginning, `labels` checks labels."""

    def __init__(
        self,
        rulebook: Rulebook,
        agents: tuple[str, ...],
        *,
        later: Callable[[Node], int],
        labels: Callable[[Node, list[str]], dict[str, FactValue]],
        findings: Findings,
    ) -> None:
        self._rulebook = rulebook
        self._plan = rulebook.plan
        self._agents = agents
        self._later = later
        self._labels = labels
        self._findings = findings

    def read(self, node: Node | None) -> Expectation | None:
        """What is to be true; None when nothing is said."""
        if node is None:
            return None
        self._check_names(node)
        clocks = {name: item.text for name, item in node.entries.items() if name not in _EXPECTED}
        fired = tuple(rule.text for rule in node.listed("fired"))
        alerts = tuple(self._alert(alert) for alert in node.listed("alerts"))
        return Expectation(
            number=word(node, "number"),
            position=integer(node.get("position")),
            signals={
                name: item.value is True for name, item in node.table("signals").entries.items()
            },
            priority=word(node, "priority"),
            queue=word(node, "queue"),
            agent=word(node, "agent"),
            state=word(node, "state"),
            labels=self._expected_labels(node.table("labels")),
            fired=fired if "fired" in node.entries else None,
            due={name: self._due(item) for name, item in node.table("due").entries.items()},
            clocks=clocks,
            surge=_texts(node.table("surge")),
            notice=_texts(node.table("notice")),
            alerts=alerts if "alerts" in node.entries else None,
            place=node.place,
        )

    def _expected_labels(self, node: Node) -> dict[str, FactValue]:
        """ABSENT for a label that the item is not to have; it must be declared all the same."""
        missing = [name for name, value in node.entries.items() if value.text == ABSENT]
        for name in missing:
            if name not in self._plan.labels:
                self._findings.unknown("RB301", node.place_of(name), name, self._plan.labels)
        there = self._labels(node, [name for name in node.entries if name not in missing])
        return {**there, **dict.fromkeys(missing, ABSENT)}

    def _due(self, node: Node) -> int | None:
        return None if node.text == NOBODY else self._later(node)

    def _check_names(self, node: Node) -> None:
        """Everything an expectation names must exist in the pack."""
        plan, findings = self._plan, self._findings
        for key, code, names in (
            ("priority", "RB305", plan.priorities),
            ("queue", "RB306", plan.queues),
            ("agent", "RB611", (*self._agents, NOBODY)),
        ):
            if (named := node.get(key)) is not None:
                known(code, named, names, findings)
        for key, code, declared in (
            ("signals", "RB312", self._rulebook.signal_set.names),
            ("due", "RB309", tuple(plan.clocks)),
        ):
            self._check_keys(node.table(key), code, declared)
        for name, place in node.keys.items():
            if name not in _EXPECTED and name not in plan.clocks:
                findings.unknown("RB606", place, name, (*plan.clocks, *_EXPECTED))
        for name, level in node.table("surge").entries.items():
            levels = [each.name for each in plan.loads[name].levels] if name in plan.loads else []
            known("RB614", level, (*levels, NOBODY), findings)
        for rule in node.listed("fired"):
            known("RB612", rule, self._rules(), findings)

    def _check_keys(self, table: Node, code: str, declared: tuple[str, ...]) -> None:
        for name, place in table.keys.items():
            if name not in declared:
                self._findings.unknown(code, place, name, declared)

    def _rules(self) -> list[str]:
        stages = self._rulebook.stages.values()
        return [f"{stage.stage}/{name}" for stage in stages for name in (*stage.by_id, DEFAULT)]

    def _alert(self, node: Node) -> ExpectedAlert:
        known(
            "RB612", node.entries["rule"], self._rulebook.stages["escalate"].by_id, self._findings
        )
        return ExpectedAlert(
            rule=word(node, "rule"),
            to=tuple(item.text for item in node.listed("to")),
            severity=word(node, "severity"),
        )


def _texts(table: Node) -> dict[str, str]:
    return {name: item.text for name, item in table.entries.items()}
