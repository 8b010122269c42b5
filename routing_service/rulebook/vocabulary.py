"""What the rules of a pack may speak about: declared names, and the facts each stage knows.

Types of built-in facts are given as label plans, so that labels and built-ins are checked alike.
"""

from collections.abc import Iterable, Mapping

import msgspec

from routing_service.core.plans.plan import LabelPlan, LabelType
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ItemState
from routing_service.core.records.model import TriggerKind
from routing_service.core.staff.membership import SKILL
from routing_service.core.steering.facts import OWNER, SURGE
from routing_service.core.steering.sampling import DRAWS
from routing_service.rulebook.tree import Node

RESERVED = frozenset(
    {"channel", "priority", "queue", "state", "owner", "trigger", "clock", "share", "count"}
    | {"contacts", "item_kind", "link_role", "sample"}
    | {"waiting", "all", "any", "not", "customer", "text"}
)
"""Names a label cannot have: built-in facts, condition words, other keys of a case's event."""

SIGNAL = "signal."
"""Prefix of the facts that signals become; such a fact is true or missing."""

_OF_EVERY_ITEM = ("channel", "contacts", "item_kind", "link_role")

MEMBERS = "members"
"""What knows of agents instead of items: no stage of its own."""

GREEN = "green_channel"
"""What is asked about an item at any time: no stage of its own."""


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """Every name the pack declares. `priorities` most urgent first, `people` lead or supervise."""

    priorities: tuple[str, ...]
    queues: tuple[str, ...]
    calendars: tuple[str, ...]
    clocks: tuple[str, ...]
    signals: tuple[str, ...]
    pending: tuple[str, ...]
    channels: tuple[str, ...]
    labels: Mapping[str, LabelPlan]
    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    attributes: Mapping[str, LabelPlan] = {}
    """Of agents."""
    loads: Mapping[str, tuple[str, ...]] = {}
    """Load -> its levels."""
    correlated: bool = False
    """Whether the pack says which contacts are about one matter."""


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """The facts a stage knows, by name, and those that exist but only in other stages."""

    stage: str
    facts: Mapping[str, LabelPlan]
    elsewhere: frozenset[str]


def vocabulary(stage: str, names: Names) -> Vocabulary:
    """What rules of this stage may ask about (the contract of facts, see rules/README.md)."""
    everything = _all_facts(names)
    known = set(_known(stage, names))
    return Vocabulary(
        stage=stage,
        facts={name: plan for name, plan in everything.items() if name in known},
        elsewhere=frozenset(everything) - known,
    )


def members_vocabulary(
    names: Names, attributes: Mapping[str, LabelPlan], written: Node
) -> Vocabulary:
    """What `members` of a queue may ask about an agent: attributes, id, team, levels of skills."""
    level = LabelPlan(type=LabelType.INTEGER, minimum=1, maximum=10)
    skills = {fact: level for fact in _keys(written) if fact.startswith(SKILL)}
    facts = {**attributes, "agent": _text(()), "team": _text(names.teams), **skills}
    return Vocabulary(stage=MEMBERS, facts=facts, elsewhere=frozenset())


def _keys(node: Node) -> Iterable[str]:
    for key, value in node.entries.items():
        yield key
        yield from _keys(value)
    for item in node.items:
        yield from _keys(item)


def signal_fact(name: str) -> str:
    """The fact under which rules see a signal."""
    return f"{SIGNAL}{name}"


def surge_fact(load: str) -> str:
    """The fact under which rules see the level of a load; missing while it is at none."""
    return f"{SURGE}{load}"


def _known(stage: str, names: Names) -> Iterable[str]:
    given = [name for name, label in names.labels.items() if not label.derived]
    signals = [signal_fact(name) for name in names.signals]
    match stage:
        case "classify":
            return [*given, *signals, *_OF_EVERY_ITEM]
        case "prioritise":
            return [*names.labels, *signals, *_OF_EVERY_ITEM]
        case "surge":
            levels = [surge_fact(name) for name in names.loads]
            return [*names.labels, *signals, *_OF_EVERY_ITEM, "priority", "queue", *levels]
        case "green_channel":
            return [*names.labels, "channel", "item_kind", "priority"]
        case "escalate":
            return [*names.labels, *_escalation_facts(names)]
        case _:
            return [*names.labels, *signals, *_OF_EVERY_ITEM, "priority"]


def _all_facts(names: Names) -> dict[str, LabelPlan]:
    signals = {signal_fact(name): LabelPlan(type=LabelType.BOOLEAN) for name in names.signals}
    levels = {surge_fact(name): _text(each) for name, each in names.loads.items()}
    return {**names.labels, **signals, **levels, **_escalation_facts(names)}


def _escalation_facts(names: Names) -> dict[str, LabelPlan]:
    """The built-in facts; all of them are known when a trigger is answered."""
    return {
        "channel": _text(names.channels),
        "contacts": LabelPlan(type=LabelType.INTEGER, minimum=1),
        "item_kind": _text(kind.value for kind in ItemKind),
        "link_role": _text(()),
        "priority": _text(names.priorities),
        "queue": _text(names.queues),
        "state": _text(state.value for state in ItemState),
        "owner": _text(()),
        "trigger": _text(kind.value for kind in TriggerKind),
        "clock": _text(names.clocks),
        "linked_kind": _text(kind.value for kind in ItemKind),
        "linked_state": _text(state.value for state in ItemState),
        "linked_reason": _text(()),
        **{f"{OWNER}{name}": plan for name, plan in names.attributes.items()},
        "share": LabelPlan(type=LabelType.INTEGER, minimum=0, maximum=99),
        "count": LabelPlan(type=LabelType.INTEGER, minimum=0),
        "waiting": LabelPlan(type=LabelType.INTEGER, minimum=0),
        "sample": LabelPlan(type=LabelType.INTEGER, minimum=0, maximum=DRAWS - 1),
    }


def _text(values: Iterable[str]) -> LabelPlan:
    return LabelPlan(type=LabelType.TEXT, values=tuple(values))
