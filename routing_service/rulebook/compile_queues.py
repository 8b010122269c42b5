"""How queues choose, relax and admit: these keys of queues.yaml -> their parts of a QueuePlan.

Trees come with the form already checked. Unlike compile_pack it needs the names of other files.
"""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from routing_service.core.plans.plan import LabelPlan, QueuePlan
from routing_service.core.plans.predicate import Condition
from routing_service.core.plans.queue_plan import (
    Absence,
    Admission,
    Answer,
    Otherwise,
    ServiceLevel,
)
from routing_service.core.steering.switching import lacking
from routing_service.rulebook import conditions
from routing_service.rulebook.compile_choice import Choices, Layers, field
from routing_service.rulebook.compile_ladder import ladder
from routing_service.rulebook.fields import duration, flag, known, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.logic import impossible_fact
from routing_service.rulebook.tree import Node, Shape
from routing_service.rulebook.vocabulary import Names, Vocabulary, members_vocabulary


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


def _layers(tree: Node) -> Iterator[tuple[str, Layers]]:
    """Each queue's own table and the defaults, by its name; a later one of a name wins."""
    defaults = tree.table("defaults")
    for name, node in tree.table("queues").entries.items():
        yield name, (node, defaults)
    for node in tree.listed("ranges"):
        first, last = int(node.entries["from"].text), int(node.entries["to"].text)
        for number in range(first, last + 1):
            yield node.entries["name"].text.replace("{n}", str(number)), (node, defaults)


class _Queues:
    """Reads the tables of queues; what it cannot use it notes and leaves out."""

    def __init__(
        self, names: Names, attributes: Mapping[str, LabelPlan], findings: Findings
    ) -> None:
        self._names = names
        self._attributes = attributes
        self._findings = findings

    def queue(self, plan: QueuePlan, layers: Layers) -> QueuePlan:
        """The queue with its choice, ladder, members, admission and service level."""
        choices = Choices(self._names, self._attributes, self._findings)
        done = replace(
            plan,
            choice=choices.choice(plan, layers),
            ladder=ladder(field(layers, "relax"), plan, self._names, self._findings),
            admission=self._admission(field(layers, "admit")),
            service_level=self._service_level(field(layers, "service_level")),
        )
        members = field(layers, "members")
        if members is not None:
            known_facts = members_vocabulary(self._names, self._attributes, members)
            done = replace(done, members=self._members(members, known_facts))
        self._check_prepared(done, layers)
        return done

    def _members(self, node: Node, known_facts: Vocabulary) -> Condition:
        condition = conditions.parse(node, known_facts, self._findings)
        if fact := impossible_fact(condition):
            self._findings.add("RB411", node.place, fact=fact)
        return condition

    def _check_prepared(self, plan: QueuePlan, layers: Layers) -> None:
        strategy = field(layers, "strategy")
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
    queues: Mapping[str, QueuePlan], layers: Mapping[str, Layers], findings: Findings
) -> None:
    """An item that nobody admits may not be handed round for ever."""
    for name, plan in queues.items():
        if any(name in _reached(queues, target) for target in _handed_to(plan)):
            node = field(layers[name], "admit")
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
