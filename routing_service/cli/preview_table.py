"""How `activate --preview` shows what would change: rules, then open items, for people."""

from collections.abc import Iterable, Iterator

from google.protobuf.timestamp_pb2 import Timestamp
from rich.table import Table

from routing_service.cli.output import console, say
from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from routing_service.pb.routing.v1.clock_pb2 import ClockState

SHORT = 60
"""Characters of one value in the table; --json has all of it."""
STYLES = {
    pb.CHANGE_KIND_ADDED: ("added", "green"),
    pb.CHANGE_KIND_REMOVED: ("removed", "red"),
    pb.CHANGE_KIND_CHANGED: ("changed", "yellow"),
    pb.CHANGE_KIND_MOVED: ("moved", "cyan"),
}


def show(told: pb.PreviewResponse) -> None:
    """All of it on the terminal."""
    say(f"{told.pack} version {told.version}, digest {told.digest[:12]}", "bold")
    for warning in told.warnings:
        place = f"{warning.file}:{warning.line}:{warning.column}"
        say(f"{place} {warning.code} warning: {warning.message}", "yellow")
    if told.digest == told.active_digest:
        say("is in force already: nothing would change")
        return
    if told.HasField("refusal"):
        why = ", ".join(f"{name} {value}" for name, value in sorted(told.refusal.details.items()))
        say(
            f"It would be refused now: {told.refusal.message} ({told.refusal.reason}: {why})", "red"
        )
    console().print(_rules(told.changes))
    for line in lines(told):
        say(line)
    if told.examples:
        console().print(_items(told.examples))


def _rules(changes: Iterable[pb.RulebookChange]) -> Table:
    table = _table("", "what", "name", "where", "value", title="Rules")
    for change in changes:
        word, style = STYLES[change.kind]
        where = f"{change.file}:{change.line}"
        values = "\n".join(_value(value) for value in change.values)
        table.add_row(word, change.part, change.name, where, values, style=style)
    return table


def _table(*columns: str, title: str) -> Table:
    """On a narrow terminal lines are folded: a name cut short is no name."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _value(change: pb.ValueChange) -> str:
    name = f"{change.key}: " if change.key else ""
    return name + _arrow(_short(change.before) or "(absent)", _short(change.after) or "(absent)")


def _short(value: str) -> str:
    value = value.strip('"')
    return value if len(value) <= SHORT else value[: SHORT - 1] + "…"


def lines(told: pb.PreviewResponse) -> Iterator[str]:
    """The counts, in words."""
    if not told.open_items:
        yield "No item is open."
        return
    yield f"Of {told.open_items} open items, at once:"
    yield f"  {told.other_due:>6} get another due, {told.broken_at_once} of them are broken by it"
    yield "and were they asked about again, by the new rules:"
    yield f"  {told.other_queue:>6} another queue (none is moved by activation itself)"
    yield f"  {told.other_priority:>6} another priority"


def _items(items: Iterable[pb.ItemPreview]) -> Table:
    table = _table("item", "queue", "priority", "promises", title="Examples")
    for item in items:
        table.add_row(
            item.number,
            _arrow(item.queue_before, item.queue_after),
            _arrow(item.priority_before, item.priority_after),
            "\n".join(_promise(each) for each in item.promises),
        )
    return table


def _promise(change: pb.PromiseChange) -> str:
    before = (
        _due(change.due_before) if change.HasField("due_before") else _state(change.state_before)
    )
    after = _due(change.due_after) if change.HasField("due_after") else _state(change.state_after)
    if change.state_after != change.state_before and change.HasField("due_after"):
        after = f"{_state(change.state_after)} ({after})"
    return f"{change.clock}: {_arrow(before, after)}"


def _arrow(before: str, after: str) -> str:
    return f"{before} → {after}" if before or after else ""


def _state(state: ClockState) -> str:
    return ClockState.Name(state).removeprefix("CLOCK_STATE_").lower()


def _due(instant: Timestamp) -> str:
    return instant.ToDatetime().isoformat(sep=" ", timespec="seconds") + "Z"
