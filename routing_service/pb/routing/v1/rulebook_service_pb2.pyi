import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import clock_pb2 as _clock_pb2
from routing_service.pb.routing.v1 import failure_pb2 as _failure_pb2
from routing_service.pb.routing.v1 import options_pb2 as _options_pb2
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

class ChangeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANGE_KIND_UNSPECIFIED: _ClassVar[ChangeKind]
    CHANGE_KIND_ADDED: _ClassVar[ChangeKind]
    CHANGE_KIND_REMOVED: _ClassVar[ChangeKind]
    CHANGE_KIND_CHANGED: _ClassVar[ChangeKind]
    CHANGE_KIND_MOVED: _ClassVar[ChangeKind]
CHANGE_KIND_UNSPECIFIED: ChangeKind
CHANGE_KIND_ADDED: ChangeKind
CHANGE_KIND_REMOVED: ChangeKind
CHANGE_KIND_CHANGED: ChangeKind
CHANGE_KIND_MOVED: ChangeKind

class RulebookFinding(_message.Message):
    __slots__ = ("code", "message", "file", "line", "column", "hint")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    file: str
    line: int
    column: int
    hint: str
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ..., file: _Optional[str] = ..., line: _Optional[int] = ..., column: _Optional[int] = ..., hint: _Optional[str] = ...) -> None: ...

class RulebookFindings(_message.Message):
    __slots__ = ("findings",)
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[RulebookFinding]
    def __init__(self, findings: _Optional[_Iterable[_Union[RulebookFinding, _Mapping]]] = ...) -> None: ...

class RulebookServiceGetRequest(_message.Message):
    __slots__ = ("desk",)
    DESK_FIELD_NUMBER: _ClassVar[int]
    desk: str
    def __init__(self, desk: _Optional[str] = ...) -> None: ...

class RulebookServiceGetResponse(_message.Message):
    __slots__ = ("digest", "pack", "version", "files")
    class FilesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    PACK_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    digest: str
    pack: str
    version: str
    files: _containers.ScalarMap[str, str]
    def __init__(self, digest: _Optional[str] = ..., pack: _Optional[str] = ..., version: _Optional[str] = ..., files: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ActivateRequest(_message.Message):
    __slots__ = ("desk", "request_id", "files")
    class FilesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    files: _containers.ScalarMap[str, str]
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., files: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ActivateResponse(_message.Message):
    __slots__ = ("digest", "previous_digest", "pack", "version", "cursor")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_DIGEST_FIELD_NUMBER: _ClassVar[int]
    PACK_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    digest: str
    previous_digest: str
    pack: str
    version: str
    cursor: str
    def __init__(self, digest: _Optional[str] = ..., previous_digest: _Optional[str] = ..., pack: _Optional[str] = ..., version: _Optional[str] = ..., cursor: _Optional[str] = ...) -> None: ...

class SwitchStrategyRequest(_message.Message):
    __slots__ = ("desk", "request_id", "queue", "strategy")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    queue: str
    strategy: _strategy_pb2.Strategy
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., queue: _Optional[str] = ..., strategy: _Optional[_Union[_strategy_pb2.Strategy, str]] = ...) -> None: ...

class SwitchStrategyResponse(_message.Message):
    __slots__ = ("strategy", "cursor")
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    strategy: _strategy_pb2.Strategy
    cursor: str
    def __init__(self, strategy: _Optional[_Union[_strategy_pb2.Strategy, str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class SwitchSurgeRequest(_message.Message):
    __slots__ = ("desk", "request_id", "load", "level", "reason", "until", "release")
    DESK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    LOAD_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    desk: str
    request_id: str
    load: str
    level: str
    reason: str
    until: _timestamp_pb2.Timestamp
    release: bool
    def __init__(self, desk: _Optional[str] = ..., request_id: _Optional[str] = ..., load: _Optional[str] = ..., level: _Optional[str] = ..., reason: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., release: _Optional[bool] = ...) -> None: ...

class SwitchSurgeResponse(_message.Message):
    __slots__ = ("loads", "cursor")
    LOADS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    loads: _containers.RepeatedCompositeFieldContainer[_surge_pb2.Load]
    cursor: str
    def __init__(self, loads: _Optional[_Iterable[_Union[_surge_pb2.Load, _Mapping]]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListLoadsRequest(_message.Message):
    __slots__ = ("desk",)
    DESK_FIELD_NUMBER: _ClassVar[int]
    desk: str
    def __init__(self, desk: _Optional[str] = ...) -> None: ...

class ListLoadsResponse(_message.Message):
    __slots__ = ("loads",)
    LOADS_FIELD_NUMBER: _ClassVar[int]
    loads: _containers.RepeatedCompositeFieldContainer[_surge_pb2.Load]
    def __init__(self, loads: _Optional[_Iterable[_Union[_surge_pb2.Load, _Mapping]]] = ...) -> None: ...

class EvaluateRequest(_message.Message):
    __slots__ = ("desk", "channel", "labels", "text", "files", "surge_levels")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _work_item_pb2.LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ...) -> None: ...
    class FilesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class SurgeLevelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    DESK_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    SURGE_LEVELS_FIELD_NUMBER: _ClassVar[int]
    desk: str
    channel: str
    labels: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    text: str
    files: _containers.ScalarMap[str, str]
    surge_levels: _containers.ScalarMap[str, str]
    def __init__(self, desk: _Optional[str] = ..., channel: _Optional[str] = ..., labels: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., text: _Optional[str] = ..., files: _Optional[_Mapping[str, str]] = ..., surge_levels: _Optional[_Mapping[str, str]] = ...) -> None: ...

class EvaluateResponse(_message.Message):
    __slots__ = ("digest", "fired_rules", "labels", "priority", "queue", "requirements", "clocks", "signals", "surge", "green")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _work_item_pb2.LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ...) -> None: ...
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    FIRED_RULES_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    CLOCKS_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    SURGE_FIELD_NUMBER: _ClassVar[int]
    GREEN_FIELD_NUMBER: _ClassVar[int]
    digest: str
    fired_rules: _containers.RepeatedScalarFieldContainer[str]
    labels: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    priority: str
    queue: str
    requirements: _containers.RepeatedCompositeFieldContainer[_work_item_pb2.Requirement]
    clocks: _containers.RepeatedScalarFieldContainer[str]
    signals: _containers.RepeatedScalarFieldContainer[str]
    surge: _surge_pb2.SurgeNotice
    green: bool
    def __init__(self, digest: _Optional[str] = ..., fired_rules: _Optional[_Iterable[str]] = ..., labels: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., priority: _Optional[str] = ..., queue: _Optional[str] = ..., requirements: _Optional[_Iterable[_Union[_work_item_pb2.Requirement, _Mapping]]] = ..., clocks: _Optional[_Iterable[str]] = ..., signals: _Optional[_Iterable[str]] = ..., surge: _Optional[_Union[_surge_pb2.SurgeNotice, _Mapping]] = ..., green: _Optional[bool] = ...) -> None: ...

class PreviewRequest(_message.Message):
    __slots__ = ("desk", "files", "max_examples")
    class FilesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    DESK_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    MAX_EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    desk: str
    files: _containers.ScalarMap[str, str]
    max_examples: int
    def __init__(self, desk: _Optional[str] = ..., files: _Optional[_Mapping[str, str]] = ..., max_examples: _Optional[int] = ...) -> None: ...

class PreviewResponse(_message.Message):
    __slots__ = ("digest", "active_digest", "pack", "version", "warnings", "changes", "refusal", "open_items", "other_queue", "other_priority", "other_due", "broken_at_once", "examples")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_DIGEST_FIELD_NUMBER: _ClassVar[int]
    PACK_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    OPEN_ITEMS_FIELD_NUMBER: _ClassVar[int]
    OTHER_QUEUE_FIELD_NUMBER: _ClassVar[int]
    OTHER_PRIORITY_FIELD_NUMBER: _ClassVar[int]
    OTHER_DUE_FIELD_NUMBER: _ClassVar[int]
    BROKEN_AT_ONCE_FIELD_NUMBER: _ClassVar[int]
    EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    digest: str
    active_digest: str
    pack: str
    version: str
    warnings: _containers.RepeatedCompositeFieldContainer[RulebookFinding]
    changes: _containers.RepeatedCompositeFieldContainer[RulebookChange]
    refusal: _failure_pb2.Failure
    open_items: int
    other_queue: int
    other_priority: int
    other_due: int
    broken_at_once: int
    examples: _containers.RepeatedCompositeFieldContainer[ItemPreview]
    def __init__(self, digest: _Optional[str] = ..., active_digest: _Optional[str] = ..., pack: _Optional[str] = ..., version: _Optional[str] = ..., warnings: _Optional[_Iterable[_Union[RulebookFinding, _Mapping]]] = ..., changes: _Optional[_Iterable[_Union[RulebookChange, _Mapping]]] = ..., refusal: _Optional[_Union[_failure_pb2.Failure, _Mapping]] = ..., open_items: _Optional[int] = ..., other_queue: _Optional[int] = ..., other_priority: _Optional[int] = ..., other_due: _Optional[int] = ..., broken_at_once: _Optional[int] = ..., examples: _Optional[_Iterable[_Union[ItemPreview, _Mapping]]] = ...) -> None: ...

class RulebookChange(_message.Message):
    __slots__ = ("kind", "part", "name", "file", "line", "values")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    kind: ChangeKind
    part: str
    name: str
    file: str
    line: int
    values: _containers.RepeatedCompositeFieldContainer[ValueChange]
    def __init__(self, kind: _Optional[_Union[ChangeKind, str]] = ..., part: _Optional[str] = ..., name: _Optional[str] = ..., file: _Optional[str] = ..., line: _Optional[int] = ..., values: _Optional[_Iterable[_Union[ValueChange, _Mapping]]] = ...) -> None: ...

class ValueChange(_message.Message):
    __slots__ = ("key", "before", "after")
    KEY_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    key: str
    before: str
    after: str
    def __init__(self, key: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ...) -> None: ...

class ItemPreview(_message.Message):
    __slots__ = ("item_id", "number", "queue_before", "queue_after", "priority_before", "priority_after", "promises")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    QUEUE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    QUEUE_AFTER_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_BEFORE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_AFTER_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    number: str
    queue_before: str
    queue_after: str
    priority_before: str
    priority_after: str
    promises: _containers.RepeatedCompositeFieldContainer[PromiseChange]
    def __init__(self, item_id: _Optional[str] = ..., number: _Optional[str] = ..., queue_before: _Optional[str] = ..., queue_after: _Optional[str] = ..., priority_before: _Optional[str] = ..., priority_after: _Optional[str] = ..., promises: _Optional[_Iterable[_Union[PromiseChange, _Mapping]]] = ...) -> None: ...

class PromiseChange(_message.Message):
    __slots__ = ("clock", "state_before", "state_after", "due_before", "due_after")
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    STATE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    STATE_AFTER_FIELD_NUMBER: _ClassVar[int]
    DUE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    DUE_AFTER_FIELD_NUMBER: _ClassVar[int]
    clock: str
    state_before: _clock_pb2.ClockState
    state_after: _clock_pb2.ClockState
    due_before: _timestamp_pb2.Timestamp
    due_after: _timestamp_pb2.Timestamp
    def __init__(self, clock: _Optional[str] = ..., state_before: _Optional[_Union[_clock_pb2.ClockState, str]] = ..., state_after: _Optional[_Union[_clock_pb2.ClockState, str]] = ..., due_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., due_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
