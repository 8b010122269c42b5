from routing_service.pb.routing.v1 import options_pb2 as _options_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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

class EvaluateRequest(_message.Message):
    __slots__ = ("desk", "channel", "labels", "text", "files")
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
    DESK_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    desk: str
    channel: str
    labels: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    text: str
    files: _containers.ScalarMap[str, str]
    def __init__(self, desk: _Optional[str] = ..., channel: _Optional[str] = ..., labels: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., text: _Optional[str] = ..., files: _Optional[_Mapping[str, str]] = ...) -> None: ...

class EvaluateResponse(_message.Message):
    __slots__ = ("digest", "fired_rules", "labels", "priority", "queue", "requirements", "clocks", "signals")
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
    digest: str
    fired_rules: _containers.RepeatedScalarFieldContainer[str]
    labels: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    priority: str
    queue: str
    requirements: _containers.RepeatedCompositeFieldContainer[_work_item_pb2.Requirement]
    clocks: _containers.RepeatedScalarFieldContainer[str]
    signals: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, digest: _Optional[str] = ..., fired_rules: _Optional[_Iterable[str]] = ..., labels: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., priority: _Optional[str] = ..., queue: _Optional[str] = ..., requirements: _Optional[_Iterable[_Union[_work_item_pb2.Requirement, _Mapping]]] = ..., clocks: _Optional[_Iterable[str]] = ..., signals: _Optional[_Iterable[str]] = ...) -> None: ...
