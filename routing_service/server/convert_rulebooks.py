"""Rulebooks, what differs between two of them, and findings, as messages of the wire."""

from collections.abc import Iterable

from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from routing_service.rulebook.changes import Change, ChangeKind
from routing_service.rulebook.findings import Finding
from routing_service.rulebook.preview import ItemChange, PromiseChange
from routing_service.server import wire
from routing_service.server.wire import stamp_if

KIND = {
    ChangeKind.ADDED: pb.CHANGE_KIND_ADDED,
    ChangeKind.REMOVED: pb.CHANGE_KIND_REMOVED,
    ChangeKind.CHANGED: pb.CHANGE_KIND_CHANGED,
    ChangeKind.MOVED: pb.CHANGE_KIND_MOVED,
}


def finding(found: Finding) -> pb.RulebookFinding:
    """One flaw."""
    return pb.RulebookFinding(
        code=found.code,
        message=found.message,
        file=found.file,
        line=found.line,
        column=found.column,
        hint=found.hint,
    )


def changes(found: Iterable[Change]) -> list[pb.RulebookChange]:
    """What differs between two rulebooks."""
    return [
        pb.RulebookChange(
            kind=KIND[each.kind],
            part=each.part,
            name=each.name,
            file=each.place.file,
            line=each.place.line,
            values=[
                pb.ValueChange(key=value.key, before=value.before, after=value.after)
                for value in each.differences
            ],
        )
        for each in found
    ]


def item_preview(change: ItemChange) -> pb.ItemPreview:
    """What would be otherwise for one item."""
    queue, priority = change.queue or ("", ""), change.priority or ("", "")
    return pb.ItemPreview(
        item_id=change.item,
        number=change.number,
        queue_before=queue[0],
        queue_after=queue[1],
        priority_before=priority[0],
        priority_after=priority[1],
        promises=[_promise(each) for each in change.promises],
    )


def _promise(change: PromiseChange) -> pb.PromiseChange:
    return pb.PromiseChange(
        clock=change.clock,
        state_before=wire.CLOCK_STATE[change.state_before],
        state_after=wire.CLOCK_STATE[change.state_after],
        due_before=stamp_if(change.due_before),
        due_after=stamp_if(change.due_after),
    )
