import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import agent_pb2 as _agent_pb2
from routing_service.pb.routing.v1 import alert_pb2 as _alert_pb2
from routing_service.pb.routing.v1 import clock_pb2 as _clock_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ItemStep(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ITEM_STEP_UNSPECIFIED: _ClassVar[ItemStep]
    ITEM_STEP_OPEN: _ClassVar[ItemStep]
    ITEM_STEP_CLASSIFY: _ClassVar[ItemStep]
    ITEM_STEP_MESSAGE: _ClassVar[ItemStep]
    ITEM_STEP_OFFER: _ClassVar[ItemStep]
    ITEM_STEP_UNOFFER: _ClassVar[ItemStep]
    ITEM_STEP_ACCEPT: _ClassVar[ItemStep]
    ITEM_STEP_REQUEUE: _ClassVar[ItemStep]
    ITEM_STEP_PEND: _ClassVar[ItemStep]
    ITEM_STEP_RESUME: _ClassVar[ItemStep]
    ITEM_STEP_CONTINUE: _ClassVar[ItemStep]
    ITEM_STEP_RESOLVE: _ClassVar[ItemStep]
    ITEM_STEP_REOPEN: _ClassVar[ItemStep]
    ITEM_STEP_CLOSE: _ClassVar[ItemStep]
    ITEM_STEP_CANCEL: _ClassVar[ItemStep]
    ITEM_STEP_ABANDON: _ClassVar[ItemStep]
ITEM_STEP_UNSPECIFIED: ItemStep
ITEM_STEP_OPEN: ItemStep
ITEM_STEP_CLASSIFY: ItemStep
ITEM_STEP_MESSAGE: ItemStep
ITEM_STEP_OFFER: ItemStep
ITEM_STEP_UNOFFER: ItemStep
ITEM_STEP_ACCEPT: ItemStep
ITEM_STEP_REQUEUE: ItemStep
ITEM_STEP_PEND: ItemStep
ITEM_STEP_RESUME: ItemStep
ITEM_STEP_CONTINUE: ItemStep
ITEM_STEP_RESOLVE: ItemStep
ITEM_STEP_REOPEN: ItemStep
ITEM_STEP_CLOSE: ItemStep
ITEM_STEP_CANCEL: ItemStep
ITEM_STEP_ABANDON: ItemStep

class Event(_message.Message):
    __slots__ = ("id", "cursor", "occurred_at", "item_changed", "milestone_reached", "clock_changed", "offer_changed", "assignment_made", "alert_raised", "agent_changed", "rulebook_activated", "item_archived")
    ID_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    ITEM_CHANGED_FIELD_NUMBER: _ClassVar[int]
    MILESTONE_REACHED_FIELD_NUMBER: _ClassVar[int]
    CLOCK_CHANGED_FIELD_NUMBER: _ClassVar[int]
    OFFER_CHANGED_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_MADE_FIELD_NUMBER: _ClassVar[int]
    ALERT_RAISED_FIELD_NUMBER: _ClassVar[int]
    AGENT_CHANGED_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_ACTIVATED_FIELD_NUMBER: _ClassVar[int]
    ITEM_ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    id: str
    cursor: str
    occurred_at: _timestamp_pb2.Timestamp
    item_changed: ItemChanged
    milestone_reached: MilestoneReached
    clock_changed: ClockChanged
    offer_changed: OfferChanged
    assignment_made: AssignmentMade
    alert_raised: AlertRaised
    agent_changed: AgentChanged
    rulebook_activated: RulebookActivated
    item_archived: ItemArchived
    def __init__(self, id: _Optional[str] = ..., cursor: _Optional[str] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., item_changed: _Optional[_Union[ItemChanged, _Mapping]] = ..., milestone_reached: _Optional[_Union[MilestoneReached, _Mapping]] = ..., clock_changed: _Optional[_Union[ClockChanged, _Mapping]] = ..., offer_changed: _Optional[_Union[OfferChanged, _Mapping]] = ..., assignment_made: _Optional[_Union[AssignmentMade, _Mapping]] = ..., alert_raised: _Optional[_Union[AlertRaised, _Mapping]] = ..., agent_changed: _Optional[_Union[AgentChanged, _Mapping]] = ..., rulebook_activated: _Optional[_Union[RulebookActivated, _Mapping]] = ..., item_archived: _Optional[_Union[ItemArchived, _Mapping]] = ...) -> None: ...

class ItemChanged(_message.Message):
    __slots__ = ("item_id", "number", "step", "state", "reason", "item")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    step: ItemStep
    state: _work_item_pb2.ItemState
    reason: str
    item: _work_item_pb2.WorkItem
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ..., step: _Optional[_Union[ItemStep, str]] = ..., state: _Optional[_Union[_work_item_pb2.ItemState, str]] = ..., reason: _Optional[str] = ..., item: _Optional[_Union[_work_item_pb2.WorkItem, _Mapping]] = ...) -> None: ...

class MilestoneReached(_message.Message):
    __slots__ = ("item_id", "number", "milestone", "at", "implied")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    MILESTONE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    IMPLIED_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    milestone: _work_item_pb2.Milestone
    at: _timestamp_pb2.Timestamp
    implied: bool
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ..., milestone: _Optional[_Union[_work_item_pb2.Milestone, str]] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., implied: _Optional[bool] = ...) -> None: ...

class ClockChanged(_message.Message):
    __slots__ = ("item_id", "number", "clock", "step", "state", "at", "priority", "queue", "due", "elapsed", "warned_percent", "reason", "by_policy_change")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    DUE_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_FIELD_NUMBER: _ClassVar[int]
    WARNED_PERCENT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    BY_POLICY_CHANGE_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    clock: str
    step: _clock_pb2.ClockStep
    state: _clock_pb2.ClockState
    at: _timestamp_pb2.Timestamp
    priority: str
    queue: str
    due: _timestamp_pb2.Timestamp
    elapsed: _duration_pb2.Duration
    warned_percent: int
    reason: str
    by_policy_change: bool
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ..., clock: _Optional[str] = ..., step: _Optional[_Union[_clock_pb2.ClockStep, str]] = ..., state: _Optional[_Union[_clock_pb2.ClockState, str]] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., priority: _Optional[str] = ..., queue: _Optional[str] = ..., due: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., elapsed: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., warned_percent: _Optional[int] = ..., reason: _Optional[str] = ..., by_policy_change: _Optional[bool] = ...) -> None: ...

class OfferChanged(_message.Message):
    __slots__ = ("offer_id", "item_id", "number", "agent_id", "queue", "state", "reason", "version", "expires_at")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    item_id: str
    number: str
    agent_id: str
    queue: str
    state: _agent_pb2.OfferState
    reason: str
    version: int
    expires_at: _timestamp_pb2.Timestamp
    def __init__(self, offer_id: _Optional[str] = ..., item_id: _Optional[str] = ..., number: _Optional[str] = ..., agent_id: _Optional[str] = ..., queue: _Optional[str] = ..., state: _Optional[_Union[_agent_pb2.OfferState, str]] = ..., reason: _Optional[str] = ..., version: _Optional[int] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AssignmentMade(_message.Message):
    __slots__ = ("item_id", "number", "agent_id", "queue", "offer_id", "priority")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    agent_id: str
    queue: str
    offer_id: str
    priority: str
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ..., agent_id: _Optional[str] = ..., queue: _Optional[str] = ..., offer_id: _Optional[str] = ..., priority: _Optional[str] = ...) -> None: ...

class AlertRaised(_message.Message):
    __slots__ = ("alert",)
    ALERT_FIELD_NUMBER: _ClassVar[int]
    alert: _alert_pb2.Alert
    def __init__(self, alert: _Optional[_Union[_alert_pb2.Alert, _Mapping]] = ...) -> None: ...

class AgentChanged(_message.Message):
    __slots__ = ("status", "agent")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    status: _agent_pb2.AgentStatus
    agent: _agent_pb2.Agent
    def __init__(self, status: _Optional[_Union[_agent_pb2.AgentStatus, _Mapping]] = ..., agent: _Optional[_Union[_agent_pb2.Agent, _Mapping]] = ...) -> None: ...

class RulebookActivated(_message.Message):
    __slots__ = ("digest", "pack", "version")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    PACK_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    digest: str
    pack: str
    version: str
    def __init__(self, digest: _Optional[str] = ..., pack: _Optional[str] = ..., version: _Optional[str] = ...) -> None: ...

class ItemArchived(_message.Message):
    __slots__ = ("item_id", "number")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ...) -> None: ...
