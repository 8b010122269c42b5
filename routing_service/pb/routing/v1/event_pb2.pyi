import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import agent_pb2 as _agent_pb2
from routing_service.pb.routing.v1 import alert_pb2 as _alert_pb2
from routing_service.pb.routing.v1 import clock_pb2 as _clock_pb2
from routing_service.pb.routing.v1 import strategy_pb2 as _strategy_pb2
from routing_service.pb.routing.v1 import surge_pb2 as _surge_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ItemStep(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ITEM_STEP_UNSPECIFIED: _ClassVar[ItemStep]
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
    ITEM_STEP_EXPIRE: _ClassVar[ItemStep]
    ITEM_STEP_SCHEDULE: _ClassVar[ItemStep]
    ITEM_STEP_ACTIVATE: _ClassVar[ItemStep]
    ITEM_STEP_SUSPEND: _ClassVar[ItemStep]
    ITEM_STEP_MERGE: _ClassVar[ItemStep]
    ITEM_STEP_TRANSFER: _ClassVar[ItemStep]
    ITEM_STEP_HAND_OVER: _ClassVar[ItemStep]
    ITEM_STEP_RETAIN: _ClassVar[ItemStep]
    ITEM_STEP_LEAVE: _ClassVar[ItemStep]
    ITEM_STEP_RETURN: _ClassVar[ItemStep]

class AgentStep(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AGENT_STEP_UNSPECIFIED: _ClassVar[AgentStep]
    AGENT_STEP_PUT: _ClassVar[AgentStep]
    AGENT_STEP_PRESENCE: _ClassVar[AgentStep]
    AGENT_STEP_CONNECT: _ClassVar[AgentStep]
    AGENT_STEP_LOSE: _ClassVar[AgentStep]
    AGENT_STEP_REMOVE: _ClassVar[AgentStep]
    AGENT_STEP_HOLD_BACK: _ClassVar[AgentStep]
    AGENT_STEP_SHIFT_BEGIN: _ClassVar[AgentStep]
    AGENT_STEP_SHIFT_END: _ClassVar[AgentStep]
    AGENT_STEP_OUTSIDE_WORK: _ClassVar[AgentStep]
ITEM_STEP_UNSPECIFIED: ItemStep
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
ITEM_STEP_EXPIRE: ItemStep
ITEM_STEP_SCHEDULE: ItemStep
ITEM_STEP_ACTIVATE: ItemStep
ITEM_STEP_SUSPEND: ItemStep
ITEM_STEP_MERGE: ItemStep
ITEM_STEP_TRANSFER: ItemStep
ITEM_STEP_HAND_OVER: ItemStep
ITEM_STEP_RETAIN: ItemStep
ITEM_STEP_LEAVE: ItemStep
ITEM_STEP_RETURN: ItemStep
AGENT_STEP_UNSPECIFIED: AgentStep
AGENT_STEP_PUT: AgentStep
AGENT_STEP_PRESENCE: AgentStep
AGENT_STEP_CONNECT: AgentStep
AGENT_STEP_LOSE: AgentStep
AGENT_STEP_REMOVE: AgentStep
AGENT_STEP_HOLD_BACK: AgentStep
AGENT_STEP_SHIFT_BEGIN: AgentStep
AGENT_STEP_SHIFT_END: AgentStep
AGENT_STEP_OUTSIDE_WORK: AgentStep

class Event(_message.Message):
    __slots__ = ("id", "cursor", "occurred_at", "item_opened", "item_classified", "item_moved", "item_queued", "item_messaged", "milestone_reached", "clock_moved", "clock_corrected", "offer_made", "offer_moved", "assignment_made", "alert_raised", "agent_changed", "rulebook_activated", "item_archived", "item_labelled", "item_linked", "item_absorbed", "link_answered", "collaborators_set", "item_relaxed", "strategy_switched", "owner_removed", "surge_moved")
    ID_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    ITEM_OPENED_FIELD_NUMBER: _ClassVar[int]
    ITEM_CLASSIFIED_FIELD_NUMBER: _ClassVar[int]
    ITEM_MOVED_FIELD_NUMBER: _ClassVar[int]
    ITEM_QUEUED_FIELD_NUMBER: _ClassVar[int]
    ITEM_MESSAGED_FIELD_NUMBER: _ClassVar[int]
    MILESTONE_REACHED_FIELD_NUMBER: _ClassVar[int]
    CLOCK_MOVED_FIELD_NUMBER: _ClassVar[int]
    CLOCK_CORRECTED_FIELD_NUMBER: _ClassVar[int]
    OFFER_MADE_FIELD_NUMBER: _ClassVar[int]
    OFFER_MOVED_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_MADE_FIELD_NUMBER: _ClassVar[int]
    ALERT_RAISED_FIELD_NUMBER: _ClassVar[int]
    AGENT_CHANGED_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_ACTIVATED_FIELD_NUMBER: _ClassVar[int]
    ITEM_ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    ITEM_LABELLED_FIELD_NUMBER: _ClassVar[int]
    ITEM_LINKED_FIELD_NUMBER: _ClassVar[int]
    ITEM_ABSORBED_FIELD_NUMBER: _ClassVar[int]
    LINK_ANSWERED_FIELD_NUMBER: _ClassVar[int]
    COLLABORATORS_SET_FIELD_NUMBER: _ClassVar[int]
    ITEM_RELAXED_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_SWITCHED_FIELD_NUMBER: _ClassVar[int]
    OWNER_REMOVED_FIELD_NUMBER: _ClassVar[int]
    SURGE_MOVED_FIELD_NUMBER: _ClassVar[int]
    id: str
    cursor: str
    occurred_at: _timestamp_pb2.Timestamp
    item_opened: ItemOpened
    item_classified: ItemClassified
    item_moved: ItemMoved
    item_queued: ItemQueued
    item_messaged: ItemMessaged
    milestone_reached: MilestoneReached
    clock_moved: ClockMoved
    clock_corrected: ClockCorrected
    offer_made: OfferMade
    offer_moved: OfferMoved
    assignment_made: AssignmentMade
    alert_raised: AlertRaised
    agent_changed: AgentChanged
    rulebook_activated: RulebookActivated
    item_archived: ItemArchived
    item_labelled: ItemLabelled
    item_linked: ItemLinked
    item_absorbed: ItemAbsorbed
    link_answered: LinkAnswered
    collaborators_set: CollaboratorsSet
    item_relaxed: ItemRelaxed
    strategy_switched: StrategySwitched
    owner_removed: OwnerRemoved
    surge_moved: SurgeMoved
    def __init__(self, id: _Optional[str] = ..., cursor: _Optional[str] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., item_opened: _Optional[_Union[ItemOpened, _Mapping]] = ..., item_classified: _Optional[_Union[ItemClassified, _Mapping]] = ..., item_moved: _Optional[_Union[ItemMoved, _Mapping]] = ..., item_queued: _Optional[_Union[ItemQueued, _Mapping]] = ..., item_messaged: _Optional[_Union[ItemMessaged, _Mapping]] = ..., milestone_reached: _Optional[_Union[MilestoneReached, _Mapping]] = ..., clock_moved: _Optional[_Union[ClockMoved, _Mapping]] = ..., clock_corrected: _Optional[_Union[ClockCorrected, _Mapping]] = ..., offer_made: _Optional[_Union[OfferMade, _Mapping]] = ..., offer_moved: _Optional[_Union[OfferMoved, _Mapping]] = ..., assignment_made: _Optional[_Union[AssignmentMade, _Mapping]] = ..., alert_raised: _Optional[_Union[AlertRaised, _Mapping]] = ..., agent_changed: _Optional[_Union[AgentChanged, _Mapping]] = ..., rulebook_activated: _Optional[_Union[RulebookActivated, _Mapping]] = ..., item_archived: _Optional[_Union[ItemArchived, _Mapping]] = ..., item_labelled: _Optional[_Union[ItemLabelled, _Mapping]] = ..., item_linked: _Optional[_Union[ItemLinked, _Mapping]] = ..., item_absorbed: _Optional[_Union[ItemAbsorbed, _Mapping]] = ..., link_answered: _Optional[_Union[LinkAnswered, _Mapping]] = ..., collaborators_set: _Optional[_Union[CollaboratorsSet, _Mapping]] = ..., item_relaxed: _Optional[_Union[ItemRelaxed, _Mapping]] = ..., strategy_switched: _Optional[_Union[StrategySwitched, _Mapping]] = ..., owner_removed: _Optional[_Union[OwnerRemoved, _Mapping]] = ..., surge_moved: _Optional[_Union[SurgeMoved, _Mapping]] = ...) -> None: ...

class ItemOpened(_message.Message):
    __slots__ = ("item_id", "number", "channel", "opened_at", "labels", "kind", "parent_item_id", "role", "surge")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _work_item_pb2.LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ...) -> None: ...
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    OPENED_AT_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PARENT_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    SURGE_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    channel: str
    opened_at: _timestamp_pb2.Timestamp
    labels: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    kind: _work_item_pb2.ItemKind
    parent_item_id: str
    role: str
    surge: _surge_pb2.SurgeNotice
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ..., channel: _Optional[str] = ..., opened_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., labels: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., kind: _Optional[_Union[_work_item_pb2.ItemKind, str]] = ..., parent_item_id: _Optional[str] = ..., role: _Optional[str] = ..., surge: _Optional[_Union[_surge_pb2.SurgeNotice, _Mapping]] = ...) -> None: ...

class ItemClassified(_message.Message):
    __slots__ = ("item_id", "priority", "queue", "requirements", "fired_rules", "rulebook_digest", "labels", "failed")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _work_item_pb2.LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ...) -> None: ...
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    FIRED_RULES_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_DIGEST_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    priority: str
    queue: str
    requirements: _containers.RepeatedCompositeFieldContainer[_work_item_pb2.Requirement]
    fired_rules: _containers.RepeatedScalarFieldContainer[str]
    rulebook_digest: str
    labels: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    failed: bool
    def __init__(self, item_id: _Optional[str] = ..., priority: _Optional[str] = ..., queue: _Optional[str] = ..., requirements: _Optional[_Iterable[_Union[_work_item_pb2.Requirement, _Mapping]]] = ..., fired_rules: _Optional[_Iterable[str]] = ..., rulebook_digest: _Optional[str] = ..., labels: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., failed: _Optional[bool] = ...) -> None: ...

class ItemMoved(_message.Message):
    __slots__ = ("item_id", "step", "state", "reason", "owner")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    step: ItemStep
    state: _work_item_pb2.ItemState
    reason: str
    owner: str
    def __init__(self, item_id: _Optional[str] = ..., step: _Optional[_Union[ItemStep, str]] = ..., state: _Optional[_Union[_work_item_pb2.ItemState, str]] = ..., reason: _Optional[str] = ..., owner: _Optional[str] = ...) -> None: ...

class ItemQueued(_message.Message):
    __slots__ = ("item_id", "queue", "enqueued_at", "preferred_agent_id")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    ENQUEUED_AT_FIELD_NUMBER: _ClassVar[int]
    PREFERRED_AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    queue: str
    enqueued_at: _timestamp_pb2.Timestamp
    preferred_agent_id: str
    def __init__(self, item_id: _Optional[str] = ..., queue: _Optional[str] = ..., enqueued_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., preferred_agent_id: _Optional[str] = ...) -> None: ...

class ItemLinked(_message.Message):
    __slots__ = ("item_id", "parent_item_id", "role")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    PARENT_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    parent_item_id: str
    role: str
    def __init__(self, item_id: _Optional[str] = ..., parent_item_id: _Optional[str] = ..., role: _Optional[str] = ...) -> None: ...

class ItemAbsorbed(_message.Message):
    __slots__ = ("item_id", "merged_item_id")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    MERGED_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    merged_item_id: str
    def __init__(self, item_id: _Optional[str] = ..., merged_item_id: _Optional[str] = ...) -> None: ...

class LinkAnswered(_message.Message):
    __slots__ = ("item_id", "owner", "child_item_id", "kind", "state", "reason")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    CHILD_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    owner: str
    child_item_id: str
    kind: _work_item_pb2.ItemKind
    state: _work_item_pb2.ItemState
    reason: str
    def __init__(self, item_id: _Optional[str] = ..., owner: _Optional[str] = ..., child_item_id: _Optional[str] = ..., kind: _Optional[_Union[_work_item_pb2.ItemKind, str]] = ..., state: _Optional[_Union[_work_item_pb2.ItemState, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class CollaboratorsSet(_message.Message):
    __slots__ = ("item_id", "collaborators")
    class CollaboratorsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    COLLABORATORS_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    collaborators: _containers.ScalarMap[str, str]
    def __init__(self, item_id: _Optional[str] = ..., collaborators: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ItemLabelled(_message.Message):
    __slots__ = ("item_id", "labels")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _work_item_pb2.LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ...) -> None: ...
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    labels: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    def __init__(self, item_id: _Optional[str] = ..., labels: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ...) -> None: ...

class ItemMessaged(_message.Message):
    __slots__ = ("item_id", "repeat_contact")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    REPEAT_CONTACT_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    repeat_contact: bool
    def __init__(self, item_id: _Optional[str] = ..., repeat_contact: _Optional[bool] = ...) -> None: ...

class MilestoneReached(_message.Message):
    __slots__ = ("item_id", "milestone", "at", "implied")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    MILESTONE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    IMPLIED_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    milestone: _work_item_pb2.Milestone
    at: _timestamp_pb2.Timestamp
    implied: bool
    def __init__(self, item_id: _Optional[str] = ..., milestone: _Optional[_Union[_work_item_pb2.Milestone, str]] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., implied: _Optional[bool] = ...) -> None: ...

class ClockMoved(_message.Message):
    __slots__ = ("item_id", "clock", "step", "state", "at", "due", "elapsed", "warned_percent", "reason", "by_policy_change")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    DUE_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_FIELD_NUMBER: _ClassVar[int]
    WARNED_PERCENT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    BY_POLICY_CHANGE_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    clock: str
    step: _clock_pb2.ClockStep
    state: _clock_pb2.ClockState
    at: _timestamp_pb2.Timestamp
    due: _timestamp_pb2.Timestamp
    elapsed: _duration_pb2.Duration
    warned_percent: int
    reason: str
    by_policy_change: bool
    def __init__(self, item_id: _Optional[str] = ..., clock: _Optional[str] = ..., step: _Optional[_Union[_clock_pb2.ClockStep, str]] = ..., state: _Optional[_Union[_clock_pb2.ClockState, str]] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., elapsed: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., warned_percent: _Optional[int] = ..., reason: _Optional[str] = ..., by_policy_change: _Optional[bool] = ...) -> None: ...

class ClockCorrected(_message.Message):
    __slots__ = ("item_id", "clock", "at", "elapsed")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    clock: str
    at: _timestamp_pb2.Timestamp
    elapsed: _duration_pb2.Duration
    def __init__(self, item_id: _Optional[str] = ..., clock: _Optional[str] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., elapsed: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class OfferMade(_message.Message):
    __slots__ = ("offer",)
    OFFER_FIELD_NUMBER: _ClassVar[int]
    offer: _agent_pb2.Offer
    def __init__(self, offer: _Optional[_Union[_agent_pb2.Offer, _Mapping]] = ...) -> None: ...

class OfferMoved(_message.Message):
    __slots__ = ("offer_id", "item_id", "agent_id", "state", "reason")
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    offer_id: str
    item_id: str
    agent_id: str
    state: _agent_pb2.OfferState
    reason: str
    def __init__(self, offer_id: _Optional[str] = ..., item_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., state: _Optional[_Union[_agent_pb2.OfferState, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class AssignmentMade(_message.Message):
    __slots__ = ("item_id", "agent_id", "offer_id")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    OFFER_ID_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    agent_id: str
    offer_id: str
    def __init__(self, item_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., offer_id: _Optional[str] = ...) -> None: ...

class AlertRaised(_message.Message):
    __slots__ = ("alert",)
    ALERT_FIELD_NUMBER: _ClassVar[int]
    alert: _alert_pb2.Alert
    def __init__(self, alert: _Optional[_Union[_alert_pb2.Alert, _Mapping]] = ...) -> None: ...

class AgentChanged(_message.Message):
    __slots__ = ("agent_id", "step", "agent", "presence", "reason", "until", "units")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    step: AgentStep
    agent: _agent_pb2.Agent
    presence: _agent_pb2.Presence
    reason: str
    until: _timestamp_pb2.Timestamp
    units: int
    def __init__(self, agent_id: _Optional[str] = ..., step: _Optional[_Union[AgentStep, str]] = ..., agent: _Optional[_Union[_agent_pb2.Agent, _Mapping]] = ..., presence: _Optional[_Union[_agent_pb2.Presence, str]] = ..., reason: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., units: _Optional[int] = ...) -> None: ...

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
    __slots__ = ("item_id",)
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    def __init__(self, item_id: _Optional[str] = ...) -> None: ...

class ItemRelaxed(_message.Message):
    __slots__ = ("item_id", "step")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    step: int
    def __init__(self, item_id: _Optional[str] = ..., step: _Optional[int] = ...) -> None: ...

class OwnerRemoved(_message.Message):
    __slots__ = ("item_id", "agent_id")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    agent_id: str
    def __init__(self, item_id: _Optional[str] = ..., agent_id: _Optional[str] = ...) -> None: ...

class StrategySwitched(_message.Message):
    __slots__ = ("queue", "strategy")
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    queue: str
    strategy: _strategy_pb2.Strategy
    def __init__(self, queue: _Optional[str] = ..., strategy: _Optional[_Union[_strategy_pb2.Strategy, str]] = ...) -> None: ...

class SurgeMoved(_message.Message):
    __slots__ = ("load", "level_before", "cause", "by", "reason")
    LOAD_FIELD_NUMBER: _ClassVar[int]
    LEVEL_BEFORE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    load: _surge_pb2.Load
    level_before: str
    cause: _surge_pb2.SurgeCause
    by: str
    reason: str
    def __init__(self, load: _Optional[_Union[_surge_pb2.Load, _Mapping]] = ..., level_before: _Optional[str] = ..., cause: _Optional[_Union[_surge_pb2.SurgeCause, str]] = ..., by: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...
