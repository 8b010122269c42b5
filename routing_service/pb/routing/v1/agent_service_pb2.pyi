import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import agent_pb2 as _agent_pb2
from routing_service.pb.routing.v1 import work_pb2 as _work_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PutAgentsRequest(_message.Message):
    __slots__ = ("desk", "request_id", "agents")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENTS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    agents: _containers.RepeatedCompositeFieldContainer[_agent_pb2.Agent]
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., agents: _Optional[_Iterable[_Union[_agent_pb2.Agent, _Mapping]]] = ...) -> None: ...

class PutAgentsResponse(_message.Message):
    __slots__ = ("cursor",)
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    def __init__(self, cursor: _Optional[str] = ...) -> None: ...

class RemoveAgentsRequest(_message.Message):
    __slots__ = ("desk", "request_id", "agent_ids", "reason")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_IDS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    agent_ids: _containers.RepeatedScalarFieldContainer[str]
    reason: str
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., agent_ids: _Optional[_Iterable[str]] = ..., reason: _Optional[str] = ...) -> None: ...

class RemoveAgentsResponse(_message.Message):
    __slots__ = ("cursor",)
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    def __init__(self, cursor: _Optional[str] = ...) -> None: ...

class SetPresenceRequest(_message.Message):
    __slots__ = ("desk", "request_id", "agent_id", "presence", "reason")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    agent_id: str
    presence: _agent_pb2.Presence
    reason: str
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., presence: _Optional[_Union[_agent_pb2.Presence, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetPresenceResponse(_message.Message):
    __slots__ = ("status", "cursor")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    status: _agent_pb2.AgentStatus
    cursor: str
    def __init__(self, status: _Optional[_Union[_agent_pb2.AgentStatus, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class AcceptRequest(_message.Message):
    __slots__ = ("desk", "request_id", "offer_id", "agent_id", "version")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    offer_id: str
    agent_id: str
    version: int
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class AcceptResponse(_message.Message):
    __slots__ = ("item", "cursor")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    item: _work_item_pb2.WorkItem
    cursor: str
    def __init__(self, item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class WrapUpRequest(_message.Message):
    __slots__ = ("desk", "request_id", "item_id", "agent_id", "act")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    ACT_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    item_id: str
    agent_id: str
    act: _work_pb2.WrapUpAct
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., item_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., act: _Optional[_Union[_work_pb2.WrapUpAct, str]] = ...) -> None: ...

class WrapUpResponse(_message.Message):
    __slots__ = ("wrap_up_until", "cursor", "wrap_up_ready_at")
    WRAP_UP_UNTIL_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_READY_AT_FIELD_NUMBER: _ClassVar[int]
    wrap_up_until: _timestamp_pb2.Timestamp
    cursor: str
    wrap_up_ready_at: _timestamp_pb2.Timestamp
    def __init__(self, wrap_up_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cursor: _Optional[str] = ..., wrap_up_ready_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SetOutsideWorkRequest(_message.Message):
    __slots__ = ("desk", "request_id", "agent_id", "units")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    agent_id: str
    units: int
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., units: _Optional[int] = ...) -> None: ...

class SetOutsideWorkResponse(_message.Message):
    __slots__ = ("status", "cursor")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    status: _agent_pb2.AgentStatus
    cursor: str
    def __init__(self, status: _Optional[_Union[_agent_pb2.AgentStatus, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class DeclineRequest(_message.Message):
    __slots__ = ("desk", "request_id", "offer_id", "agent_id", "version", "reason", "retry_at")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RETRY_AT_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    offer_id: str
    agent_id: str
    version: int
    reason: str
    retry_at: _timestamp_pb2.Timestamp
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., offer_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., version: _Optional[int] = ..., reason: _Optional[str] = ..., retry_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class DeclineResponse(_message.Message):
    __slots__ = ("cursor",)
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    def __init__(self, cursor: _Optional[str] = ...) -> None: ...

class CompleteRequest(_message.Message):
    __slots__ = ("desk", "request_id", "item_id", "agent_id", "expected_version")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    item_id: str
    agent_id: str
    expected_version: int
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., item_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., expected_version: _Optional[int] = ...) -> None: ...

class CompleteResponse(_message.Message):
    __slots__ = ("wrap_up_until", "cursor", "wrap_up_ready_at")
    WRAP_UP_UNTIL_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_READY_AT_FIELD_NUMBER: _ClassVar[int]
    wrap_up_until: _timestamp_pb2.Timestamp
    cursor: str
    wrap_up_ready_at: _timestamp_pb2.Timestamp
    def __init__(self, wrap_up_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cursor: _Optional[str] = ..., wrap_up_ready_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
