"""Decisions of a pack without a service: of a case, or of a request given by flags."""

import argparse
from collections.abc import Iterator, Mapping

from routing_service.cli.labels import labels as labels_of
from routing_service.cli.packs import Pack, read
from routing_service.core.desk.world import World
from routing_service.core.records.errors import Invalid
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ItemState
from routing_service.core.records.model import FactValue, TriggerKind
from routing_service.core.steering.facts import submit_facts
from routing_service.core.steering.sampling import draw
from routing_service.rulebook.case_runner import decisions as decisions_of_case
from routing_service.rulebook.case_runner import next_item
from routing_service.rulebook.decisions import explained
from routing_service.rulebook.explain import explain_escalation, explain_intake
from routing_service.rulebook.explanation import PERSONAL, Explanation
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.vocabulary import SIGNAL
from routing_service.server.convert_requests import check_text, declared_channel, labels

_TRIGGER = (
    "write warned:CLOCK:PERCENT, breached:CLOCK, declined:COUNT, reopened:COUNT, unanswered:COUNT,"
    " closed or answered:KIND:STATE."
)
_PARTS = {
    TriggerKind.WARNED: ("clock", "share"),
    TriggerKind.BREACHED: ("clock",),
    TriggerKind.DECLINED: ("count",),
    TriggerKind.REOPENED: ("count",),
    TriggerKind.UNANSWERED: ("count",),
    TriggerKind.CLOSED: (),
    TriggerKind.ANSWERED: ("linked_kind", "linked_state"),
}


_LINKED = {"linked_kind": frozenset(ItemKind), "linked_state": frozenset(ItemState)}


class _Unseen:
    """Stands where a service has its keys: a personal value is neither hashed nor shown here."""

    def label_hash(self, value: str) -> str:
        """What is shown of any."""
        return PERSONAL


def add_flags(parser: argparse._ArgumentGroup) -> None:
    """Flags that say what the rules are asked."""
    parser.add_argument("--case", default="", help="the decisions of the case of this name")
    parser.add_argument(
        "--label", action="append", default=[], help="name=text, or name:=json for other types"
    )
    parser.add_argument("--channel", default="", help="channel it came in on (the pack's first)")
    parser.add_argument("--text", default="", help="what the customer wrote")
    parser.add_argument(
        "--trigger",
        default="",
        metavar="KIND:…",
        help="explain the escalation too: warned:CLOCK:PERCENT, breached:CLOCK, declined:COUNT,"
        " reopened:COUNT, unanswered:COUNT, closed, answered:KIND:STATE",
    )
    parser.add_argument("--owner", default="", help="the agent who has it, for --trigger")


def load(flags: argparse.Namespace) -> Pack:
    """The pack as far as it can be read; Invalid(FLAGS_CONFLICT), Invalid(NO_PACK)."""
    asked = (flags.label, flags.channel, flags.text, flags.trigger, flags.owner)
    if flags.case and any(asked):
        raise Invalid("FLAGS_CONFLICT", "--case says what the rules are asked: leave out the rest.")
    if flags.at:
        raise Invalid("FLAGS_CONFLICT", "--at belongs to --item.")
    if flags.owner and not flags.trigger:
        raise Invalid("FLAGS_CONFLICT", "--owner belongs to --trigger.")
    return read(flags.rules, flags.lang)


def decisions(pack: Pack, rulebook: Rulebook, flags: argparse.Namespace) -> tuple[Explanation, ...]:
    """Each decision explained, in order; Invalid, with NO_CASE when no case has the name."""
    if flags.case:
        found = [case for case in pack.cases if case.name == flags.case]
        if not found:
            raise Invalid("NO_CASE", "The pack has no case of this name.", case=flags.case)
        records = decisions_of_case(found[0], rulebook)
        return tuple(explained(record, rulebook) for record in records)
    return tuple(_asked(rulebook, flags))


def _asked(rulebook: Rulebook, flags: argparse.Namespace) -> Iterator[Explanation]:
    plan = rulebook.plan
    channel = declared_channel(flags.channel, plan, "channel") or next(iter(plan.channel_cost), "")
    check_text(flags.text)
    known = labels(labels_of(flags.label), plan.labels, _Unseen())
    facts = submit_facts(World("explain"), channel, known, rulebook.signals(flags.text))
    yield explain_intake(rulebook, facts)
    if flags.trigger:
        trigger = _trigger(flags.trigger, rulebook)
        yield explain_escalation(rulebook, _escalated(rulebook, facts, trigger, flags.owner))


def _escalated(
    rulebook: Rulebook,
    facts: Mapping[str, FactValue],
    trigger: Mapping[str, FactValue],
    owner: str,
) -> dict[str, FactValue]:
    """The facts of a trigger, as `core.steering.facts` makes them, of an item just decided on."""
    verdict = rulebook.intake(facts)
    state = ItemState.ASSIGNED if owner else ItemState.QUEUED
    return {
        **{name: value for name, value in facts.items() if not name.startswith(SIGNAL)},
        **verdict.labels,
        "priority": verdict.priority,
        "queue": verdict.queue,
        "state": state.value,
        "share": 0,
        "count": 0,
        "waiting": 0 if owner else 1,
        "sample": draw(next_item(World("explain"))),
        **trigger,
        **({"owner": owner} if owner else {}),
    }


def _trigger(told: str, rulebook: Rulebook) -> dict[str, FactValue]:
    """Facts of "warned:response:80" and its like; Invalid(TRIGGER_INVALID)."""
    kind, *words = told.split(":")
    names = _PARTS[TriggerKind(kind)] if kind in set(TriggerKind) else None
    if names is None or len(names) != len(words):
        raise Invalid("TRIGGER_INVALID", f"--trigger {told!r}: {_TRIGGER}")
    facts: dict[str, FactValue] = {"trigger": kind}
    for name, word in zip(names, words, strict=True):
        facts[name] = _part(name, word, rulebook)
    return facts


def _part(name: str, word: str, rulebook: Rulebook) -> FactValue:
    match name:
        case "clock":
            return _clock(word, rulebook)
        case "linked_kind" | "linked_state":
            return _one_of(word, _LINKED[name])
        case _:
            return _count(word)


def _one_of(word: str, known: frozenset[str]) -> str:
    if word not in known:
        listed = ", ".join(sorted(known))
        raise Invalid("TRIGGER_INVALID", f"{word!r} is none of: {listed}.")
    return word


def _clock(name: str, rulebook: Rulebook) -> str:
    if name not in rulebook.plan.clocks:
        known = ", ".join(rulebook.plan.clocks)
        raise Invalid("TRIGGER_INVALID", f"The pack has no clock {name!r}. Known: {known}.")
    return name


def _count(word: str) -> int:
    if not word.isascii() or not word.isdecimal() or len(word) > 6:  # noqa: PLR2004 - a million times is no trigger
        raise Invalid("TRIGGER_INVALID", f"{word!r} is no number; {_TRIGGER}")
    return int(word)
