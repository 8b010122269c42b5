"""How queues choose, relax and admit: these keys of queues.yaml -> their parts of a QueuePlan.

Trees come with the form already checked. Unlike compile_pack it needs the names of other files.
"""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from routing_service.core.plan import LabelPlan, LabelType, QueuePlan
from routing_service.core.queue_plan import (
    Absence,
    Admission,
    Answer,
    ChoicePlan,
    Otherwise,
    Preference,
    ServiceLevel,
    Territory,
)
from routing_service.core.switching import lacking
from routing_service.rulebook import conditions
from routing_service.rulebook.compile_ladder import ladder
from routing_service.rulebook.fields import duration, flag, known, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node, Place, Shape
from routing_service.rulebook.values import TYPE_NAMES
from routing_service.rulebook.vocabulary import Names, members_vocabulary

FACTORS = ("skill", "idle", "room")
"""Of a weighted score, beside integer attributes."""

_Layers = tuple[Node, Node]


def complete(
    tree: Node,
    queues: Mapping[str, QueuePlan],
    names: Names,
    attributes: Mapping[str, LabelPlan],
    findings: Findings,
) -> dict[str, QueuePlan]:
    """The queues with all that refers to names of the pack."""
    compiler = _Queues(names, attributes, findings)
    layers = dict(_layers(tree))
    done = {name: compiler.queue(plan, layers[name]) for name, plan in queues.items()}
    _check_circles(done, layers, findings)
    return done


def _layers(tree: Node) -> Iterator[tuple[str, _Layers]]:
    """Each queue's own table and the defaults, by its name; a later one of a name wins."""
    defaults = tree.table("defaults")
    for name, node in tree.table("queues").entries.items():
        yield name, (node, defaults)
    for node in tree.listed("ranges"):
        first, last = int(node.entries["from"].text), int(node.entries["to"].text)
        for number in range(first, last + 1):
            yield node.entries["name"].text.replace("{n}", str(number)), (node, defaults)


def _field(layers: _Layers, key: str) -> Node | None:
    return layers[0].get(key) or layers[1].get(key)


class _Queues:
    """Reads the tables of queues; what it cannot use it notes and leaves out."""

    def __init__(
        self, names: Names, attributes: Mapping[str, LabelPlan], findings: Findings
    ) -> None:
        self._names = names
        self._attributes = attributes
        self._findings = findings

    def queue(self, plan: QueuePlan, layers: _Layers) -> QueuePlan:
        """The queue with its choice, ladder, members, admission and service level."""
        done = replace(
            plan,
            choice=self._choice(layers),
            ladder=ladder(_field(layers, "relax"), plan, self._names, self._findings),
            admission=self._admission(_field(layers, "admit")),
            service_level=self._service_level(_field(layers, "service_level")),
        )
        members = _field(layers, "members")
        if members is not None:
            known_facts = members_vocabulary(self._names, self._attributes, members)
            done = replace(done, members=conditions.parse(members, known_facts, self._findings))
        self._check_prepared(done, layers)
        return done

    def _choice(self, layers: _Layers) -> ChoicePlan:
        in_order, territory = _field(layers, "in_order"), _field(layers, "territory")
        random_by, full = _field(layers, "random_by"), _field(layers, "idle_full")
        if random_by is not None:
            self._attribute(random_by.text, random_by.place, LabelType.INTEGER)
        return ChoicePlan(
            in_order=() if in_order is None else tuple(node.text for node in in_order.many),
            random_by="" if random_by is None else random_by.text,
            weights=self._weights(_field(layers, "weights")),
            idle_full=duration(full, self._findings, positive=True) or ChoicePlan().idle_full,
            territory=None if territory is None else self._territory(territory),
            prefer=self._prefer(_field(layers, "prefer")),
        )

    def _prefer(self, node: Node | None) -> Preference | None:
        if node is None:
            return None
        label = node.entries["label"]
        plan = self._names.labels.get(label.text)
        if plan is None:
            self._findings.unknown("RB301", label.place, label.text, self._names.labels)
        elif plan.type is not LabelType.TEXT or plan.pii:
            self._findings.add("RB333", label.place, name=label.text)
        wait = duration(node.entries["for"], self._findings, positive=True)
        return Preference(label=label.text, wait=wait)

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

    def _check_prepared(self, plan: QueuePlan, layers: _Layers) -> None:
        strategy = _field(layers, "strategy")
        missing = lacking(plan, plan.strategy)
        if strategy is not None and missing:
            self._findings.add("RB530", strategy.place, name=plan.strategy.value, key=missing)

    def _admission(self, node: Node | None) -> Admission:
        if node is None:
            return Admission()
        hours, limit, nobody = (node.table(key) for key in ("hours", "limit", "nobody"))
        calendar = hours.get("calendar")
        if calendar is not None:
            known("RB307", calendar, self._names.calendars, self._findings)
        return Admission(
            calendar=word(hours, "calendar"),
            closed=self._answer(hours),
            limit=int(word(limit, "waiting", "0")),
            full=self._answer(limit),
            absences=tuple(Absence(each.text) for each in nobody.listed("absent")),
            unserved=self._answer(nobody),
        )

    def _answer(self, node: Node) -> Answer:
        otherwise = node.get("otherwise")
        if otherwise is None:
            return Answer()
        if otherwise.shape is not Shape.TABLE:
            return Answer(then=Otherwise(otherwise.text))
        queue = known("RB306", otherwise.entries["queue"], self._names.queues, self._findings)
        return Answer(then=Otherwise.QUEUE, queue=queue)

    def _service_level(self, node: Node | None) -> ServiceLevel | None:
        if node is None:
            return None
        abandons = node.get("count_abandons")
        return ServiceLevel(
            percent=int(node.entries["target"].text.removesuffix("%")),
            within=duration(node.entries["within"], self._findings, positive=True),
            short_abandon=duration(node.get("short_abandon"), self._findings),
            count_abandons=abandons is None or abandons.value is True,
            count_flow_outs=flag(node, "count_flow_outs"),
        )


def _check_circles(
    queues: Mapping[str, QueuePlan], layers: Mapping[str, _Layers], findings: Findings
) -> None:
    """An item that nobody admits may not be handed round for ever."""
    for name, plan in queues.items():
        if any(name in _reached(queues, target) for target in _handed_to(plan)):
            node = _field(layers[name], "admit")
            place = layers[name][0].place if node is None else node.place
            findings.add("RB534", place, name=name)


def _handed_to(plan: QueuePlan) -> list[str]:
    terms = plan.admission
    return [each.queue for each in (terms.closed, terms.full, terms.unserved) if each.queue]


def _reached(queues: Mapping[str, QueuePlan], start: str) -> set[str]:
    reached: set[str] = set()
    left = [start]
    while left:
        name = left.pop()
        if name in queues and name not in reached:
            reached.add(name)
            left += _handed_to(queues[name])
    return reached
