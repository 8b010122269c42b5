import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import clock_pb2 as _clock_pb2
from routing_service.pb.routing.v1 import options_pb2 as _options_pb2
from routing_service.pb.routing.v1 import surge_pb2 as _surge_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RequestKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REQUEST_KIND_UNSPECIFIED: _ClassVar[RequestKind]
    REQUEST_KIND_OPENED: _ClassVar[RequestKind]
    REQUEST_KIND_MESSAGE: _ClassVar[RequestKind]
    REQUEST_KIND_UPDATED: _ClassVar[RequestKind]
    REQUEST_KIND_ABANDONED: _ClassVar[RequestKind]
    REQUEST_KIND_LABELLED: _ClassVar[RequestKind]
    REQUEST_KIND_RETURNED: _ClassVar[RequestKind]

class ReportKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPORT_KIND_UNSPECIFIED: _ClassVar[ReportKind]
    REPORT_KIND_ACKNOWLEDGED: _ClassVar[ReportKind]
    REPORT_KIND_RESPONDED: _ClassVar[ReportKind]
    REPORT_KIND_ENGAGED: _ClassVar[ReportKind]
    REPORT_KIND_SOLUTION_OFFERED: _ClassVar[ReportKind]
    REPORT_KIND_CUSTOMER_UPDATED: _ClassVar[ReportKind]
    REPORT_KIND_RESOLVED: _ClassVar[ReportKind]
    REPORT_KIND_CONFIRMED: _ClassVar[ReportKind]
    REPORT_KIND_PENDING: _ClassVar[ReportKind]
    REPORT_KIND_RESUMED: _ClassVar[ReportKind]
    REPORT_KIND_REOPENED: _ClassVar[ReportKind]
    REPORT_KIND_CLOSED: _ClassVar[ReportKind]
    REPORT_KIND_SUSPENDED: _ClassVar[ReportKind]
    REPORT_KIND_SCHEDULED: _ClassVar[ReportKind]
    REPORT_KIND_ACTIVATED: _ClassVar[ReportKind]
REQUEST_KIND_UNSPECIFIED: RequestKind
REQUEST_KIND_OPENED: RequestKind
REQUEST_KIND_MESSAGE: RequestKind
REQUEST_KIND_UPDATED: RequestKind
REQUEST_KIND_ABANDONED: RequestKind
REQUEST_KIND_LABELLED: RequestKind
REQUEST_KIND_RETURNED: RequestKind
REPORT_KIND_UNSPECIFIED: ReportKind
REPORT_KIND_ACKNOWLEDGED: ReportKind
REPORT_KIND_RESPONDED: ReportKind
REPORT_KIND_ENGAGED: ReportKind
REPORT_KIND_SOLUTION_OFFERED: ReportKind
REPORT_KIND_CUSTOMER_UPDATED: ReportKind
REPORT_KIND_RESOLVED: ReportKind
REPORT_KIND_CONFIRMED: ReportKind
REPORT_KIND_PENDING: ReportKind
REPORT_KIND_RESUMED: ReportKind
REPORT_KIND_REOPENED: ReportKind
REPORT_KIND_CLOSED: ReportKind
REPORT_KIND_SUSPENDED: ReportKind
REPORT_KIND_SCHEDULED: ReportKind
REPORT_KIND_ACTIVATED: ReportKind

class RequestEvent(_message.Message):
    __slots__ = ("event_id", "kind", "item_id", "channel", "customer_id", "occurred_at", "labels", "text", "tags", "expected_version", "waiting_since", "scheduled_for", "item_kind", "parent_item_id", "role")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _work_item_pb2.LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ...) -> None: ...
    class TagsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    WAITING_SINCE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_FOR_FIELD_NUMBER: _ClassVar[int]
    ITEM_KIND_FIELD_NUMBER: _ClassVar[int]
    PARENT_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    kind: RequestKind
    item_id: str
    channel: str
    customer_id: str
    occurred_at: _timestamp_pb2.Timestamp
    labels: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    text: str
    tags: _containers.ScalarMap[str, str]
    expected_version: int
    waiting_since: _timestamp_pb2.Timestamp
    scheduled_for: _timestamp_pb2.Timestamp
    item_kind: _work_item_pb2.ItemKind
    parent_item_id: str
    role: str
    def __init__(self, event_id: _Optional[str] = ..., kind: _Optional[_Union[RequestKind, str]] = ..., item_id: _Optional[str] = ..., channel: _Optional[str] = ..., customer_id: _Optional[str] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., labels: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., text: _Optional[str] = ..., tags: _Optional[_Mapping[str, str]] = ..., expected_version: _Optional[int] = ..., waiting_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., scheduled_for: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., item_kind: _Optional[_Union[_work_item_pb2.ItemKind, str]] = ..., parent_item_id: _Optional[str] = ..., role: _Optional[str] = ...) -> None: ...

class SubmitResult(_message.Message):
    __slots__ = ("item_id", "number", "queue", "priority", "position", "estimated_wait_p50", "estimated_wait_p90", "promises", "next_update_after", "cursor", "replayed", "contacts", "surge")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_WAIT_P50_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_WAIT_P90_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    NEXT_UPDATE_AFTER_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    SURGE_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    queue: str
    priority: str
    position: int
    estimated_wait_p50: _duration_pb2.Duration
    estimated_wait_p90: _duration_pb2.Duration
    promises: _containers.RepeatedCompositeFieldContainer[_clock_pb2.Promise]
    next_update_after: _timestamp_pb2.Timestamp
    cursor: str
    replayed: bool
    contacts: int
    surge: _surge_pb2.SurgeNotice
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ..., queue: _Optional[str] = ..., priority: _Optional[str] = ..., position: _Optional[int] = ..., estimated_wait_p50: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., estimated_wait_p90: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., promises: _Optional[_Iterable[_Union[_clock_pb2.Promise, _Mapping]]] = ..., next_update_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cursor: _Optional[str] = ..., replayed: _Optional[bool] = ..., contacts: _Optional[int] = ..., surge: _Optional[_Union[_surge_pb2.SurgeNotice, _Mapping]] = ...) -> None: ...
