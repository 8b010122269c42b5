"""Reads a pack's cases/*.yaml and requirements.csv into typed values, checked against the rulebook.

A case that names what does not exist would pass for the wrong reason: it is a finding.
"""

import datetime
from itertools import pairwise
from pathlib import Path

from routing_service.core.plans.plan import Plan
from routing_service.core.records.model import FactValue
from routing_service.rulebook import case_times, files, reading, schema
from routing_service.rulebook.case_agents import case_agent
from routing_service.rulebook.case_expectations import Expectations
from routing_service.rulebook.cases import (
    Case,
    CaseEvent,
    CaseOther,
    CaseStep,
)
from routing_service.rulebook.fields import flag, integer, known, word
from routing_service.rulebook.findings import Findings, RulebookInvalid
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.tree import Node
from routing_service.rulebook.values import label_value

_PRESENCE = ("available", "busy", "away", "offline")


def load_cases(folder: Path, rulebook: Rulebook, language: str = "") -> tuple[Case, ...]:
    """The cases of the pack in `folder`, by file and in order; () when it has none.

    RulebookInvalid with every finding when a case is wrong in itself.
    """
    findings = Findings()
    cases: list[Case] = []
    for path in sorted((folder / "cases").glob("*.yaml")):
        tree = _read(path, findings)
        if tree is not None:
            cases.extend(_CaseReader(node, rulebook, findings).case() for node in tree.items)
    _note_repeated(cases, findings)
    if findings.failed:
        raise RulebookInvalid(findings.told(language or rulebook.plan.language))
    return tuple(cases)


def _read(path: Path, findings: Findings) -> Node | None:
    """The file's tree when it has the form of cases."""
    name, content = f"cases/{path.name}", files.read_bytes(path, findings)
    tree = None if content is None else reading.read(content, name, findings)
    if tree is None or not schema.check_form(tree, "cases", findings):
        return None
    return tree


def _note_repeated(cases: list[Case], findings: Findings) -> None:
    seen = set()
    for case in cases:
        if case.name in seen:
            findings.add("RB603", case.place, name=case.name)
        seen.add(case.name)


class _CaseReader:
    """Reads one case; times in it are relative to its own beginning."""

    def __init__(self, node: Node, rulebook: Rulebook, findings: Findings) -> None:
        self._node = node
        self._rulebook = rulebook
        self._plan: Plan = rulebook.plan
        self._findings = findings
        self._start = datetime.datetime.fromtimestamp(0, datetime.UTC)
        self._agents: tuple[str, ...] = ()

    def case(self) -> Case:
        """The whole case; it counts only when nothing was noted."""
        node, given = self._node, self._node.entries["given"]
        self._start = self._instant(node.entries["at"])
        agents = tuple(
            case_agent(agent, self._plan, self._findings) for agent in given.listed("agents")
        )
        self._agents = tuple(agent.id for agent in agents)
        return Case(
            name=word(node, "name"),
            rows=tuple(row.text for row in node.listed("row")),
            at=case_times.microseconds(self._start),
            accept="accept" not in node.entries or node.entries["accept"].value is True,
            sample=integer(given.get("sample")),
            agents=agents,
            others=self._others(given.listed("others")),
            event=self._event(given.entries["event"]),
            expect=self._expected().read(node.get("expect")),
            steps=self._steps(node.listed("then")),
            place=node.place,
        )

    def _instant(self, node: Node) -> datetime.datetime:
        at = case_times.instant(node.text)
        if at is None:
            self._findings.add("RB601", node.place, name=node.text)
        return at or self._start

    def _later(self, node: Node) -> int:
        at = case_times.later(node.text, self._start)
        if at is None:
            self._findings.add("RB602", node.place, name=node.text)
        return case_times.microseconds(at or self._start)

    def _others(self, nodes: tuple[Node, ...]) -> tuple[CaseOther, ...]:
        """In order of arrival, none after the case's own request."""
        others = [
            CaseOther(
                at=self._later(node.entries["at"]),
                event=self._event(node.entries["event"]),
                place=node.place,
            )
            for node in nodes
            for _ in range(integer(node.get("times")) or 1)
        ]
        own = CaseOther(
            at=case_times.microseconds(self._start),
            event=CaseEvent(channel="", place=self._node.place),
            place=self._node.place,
        )
        for before, after in pairwise([*others, own]):
            if after.at < before.at:
                self._findings.add("RB604", after.place)
        return tuple(others)

    def _event(self, node: Node) -> CaseEvent:
        channels = tuple(self._plan.channel_cost)
        if (channel := node.get("channel")) is not None:
            known("RB324", channel, channels, self._findings)
        plain = ("channel", "customer", "text")
        names = [name for name in node.entries if name not in plain]
        for name in names:
            if name in self._plan.labels and self._plan.labels[name].derived:
                self._findings.add("RB610", node.place_of(name), name=name)
        return CaseEvent(
            channel=word(node, "channel", channels[0] if channels else ""),
            customer=word(node, "customer", "customer"),
            labels=self._labels(node, names),
            text=word(node, "text"),
            place=node.place,
        )

    def _labels(self, node: Node, names: list[str]) -> dict[str, FactValue]:
        labels: dict[str, FactValue] = {}
        for name in names:
            plan = self._plan.labels.get(name)
            if plan is None:
                self._findings.unknown("RB301", node.place_of(name), name, self._plan.labels)
                continue
            value = label_value(name, plan, node.entries[name], self._findings)
            if value is not None:
                labels[name] = value
        return labels

    def _steps(self, nodes: tuple[Node, ...]) -> tuple[CaseStep, ...]:
        steps: list[CaseStep] = []
        before = case_times.microseconds(self._start)
        for node in nodes:
            step = self._step(node)
            if step.at < before:
                self._findings.add("RB604", node.entries["at"].place)
            before = max(before, step.at)
            steps.append(step)
        return tuple(steps)

    def _step(self, node: Node) -> CaseStep:
        do = word(node, "do")
        self._check_step(node, do)
        event, until = node.get("event"), node.get("until")
        return CaseStep(
            at=self._later(node.entries["at"]),
            do=do,
            reason=word(node, "reason"),
            by=word(node, "by"),
            of=word(node, "of"),
            role=word(node, "role"),
            load=word(node, "load"),
            level=word(node, "level"),
            until=0 if until is None else self._later(until),
            to_queue=word(node.table("to"), "queue"),
            to_agent=word(node.table("to"), "agent"),
            warm=flag(node, "warm"),
            event=None if event is None else self._event(event),
            expect=self._expected().read(node.get("expect")),
            place=node.place,
        )

    def _expected(self) -> Expectations:
        return Expectations(
            self._rulebook,
            self._agents,
            later=self._later,
            labels=self._labels,
            findings=self._findings,
        )

    def _check_step(self, node: Node, do: str) -> None:
        needs = {
            "pending": "reason",
            "updated": "event",
            "labelled": "event",
            "linked": "of",
            "switch_surge": "until",
            "release_surge": "reason",
            **dict.fromkeys(_PRESENCE, "by"),
        }
        if do in needs and needs[do] not in node.entries:
            self._findings.add("RB605", node.place, name=do, field=needs[do])
        if do == "pending" and (reason := node.get("reason")) is not None:
            known("RB311", reason, self._plan.pending_reasons, self._findings)
        if (queue := node.table("to").get("queue")) is not None:
            known("RB306", queue, self._plan.queues, self._findings)
        for agent in (node.get("by"), node.table("to").get("agent")):
            if agent is not None:
                known("RB611", agent, self._agents, self._findings)
