"""What only an event that opens an item may bring, from the wire."""

from typing import Literal

from routing_service.core.records.errors import Invalid
from routing_service.core.records.kinds import ItemKind
from routing_service.pb.routing.v1 import request_event_pb2
from routing_service.server import wire

_OfTheNew = Literal["waiting_since", "scheduled_for"]


def only_of_new(event: request_event_pb2.RequestEvent, name: _OfTheNew, *, opens: bool) -> int:
    """An instant that only an event that opens an item may bring; 0 = none."""
    if not event.HasField(name):
        return 0
    if not opens:
        raise Invalid("FIELD_OUT_OF_RANGE", f"{name} is for new items only.", field=f"event.{name}")
    at = event.waiting_since if name == "waiting_since" else event.scheduled_for
    return wire.instant_of(at, f"event.{name}")


def item_kind(event: request_event_pb2.RequestEvent) -> ItemKind:
    """What the new item is for."""
    if not event.item_kind:
        return ItemKind.REQUEST
    return wire.chosen(wire.ITEM_KIND_OF, event.item_kind, "event.item_kind")
