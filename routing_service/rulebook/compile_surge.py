"""surge.yaml -> loads with their levels, the green channel, and what the rules of the stage may do.

Trees come with the form already checked.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from routing_service.core.arrival.telling import MINUTES
from routing_service.core.plans.plan import LabelPlan, QueuePlan
from routing_service.core.plans.predicate import Condition
from routing_service.core.plans.strategy import Strategy
from routing_service.core.plans.surge_plan import WHOLLY, GreenPlan, Keep, LoadLevel, LoadPlan
from routing_service.core.steering.switching import lacking, waves_meet
from routing_service.rulebook import conditions
from routing_service.rulebook.fields import duration, known, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.logic import facts_of, required
from routing_service.rulebook.rules import Outcome, Rule
from routing_service.rulebook.tree import Node, Shape
from routing_service.rulebook.vocabulary import (
    GREEN,
    Names,
    members_vocabulary,
    surge_fact,
    vocabulary,
)


def level_names(tree: Node) -> dict[str, tuple[str, ...]]:
    """Load to the names of its levels, for whoever must know them before they are compiled."""
    loads = tree.table("loads").entries
    return {
        name: tuple(word(level, "name") for level in node.listed("levels"))
        for name, node in loads.items()
    }


def loads(
    tree: Node, names: Names, attributes: Mapping[str, LabelPlan], findings: Findings
) -> dict[str, LoadPlan]:
    """The loads by name; two that would measure the same are noted."""
    compiler = _Loads(names, attributes, findings)
    found = {name: compiler.load(name, node) for name, node in tree.table("loads").entries.items()}
    measured: dict[tuple[str, str, int], str] = {}
    for name, load in found.items():
        what = (load.queue, load.skill, load.skill_level)
        if what in measured:
            place = tree.table("loads").place_of(name)
            findings.add("RB545", place, name=measured[what])
        measured.setdefault(what, name)
    if tree.listed("rules") and not found:
        findings.add("RB544", tree.listed("rules")[0].place)
    return found


def check_strategies(
    tree: Node, plans: Mapping[str, LoadPlan], queues: Mapping[str, QueuePlan], findings: Findings
) -> None:
    """For a level whose strategy its queue is not ready for: see `_check_strategy`."""
    for name, plan in plans.items():
        nodes = tree.table("loads").entries[name].listed("levels")
        for level, node in zip(plan.levels, nodes, strict=True):
            queue = queues.get(plan.queue)
            if queue and level.strategy:
                _check_strategy(queue, level.strategy, node.entries["strategy"], findings)


def _check_strategy(queue: QueuePlan, strategy: Strategy, node: Node, findings: Findings) -> None:
    """RB530 when it goes by what the queue does not say, RB537 when its waves never meet."""
    missing = lacking(queue, strategy)
    if missing:
        findings.add("RB530", node.place, name=strategy.value, key=missing)
    if strategy is Strategy.PROGRESSIVE_BROADCAST and not waves_meet(queue):
        findings.add("RB537", node.place, name=queue.name)


def green(
    tree: Node, names: Names, attributes: Mapping[str, LabelPlan], findings: Findings
) -> GreenPlan | None:
    """The green channel; None without one."""
    node = tree.get("green_channel")
    if node is None:
        return None
    compiler = _Loads(names, attributes, findings)
    when = conditions.parse(node.entries["when"], vocabulary(GREEN, names), findings)
    return GreenPlan(when=when, keep=tuple(compiler.keep(each) for each in node.listed("keep")))


class _Loads:
    """Reads loads and what is kept; what it cannot use it notes and leaves out."""

    def __init__(
        self, names: Names, attributes: Mapping[str, LabelPlan], findings: Findings
    ) -> None:
        self._names = names
        self._attributes = attributes
        self._findings = findings

    def load(self, name: str, node: Node) -> LoadPlan:
        """One load with its levels."""
        need = node.table("requirement")
        levels = tuple(self._level(each) for each in node.listed("levels"))
        self._check_order(levels, node.listed("levels"))
        return LoadPlan(
            name=name,
            queue=known("RB306", node.entries["queue"], self._names.queues, self._findings),
            skill=word(need, "skill"),
            skill_level=int(word(need, "level", "1")),
            levels=levels,
        )

    def keep(self, node: Node) -> Keep:
        """Who keeps how much."""
        for queue in node.listed("queues"):
            known("RB306", queue, self._names.queues, self._findings)
        units = word(node, "units")
        return Keep(
            queues=tuple(queue.text for queue in node.listed("queues")),
            units=WHOLLY if units == "all" else int(units),
            agents=self._agents(node.get("agents")),
        )

    def _level(self, node: Node) -> LoadLevel:
        measured = [key for key in ("above", "below", "hold") if node.get(key) is not None]
        if len(measured) not in (0, 3):
            self._findings.add("RB543", node.place, name=word(node, "name"))
        above, below = _percent(node, "above"), _percent(node, "below")
        if below > above:
            self._findings.add("RB540", node.entries["below"].place)
        return LoadLevel(
            name=word(node, "name"),
            above=above,
            below=below,
            hold=duration(node.get("hold"), self._findings, positive=True),
            reserve=self._agents(node.get("reserve")),
            strategy=Strategy(word(node, "strategy")) if node.get("strategy") else None,
        )

    def _agents(self, node: Node | None) -> Condition | None:
        if node is None:
            return None
        facts = members_vocabulary(self._names, self._attributes, node)
        return conditions.parse(node, facts, self._findings)

    def _check_order(self, levels: Sequence[LoadLevel], nodes: Sequence[Node]) -> None:
        """The worst comes last: each is entered at a greater load than those before it."""
        seen: set[str] = set()
        for level, node in zip(levels, nodes, strict=True):
            if level.name in seen:
                self._findings.add("RB542", node.entries["name"].place, name=level.name)
            seen.add(level.name)
        measured = [each for each in zip(levels, nodes, strict=True) if each[0].above]
        for (before, _), (level, node) in pairwise(measured):
            if level.above <= before.above:
                self._findings.add("RB541", node.entries["above"].place, name=before.name)


def _percent(node: Node, key: str) -> int:
    return int(word(node, key, "0%").removesuffix("%"))


def outcome(then: Node, names: Names, findings: Findings) -> Outcome:
    """What a rule of the stage does with a new item."""
    deflect, offer = then.get("deflect"), then.get("offer")
    to_queue = deflect is not None and deflect.shape is Shape.TABLE
    if deflect is not None and offer is not None and not to_queue:
        findings.add("RB547", offer.place)
    tell = then.get("tell")
    if tell is not None and _braces(tell.text):
        findings.add("RB546", tell.place)
    queue = ""
    if deflect is not None and to_queue:
        queue = known("RB306", deflect.entries["queue"], names.queues, findings)
    return Outcome(
        deflect="" if deflect is None or to_queue else deflect.text,
        queue=queue,
        offer="" if offer is None else offer.text,
        tell="" if tell is None else tell.text,
    )


def _braces(sentence: str) -> bool:
    rest = sentence.replace(MINUTES, "")
    return "{" in rest or "}" in rest


def check_deflections(
    rules: Sequence[Rule], plans: Mapping[str, LoadPlan], findings: Findings
) -> None:
    """A rule that answers the load of a queue must not send its items into the same queue.

    One that names no load answers each of them.
    """
    every = {load.queue for load in plans.values()}
    for rule in rules:
        queue, named = rule.outcome.queue, {*_measured(required(rule.condition), plans)}
        if queue in named or (not named and every == {queue}):
            findings.add("RB548", rule.place, name=queue)


def check_contacts(rules: Sequence[Rule], findings: Findings) -> None:
    """Of a pack that correlates nothing: there every request is the first about its matter."""
    for rule in rules:
        if "contacts" in facts_of(rule.condition):
            findings.add("RB549", rule.place)


def _measured(asked: Mapping[str, object], plans: Mapping[str, LoadPlan]) -> Iterator[str]:
    for load in plans.values():
        if asked.get(surge_fact(load.name)):
            yield load.queue
