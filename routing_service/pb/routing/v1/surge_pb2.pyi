import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SurgeCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SURGE_CAUSE_UNSPECIFIED: _ClassVar[SurgeCause]
    SURGE_CAUSE_LOAD: _ClassVar[SurgeCause]
    SURGE_CAUSE_HOLD_OVER: _ClassVar[SurgeCause]
    SURGE_CAUSE_SWITCHED: _ClassVar[SurgeCause]
    SURGE_CAUSE_RETURNED: _ClassVar[SurgeCause]
    SURGE_CAUSE_RELEASED: _ClassVar[SurgeCause]
    SURGE_CAUSE_RULEBOOK: _ClassVar[SurgeCause]
SURGE_CAUSE_UNSPECIFIED: SurgeCause
SURGE_CAUSE_LOAD: SurgeCause
SURGE_CAUSE_HOLD_OVER: SurgeCause
SURGE_CAUSE_SWITCHED: SurgeCause
SURGE_CAUSE_RETURNED: SurgeCause
SURGE_CAUSE_RELEASED: SurgeCause
SURGE_CAUSE_RULEBOOK: SurgeCause

class Load(_message.Message):
    __slots__ = ("name", "queue", "skill", "skill_level", "level", "level_by_load", "demand_units", "units", "switched_until", "switched_by", "reason")
    NAME_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    SKILL_LEVEL_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    LEVEL_BY_LOAD_FIELD_NUMBER: _ClassVar[int]
    DEMAND_UNITS_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    SWITCHED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    SWITCHED_BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    name: str
    queue: str
    skill: str
    skill_level: int
    level: str
    level_by_load: str
    demand_units: int
    units: int
    switched_until: _timestamp_pb2.Timestamp
    switched_by: str
    reason: str
    def __init__(self, name: _Optional[str] = ..., queue: _Optional[str] = ..., skill: _Optional[str] = ..., skill_level: _Optional[int] = ..., level: _Optional[str] = ..., level_by_load: _Optional[str] = ..., demand_units: _Optional[int] = ..., units: _Optional[int] = ..., switched_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., switched_by: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class SurgeNotice(_message.Message):
    __slots__ = ("load", "level", "deflected_to", "offer", "message")
    LOAD_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    DEFLECTED_TO_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    load: str
    level: str
    deflected_to: str
    offer: str
    message: str
    def __init__(self, load: _Optional[str] = ..., level: _Optional[str] = ..., deflected_to: _Optional[str] = ..., offer: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...
