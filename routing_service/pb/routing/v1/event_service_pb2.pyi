from routing_service.pb.routing.v1 import agent_pb2 as _agent_pb2
from routing_service.pb.routing.v1 import event_pb2 as _event_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EventKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVENT_KIND_UNSPECIFIED: _ClassVar[EventKind]
    EVENT_KIND_ITEM_OPENED: _ClassVar[EventKind]
    EVENT_KIND_ITEM_CLASSIFIED: _ClassVar[EventKind]
    EVENT_KIND_ITEM_MOVED: _ClassVar[EventKind]
    EVENT_KIND_ITEM_QUEUED: _ClassVar[EventKind]
    EVENT_KIND_ITEM_MESSAGED: _ClassVar[EventKind]
    EVENT_KIND_MILESTONE_REACHED: _ClassVar[EventKind]
    EVENT_KIND_CLOCK_MOVED: _ClassVar[EventKind]
    EVENT_KIND_CLOCK_CORRECTED: _ClassVar[EventKind]
    EVENT_KIND_OFFER_MADE: _ClassVar[EventKind]
    EVENT_KIND_OFFER_MOVED: _ClassVar[EventKind]
    EVENT_KIND_ASSIGNMENT_MADE: _ClassVar[EventKind]
    EVENT_KIND_ALERT_RAISED: _ClassVar[EventKind]
    EVENT_KIND_AGENT_CHANGED: _ClassVar[EventKind]
    EVENT_KIND_RULEBOOK_ACTIVATED: _ClassVar[EventKind]
    EVENT_KIND_ITEM_ARCHIVED: _ClassVar[EventKind]
    EVENT_KIND_ITEM_LABELLED: _ClassVar[EventKind]
    EVENT_KIND_ITEM_LINKED: _ClassVar[EventKind]
    EVENT_KIND_ITEM_ABSORBED: _ClassVar[EventKind]
    EVENT_KIND_LINK_ANSWERED: _ClassVar[EventKind]
    EVENT_KIND_COLLABORATORS_SET: _ClassVar[EventKind]
    EVENT_KIND_ITEM_RELAXED: _ClassVar[EventKind]
    EVENT_KIND_STRATEGY_SWITCHED: _ClassVar[EventKind]
    EVENT_KIND_OWNER_REMOVED: _ClassVar[EventKind]
    EVENT_KIND_SURGE_MOVED: _ClassVar[EventKind]
EVENT_KIND_UNSPECIFIED: EventKind
EVENT_KIND_ITEM_OPENED: EventKind
EVENT_KIND_ITEM_CLASSIFIED: EventKind
EVENT_KIND_ITEM_MOVED: EventKind
EVENT_KIND_ITEM_QUEUED: EventKind
EVENT_KIND_ITEM_MESSAGED: EventKind
EVENT_KIND_MILESTONE_REACHED: EventKind
EVENT_KIND_CLOCK_MOVED: EventKind
EVENT_KIND_CLOCK_CORRECTED: EventKind
EVENT_KIND_OFFER_MADE: EventKind
EVENT_KIND_OFFER_MOVED: EventKind
EVENT_KIND_ASSIGNMENT_MADE: EventKind
EVENT_KIND_ALERT_RAISED: EventKind
EVENT_KIND_AGENT_CHANGED: EventKind
EVENT_KIND_RULEBOOK_ACTIVATED: EventKind
EVENT_KIND_ITEM_ARCHIVED: EventKind
EVENT_KIND_ITEM_LABELLED: EventKind
EVENT_KIND_ITEM_LINKED: EventKind
EVENT_KIND_ITEM_ABSORBED: EventKind
EVENT_KIND_LINK_ANSWERED: EventKind
EVENT_KIND_COLLABORATORS_SET: EventKind
EVENT_KIND_ITEM_RELAXED: EventKind
EVENT_KIND_STRATEGY_SWITCHED: EventKind
EVENT_KIND_OWNER_REMOVED: EventKind
EVENT_KIND_SURGE_MOVED: EventKind

class EventFilter(_message.Message):
    __slots__ = ("kinds", "queues", "item_ids")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    QUEUES_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[EventKind]
    queues: _containers.RepeatedScalarFieldContainer[str]
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kinds: _Optional[_Iterable[_Union[EventKind, str]]] = ..., queues: _Optional[_Iterable[str]] = ..., item_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class WatchRequest(_message.Message):
    __slots__ = ("desk", "after", "consumer", "filter", "include_snapshot")
    DESK_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    CONSUMER_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    desk: str
    after: str
    consumer: str
    filter: EventFilter
    include_snapshot: bool
    def __init__(self, desk: _Optional[str] = ..., after: _Optional[str] = ..., consumer: _Optional[str] = ..., filter: _Optional[_Union[EventFilter, _Mapping]] = ..., include_snapshot: _Optional[bool] = ...) -> None: ...

class WatchResponse(_message.Message):
    __slots__ = ("events", "cursor", "snapshot_items", "snapshot_agents", "snapshot_offers", "snapshot_complete")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_ITEMS_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_AGENTS_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_OFFERS_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[_event_pb2.Event]
    cursor: str
    snapshot_items: _containers.RepeatedCompositeFieldContainer[_work_item_pb2.WorkItem]
    snapshot_agents: _containers.RepeatedCompositeFieldContainer[_agent_pb2.AgentStatus]
    snapshot_offers: _containers.RepeatedCompositeFieldContainer[_agent_pb2.Offer]
    snapshot_complete: bool
    def __init__(self, events: _Optional[_Iterable[_Union[_event_pb2.Event, _Mapping]]] = ..., cursor: _Optional[str] = ..., snapshot_items: _Optional[_Iterable[_Union[_work_item_pb2.WorkItem, _Mapping]]] = ..., snapshot_agents: _Optional[_Iterable[_Union[_agent_pb2.AgentStatus, _Mapping]]] = ..., snapshot_offers: _Optional[_Iterable[_Union[_agent_pb2.Offer, _Mapping]]] = ..., snapshot_complete: _Optional[bool] = ...) -> None: ...

class AckRequest(_message.Message):
    __slots__ = ("desk", "consumer", "cursor")
    DESK_FIELD_NUMBER: _ClassVar[int]
    CONSUMER_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    desk: str
    consumer: str
    cursor: str
    def __init__(self, desk: _Optional[str] = ..., consumer: _Optional[str] = ..., cursor: _Optional[str] = ...) -> None: ...

class AckResponse(_message.Message):
    __slots__ = ("cursor",)
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    def __init__(self, cursor: _Optional[str] = ...) -> None: ...
