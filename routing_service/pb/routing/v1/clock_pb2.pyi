import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ClockState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLOCK_STATE_UNSPECIFIED: _ClassVar[ClockState]
    CLOCK_STATE_IDLE: _ClassVar[ClockState]
    CLOCK_STATE_RUNNING: _ClassVar[ClockState]
    CLOCK_STATE_PAUSED: _ClassVar[ClockState]
    CLOCK_STATE_MET: _ClassVar[ClockState]
    CLOCK_STATE_BREACHED: _ClassVar[ClockState]
    CLOCK_STATE_MET_LATE: _ClassVar[ClockState]
    CLOCK_STATE_CANCELLED: _ClassVar[ClockState]

class ClockStep(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLOCK_STEP_UNSPECIFIED: _ClassVar[ClockStep]
    CLOCK_STEP_START: _ClassVar[ClockStep]
    CLOCK_STEP_PAUSE: _ClassVar[ClockStep]
    CLOCK_STEP_RESUME: _ClassVar[ClockStep]
    CLOCK_STEP_WARN: _ClassVar[ClockStep]
    CLOCK_STEP_RETARGET: _ClassVar[ClockStep]
    CLOCK_STEP_MEET: _ClassVar[ClockStep]
    CLOCK_STEP_BREACH: _ClassVar[ClockStep]
    CLOCK_STEP_REOPEN: _ClassVar[ClockStep]
    CLOCK_STEP_CANCEL: _ClassVar[ClockStep]
CLOCK_STATE_UNSPECIFIED: ClockState
CLOCK_STATE_IDLE: ClockState
CLOCK_STATE_RUNNING: ClockState
CLOCK_STATE_PAUSED: ClockState
CLOCK_STATE_MET: ClockState
CLOCK_STATE_BREACHED: ClockState
CLOCK_STATE_MET_LATE: ClockState
CLOCK_STATE_CANCELLED: ClockState
CLOCK_STEP_UNSPECIFIED: ClockStep
CLOCK_STEP_START: ClockStep
CLOCK_STEP_PAUSE: ClockStep
CLOCK_STEP_RESUME: ClockStep
CLOCK_STEP_WARN: ClockStep
CLOCK_STEP_RETARGET: ClockStep
CLOCK_STEP_MEET: ClockStep
CLOCK_STEP_BREACH: ClockStep
CLOCK_STEP_REOPEN: ClockStep
CLOCK_STEP_CANCEL: ClockStep

class Promise(_message.Message):
    __slots__ = ("clock", "due")
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    DUE_FIELD_NUMBER: _ClassVar[int]
    clock: str
    due: _timestamp_pb2.Timestamp
    def __init__(self, clock: _Optional[str] = ..., due: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Clock(_message.Message):
    __slots__ = ("name", "state", "started_at", "due", "elapsed", "breached_at", "met_at", "warned_percent", "paused_since", "by_policy_change")
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    DUE_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_FIELD_NUMBER: _ClassVar[int]
    BREACHED_AT_FIELD_NUMBER: _ClassVar[int]
    MET_AT_FIELD_NUMBER: _ClassVar[int]
    WARNED_PERCENT_FIELD_NUMBER: _ClassVar[int]
    PAUSED_SINCE_FIELD_NUMBER: _ClassVar[int]
    BY_POLICY_CHANGE_FIELD_NUMBER: _ClassVar[int]
    name: str
    state: ClockState
    started_at: _timestamp_pb2.Timestamp
    due: _timestamp_pb2.Timestamp
    elapsed: _duration_pb2.Duration
    breached_at: _timestamp_pb2.Timestamp
    met_at: _timestamp_pb2.Timestamp
    warned_percent: int
    paused_since: _timestamp_pb2.Timestamp
    by_policy_change: bool
    def __init__(self, name: _Optional[str] = ..., state: _Optional[_Union[ClockState, str]] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., elapsed: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., breached_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., met_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., warned_percent: _Optional[int] = ..., paused_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., by_policy_change: _Optional[bool] = ...) -> None: ...
