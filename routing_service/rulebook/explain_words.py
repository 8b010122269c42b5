"""An explanation in words of the catalogue, as a tree of lines. Pure; knows no terminal.

Rule ids, labels and the author's `why` are shown as written, in whatever language they are.
"""

import functools
from collections.abc import Iterable, Mapping
from enum import Enum

import msgspec

from routing_service.core.plans.predicate import Op
from routing_service.core.records.model import SECOND, FactValue
from routing_service.rulebook import messages
from routing_service.rulebook.explanation import (
    Clause,
    ClauseKind,
    DecisionKind,
    ExplainedRule,
    ExplainedStage,
    Explanation,
    Standing,
)
from routing_service.rulebook.local_time import LocalTime
from routing_service.rulebook.rules import DEFAULT, Outcome
from routing_service.rulebook.times import DAY, HOUR, MINUTE

DIGEST_SHOWN = 12
VALUE_SHOWN = 80
LOSERS_SHOWN = 20
"""Rules of a stage that did not fire, told one by one unless everything is asked for."""
_BOUND = {Op.GT: "> ", Op.GTE: "≥ ", Op.LT: "< ", Op.LTE: "≤ "}


class Tone(Enum):
    """What a line says, for those who colour it."""

    HEAD = "head"
    TRUE = "true"
    FALSE = "false"
    PLAIN = "plain"
    WARNING = "warning"


class Branch(msgspec.Struct, frozen=True):
    """A line and the lines below it."""

    text: str
    tone: Tone = Tone.PLAIN
    branches: tuple["Branch", ...] = ()


def tree(
    explanation: Explanation, language: str, *, full: bool = False, zone: str = "UTC"
) -> Branch:
    """The decision in this language; `full` = every condition of every rule, not those that won."""
    return _Teller(language, LocalTime(zone), full=full).decision(explanation)


def span(micros: int) -> str:
    """A duration as rule files write it: 1h30m."""
    parts = []
    for unit, letter in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s")):
        count, micros = divmod(micros, unit)
        if count:
            parts.append(f"{count}{letter}")
    return "".join(parts) or "0s"


class _Teller:
    def __init__(self, language: str, time: LocalTime, *, full: bool) -> None:
        self._language = language
        self._time = time
        self._full = full

    def _say(self, key: str, **arguments: str | int) -> str:
        pattern = messages.message(f"EXPLAIN_{key}", self._language)
        return pattern.format_map({name: str(value) for name, value in arguments.items()})

    def decision(self, told: Explanation) -> Branch:
        key = "INTAKE" if told.kind is DecisionKind.INTAKE else "ESCALATION"
        names = {"pack": told.pack, "version": told.version, "digest": told.digest[:DIGEST_SHOWN]}
        head = self._say(key, **names)
        if told.at:
            head = self._say("AT", head=head, at=self._time.exact(told.at))
        notes = [
            *([Branch(self._say("FAILED"), Tone.WARNING)] if told.failed else []),
            *([] if told.failed or told.agrees else [Branch(self._say("DIFFERS"), Tone.WARNING)]),
            Branch(self._say("FACTS", facts=self._facts(told.facts))),
        ]
        stages = [self._stage(stage) for stage in told.stages]
        fallback = any(stage.fallback for stage in told.stages)
        result = self._say("RESULT", outcome=self._outcome(told.outcome, fallback=fallback))
        return Branch(head, Tone.HEAD, (*notes, *stages, Branch(result, Tone.HEAD)))

    def _stage(self, stage: ExplainedStage) -> Branch:
        outcome = self._outcome(stage.outcome, fallback=stage.fallback)
        if stage.fired == (DEFAULT,):
            text = self._say("DEFAULT", stage=stage.stage, outcome=outcome)
        elif stage.fired:
            rules = ", ".join(stage.fired)
            text = self._say("STAGE", stage=stage.stage, rules=rules, outcome=outcome)
        else:
            text = self._say("NONE", stage=stage.stage)
        return Branch(text, Tone.HEAD, tuple(self._below(stage)))

    def _below(self, stage: ExplainedStage) -> Iterable[Branch]:
        losers, left_out = 0, stage.left_out
        for rule in stage.rules:
            if rule.standing is not Standing.FIRED:
                losers += 1
                if losers > LOSERS_SHOWN and not self._full:
                    left_out += 1
                    continue
            yield self._rule(rule, stage)
        if left_out:
            yield Branch(self._say("MORE", count=left_out), Tone.FALSE)
        if stage.passed_on:
            yield Branch(self._say("PASSED_ON", facts=self._facts(stage.passed_on)))

    def _rule(self, rule: ExplainedRule, stage: ExplainedStage) -> Branch:
        fired = rule.standing is Standing.FIRED
        below = []
        if rule.why and (fired or self._full):
            below.append(Branch(self._say("WHY", why=printable(rule.why))))
        if fired or self._full:
            below.append(self._clause(rule.condition))
        tone = Tone.FALSE if rule.standing is Standing.FALSE else Tone.TRUE
        text = self._headline(rule, stage)
        return Branch(_marked(text, holds=tone is Tone.TRUE), tone, tuple(below))

    def _headline(self, rule: ExplainedRule, stage: ExplainedStage) -> str:
        match rule.standing:
            case Standing.FIRED:
                outcome, place = self._outcome(rule.then), f"{rule.file}:{rule.line}"
                return self._say("FIRED", rule=rule.id, place=place, outcome=outcome)
            case Standing.OUTRANKED:
                return self._say("OUTRANKED", rule=rule.id, winner=stage.winner)
            case Standing.FALSE:
                clause = self._phrase(rule.failed or rule.condition)
                return self._say("FALSE", rule=rule.id, clause=clause)

    def _clause(self, clause: Clause) -> Branch:
        tone = Tone.TRUE if clause.holds else Tone.FALSE
        parts = tuple(self._clause(part) for part in clause.parts)
        return Branch(_marked(self._title(clause), holds=clause.holds), tone, parts)

    def _title(self, clause: Clause) -> str:
        """What the clause asks; its parts stand below it."""
        count = len(clause.parts)
        match clause.kind:
            case ClauseKind.TEST:
                return self._test(clause)
            case ClauseKind.NOT:
                return self._say("NOT")
            case ClauseKind.ALL:
                return self._say("ALL", count=count) if count else self._say("ALWAYS")
            case ClauseKind.ANY:
                key = "ANY_HELD" if clause.holds else "ANY"
                return self._say(key, count=count, number=clause.alternative)

    def _phrase(self, clause: Clause) -> str:
        """The clause in one line: a test as it is, a `not` with what it denies."""
        if clause.kind is ClauseKind.NOT:
            return self._say("NOT_THAT", clause=self._phrase(clause.parts[0]))
        if clause.kind is ClauseKind.ALL and clause.parts:
            return self._joined([self._phrase(part) for part in clause.parts])
        return self._title(clause)

    def _test(self, clause: Clause) -> str:
        actual = self._say("MISSING") if clause.actual is None else _value(clause.actual)
        return self._say("TEST", fact=clause.fact, expected=self._expected(clause), actual=actual)

    def _expected(self, clause: Clause) -> str:
        if clause.op is Op.EXISTS:
            return self._say("PRESENT")
        values = [_value(value) for value in clause.expected]
        told = values[0] if len(values) == 1 else self._say("ONE_OF", values=", ".join(values))
        if clause.op is Op.CONTAINS_ANY:
            return self._say("CONTAINS", values=told)
        return _BOUND.get(clause.op or Op.EQ, "") + told

    def _outcome(self, outcome: Outcome, *, fallback: bool = False) -> str:
        parts = [*_pairs(outcome.labels)]
        if outcome.priority:
            parts.append(self._say("PRIORITY", name=outcome.priority))
        parts += self._queue(outcome, fallback=fallback)
        parts += [
            self._say("SKILL", skill=need.skill, level=need.level) for need in outcome.requirements
        ]
        if outcome.clocks:
            parts.append(self._say("CLOCKS", names=", ".join(outcome.clocks)))
        parts += [
            self._say("ALERT", severity=alert.severity, to=", ".join(alert.to))
            for alert in outcome.alerts
        ]
        if outcome.boost:
            parts.append(self._say("BOOST", span=span(outcome.boost)))
        parts += [self._say("OPEN", kind=order.kind.value) for order in outcome.opens]
        if outcome.deflect:
            parts.append(self._say("DEFLECT", to=outcome.deflect))
        if outcome.offer:
            parts.append(self._say("OFFER", what=outcome.offer))
        if outcome.tell:
            parts.append(self._say("TELL", text=outcome.tell))
        return self._joined(parts)

    def _joined(self, parts: list[str]) -> str:
        if not parts:
            return self._say("NOTHING")
        return functools.reduce(lambda a, b: self._say("AND", first=a, second=b), parts)

    def _queue(self, outcome: Outcome, *, fallback: bool) -> list[str]:
        if not outcome.queue_label:
            return [self._say("QUEUE", name=outcome.queue)] if outcome.queue else []
        if not outcome.queue:
            return [self._say("QUEUE_LABEL", label=outcome.queue_label)]
        key = "QUEUE_FALLBACK" if fallback else "QUEUE_NAMED"
        return [self._say(key, name=outcome.queue, label=outcome.queue_label)]

    def _facts(self, facts: Mapping[str, FactValue]) -> str:
        return ", ".join(_pairs(facts)) or self._say("NOTHING")


def _pairs(facts: Mapping[str, FactValue]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in facts.items()]


def _value(value: FactValue) -> str:
    """As rule files write it; what a terminal would take for a command is written out."""
    match value:
        case bool():
            return str(value).lower()
        case tuple():
            return f"[{', '.join(_value(each) for each in value)}]"
        case _:
            text = printable(str(value)) or '""'
            return text if len(text) <= VALUE_SHOWN else f"{text[: VALUE_SHOWN - 1]}…"


def printable(text: str) -> str:
    """What a terminal would take for a command is written out."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _marked(text: str, *, holds: bool) -> str:
    return f"{'✓' if holds else '✗'} {text}"
