import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import agent_pb2 as _agent_pb2
from routing_service.pb.routing.v1 import strategy_pb2 as _strategy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class KeptAs(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    KEPT_AS_UNSPECIFIED: _ClassVar[KeptAs]
    KEPT_AS_OWNER: _ClassVar[KeptAs]
    KEPT_AS_NAMED: _ClassVar[KeptAs]
    KEPT_AS_LAST_HANDLER: _ClassVar[KeptAs]
    KEPT_AS_LABEL: _ClassVar[KeptAs]
KEPT_AS_UNSPECIFIED: KeptAs
KEPT_AS_OWNER: KeptAs
KEPT_AS_NAMED: KeptAs
KEPT_AS_LAST_HANDLER: KeptAs
KEPT_AS_LABEL: KeptAs

class ScorePart(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: int
    def __init__(self, name: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...

class Candidate(_message.Message):
    __slots__ = ("agent_id", "score")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    score: _containers.RepeatedCompositeFieldContainer[ScorePart]
    def __init__(self, agent_id: _Optional[str] = ..., score: _Optional[_Iterable[_Union[ScorePart, _Mapping]]] = ...) -> None: ...

class MatchRecord(_message.Message):
    __slots__ = ("strategy", "relaxation_step", "in_queue", "qualified", "available", "free", "declined", "top", "tie_break", "kept_as", "ranked_by", "asked", "place", "elsewhere")
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    RELAXATION_STEP_FIELD_NUMBER: _ClassVar[int]
    IN_QUEUE_FIELD_NUMBER: _ClassVar[int]
    QUALIFIED_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    FREE_FIELD_NUMBER: _ClassVar[int]
    DECLINED_FIELD_NUMBER: _ClassVar[int]
    TOP_FIELD_NUMBER: _ClassVar[int]
    TIE_BREAK_FIELD_NUMBER: _ClassVar[int]
    KEPT_AS_FIELD_NUMBER: _ClassVar[int]
    RANKED_BY_FIELD_NUMBER: _ClassVar[int]
    ASKED_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    ELSEWHERE_FIELD_NUMBER: _ClassVar[int]
    strategy: _strategy_pb2.Strategy
    relaxation_step: int
    in_queue: int
    qualified: int
    available: int
    free: int
    declined: int
    top: _containers.RepeatedCompositeFieldContainer[Candidate]
    tie_break: str
    kept_as: KeptAs
    ranked_by: _strategy_pb2.Strategy
    asked: int
    place: int
    elsewhere: int
    def __init__(self, strategy: _Optional[_Union[_strategy_pb2.Strategy, str]] = ..., relaxation_step: _Optional[int] = ..., in_queue: _Optional[int] = ..., qualified: _Optional[int] = ..., available: _Optional[int] = ..., free: _Optional[int] = ..., declined: _Optional[int] = ..., top: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., tie_break: _Optional[str] = ..., kept_as: _Optional[_Union[KeptAs, str]] = ..., ranked_by: _Optional[_Union[_strategy_pb2.Strategy, str]] = ..., asked: _Optional[int] = ..., place: _Optional[int] = ..., elsewhere: _Optional[int] = ...) -> None: ...

class PlacedAct(_message.Message):
    __slots__ = ("queue", "enqueued_at", "boost", "preferred_agent_id", "preferred_until", "kept_as", "flowed_from", "reason")
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    ENQUEUED_AT_FIELD_NUMBER: _ClassVar[int]
    BOOST_FIELD_NUMBER: _ClassVar[int]
    PREFERRED_AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PREFERRED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    KEPT_AS_FIELD_NUMBER: _ClassVar[int]
    FLOWED_FROM_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    queue: str
    enqueued_at: _timestamp_pb2.Timestamp
    boost: _duration_pb2.Duration
    preferred_agent_id: str
    preferred_until: _timestamp_pb2.Timestamp
    kept_as: KeptAs
    flowed_from: str
    reason: str
    def __init__(self, queue: _Optional[str] = ..., enqueued_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., boost: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., preferred_agent_id: _Optional[str] = ..., preferred_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kept_as: _Optional[_Union[KeptAs, str]] = ..., flowed_from: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RelaxedAct(_message.Message):
    __slots__ = ("step",)
    STEP_FIELD_NUMBER: _ClassVar[int]
    step: int
    def __init__(self, step: _Optional[int] = ...) -> None: ...

class OfferedAct(_message.Message):
    __slots__ = ("offer_id", "agent_id", "queue", "expires_at", "why")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    agent_id: str
    queue: str
    expires_at: _timestamp_pb2.Timestamp
    why: MatchRecord
    def __init__(self, offer_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., queue: _Optional[str] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., why: _Optional[_Union[MatchRecord, _Mapping]] = ...) -> None: ...

class OfferEndedAct(_message.Message):
    __slots__ = ("offer_id", "agent_id", "state", "reason", "retry_at")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RETRY_AT_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    agent_id: str
    state: _agent_pb2.OfferState
    reason: str
    retry_at: _timestamp_pb2.Timestamp
    def __init__(self, offer_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., state: _Optional[_Union[_agent_pb2.OfferState, str]] = ..., reason: _Optional[str] = ..., retry_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RoutingAct(_message.Message):
    __slots__ = ("at", "actor", "rulebook_digest", "placed", "relaxed", "offered", "offer_ended")
    AT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    PLACED_FIELD_NUMBER: _ClassVar[int]
    RELAXED_FIELD_NUMBER: _ClassVar[int]
    OFFERED_FIELD_NUMBER: _ClassVar[int]
    OFFER_ENDED_FIELD_NUMBER: _ClassVar[int]
    at: _timestamp_pb2.Timestamp
    actor: str
    rulebook_digest: str
    placed: PlacedAct
    relaxed: RelaxedAct
    offered: OfferedAct
    offer_ended: OfferEndedAct
    def __init__(self, at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., rulebook_digest: _Optional[str] = ..., placed: _Optional[_Union[PlacedAct, _Mapping]] = ..., relaxed: _Optional[_Union[RelaxedAct, _Mapping]] = ..., offered: _Optional[_Union[OfferedAct, _Mapping]] = ..., offer_ended: _Optional[_Union[OfferEndedAct, _Mapping]] = ...) -> None: ...
