"""Who works at the desk of the log: every resolver it names, in the queues of his groups.

A group without a known resolver, and the desk that takes what has no group, get somebody on duty.
"""

from collections.abc import Collection, Iterable

import msgspec

from routing_service.cli.replay.converter import group_queue
from routing_service.cli.replay.incident_log import Row

CAPACITY = 2_000
"""More than anybody ever has in hand: the log tells who took what, not who was too busy."""


class Resolver(msgspec.Struct, frozen=True, order=True):
    """An agent and the queues he serves."""

    agent: str
    queues: tuple[str, ...]


def roster(rows: Iterable[Row], queues: Collection[str], fallback: str) -> list[Resolver]:
    """Resolvers by id. A group without queue is served where its incidents go: in `fallback`."""
    groups: set[str] = {fallback}
    served: dict[str, set[str]] = {}
    for row in rows:
        group = group_queue(row.attributes.get("assignment_group", ""))
        queue = group if group in queues else fallback
        groups.add(queue)
        if row.assignee:
            served.setdefault(group_queue(row.assignee), set()).add(queue)
    known = {queue for of_one in served.values() for queue in of_one}
    on_duty = {f"on-duty-{queue}": {queue} for queue in groups - (known - {fallback})}
    everybody = {**served, **on_duty}
    return sorted(Resolver(agent, tuple(sorted(of_one))) for agent, of_one in everybody.items())
