import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import options_pb2 as _options_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Presence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRESENCE_UNSPECIFIED: _ClassVar[Presence]
    PRESENCE_OFFLINE: _ClassVar[Presence]
    PRESENCE_AVAILABLE: _ClassVar[Presence]
    PRESENCE_BUSY: _ClassVar[Presence]
    PRESENCE_AWAY: _ClassVar[Presence]
    PRESENCE_DRAINING: _ClassVar[Presence]

class OfferState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OFFER_STATE_UNSPECIFIED: _ClassVar[OfferState]
    OFFER_STATE_PENDING: _ClassVar[OfferState]
    OFFER_STATE_ACCEPTED: _ClassVar[OfferState]
    OFFER_STATE_DECLINED: _ClassVar[OfferState]
    OFFER_STATE_EXPIRED: _ClassVar[OfferState]
    OFFER_STATE_WITHDRAWN: _ClassVar[OfferState]
    OFFER_STATE_VOIDED: _ClassVar[OfferState]
    OFFER_STATE_RESCINDED: _ClassVar[OfferState]
PRESENCE_UNSPECIFIED: Presence
PRESENCE_OFFLINE: Presence
PRESENCE_AVAILABLE: Presence
PRESENCE_BUSY: Presence
PRESENCE_AWAY: Presence
PRESENCE_DRAINING: Presence
OFFER_STATE_UNSPECIFIED: OfferState
OFFER_STATE_PENDING: OfferState
OFFER_STATE_ACCEPTED: OfferState
OFFER_STATE_DECLINED: OfferState
OFFER_STATE_EXPIRED: OfferState
OFFER_STATE_WITHDRAWN: OfferState
OFFER_STATE_VOIDED: OfferState
OFFER_STATE_RESCINDED: OfferState

class Agent(_message.Message):
    __slots__ = ("id", "display_name", "skills", "queues", "team", "capacity", "attributes", "calendar", "cap", "cap_window", "maximum", "terms")
    class SkillsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _work_item_pb2.LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ...) -> None: ...
    class MaximumEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class TermsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: QueueTerms
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[QueueTerms, _Mapping]] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    QUEUES_FIELD_NUMBER: _ClassVar[int]
    TEAM_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    CALENDAR_FIELD_NUMBER: _ClassVar[int]
    CAP_FIELD_NUMBER: _ClassVar[int]
    CAP_WINDOW_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    id: str
    display_name: str
    skills: _containers.ScalarMap[str, int]
    queues: _containers.RepeatedScalarFieldContainer[str]
    team: str
    capacity: int
    attributes: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    calendar: str
    cap: int
    cap_window: _duration_pb2.Duration
    maximum: _containers.ScalarMap[str, int]
    terms: _containers.MessageMap[str, QueueTerms]
    def __init__(self, id: _Optional[str] = ..., display_name: _Optional[str] = ..., skills: _Optional[_Mapping[str, int]] = ..., queues: _Optional[_Iterable[str]] = ..., team: _Optional[str] = ..., capacity: _Optional[int] = ..., attributes: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., calendar: _Optional[str] = ..., cap: _Optional[int] = ..., cap_window: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., maximum: _Optional[_Mapping[str, int]] = ..., terms: _Optional[_Mapping[str, QueueTerms]] = ...) -> None: ...

class QueueTerms(_message.Message):
    __slots__ = ("priority", "delay")
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    DELAY_FIELD_NUMBER: _ClassVar[int]
    priority: int
    delay: _duration_pb2.Duration
    def __init__(self, priority: _Optional[int] = ..., delay: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class HeldBack(_message.Message):
    __slots__ = ("reason", "until")
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    reason: str
    until: _timestamp_pb2.Timestamp
    def __init__(self, reason: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AgentStatus(_message.Message):
    __slots__ = ("agent_id", "presence", "reason", "connected", "capacity", "held", "outside", "held_back", "missed")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CONNECTED_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    OUTSIDE_FIELD_NUMBER: _ClassVar[int]
    HELD_BACK_FIELD_NUMBER: _ClassVar[int]
    MISSED_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    presence: Presence
    reason: str
    connected: bool
    capacity: int
    held: int
    outside: int
    held_back: _containers.RepeatedCompositeFieldContainer[HeldBack]
    missed: int
    def __init__(self, agent_id: _Optional[str] = ..., presence: _Optional[_Union[Presence, str]] = ..., reason: _Optional[str] = ..., connected: _Optional[bool] = ..., capacity: _Optional[int] = ..., held: _Optional[int] = ..., outside: _Optional[int] = ..., held_back: _Optional[_Iterable[_Union[HeldBack, _Mapping]]] = ..., missed: _Optional[int] = ...) -> None: ...

class Offer(_message.Message):
    __slots__ = ("id", "item_id", "agent_id", "queue", "version", "made_at", "expires_at", "state")
    ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MADE_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    item_id: str
    agent_id: str
    queue: str
    version: int
    made_at: _timestamp_pb2.Timestamp
    expires_at: _timestamp_pb2.Timestamp
    state: OfferState
    def __init__(self, id: _Optional[str] = ..., item_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., queue: _Optional[str] = ..., version: _Optional[int] = ..., made_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., state: _Optional[_Union[OfferState, str]] = ...) -> None: ...
