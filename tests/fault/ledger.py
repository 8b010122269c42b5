"""What the clients of a fault test were told, and what in it contradicts the promises.

Knows nothing of processes and calls. `wrong` collects sentences; empty = every promise held.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from routing_service.pb.routing.v1.event_pb2 import Event
from routing_service.pb.routing.v1.work_item_pb2 import WorkItem


class Ledger:
    """Acknowledgements: `items` by event id, `owners` by item id, `reloads` up to a number."""

    def __init__(self) -> None:
        self.items: dict[str, str] = {}
        self.owners: dict[str, str] = {}
        self.reload_asked = 0
        self.reload_done = 0
        self.wrong: list[str] = []

    def submitted(self, event: str, item: str) -> None:
        """The service said which item the event made."""
        known = self.items.setdefault(event, item)
        if known != item:
            self.wrong.append(f"event {event} made {known} and {item}")

    def accepted(self, item: str, agent: str) -> None:
        """The service said that the item is the agent's."""
        known = self.owners.setdefault(item, agent)
        if known != agent:
            self.wrong.append(f"{item} is owned by {known} and {agent}")

    def check_items(self, found: Mapping[str, WorkItem]) -> None:
        """Everything told so far is there, as it was told."""
        lost = set(self.items.values()) - set(found)
        if lost:
            self.wrong.append(f"lost items: {sorted(lost)}")
        for item, agent in self.owners.items():
            owner = found[item].owner if item in found else "nobody"
            if owner != agent:
                self.wrong.append(f"{item} was accepted by {agent}, is owned by {owner}")

    def check_made(self, found: Mapping[str, WorkItem]) -> None:
        """With nothing in flight: one item for each event, and no other."""
        told = Counter(self.items.values())
        self.wrong += [f"{item} stands for {n} events" for item, n in told.items() if n > 1]
        extra = set(found) - set(told)
        if extra:
            self.wrong.append(f"items nobody asked for: {sorted(extra)}")

    def check_events(self, events: Iterable[Event]) -> None:
        """The log tells of each item once, and of one owner at most."""
        opened: Counter[str] = Counter()
        assigned: dict[str, list[str]] = {}
        for event in events:
            match event.WhichOneof("body"):
                case "item_opened":
                    opened[event.item_opened.item_id] += 1
                case "assignment_made":
                    made = event.assignment_made
                    assigned.setdefault(made.item_id, []).append(made.agent_id)
        if set(opened) != set(self.items.values()) or set(opened.values()) - {1}:
            self.wrong.append("items opened in the log are not those acknowledged, once each")
        self.wrong += [f"{item} was given to {n}" for item, n in assigned.items() if len(n) > 1]
        unheard = {item: agent for item, agent in self.owners.items() if item not in assigned}
        if unheard:
            self.wrong.append(f"accepted, but not in the log: {unheard}")


def in_order(seen: list[str], all_ids: list[str], *, repeats: bool) -> str:
    """ "" when `seen` is `all_ids` without a gap; `repeats` allows starting again further back."""
    place = {event: index for index, event in enumerate(all_ids)}
    expected = 0
    for event in seen:
        index = place.get(event, -1)
        if index > expected or index < 0 or (index < expected and not repeats):
            return f"event {event} (place {index}) came where {expected} was due"
        expected = index + 1
    missing = len(all_ids) - len(set(seen))
    return f"{missing} events never came" if missing else ""
