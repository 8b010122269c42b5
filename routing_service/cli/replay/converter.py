"""Turns the incident log into what adapters and desks would have sent. Pure: rows in, acts out.

What the log really holds, and what becomes of it (each with a test of that name):
an incident that nobody is assigned to: no Taken · several rows in one minute: acts in the order of
the rows · a row before the incident opened: as if at its opening · a step back in time: as if at
the row before · "?": no label, and never the loss of one · first row already Active, Awaiting or
Resolved: opened, then reported so · Closed after Closed, and any row after Closed: nothing, the
item has ended · a row twice: nothing new · an unknown state such as "-100": the state stays.
"""

from collections.abc import Iterable, Iterator, Mapping

from routing_service.cli.replay.acts import AnyAct, Opened, Reported, Taken, Updated
from routing_service.cli.replay.incident_log import Row
from routing_service.core.journal.commands import ReportKind

NEW, ACTIVE, RESOLVED, CLOSED = "New", "Active", "Resolved", "Closed"
AWAITING = {
    "Awaiting User Info": "user_info",
    "Awaiting Problem": "problem",
    "Awaiting Vendor": "vendor",
    "Awaiting Evidence": "evidence",
}
"""State of the log -> pending reason of the pack."""
STATES = {NEW, ACTIVE, RESOLVED, CLOSED, *AWAITING}
IN_WORK = (NEW, ACTIVE)

LABELS = {"u_symptom": "symptom"}
"""Columns that have another name as a label."""
CHANNELS = {
    "Phone": "phone",
    "IVR": "phone",
    "Email": "email",
    "Self service": "self_service",
    "Direct opening": "direct",
}


def convert(rows: Iterable[Row]) -> list[AnyAct]:
    """All acts in the order of their instants; at the same instant in the order of the log."""
    incidents: dict[str, list[Row]] = {}
    for row in rows:
        incidents.setdefault(row.number, []).append(row)
    acts = [act for rows_of_one in incidents.values() for act in _Incident(rows_of_one).acts()]
    return sorted(acts, key=lambda act: act.at)


def group_queue(group: str) -> str:
    """Name of a group's queue: "Group 70" -> "group-70"."""
    return group.lower().replace(" ", "-")


def labels_of(attributes: Mapping[str, str]) -> dict[str, str]:
    """Labels as the pack declares them: "2 - Medium" -> medium, "Group 70" -> group-70."""
    labels = {LABELS.get(name, name): value for name, value in attributes.items()}
    for name in ("impact", "urgency"):
        if name in labels:
            labels[name] = labels[name].rpartition(" - ")[2].lower()
    if "assignment_group" in labels:
        labels["assignment_group"] = group_queue(labels["assignment_group"])
    return labels


class _Incident:
    """Walks through the rows of one incident, in the order of the log."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows
        first = rows[0]
        told = [row.updated_at for row in rows if row.updated_at is not None]
        self._number = first.number
        self._opened_at = first.opened_at if first.opened_at is not None else min(told, default=0)
        self._at = self._opened_at
        self._row = 0
        self._state = NEW
        self._labels = labels_of(first.attributes)
        self._owned = False
        self._ever_owned = False

    def acts(self) -> Iterator[AnyAct]:
        """Its acts; their instants never go back."""
        yield self._opening(self._rows[0])
        for index, row in enumerate(self._rows):
            if self._state == CLOSED:
                return
            self._row = index
            self._at = max(self._at, row.updated_at or 0)
            yield from self._update(row)
            yield from self._change(row, row.state if row.state in STATES else self._state)

    def _opening(self, row: Row) -> Opened:
        return Opened(
            incident=self._number,
            at=self._opened_at,
            key=f"{self._number}:0",
            channel=CHANNELS.get(row.attributes.get("contact_type", ""), "direct"),
            customer=row.caller or f"caller of {self._number}",
            labels=self._labels,
        )

    def _update(self, row: Row) -> Iterator[AnyAct]:
        told = labels_of(row.attributes)
        changed = {name: value for name, value in told.items() if self._labels.get(name) != value}
        if not changed:
            return
        if "assignment_group" in changed:  # another queue takes it over
            self._owned = False
        self._labels = {**self._labels, **changed}
        yield Updated(
            incident=self._number, at=self._at, key=f"{self._number}:{self._row}", labels=changed
        )

    def _change(self, row: Row, after: str) -> Iterator[AnyAct]:
        """Back into work first, then whoever takes it, then where the row leaves it."""
        before = self._state
        if before in AWAITING and after in IN_WORK:
            yield self._back_to_work(ReportKind.RESUMED)
        if before == RESOLVED and after not in (RESOLVED, CLOSED):
            yield self._back_to_work(ReportKind.REOPENED)
        yield from self._taken(row, after)
        if after != before:
            yield from self._arrival(before, after)
        self._state = after

    def _back_to_work(self, kind: ReportKind) -> Reported:
        self._owned = False
        self._state = NEW
        return self._report(kind)

    def _taken(self, row: Row, after: str) -> Iterator[AnyAct]:
        """Somebody is named in the row. Items that wait or are resolved are offered to nobody:

        named while it waits, he takes it when the wait ends, also if it ends by being resolved.
        """
        if not row.assignee or self._owned:
            return
        solved_from_waiting = self._state in AWAITING and after in (RESOLVED, CLOSED)
        if solved_from_waiting and not self._ever_owned:
            yield self._back_to_work(ReportKind.RESUMED)
        if self._state in IN_WORK:
            self._owned = self._ever_owned = True
            yield Taken(incident=self._number, at=self._at, key=self._key("taken"))

    def _arrival(self, before: str, after: str) -> Iterator[AnyAct]:
        """Where the row leaves the incident.

        Active = somebody works on it: `engaged`, which implies that the caller got an answer.
        Closed without Resolved is both at once: the service closes only what is resolved.
        """
        if after == ACTIVE:
            yield self._report(ReportKind.ENGAGED)
        if after in AWAITING:
            self._owned = False
            yield self._report(ReportKind.PENDING, AWAITING[after])
        if after == RESOLVED or (after == CLOSED and before != RESOLVED):
            yield self._report(ReportKind.RESOLVED)
        if after == CLOSED:
            yield self._report(ReportKind.CLOSED)

    def _report(self, kind: ReportKind, reason: str = "") -> Reported:
        key = self._key(kind.value)
        return Reported(incident=self._number, at=self._at, key=key, kind=kind, reason=reason)

    def _key(self, what: str) -> str:
        return f"{self._number}:{self._row}:{what}"
