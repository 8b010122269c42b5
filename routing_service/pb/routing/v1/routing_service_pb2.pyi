import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import explanation_pb2 as _explanation_pb2
from routing_service.pb.routing.v1 import failure_pb2 as _failure_pb2
from routing_service.pb.routing.v1 import request_event_pb2 as _request_event_pb2
from routing_service.pb.routing.v1 import routing_act_pb2 as _routing_act_pb2
from routing_service.pb.routing.v1 import why_not_pb2 as _why_not_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SubmitRequest(_message.Message):
    __slots__ = ("desk", "event")
    DESK_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    desk: str
    event: _request_event_pb2.RequestEvent
    def __init__(self, desk: _Optional[str] = ..., event: _Optional[_Union[_request_event_pb2.RequestEvent, _Mapping]] = ...) -> None: ...

class SubmitResponse(_message.Message):
    __slots__ = ("result",)
    RESULT_FIELD_NUMBER: _ClassVar[int]
    result: _request_event_pb2.SubmitResult
    def __init__(self, result: _Optional[_Union[_request_event_pb2.SubmitResult, _Mapping]] = ...) -> None: ...

class SubmitStreamRequest(_message.Message):
    __slots__ = ("desk", "events")
    DESK_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    events: _containers.RepeatedCompositeFieldContainer[_request_event_pb2.RequestEvent]
    def __init__(self, desk: _Optional[str] = ..., events: _Optional[_Iterable[_Union[_request_event_pb2.RequestEvent, _Mapping]]] = ...) -> None: ...

class SubmitStreamResponse(_message.Message):
    __slots__ = ("outcomes",)
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[SubmitOutcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[SubmitOutcome, _Mapping]]] = ...) -> None: ...

class SubmitOutcome(_message.Message):
    __slots__ = ("result", "failure")
    RESULT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    result: _request_event_pb2.SubmitResult
    failure: _failure_pb2.Failure
    def __init__(self, result: _Optional[_Union[_request_event_pb2.SubmitResult, _Mapping]] = ..., failure: _Optional[_Union[_failure_pb2.Failure, _Mapping]] = ...) -> None: ...

class ReportRequest(_message.Message):
    __slots__ = ("desk", "request_id", "item_id", "kind", "occurred_at", "reason", "expected_version", "until")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    item_id: str
    kind: _request_event_pb2.ReportKind
    occurred_at: _timestamp_pb2.Timestamp
    reason: str
    expected_version: int
    until: _timestamp_pb2.Timestamp
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., item_id: _Optional[str] = ..., kind: _Optional[_Union[_request_event_pb2.ReportKind, str]] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[str] = ..., expected_version: _Optional[int] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReportResponse(_message.Message):
    __slots__ = ("item", "cursor")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    item: _work_item_pb2.WorkItem
    cursor: str
    def __init__(self, item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class GetRequest(_message.Message):
    __slots__ = ("desk", "item_id")
    DESK_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    desk: str
    item_id: str
    def __init__(self, desk: _Optional[str] = ..., item_id: _Optional[str] = ...) -> None: ...

class GetResponse(_message.Message):
    __slots__ = ("item", "archived", "linked_item_ids")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    LINKED_ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    item: _work_item_pb2.WorkItem
    archived: bool
    linked_item_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ..., archived: _Optional[bool] = ..., linked_item_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ListRequest(_message.Message):
    __slots__ = ("desk", "queue", "states", "page_size", "page_token")
    DESK_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    desk: str
    queue: str
    states: _containers.RepeatedScalarFieldContainer[_work_item_pb2.ItemState]
    page_size: int
    page_token: str
    def __init__(self, desk: _Optional[str] = ..., queue: _Optional[str] = ..., states: _Optional[_Iterable[_Union[_work_item_pb2.ItemState, str]]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListResponse(_message.Message):
    __slots__ = ("items", "next_page_token")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_work_item_pb2.WorkItem]
    next_page_token: str
    def __init__(self, items: _Optional[_Iterable[_Union[_work_item_pb2.WorkItem, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CancelRequest(_message.Message):
    __slots__ = ("desk", "request_id", "item_id", "reason", "expected_version")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    item_id: str
    reason: str
    expected_version: int
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., item_id: _Optional[str] = ..., reason: _Optional[str] = ..., expected_version: _Optional[int] = ...) -> None: ...

class CancelResponse(_message.Message):
    __slots__ = ("item", "cursor")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    item: _work_item_pb2.WorkItem
    cursor: str
    def __init__(self, item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class TransferRequest(_message.Message):
    __slots__ = ("desk", "request_id", "item_id", "queue", "agent_id", "warm", "wait", "drop_requirements", "reason", "expected_version", "by_agent_id")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    WARM_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    DROP_REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    BY_AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    item_id: str
    queue: str
    agent_id: str
    warm: bool
    wait: _duration_pb2.Duration
    drop_requirements: bool
    reason: str
    expected_version: int
    by_agent_id: str
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., item_id: _Optional[str] = ..., queue: _Optional[str] = ..., agent_id: _Optional[str] = ..., warm: _Optional[bool] = ..., wait: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., drop_requirements: _Optional[bool] = ..., reason: _Optional[str] = ..., expected_version: _Optional[int] = ..., by_agent_id: _Optional[str] = ...) -> None: ...

class TransferResponse(_message.Message):
    __slots__ = ("item", "cursor")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    item: _work_item_pb2.WorkItem
    cursor: str
    def __init__(self, item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class EstimateWaitRequest(_message.Message):
    __slots__ = ("desk", "item_id", "queue", "priority", "channel", "requirements")
    DESK_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    item_id: str
    queue: str
    priority: str
    channel: str
    requirements: _containers.RepeatedCompositeFieldContainer[_work_item_pb2.Requirement]
    def __init__(self, desk: _Optional[str] = ..., item_id: _Optional[str] = ..., queue: _Optional[str] = ..., priority: _Optional[str] = ..., channel: _Optional[str] = ..., requirements: _Optional[_Iterable[_Union[_work_item_pb2.Requirement, _Mapping]]] = ...) -> None: ...

class EstimateWaitResponse(_message.Message):
    __slots__ = ("position", "estimated_wait_p50", "estimated_wait_p90", "next_update_after", "basis")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_WAIT_P50_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_WAIT_P90_FIELD_NUMBER: _ClassVar[int]
    NEXT_UPDATE_AFTER_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    position: int
    estimated_wait_p50: _duration_pb2.Duration
    estimated_wait_p90: _duration_pb2.Duration
    next_update_after: _timestamp_pb2.Timestamp
    basis: EstimateBasis
    def __init__(self, position: _Optional[int] = ..., estimated_wait_p50: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., estimated_wait_p90: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., next_update_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., basis: _Optional[_Union[EstimateBasis, _Mapping]] = ...) -> None: ...

class EstimateBasis(_message.Message):
    __slots__ = ("items_ahead", "free_agents", "slots", "handling", "observations")
    ITEMS_AHEAD_FIELD_NUMBER: _ClassVar[int]
    FREE_AGENTS_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    HANDLING_FIELD_NUMBER: _ClassVar[int]
    OBSERVATIONS_FIELD_NUMBER: _ClassVar[int]
    items_ahead: float
    free_agents: int
    slots: int
    handling: _duration_pb2.Duration
    observations: int
    def __init__(self, items_ahead: _Optional[float] = ..., free_agents: _Optional[int] = ..., slots: _Optional[int] = ..., handling: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., observations: _Optional[int] = ...) -> None: ...

class MergeRequest(_message.Message):
    __slots__ = ("desk", "request_id", "item_id", "into_item_id", "reason", "expected_version")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    INTO_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    item_id: str
    into_item_id: str
    reason: str
    expected_version: int
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., item_id: _Optional[str] = ..., into_item_id: _Optional[str] = ..., reason: _Optional[str] = ..., expected_version: _Optional[int] = ...) -> None: ...

class MergeResponse(_message.Message):
    __slots__ = ("item", "cursor")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    item: _work_item_pb2.WorkItem
    cursor: str
    def __init__(self, item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class LinkRequest(_message.Message):
    __slots__ = ("desk", "request_id", "item_id", "parent_item_id", "role", "expected_version")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    PARENT_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    item_id: str
    parent_item_id: str
    role: str
    expected_version: int
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., item_id: _Optional[str] = ..., parent_item_id: _Optional[str] = ..., role: _Optional[str] = ..., expected_version: _Optional[int] = ...) -> None: ...

class LinkResponse(_message.Message):
    __slots__ = ("item", "cursor")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    item: _work_item_pb2.WorkItem
    cursor: str
    def __init__(self, item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class SetCollaboratorsRequest(_message.Message):
    __slots__ = ("desk", "request_id", "item_id", "collaborators", "expected_version")
    class CollaboratorsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    COLLABORATORS_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    item_id: str
    collaborators: _containers.ScalarMap[str, str]
    expected_version: int
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., item_id: _Optional[str] = ..., collaborators: _Optional[_Mapping[str, str]] = ..., expected_version: _Optional[int] = ...) -> None: ...

class SetCollaboratorsResponse(_message.Message):
    __slots__ = ("item", "cursor")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    item: _work_item_pb2.WorkItem
    cursor: str
    def __init__(self, item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ("desk", "item", "at")
    DESK_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    desk: str
    item: str
    at: _timestamp_pb2.Timestamp
    def __init__(self, desk: _Optional[str] = ..., item: _Optional[str] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ("item_id", "number", "archived", "decisions", "time_zone")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    archived: bool
    decisions: _containers.RepeatedCompositeFieldContainer[_explanation_pb2.Explanation]
    time_zone: str
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ..., archived: _Optional[bool] = ..., decisions: _Optional[_Iterable[_Union[_explanation_pb2.Explanation, _Mapping]]] = ..., time_zone: _Optional[str] = ...) -> None: ...

class WhyNotRequest(_message.Message):
    __slots__ = ("desk", "item")
    DESK_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    desk: str
    item: str
    def __init__(self, desk: _Optional[str] = ..., item: _Optional[str] = ...) -> None: ...

class WhyNotResponse(_message.Message):
    __slots__ = ("item_id", "number", "why_not", "as_of", "time_zone", "language")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    WHY_NOT_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    why_not: _why_not_pb2.WhyNot
    as_of: _timestamp_pb2.Timestamp
    time_zone: str
    language: str
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ..., why_not: _Optional[_Union[_why_not_pb2.WhyNot, _Mapping]] = ..., as_of: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., time_zone: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class ListRoutingActsRequest(_message.Message):
    __slots__ = ("desk", "item", "page_size", "page_token", "at")
    DESK_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    desk: str
    item: str
    page_size: int
    page_token: str
    at: _timestamp_pb2.Timestamp
    def __init__(self, desk: _Optional[str] = ..., item: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListRoutingActsResponse(_message.Message):
    __slots__ = ("item_id", "number", "archived", "acts", "next_page_token", "time_zone", "language")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    ACTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    archived: bool
    acts: _containers.RepeatedCompositeFieldContainer[_routing_act_pb2.RoutingAct]
    next_page_token: str
    time_zone: str
    language: str
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ..., archived: _Optional[bool] = ..., acts: _Optional[_Iterable[_Union[_routing_act_pb2.RoutingAct, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., time_zone: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...
