import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import agent_pb2 as _agent_pb2
from routing_service.pb.routing.v1 import failure_pb2 as _failure_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WrapUpAct(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WRAP_UP_ACT_UNSPECIFIED: _ClassVar[WrapUpAct]
    WRAP_UP_ACT_END: _ClassVar[WrapUpAct]
    WRAP_UP_ACT_RENEW: _ClassVar[WrapUpAct]
WRAP_UP_ACT_UNSPECIFIED: WrapUpAct
WRAP_UP_ACT_END: WrapUpAct
WRAP_UP_ACT_RENEW: WrapUpAct

class WorkRequest(_message.Message):
    __slots__ = ("desk", "request_id", "hello", "accept", "decline", "complete", "set_presence", "heartbeat", "wrap_up", "outside_work")
    class Hello(_message.Message):
        __slots__ = ("agent_id", "presence")
        AGENT_ID_FIELD_NUMBER: _ClassVar[int]
        PRESENCE_FIELD_NUMBER: _ClassVar[int]
        agent_id: str
        presence: _agent_pb2.Presence
        def __init__(self, agent_id: _Optional[str] = ..., presence: _Optional[_Union[_agent_pb2.Presence, str]] = ...) -> None: ...
    class Accept(_message.Message):
        __slots__ = ("offer_id", "version")
        OFFER_ID_FIELD_NUMBER: _ClassVar[int]
        VERSION_FIELD_NUMBER: _ClassVar[int]
        offer_id: str
        version: int
        def __init__(self, offer_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...
    class Decline(_message.Message):
        __slots__ = ("offer_id", "version", "reason", "retry_at")
        OFFER_ID_FIELD_NUMBER: _ClassVar[int]
        VERSION_FIELD_NUMBER: _ClassVar[int]
        REASON_FIELD_NUMBER: _ClassVar[int]
        RETRY_AT_FIELD_NUMBER: _ClassVar[int]
        offer_id: str
        version: int
        reason: str
        retry_at: _timestamp_pb2.Timestamp
        def __init__(self, offer_id: _Optional[str] = ..., version: _Optional[int] = ..., reason: _Optional[str] = ..., retry_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
    class Complete(_message.Message):
        __slots__ = ("item_id",)
        ITEM_ID_FIELD_NUMBER: _ClassVar[int]
        item_id: str
        def __init__(self, item_id: _Optional[str] = ...) -> None: ...
    class SetPresence(_message.Message):
        __slots__ = ("presence", "reason")
        PRESENCE_FIELD_NUMBER: _ClassVar[int]
        REASON_FIELD_NUMBER: _ClassVar[int]
        presence: _agent_pb2.Presence
        reason: str
        def __init__(self, presence: _Optional[_Union[_agent_pb2.Presence, str]] = ..., reason: _Optional[str] = ...) -> None: ...
    class WrapUp(_message.Message):
        __slots__ = ("item_id", "act")
        ITEM_ID_FIELD_NUMBER: _ClassVar[int]
        ACT_FIELD_NUMBER: _ClassVar[int]
        item_id: str
        act: WrapUpAct
        def __init__(self, item_id: _Optional[str] = ..., act: _Optional[_Union[WrapUpAct, str]] = ...) -> None: ...
    class OutsideWork(_message.Message):
        __slots__ = ("units",)
        UNITS_FIELD_NUMBER: _ClassVar[int]
        units: int
        def __init__(self, units: _Optional[int] = ...) -> None: ...
    class Heartbeat(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    HELLO_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_FIELD_NUMBER: _ClassVar[int]
    DECLINE_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    SET_PRESENCE_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_FIELD_NUMBER: _ClassVar[int]
    OUTSIDE_WORK_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    hello: WorkRequest.Hello
    accept: WorkRequest.Accept
    decline: WorkRequest.Decline
    complete: WorkRequest.Complete
    set_presence: WorkRequest.SetPresence
    heartbeat: WorkRequest.Heartbeat
    wrap_up: WorkRequest.WrapUp
    outside_work: WorkRequest.OutsideWork
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., hello: _Optional[_Union[WorkRequest.Hello, _Mapping]] = ..., accept: _Optional[_Union[WorkRequest.Accept, _Mapping]] = ..., decline: _Optional[_Union[WorkRequest.Decline, _Mapping]] = ..., complete: _Optional[_Union[WorkRequest.Complete, _Mapping]] = ..., set_presence: _Optional[_Union[WorkRequest.SetPresence, _Mapping]] = ..., heartbeat: _Optional[_Union[WorkRequest.Heartbeat, _Mapping]] = ..., wrap_up: _Optional[_Union[WorkRequest.WrapUp, _Mapping]] = ..., outside_work: _Optional[_Union[WorkRequest.OutsideWork, _Mapping]] = ...) -> None: ...

class WorkResponse(_message.Message):
    __slots__ = ("leased", "offer_made", "offer_ended", "answer_result")
    class Leased(_message.Message):
        __slots__ = ("epoch", "lease_duration", "held_item_ids", "wrapping_up_item_ids")
        EPOCH_FIELD_NUMBER: _ClassVar[int]
        LEASE_DURATION_FIELD_NUMBER: _ClassVar[int]
        HELD_ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
        WRAPPING_UP_ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
        epoch: int
        lease_duration: _duration_pb2.Duration
        held_item_ids: _containers.RepeatedScalarFieldContainer[str]
        wrapping_up_item_ids: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, epoch: _Optional[int] = ..., lease_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., held_item_ids: _Optional[_Iterable[str]] = ..., wrapping_up_item_ids: _Optional[_Iterable[str]] = ...) -> None: ...
    class OfferMade(_message.Message):
        __slots__ = ("offer", "item")
        OFFER_FIELD_NUMBER: _ClassVar[int]
        ITEM_FIELD_NUMBER: _ClassVar[int]
        offer: _agent_pb2.Offer
        item: _work_item_pb2.WorkItem
        def __init__(self, offer: _Optional[_Union[_agent_pb2.Offer, _Mapping]] = ..., item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ...) -> None: ...
    class OfferEnded(_message.Message):
        __slots__ = ("offer_id", "state", "reason")
        OFFER_ID_FIELD_NUMBER: _ClassVar[int]
        STATE_FIELD_NUMBER: _ClassVar[int]
        REASON_FIELD_NUMBER: _ClassVar[int]
        offer_id: str
        state: _agent_pb2.OfferState
        reason: str
        def __init__(self, offer_id: _Optional[str] = ..., state: _Optional[_Union[_agent_pb2.OfferState, str]] = ..., reason: _Optional[str] = ...) -> None: ...
    class AnswerResult(_message.Message):
        __slots__ = ("request_id", "done", "failure")
        REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
        DONE_FIELD_NUMBER: _ClassVar[int]
        FAILURE_FIELD_NUMBER: _ClassVar[int]
        request_id: str
        done: WorkResponse.Done
        failure: _failure_pb2.Failure
        def __init__(self, request_id: _Optional[str] = ..., done: _Optional[_Union[WorkResponse.Done, _Mapping]] = ..., failure: _Optional[_Union[_failure_pb2.Failure, _Mapping]] = ...) -> None: ...
    class Done(_message.Message):
        __slots__ = ("item", "wrap_up_until", "cursor", "wrap_up_ready_at")
        ITEM_FIELD_NUMBER: _ClassVar[int]
        WRAP_UP_UNTIL_FIELD_NUMBER: _ClassVar[int]
        CURSOR_FIELD_NUMBER: _ClassVar[int]
        WRAP_UP_READY_AT_FIELD_NUMBER: _ClassVar[int]
        item: _work_item_pb2.WorkItem
        wrap_up_until: _timestamp_pb2.Timestamp
        cursor: str
        wrap_up_ready_at: _timestamp_pb2.Timestamp
        def __init__(self, item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ..., wrap_up_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., cursor: _Optional[str] = ..., wrap_up_ready_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
    LEASED_FIELD_NUMBER: _ClassVar[int]
    OFFER_MADE_FIELD_NUMBER: _ClassVar[int]
    OFFER_ENDED_FIELD_NUMBER: _ClassVar[int]
    ANSWER_RESULT_FIELD_NUMBER: _ClassVar[int]
    leased: WorkResponse.Leased
    offer_made: WorkResponse.OfferMade
    offer_ended: WorkResponse.OfferEnded
    answer_result: WorkResponse.AnswerResult
    def __init__(self, leased: _Optional[_Union[WorkResponse.Leased, _Mapping]] = ..., offer_made: _Optional[_Union[WorkResponse.OfferMade, _Mapping]] = ..., offer_ended: _Optional[_Union[WorkResponse.OfferEnded, _Mapping]] = ..., answer_result: _Optional[_Union[WorkResponse.AnswerResult, _Mapping]] = ...) -> None: ...
