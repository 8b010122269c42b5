from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Strategy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STRATEGY_UNSPECIFIED: _ClassVar[Strategy]
    STRATEGY_LONGEST_IDLE: _ClassVar[Strategy]
    STRATEGY_LEAST_LOADED: _ClassVar[Strategy]
    STRATEGY_ROUND_ROBIN: _ClassVar[Strategy]
    STRATEGY_BEST_SKILL: _ClassVar[Strategy]
    STRATEGY_FIXED_ORDER: _ClassVar[Strategy]
    STRATEGY_WEIGHTED_RANDOM: _ClassVar[Strategy]
    STRATEGY_WEIGHTED_SCORE: _ClassVar[Strategy]
    STRATEGY_SKILL_FIRST: _ClassVar[Strategy]
    STRATEGY_IDLE_FIRST: _ClassVar[Strategy]
    STRATEGY_TERRITORY: _ClassVar[Strategy]
    STRATEGY_BALANCED: _ClassVar[Strategy]
    STRATEGY_BROADCAST: _ClassVar[Strategy]
    STRATEGY_PROGRESSIVE_BROADCAST: _ClassVar[Strategy]
STRATEGY_UNSPECIFIED: Strategy
STRATEGY_LONGEST_IDLE: Strategy
STRATEGY_LEAST_LOADED: Strategy
STRATEGY_ROUND_ROBIN: Strategy
STRATEGY_BEST_SKILL: Strategy
STRATEGY_FIXED_ORDER: Strategy
STRATEGY_WEIGHTED_RANDOM: Strategy
STRATEGY_WEIGHTED_SCORE: Strategy
STRATEGY_SKILL_FIRST: Strategy
STRATEGY_IDLE_FIRST: Strategy
STRATEGY_TERRITORY: Strategy
STRATEGY_BALANCED: Strategy
STRATEGY_BROADCAST: Strategy
STRATEGY_PROGRESSIVE_BROADCAST: Strategy
