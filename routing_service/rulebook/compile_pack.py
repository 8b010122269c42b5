"""pack.yaml, teams.yaml and queues.yaml -> their parts of core's Plan.

Trees come with the form already checked; names across files are checked in compile.py.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from routing_service.core.plans.plan import LabelPlan, LabelType, Order, QueuePlan, Strategy
from routing_service.rulebook import compile_offers
from routing_service.rulebook.fields import duration, flag, integer, known, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.rules import Rule
from routing_service.rulebook.tree import Node
from routing_service.rulebook.vocabulary import RESERVED

MAX_RANGE = 999
_OF_EVERY_AGENT = ("agent", "team", "skill", "idle", "room")
_NUMBER_FORMAT = re.compile(r"[^{}]*(\{date\}[^{}]*)?\{n(:0?[0-9]{1,2}d)?\}[^{}]*")


def labels(pack: Node, findings: Findings) -> dict[str, LabelPlan]:
    """The declared labels."""
    declared = pack.table("labels")
    for name, place in declared.keys.items():
        if name in RESERVED:
            findings.add("RB315", place, name=name)
    return {name: _label(node, findings) for name, node in declared.entries.items()}


def agent_attributes(pack: Node, findings: Findings) -> dict[str, LabelPlan]:
    """What profiles may say of agents; declared like labels."""
    declared = pack.table("agent_attributes")
    for name, place in declared.keys.items():
        if name in RESERVED or name in _OF_EVERY_AGENT:
            findings.add("RB315", place, name=name)
    return {name: _label(node, findings) for name, node in declared.entries.items()}


def lasting(labels: Mapping[str, LabelPlan], escalations: Sequence[Rule]) -> dict[str, LabelPlan]:
    """The labels, with those marked that escalations set."""
    named = {name for rule in escalations for name in rule.outcome.labels}
    return {name: replace(plan, lasting=name in named) for name, plan in labels.items()}


def _label(node: Node, findings: Findings) -> LabelPlan:
    kind = LabelType(node.entries["type"].text)
    has_values = node.get("values") is not None
    has_bounds = node.get("minimum") is not None or node.get("maximum") is not None
    if (has_values and kind not in {LabelType.TEXT, LabelType.LIST}) or (
        has_bounds and kind is not LabelType.INTEGER
    ):
        findings.add("RB321", node.place)
    unit = node.get("unit")
    return LabelPlan(
        type=kind,
        values=tuple(item.text for item in node.listed("values")),
        minimum=integer(node.get("minimum")),
        maximum=integer(node.get("maximum")),
        unit="" if unit is None else unit.text,
        pii=flag(node, "pii"),
        derived=flag(node, "derived"),
    )


def number_format(pack: Node, findings: Findings) -> str:
    """The format of item numbers, for example "INC{n:07d}" or "NR{date}{n:03d}"."""
    node = pack.entries["number_format"]
    if _NUMBER_FORMAT.fullmatch(node.text) is None:
        findings.add("RB512", node.place, name=node.text)
    return node.text


def channel_cost(pack: Node) -> dict[str, int]:
    """Capacity units per channel."""
    return {
        name: int(word(node, "cost", "1")) for name, node in pack.table("channels").entries.items()
    }


def queues(tree: Node, findings: Findings) -> dict[str, QueuePlan]:
    """The queues, ranges written out, in file order; `defaults` fill what a queue leaves out."""
    defaults = tree.table("defaults")
    made = {
        name: _queue(name, word(node, "title"), (node, defaults), findings)
        for name, node in tree.table("queues").entries.items()
    }
    for node in tree.listed("ranges"):
        for number in _numbers(node, findings):
            name = node.entries["name"].text.replace("{n}", str(number))
            title = word(node, "title").replace("{n}", str(number))
            if name in made:
                findings.add("RB320", node.place_of("name"), name=name)
            made[name] = _queue(name, title, (node, defaults), findings)
    return made


def _numbers(node: Node, findings: Findings) -> range:
    first, last = int(node.entries["from"].text), int(node.entries["to"].text)
    if not 0 <= last - first <= MAX_RANGE:
        findings.add("RB516", node.place_of("to"), limit=MAX_RANGE)
        return range(0)
    return range(first, last + 1)


def _queue(name: str, title: str, layers: tuple[Node, Node], findings: Findings) -> QueuePlan:
    def field(key: str) -> Node | None:
        return layers[0].get(key) or layers[1].get(key)

    timeout = field("offer_timeout")
    if timeout is None:
        findings.add("RB203", layers[0].place, name="offer_timeout", example="offer_timeout: 30s")
    order = field("order")
    if order is not None and order.text == Order.STRICT.value:
        findings.add("RB514", order.place)
    strategy = field("strategy")
    wrap_up, mode, renewals = compile_offers.wrap_up(field("wrap_up"), findings)
    return QueuePlan(
        name=name,
        title=title or name,
        strategy=Strategy.LONGEST_IDLE if strategy is None else Strategy(strategy.text),
        order=Order.AGE if order is None else Order(order.text),
        offer_timeout=duration(timeout, findings, positive=True),
        wrap_up=wrap_up,
        wrap_up_mode=mode,
        wrap_up_renewals=renewals,
        abandon_grace=duration(field("abandon_grace"), findings, positive=True),
        offers=compile_offers.offers(field("offers"), findings),
        owner_wait=duration(field("owner_wait"), findings),
        expected_handling=duration(field("expected_handling"), findings),
        ttl=duration(field("ttl"), findings, positive=True),
    )


def pending_reasons(pack: Node) -> dict[str, bool]:
    """Pending reason -> whether the owner's capacity is held meanwhile."""
    return {name: node.text == "hold" for name, node in pack.table("pending").entries.items()}


def resume_on_contact(pack: Node, findings: Findings) -> tuple[str, ...]:
    """The pending reasons that end when the customer writes."""
    reasons = pack.table("pending").entries
    return tuple(
        known("RB311", node, reasons, findings) for node in pack.listed("resume_on_contact")
    )


def boost(pack: Node, priorities: tuple[str, ...], findings: Findings) -> dict[str, int]:
    """Age credit per priority; a less urgent one may not get more than a more urgent one."""
    table = pack.table("boost")
    for name, place in table.keys.items():
        if name not in priorities:
            findings.unknown("RB305", place, name, priorities)
    credit = {name: duration(table.get(name), findings) for name in priorities}
    for urgent, other in pairwise(priorities):
        if credit[urgent] < credit[other]:
            findings.add("RB513", table.place_of(urgent), name=urgent, other=other)
    return credit
