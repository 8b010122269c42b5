import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BlockKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BLOCK_KIND_UNSPECIFIED: _ClassVar[BlockKind]
    BLOCK_KIND_NOT_IN_QUEUE: _ClassVar[BlockKind]
    BLOCK_KIND_SKILL: _ClassVar[BlockKind]
    BLOCK_KIND_CEILING: _ClassVar[BlockKind]
    BLOCK_KIND_NO_LEVEL_FITS: _ClassVar[BlockKind]
    BLOCK_KIND_PRESENCE: _ClassVar[BlockKind]
    BLOCK_KIND_OFF_SHIFT: _ClassVar[BlockKind]
    BLOCK_KIND_COOL_DOWN: _ClassVar[BlockKind]
    BLOCK_KIND_CAP: _ClassVar[BlockKind]
    BLOCK_KIND_CAPACITY: _ClassVar[BlockKind]
    BLOCK_KIND_DECLINED: _ClassVar[BlockKind]
    BLOCK_KIND_RESERVED: _ClassVar[BlockKind]
    BLOCK_KIND_CHANNEL_MAXIMUM: _ClassVar[BlockKind]
    BLOCK_KIND_DELAY: _ClassVar[BlockKind]
    BLOCK_KIND_GREEN_CHANNEL: _ClassVar[BlockKind]

class LackKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LACK_KIND_UNSPECIFIED: _ClassVar[LackKind]
    LACK_KIND_NOBODY_IN_QUEUE: _ClassVar[LackKind]
    LACK_KIND_NO_LEVEL_FITS: _ClassVar[LackKind]
    LACK_KIND_SKILL_OF_NOBODY: _ClassVar[LackKind]
    LACK_KIND_SKILL_NOT_IN_QUEUE: _ClassVar[LackKind]
    LACK_KIND_NOT_TOGETHER: _ClassVar[LackKind]
    LACK_KIND_NOBODY_ON_SHIFT: _ClassVar[LackKind]
    LACK_KIND_NOBODY_AVAILABLE: _ClassVar[LackKind]
    LACK_KIND_RESERVED: _ClassVar[LackKind]
    LACK_KIND_NOBODY_FREE: _ClassVar[LackKind]
    LACK_KIND_ALL_DECLINED: _ClassVar[LackKind]
    LACK_KIND_ABOUT_TO_BE_OFFERED: _ClassVar[LackKind]
    LACK_KIND_DELAYED: _ClassVar[LackKind]
BLOCK_KIND_UNSPECIFIED: BlockKind
BLOCK_KIND_NOT_IN_QUEUE: BlockKind
BLOCK_KIND_SKILL: BlockKind
BLOCK_KIND_CEILING: BlockKind
BLOCK_KIND_NO_LEVEL_FITS: BlockKind
BLOCK_KIND_PRESENCE: BlockKind
BLOCK_KIND_OFF_SHIFT: BlockKind
BLOCK_KIND_COOL_DOWN: BlockKind
BLOCK_KIND_CAP: BlockKind
BLOCK_KIND_CAPACITY: BlockKind
BLOCK_KIND_DECLINED: BlockKind
BLOCK_KIND_RESERVED: BlockKind
BLOCK_KIND_CHANNEL_MAXIMUM: BlockKind
BLOCK_KIND_DELAY: BlockKind
BLOCK_KIND_GREEN_CHANNEL: BlockKind
LACK_KIND_UNSPECIFIED: LackKind
LACK_KIND_NOBODY_IN_QUEUE: LackKind
LACK_KIND_NO_LEVEL_FITS: LackKind
LACK_KIND_SKILL_OF_NOBODY: LackKind
LACK_KIND_SKILL_NOT_IN_QUEUE: LackKind
LACK_KIND_NOT_TOGETHER: LackKind
LACK_KIND_NOBODY_ON_SHIFT: LackKind
LACK_KIND_NOBODY_AVAILABLE: LackKind
LACK_KIND_RESERVED: LackKind
LACK_KIND_NOBODY_FREE: LackKind
LACK_KIND_ALL_DECLINED: LackKind
LACK_KIND_ABOUT_TO_BE_OFFERED: LackKind
LACK_KIND_DELAYED: LackKind

class Block(_message.Message):
    __slots__ = ("kind", "skill", "needed", "has", "until", "detail", "reason")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    NEEDED_FIELD_NUMBER: _ClassVar[int]
    HAS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    kind: BlockKind
    skill: str
    needed: int
    has: int
    until: _timestamp_pb2.Timestamp
    detail: str
    reason: str
    def __init__(self, kind: _Optional[_Union[BlockKind, str]] = ..., skill: _Optional[str] = ..., needed: _Optional[int] = ..., has: _Optional[int] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., detail: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class NearMiss(_message.Message):
    __slots__ = ("agent_id", "blocks")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    blocks: _containers.RepeatedCompositeFieldContainer[Block]
    def __init__(self, agent_id: _Optional[str] = ..., blocks: _Optional[_Iterable[_Union[Block, _Mapping]]] = ...) -> None: ...

class Lack(_message.Message):
    __slots__ = ("kind", "skill", "level", "agent_id", "until")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    kind: LackKind
    skill: str
    level: int
    agent_id: str
    until: _timestamp_pb2.Timestamp
    def __init__(self, kind: _Optional[_Union[LackKind, str]] = ..., skill: _Optional[str] = ..., level: _Optional[int] = ..., agent_id: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class WhyNot(_message.Message):
    __slots__ = ("queues", "requirements", "lack", "in_queue", "qualified", "available", "free", "nearest", "relaxes_at")
    QUEUES_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    LACK_FIELD_NUMBER: _ClassVar[int]
    IN_QUEUE_FIELD_NUMBER: _ClassVar[int]
    QUALIFIED_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    NEAREST_FIELD_NUMBER: _ClassVar[int]
    RELAXES_AT_FIELD_NUMBER: _ClassVar[int]
    queues: _containers.RepeatedScalarFieldContainer[str]
    requirements: _containers.RepeatedCompositeFieldContainer[_work_item_pb2.Requirement]
    lack: Lack
    in_queue: int
    qualified: int
    available: int
    free: int
    nearest: _containers.RepeatedCompositeFieldContainer[NearMiss]
    relaxes_at: _timestamp_pb2.Timestamp
    def __init__(self, queues: _Optional[_Iterable[str]] = ..., requirements: _Optional[_Iterable[_Union[_work_item_pb2.Requirement, _Mapping]]] = ..., lack: _Optional[_Union[Lack, _Mapping]] = ..., in_queue: _Optional[int] = ..., qualified: _Optional[int] = ..., available: _Optional[int] = ..., free: _Optional[int] = ..., nearest: _Optional[_Iterable[_Union[NearMiss, _Mapping]]] = ..., relaxes_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
