"""`relax` of a queue -> the Ladder of its plan, with all that makes no sense in it noted."""

from collections.abc import Collection

from routing_service.core.plans.plan import QueuePlan
from routing_service.core.plans.queue_plan import Ladder, RelaxStep
from routing_service.rulebook.fields import duration, known, word
from routing_service.rulebook.findings import Findings
from routing_service.rulebook.tree import Node
from routing_service.rulebook.vocabulary import Names

ANYONE = "anyone"
NOBODY = "nobody_on_shift"


def ladder(node: Node | None, queue: QueuePlan, names: Names, findings: Findings) -> Ladder:
    """How the items of the queue ask for less while they wait; not at all without `relax`."""
    if node is None:
        return Ladder()
    listed = node.listed("steps")
    made = Ladder(
        steps=tuple(_step(each, names, findings) for each in listed),
        floor=int(word(node, "floor", "1")),
        ceiling=int(word(node, "ceiling", "0")),
    )
    if made.ceiling and made.ceiling < made.floor:
        findings.add("RB535", node.place_of("ceiling"))
    _check_times(listed, made, queue, findings)
    _check_last(listed, findings)
    return made


def _step(node: Node, names: Names, findings: Findings) -> RelaxStep:
    return RelaxStep(
        after=duration(node.entries["after"], findings, positive=True),
        lower=int(word(node, "lower", "0")),
        drop=tuple(each.text for each in node.listed("drop")),
        queues=tuple(
            known("RB306", each, names.queues, findings) for each in node.listed("queues")
        ),
        no_ceiling=node.get("ceiling") is not None,
        anyone=word(node, "last") == ANYONE,
        unstaffed=word(node, "at_once") == NOBODY,
        crowded=_crowded(node.get("at_once")),
    )


def _crowded(node: Node | None) -> int:
    """How many items wait for each agent when the step is taken; 0 = it is not taken for that."""
    found = None if node is None else node.get("waiting_per_agent")
    return 0 if found is None else int(found.text)


def _check_times(
    listed: tuple[Node, ...], made: Ladder, queue: QueuePlan, findings: Findings
) -> None:
    """Later steps come later, and each stands at least as long as an offer does.

    Otherwise an item would ask for less while the first agent asked still thinks about it.
    """
    before = 0
    for node, step in zip(listed, made.steps, strict=True):
        place = node.entries["after"].place
        if step.after <= before:
            findings.add("RB531", place)
        elif step.after - before < queue.offer_timeout:
            findings.add("RB532", place, name=queue.name)
        before = step.after


def _check_last(listed: tuple[Node, ...], findings: Findings) -> None:
    """A ladder says where it ends, and nothing comes after its end."""
    for place, node in enumerate(listed, start=1):
        if (node.get("last") is not None) != (place == len(listed)):
            findings.add("RB533", node.place)


def check_dropped(queues: Node, asked: Collection[str], findings: Findings) -> None:
    """Note steps that drop a skill which no rule asks for: mostly a slip of the pen.

    `queues` is the whole file, `asked` the skills that rules ask for.
    """
    tables = (queues.table("defaults"), *queues.table("queues").entries.values())
    for table in (*tables, *queues.listed("ranges")):
        for step in table.table("relax").listed("steps"):
            for skill in step.listed("drop"):
                if skill.text not in asked:
                    findings.unknown("RB555", skill.place, skill.text, sorted(asked))
