"""Instants, spans and enums between the wire and core: small total functions, no messages of ours.

Every enum of the wire is checked against core at import, so that neither can grow alone.
"""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar, cast

from google.protobuf.duration_pb2 import Duration
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.timestamp_pb2 import Timestamp

from routing_service.core.journal import commands
from routing_service.core.plans import plan
from routing_service.core.records import kinds, lifecycle, model
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1 import (
    agent_pb2,
    alert_pb2,
    clock_pb2,
    event_pb2,
    request_event_pb2,
    routing_act_pb2,
    strategy_pb2,
    work_item_pb2,
    work_pb2,
)

MICRO = 1_000_000
FIRST_SECOND = -62_135_596_800
"""Start of the year 1, the first instant a Timestamp may name."""
LAST_SECOND = 253_402_300_799
"""End of the year 9999, the last instant a Timestamp may name."""
LONGEST_SECONDS = 315_576_000_000
"""The longest Duration by its own definition, about 10,000 years."""

E = TypeVar("E", bound=Enum)
W = TypeVar("W", bound=int)


def pairs(core: type[E], enum: type[W], prefix: str) -> Mapping[E, W]:
    """Core value to wire number; fails at import when a name is missing on either side."""
    wrapper = cast("EnumTypeWrapper", enum)  # what the generated class is at run time
    pairs = {value: cast("W", wrapper.Value(f"{prefix}_{value.name}")) for value in core}
    if len(pairs) != len(wrapper.keys()) - 1:
        raise LookupError(prefix)
    return pairs


def inverse(pairs: Mapping[E, W]) -> Mapping[int, E]:
    """Wire number to core value."""
    return {number: value for value, number in pairs.items()}


ITEM_STATE = pairs(lifecycle.ItemState, work_item_pb2.ItemState, "ITEM_STATE")
ITEM_STEP = pairs(lifecycle.ItemStep, event_pb2.ItemStep, "ITEM_STEP")
MILESTONE = pairs(model.Milestone, work_item_pb2.Milestone, "MILESTONE")
ITEM_KIND = pairs(kinds.ItemKind, work_item_pb2.ItemKind, "ITEM_KIND")
CLOCK_STATE = pairs(lifecycle.ClockState, clock_pb2.ClockState, "CLOCK_STATE")
CLOCK_STEP = pairs(lifecycle.ClockStep, clock_pb2.ClockStep, "CLOCK_STEP")
OFFER_STATE = pairs(lifecycle.OfferState, agent_pb2.OfferState, "OFFER_STATE")
PRESENCE = pairs(lifecycle.Presence, agent_pb2.Presence, "PRESENCE")
STRATEGY = pairs(plan.Strategy, strategy_pb2.Strategy, "STRATEGY")
STRATEGY_OF = inverse(STRATEGY)
KEPT_AS = pairs(kinds.Kept, routing_act_pb2.KeptAs, "KEPT_AS")
TRIGGER_KIND = pairs(model.TriggerKind, alert_pb2.TriggerKind, "TRIGGER_KIND")

ENDED = lifecycle.ENDED_ITEM_STATES
MILESTONE_NAMED = {value.value: number for value, number in MILESTONE.items()}
ITEM_STATE_OF = inverse(ITEM_STATE)
ITEM_KIND_OF = inverse(ITEM_KIND)
PRESENCE_OF = inverse(PRESENCE)
WRAP_UP_ACT_OF = inverse(pairs(commands.WrapUpAct, work_pb2.WrapUpAct, "WRAP_UP_ACT"))
REQUEST_KIND_OF = inverse(
    pairs(commands.RequestKind, request_event_pb2.RequestKind, "REQUEST_KIND")
)
REPORT_KIND_OF = inverse(pairs(commands.ReportKind, request_event_pb2.ReportKind, "REPORT_KIND"))


def stamp(instant: int) -> Timestamp:
    """Microseconds since the epoch as Timestamp."""
    seconds, micros = divmod(instant, MICRO)
    return Timestamp(seconds=seconds, nanos=micros * 1000)


def stamp_if(instant: int | None) -> Timestamp | None:
    """The same; None and 0 stand for an absent field."""
    return stamp(instant) if instant else None


def span(micros: int) -> Duration:
    """Microseconds as Duration."""
    seconds, rest = divmod(abs(micros), MICRO)
    sign = -1 if micros < 0 else 1
    return Duration(seconds=sign * seconds, nanos=sign * rest * 1000)


def instant_of(stamped: Timestamp, field: str) -> int:
    """Microseconds since the epoch, never 0 (which means absent); Invalid when no such instant is.

    Finer parts than a microsecond are cut.
    """
    if not (FIRST_SECOND <= stamped.seconds <= LAST_SECOND and 0 <= stamped.nanos < 10**9):
        raise Invalid("FIELD_OUT_OF_RANGE", f"{field} is no valid instant.", field=field)
    return stamped.seconds * MICRO + stamped.nanos // 1000 or 1


def micros_of(duration: Duration, field: str) -> int:
    """Microseconds; Invalid when the duration is malformed."""
    if abs(duration.seconds) > LONGEST_SECONDS or abs(duration.nanos) >= 10**9:
        raise Invalid("FIELD_OUT_OF_RANGE", f"{field} is no valid duration.", field=field)
    return duration.seconds * MICRO + duration.nanos // 1000


def chosen(values: Mapping[int, E], number: int, field: str) -> E:
    """The core value of a wire enum; Invalid for unspecified and for numbers we do not know."""
    found = values.get(number)
    if found is None and number == 0:
        raise Invalid("FIELD_REQUIRED", f"{field} must be set.", field=field)
    if found is None:
        raise Invalid("FIELD_OUT_OF_RANGE", f"{field} has no value {number}.", field=field)
    return found
