import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import clock_pb2 as _clock_pb2
from routing_service.pb.routing.v1 import options_pb2 as _options_pb2
from routing_service.pb.routing.v1 import surge_pb2 as _surge_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ItemState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ITEM_STATE_UNSPECIFIED: _ClassVar[ItemState]
    ITEM_STATE_QUEUED: _ClassVar[ItemState]
    ITEM_STATE_OFFERED: _ClassVar[ItemState]
    ITEM_STATE_ASSIGNED: _ClassVar[ItemState]
    ITEM_STATE_PENDING: _ClassVar[ItemState]
    ITEM_STATE_RESOLVED: _ClassVar[ItemState]
    ITEM_STATE_CLOSED: _ClassVar[ItemState]
    ITEM_STATE_CANCELLED: _ClassVar[ItemState]
    ITEM_STATE_ABANDONED: _ClassVar[ItemState]
    ITEM_STATE_EXPIRED: _ClassVar[ItemState]
    ITEM_STATE_SCHEDULED: _ClassVar[ItemState]
    ITEM_STATE_SUSPENDED: _ClassVar[ItemState]
    ITEM_STATE_MERGED: _ClassVar[ItemState]
    ITEM_STATE_LEFT: _ClassVar[ItemState]

class ItemKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ITEM_KIND_UNSPECIFIED: _ClassVar[ItemKind]
    ITEM_KIND_REQUEST: _ClassVar[ItemKind]
    ITEM_KIND_COLLABORATION: _ClassVar[ItemKind]
    ITEM_KIND_CONSULT: _ClassVar[ItemKind]
    ITEM_KIND_CALLBACK: _ClassVar[ItemKind]
    ITEM_KIND_SURVEY: _ClassVar[ItemKind]
    ITEM_KIND_APPROVAL: _ClassVar[ItemKind]
    ITEM_KIND_INCIDENT: _ClassVar[ItemKind]

class Milestone(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MILESTONE_UNSPECIFIED: _ClassVar[Milestone]
    MILESTONE_OPENED: _ClassVar[Milestone]
    MILESTONE_ASSIGNED: _ClassVar[Milestone]
    MILESTONE_ACKNOWLEDGED: _ClassVar[Milestone]
    MILESTONE_RESPONDED: _ClassVar[Milestone]
    MILESTONE_ENGAGED: _ClassVar[Milestone]
    MILESTONE_SOLUTION_OFFERED: _ClassVar[Milestone]
    MILESTONE_CUSTOMER_UPDATED: _ClassVar[Milestone]
    MILESTONE_RESOLVED: _ClassVar[Milestone]
    MILESTONE_CONFIRMED: _ClassVar[Milestone]
ITEM_STATE_UNSPECIFIED: ItemState
ITEM_STATE_QUEUED: ItemState
ITEM_STATE_OFFERED: ItemState
ITEM_STATE_ASSIGNED: ItemState
ITEM_STATE_PENDING: ItemState
ITEM_STATE_RESOLVED: ItemState
ITEM_STATE_CLOSED: ItemState
ITEM_STATE_CANCELLED: ItemState
ITEM_STATE_ABANDONED: ItemState
ITEM_STATE_EXPIRED: ItemState
ITEM_STATE_SCHEDULED: ItemState
ITEM_STATE_SUSPENDED: ItemState
ITEM_STATE_MERGED: ItemState
ITEM_STATE_LEFT: ItemState
ITEM_KIND_UNSPECIFIED: ItemKind
ITEM_KIND_REQUEST: ItemKind
ITEM_KIND_COLLABORATION: ItemKind
ITEM_KIND_CONSULT: ItemKind
ITEM_KIND_CALLBACK: ItemKind
ITEM_KIND_SURVEY: ItemKind
ITEM_KIND_APPROVAL: ItemKind
ITEM_KIND_INCIDENT: ItemKind
MILESTONE_UNSPECIFIED: Milestone
MILESTONE_OPENED: Milestone
MILESTONE_ASSIGNED: Milestone
MILESTONE_ACKNOWLEDGED: Milestone
MILESTONE_RESPONDED: Milestone
MILESTONE_ENGAGED: Milestone
MILESTONE_SOLUTION_OFFERED: Milestone
MILESTONE_CUSTOMER_UPDATED: Milestone
MILESTONE_RESOLVED: Milestone
MILESTONE_CONFIRMED: Milestone

class LabelValue(_message.Message):
    __slots__ = ("text", "integer", "boolean", "list")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    INTEGER_FIELD_NUMBER: _ClassVar[int]
    BOOLEAN_FIELD_NUMBER: _ClassVar[int]
    LIST_FIELD_NUMBER: _ClassVar[int]
    text: str
    integer: int
    boolean: bool
    list: StringList
    def __init__(self, text: _Optional[str] = ..., integer: _Optional[int] = ..., boolean: _Optional[bool] = ..., list: _Optional[_Union[StringList, _Mapping]] = ...) -> None: ...

class StringList(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, values: _Optional[_Iterable[str]] = ...) -> None: ...

class Requirement(_message.Message):
    __slots__ = ("skill", "level")
    SKILL_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    skill: str
    level: int
    def __init__(self, skill: _Optional[str] = ..., level: _Optional[int] = ...) -> None: ...

class MilestoneTime(_message.Message):
    __slots__ = ("milestone", "at")
    MILESTONE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    milestone: Milestone
    at: _timestamp_pb2.Timestamp
    def __init__(self, milestone: _Optional[_Union[Milestone, str]] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class WorkItem(_message.Message):
    __slots__ = ("id", "number", "channel", "customer_id", "priority", "queue", "state", "reason", "version", "opened_at", "received_at", "enqueued_at", "owner", "offer_ids", "requirements", "milestones", "clocks", "reopens", "labels", "fired_rules", "rulebook_digest", "classification_failed", "ended_at", "contacts", "wake_at", "kind", "parent_item_id", "role", "merged_into", "collaborators", "handover_until", "transferred_from", "surge", "green")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[LabelValue, _Mapping]] = ...) -> None: ...
    class CollaboratorsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    OPENED_AT_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_AT_FIELD_NUMBER: _ClassVar[int]
    ENQUEUED_AT_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    OFFER_IDS_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    MILESTONES_FIELD_NUMBER: _ClassVar[int]
    CLOCKS_FIELD_NUMBER: _ClassVar[int]
    REOPENS_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    FIRED_RULES_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    CLASSIFICATION_FAILED_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    WAKE_AT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PARENT_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_FIELD_NUMBER: _ClassVar[int]
    COLLABORATORS_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_UNTIL_FIELD_NUMBER: _ClassVar[int]
    TRANSFERRED_FROM_FIELD_NUMBER: _ClassVar[int]
    SURGE_FIELD_NUMBER: _ClassVar[int]
    GREEN_FIELD_NUMBER: _ClassVar[int]
    id: str
    number: str
    channel: str
    customer_id: str
    priority: str
    queue: str
    state: ItemState
    reason: str
    version: int
    opened_at: _timestamp_pb2.Timestamp
    received_at: _timestamp_pb2.Timestamp
    enqueued_at: _timestamp_pb2.Timestamp
    owner: str
    offer_ids: _containers.RepeatedScalarFieldContainer[str]
    requirements: _containers.RepeatedCompositeFieldContainer[Requirement]
    milestones: _containers.RepeatedCompositeFieldContainer[MilestoneTime]
    clocks: _containers.RepeatedCompositeFieldContainer[_clock_pb2.Clock]
    reopens: int
    labels: _containers.MessageMap[str, LabelValue]
    fired_rules: _containers.RepeatedScalarFieldContainer[str]
    rulebook_digest: str
    classification_failed: bool
    ended_at: _timestamp_pb2.Timestamp
    contacts: int
    wake_at: _timestamp_pb2.Timestamp
    kind: ItemKind
    parent_item_id: str
    role: str
    merged_into: str
    collaborators: _containers.ScalarMap[str, str]
    handover_until: _timestamp_pb2.Timestamp
    transferred_from: str
    surge: _surge_pb2.SurgeNotice
    green: bool
    def __init__(self, id: _Optional[str] = ..., number: _Optional[str] = ..., channel: _Optional[str] = ..., customer_id: _Optional[str] = ..., priority: _Optional[str] = ..., queue: _Optional[str] = ..., state: _Optional[_Union[ItemState, str]] = ..., reason: _Optional[str] = ..., version: _Optional[int] = ..., opened_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., received_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., enqueued_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., owner: _Optional[str] = ..., offer_ids: _Optional[_Iterable[str]] = ..., requirements: _Optional[_Iterable[_Union[Requirement, _Mapping]]] = ..., milestones: _Optional[_Iterable[_Union[MilestoneTime, _Mapping]]] = ..., clocks: _Optional[_Iterable[_Union[_clock_pb2.Clock, _Mapping]]] = ..., reopens: _Optional[int] = ..., labels: _Optional[_Mapping[str, LabelValue]] = ..., fired_rules: _Optional[_Iterable[str]] = ..., rulebook_digest: _Optional[str] = ..., classification_failed: _Optional[bool] = ..., ended_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., contacts: _Optional[int] = ..., wake_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[_Union[ItemKind, str]] = ..., parent_item_id: _Optional[str] = ..., role: _Optional[str] = ..., merged_into: _Optional[str] = ..., collaborators: _Optional[_Mapping[str, str]] = ..., handover_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., transferred_from: _Optional[str] = ..., surge: _Optional[_Union[_surge_pb2.SurgeNotice, _Mapping]] = ..., green: _Optional[bool] = ...) -> None: ...
