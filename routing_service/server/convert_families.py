"""Items that have to do with each other: events and requests, to and from the wire."""

from routing_service.core.journal import events as core
from routing_service.core.journal.link_commands import Link, Merge, SetCollaborators
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1 import event_pb2
from routing_service.pb.routing.v1 import routing_service_pb2 as pb
from routing_service.server import wire
from routing_service.server.convert_requests import (
    MAX_MAP_ENTRIES,
    identifier,
    optional_identifier,
    reason,
    version,
)

FamilyCommand = Merge | Link | SetCollaborators


def linked(happened: core.ItemLinked) -> event_pb2.ItemLinked:
    """An item and its parent."""
    return event_pb2.ItemLinked(
        item_id=happened.item, parent_item_id=happened.parent, role=happened.role
    )


def absorbed(happened: core.ItemAbsorbed) -> event_pb2.ItemAbsorbed:
    """The item that goes on, and the one that does not."""
    return event_pb2.ItemAbsorbed(item_id=happened.item, merged_item_id=happened.merged)


def answered(happened: core.LinkAnswered) -> event_pb2.LinkAnswered:
    """The answer, for the owner of the item."""
    return event_pb2.LinkAnswered(
        item_id=happened.item,
        owner=happened.owner,
        child_item_id=happened.child,
        kind=wire.ITEM_KIND[happened.kind],
        state=wire.ITEM_STATE[happened.state],
        reason=happened.reason,
    )


def joined(happened: core.CollaboratorsSet) -> event_pb2.CollaboratorsSet:
    """All who work on an item beside its owner."""
    return event_pb2.CollaboratorsSet(item_id=happened.item, collaborators=happened.collaborators)


def merge(request: pb.MergeRequest) -> Merge:
    """Which item is about the same as which."""
    return Merge(
        item=identifier(request.item_id, "item_id"),
        into=identifier(request.into_item_id, "into_item_id"),
        reason=reason(request.reason),
        version=version(request.expected_version),
    )


def link(request: pb.LinkRequest) -> Link:
    """What an item belongs to."""
    return Link(
        item=identifier(request.item_id, "item_id"),
        parent=optional_identifier(request.parent_item_id, "parent_item_id"),
        role=optional_identifier(request.role, "role"),
        version=version(request.expected_version),
    )


def collaborators(request: pb.SetCollaboratorsRequest) -> SetCollaborators:
    """Who works on an item beside its owner."""
    if len(request.collaborators) > MAX_MAP_ENTRIES:
        raise Invalid("MAP_TOO_LARGE", f"At most {MAX_MAP_ENTRIES} entries.", field="collaborators")
    return SetCollaborators(
        item=identifier(request.item_id, "item_id"),
        collaborators={
            identifier(agent, "collaborators"): optional_identifier(role, "collaborators")
            for agent, role in sorted(request.collaborators.items())
        },
        version=version(request.expected_version),
    )
