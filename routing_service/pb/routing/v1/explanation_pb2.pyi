import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from routing_service.pb.routing.v1 import work_item_pb2 as _work_item_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DecisionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DECISION_KIND_UNSPECIFIED: _ClassVar[DecisionKind]
    DECISION_KIND_INTAKE: _ClassVar[DecisionKind]
    DECISION_KIND_ESCALATION: _ClassVar[DecisionKind]

class HitPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HIT_POLICY_UNSPECIFIED: _ClassVar[HitPolicy]
    HIT_POLICY_FIRST: _ClassVar[HitPolicy]
    HIT_POLICY_ALL: _ClassVar[HitPolicy]

class RuleStanding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RULE_STANDING_UNSPECIFIED: _ClassVar[RuleStanding]
    RULE_STANDING_FIRED: _ClassVar[RuleStanding]
    RULE_STANDING_FALSE: _ClassVar[RuleStanding]
    RULE_STANDING_OUTRANKED: _ClassVar[RuleStanding]

class ClauseKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLAUSE_KIND_UNSPECIFIED: _ClassVar[ClauseKind]
    CLAUSE_KIND_TEST: _ClassVar[ClauseKind]
    CLAUSE_KIND_ALL: _ClassVar[ClauseKind]
    CLAUSE_KIND_ANY: _ClassVar[ClauseKind]
    CLAUSE_KIND_NOT: _ClassVar[ClauseKind]

class ClauseOp(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLAUSE_OP_UNSPECIFIED: _ClassVar[ClauseOp]
    CLAUSE_OP_EQ: _ClassVar[ClauseOp]
    CLAUSE_OP_GT: _ClassVar[ClauseOp]
    CLAUSE_OP_GTE: _ClassVar[ClauseOp]
    CLAUSE_OP_LT: _ClassVar[ClauseOp]
    CLAUSE_OP_LTE: _ClassVar[ClauseOp]
    CLAUSE_OP_EXISTS: _ClassVar[ClauseOp]
    CLAUSE_OP_CONTAINS_ANY: _ClassVar[ClauseOp]
DECISION_KIND_UNSPECIFIED: DecisionKind
DECISION_KIND_INTAKE: DecisionKind
DECISION_KIND_ESCALATION: DecisionKind
HIT_POLICY_UNSPECIFIED: HitPolicy
HIT_POLICY_FIRST: HitPolicy
HIT_POLICY_ALL: HitPolicy
RULE_STANDING_UNSPECIFIED: RuleStanding
RULE_STANDING_FIRED: RuleStanding
RULE_STANDING_FALSE: RuleStanding
RULE_STANDING_OUTRANKED: RuleStanding
CLAUSE_KIND_UNSPECIFIED: ClauseKind
CLAUSE_KIND_TEST: ClauseKind
CLAUSE_KIND_ALL: ClauseKind
CLAUSE_KIND_ANY: ClauseKind
CLAUSE_KIND_NOT: ClauseKind
CLAUSE_OP_UNSPECIFIED: ClauseOp
CLAUSE_OP_EQ: ClauseOp
CLAUSE_OP_GT: ClauseOp
CLAUSE_OP_GTE: ClauseOp
CLAUSE_OP_LT: ClauseOp
CLAUSE_OP_LTE: ClauseOp
CLAUSE_OP_EXISTS: ClauseOp
CLAUSE_OP_CONTAINS_ANY: ClauseOp

class Clause(_message.Message):
    __slots__ = ("kind", "holds", "fact", "op", "expected", "actual", "alternative", "parts")
    KIND_FIELD_NUMBER: _ClassVar[int]
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    FACT_FIELD_NUMBER: _ClassVar[int]
    OP_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    ACTUAL_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVE_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    kind: ClauseKind
    holds: bool
    fact: str
    op: ClauseOp
    expected: _containers.RepeatedCompositeFieldContainer[_work_item_pb2.LabelValue]
    actual: _work_item_pb2.LabelValue
    alternative: int
    parts: _containers.RepeatedCompositeFieldContainer[Clause]
    def __init__(self, kind: _Optional[_Union[ClauseKind, str]] = ..., holds: _Optional[bool] = ..., fact: _Optional[str] = ..., op: _Optional[_Union[ClauseOp, str]] = ..., expected: _Optional[_Iterable[_Union[_work_item_pb2.LabelValue, _Mapping]]] = ..., actual: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ..., alternative: _Optional[int] = ..., parts: _Optional[_Iterable[_Union[Clause, _Mapping]]] = ...) -> None: ...

class OrderedAlert(_message.Message):
    __slots__ = ("rule", "to", "severity")
    RULE_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    rule: str
    to: _containers.RepeatedScalarFieldContainer[str]
    severity: str
    def __init__(self, rule: _Optional[str] = ..., to: _Optional[_Iterable[str]] = ..., severity: _Optional[str] = ...) -> None: ...

class DecisionOutcome(_message.Message):
    __slots__ = ("labels", "priority", "queue", "queue_label", "requirements", "clocks", "alerts", "boost", "opens", "deflect", "offer", "tell")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _work_item_pb2.LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ...) -> None: ...
    LABELS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    QUEUE_LABEL_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    CLOCKS_FIELD_NUMBER: _ClassVar[int]
    ALERTS_FIELD_NUMBER: _ClassVar[int]
    BOOST_FIELD_NUMBER: _ClassVar[int]
    OPENS_FIELD_NUMBER: _ClassVar[int]
    DEFLECT_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    TELL_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    priority: str
    queue: str
    queue_label: str
    requirements: _containers.RepeatedCompositeFieldContainer[_work_item_pb2.Requirement]
    clocks: _containers.RepeatedScalarFieldContainer[str]
    alerts: _containers.RepeatedCompositeFieldContainer[OrderedAlert]
    boost: _duration_pb2.Duration
    opens: _containers.RepeatedCompositeFieldContainer[OrderedItem]
    deflect: str
    offer: str
    tell: str
    def __init__(self, labels: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., priority: _Optional[str] = ..., queue: _Optional[str] = ..., queue_label: _Optional[str] = ..., requirements: _Optional[_Iterable[_Union[_work_item_pb2.Requirement, _Mapping]]] = ..., clocks: _Optional[_Iterable[str]] = ..., alerts: _Optional[_Iterable[_Union[OrderedAlert, _Mapping]]] = ..., boost: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., opens: _Optional[_Iterable[_Union[OrderedItem, _Mapping]]] = ..., deflect: _Optional[str] = ..., offer: _Optional[str] = ..., tell: _Optional[str] = ...) -> None: ...

class OrderedItem(_message.Message):
    __slots__ = ("kind", "role")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    kind: _work_item_pb2.ItemKind
    role: str
    def __init__(self, kind: _Optional[_Union[_work_item_pb2.ItemKind, str]] = ..., role: _Optional[str] = ...) -> None: ...

class RuleExplanation(_message.Message):
    __slots__ = ("id", "standing", "why", "file", "line", "condition", "failed", "then")
    ID_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    THEN_FIELD_NUMBER: _ClassVar[int]
    id: str
    standing: RuleStanding
    why: str
    file: str
    line: int
    condition: Clause
    failed: Clause
    then: DecisionOutcome
    def __init__(self, id: _Optional[str] = ..., standing: _Optional[_Union[RuleStanding, str]] = ..., why: _Optional[str] = ..., file: _Optional[str] = ..., line: _Optional[int] = ..., condition: _Optional[_Union[Clause, _Mapping]] = ..., failed: _Optional[_Union[Clause, _Mapping]] = ..., then: _Optional[_Union[DecisionOutcome, _Mapping]] = ...) -> None: ...

class StageExplanation(_message.Message):
    __slots__ = ("stage", "hit", "fired", "outcome", "fallback", "passed_on", "rules", "left_out")
    class PassedOnEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _work_item_pb2.LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ...) -> None: ...
    STAGE_FIELD_NUMBER: _ClassVar[int]
    HIT_FIELD_NUMBER: _ClassVar[int]
    FIRED_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    FALLBACK_FIELD_NUMBER: _ClassVar[int]
    PASSED_ON_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    stage: str
    hit: HitPolicy
    fired: _containers.RepeatedScalarFieldContainer[str]
    outcome: DecisionOutcome
    fallback: bool
    passed_on: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    rules: _containers.RepeatedCompositeFieldContainer[RuleExplanation]
    left_out: int
    def __init__(self, stage: _Optional[str] = ..., hit: _Optional[_Union[HitPolicy, str]] = ..., fired: _Optional[_Iterable[str]] = ..., outcome: _Optional[_Union[DecisionOutcome, _Mapping]] = ..., fallback: _Optional[bool] = ..., passed_on: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., rules: _Optional[_Iterable[_Union[RuleExplanation, _Mapping]]] = ..., left_out: _Optional[int] = ...) -> None: ...

class Explanation(_message.Message):
    __slots__ = ("kind", "decided_at", "digest", "pack", "version", "language", "facts", "stages", "fired_rules", "outcome", "agrees", "failed")
    class FactsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _work_item_pb2.LabelValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_work_item_pb2.LabelValue, _Mapping]] = ...) -> None: ...
    KIND_FIELD_NUMBER: _ClassVar[int]
    DECIDED_AT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    PACK_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    STAGES_FIELD_NUMBER: _ClassVar[int]
    FIRED_RULES_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    AGREES_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    kind: DecisionKind
    decided_at: _timestamp_pb2.Timestamp
    digest: str
    pack: str
    version: str
    language: str
    facts: _containers.MessageMap[str, _work_item_pb2.LabelValue]
    stages: _containers.RepeatedCompositeFieldContainer[StageExplanation]
    fired_rules: _containers.RepeatedScalarFieldContainer[str]
    outcome: DecisionOutcome
    agrees: bool
    failed: bool
    def __init__(self, kind: _Optional[_Union[DecisionKind, str]] = ..., decided_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., digest: _Optional[str] = ..., pack: _Optional[str] = ..., version: _Optional[str] = ..., language: _Optional[str] = ..., facts: _Optional[_Mapping[str, _work_item_pb2.LabelValue]] = ..., stages: _Optional[_Iterable[_Union[StageExplanation, _Mapping]]] = ..., fired_rules: _Optional[_Iterable[str]] = ..., outcome: _Optional[_Union[DecisionOutcome, _Mapping]] = ..., agrees: _Optional[bool] = ..., failed: _Optional[bool] = ...) -> None: ...
