import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TriggerKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRIGGER_KIND_UNSPECIFIED: _ClassVar[TriggerKind]
    TRIGGER_KIND_WARNED: _ClassVar[TriggerKind]
    TRIGGER_KIND_BREACHED: _ClassVar[TriggerKind]
    TRIGGER_KIND_DECLINED: _ClassVar[TriggerKind]
    TRIGGER_KIND_REOPENED: _ClassVar[TriggerKind]
    TRIGGER_KIND_UNANSWERED: _ClassVar[TriggerKind]
    TRIGGER_KIND_CLOSED: _ClassVar[TriggerKind]
    TRIGGER_KIND_ANSWERED: _ClassVar[TriggerKind]
TRIGGER_KIND_UNSPECIFIED: TriggerKind
TRIGGER_KIND_WARNED: TriggerKind
TRIGGER_KIND_BREACHED: TriggerKind
TRIGGER_KIND_DECLINED: TriggerKind
TRIGGER_KIND_REOPENED: TriggerKind
TRIGGER_KIND_UNANSWERED: TriggerKind
TRIGGER_KIND_CLOSED: TriggerKind
TRIGGER_KIND_ANSWERED: TriggerKind

class Trigger(_message.Message):
    __slots__ = ("kind", "clock", "percent", "count", "due")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    DUE_FIELD_NUMBER: _ClassVar[int]
    kind: TriggerKind
    clock: str
    percent: int
    count: int
    due: _timestamp_pb2.Timestamp
    def __init__(self, kind: _Optional[_Union[TriggerKind, str]] = ..., clock: _Optional[str] = ..., percent: _Optional[int] = ..., count: _Optional[int] = ..., due: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Alert(_message.Message):
    __slots__ = ("id", "item_id", "number", "rule", "trigger", "severity", "to", "raised_at", "queue", "priority")
    ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    RAISED_AT_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    id: str
    item_id: str
    number: str
    rule: str
    trigger: Trigger
    severity: str
    to: _containers.RepeatedScalarFieldContainer[str]
    raised_at: _timestamp_pb2.Timestamp
    queue: str
    priority: str
    def __init__(self, id: _Optional[str] = ..., item_id: _Optional[str] = ..., number: _Optional[str] = ..., rule: _Optional[str] = ..., trigger: _Optional[_Union[Trigger, _Mapping]] = ..., severity: _Optional[str] = ..., to: _Optional[_Iterable[str]] = ..., raised_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., queue: _Optional[str] = ..., priority: _Optional[str] = ...) -> None: ...
