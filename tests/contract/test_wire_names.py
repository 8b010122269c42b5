"""The wire and the code say the same: each enum has its twin in proto, value by value."""

from enum import Enum

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from routing_service.core.choice import blocks, why_not
from routing_service.core.journal import commands
from routing_service.core.plans import predicate
from routing_service.core.records import lifecycle, model, surge
from routing_service.pb.routing.v1 import (
    agent_pb2,
    alert_pb2,
    clock_pb2,
    event_pb2,
    event_service_pb2,
    explanation_pb2,
    options_pb2,
    request_event_pb2,
    surge_pb2,
    why_not_pb2,
    work_item_pb2,
)
from routing_service.rulebook import explanation, rules

TWINS = {
    lifecycle.ItemState: ("ITEM_STATE_", work_item_pb2.ItemState),
    lifecycle.ItemStep: ("ITEM_STEP_", event_pb2.ItemStep),
    lifecycle.OfferState: ("OFFER_STATE_", agent_pb2.OfferState),
    lifecycle.ClockState: ("CLOCK_STATE_", clock_pb2.ClockState),
    lifecycle.ClockStep: ("CLOCK_STEP_", clock_pb2.ClockStep),
    lifecycle.Presence: ("PRESENCE_", agent_pb2.Presence),
    model.Milestone: ("MILESTONE_", work_item_pb2.Milestone),
    model.TriggerKind: ("TRIGGER_KIND_", alert_pb2.TriggerKind),
    commands.RequestKind: ("REQUEST_KIND_", request_event_pb2.RequestKind),
    commands.ReportKind: ("REPORT_KIND_", request_event_pb2.ReportKind),
    explanation.DecisionKind: ("DECISION_KIND_", explanation_pb2.DecisionKind),
    explanation.Standing: ("RULE_STANDING_", explanation_pb2.RuleStanding),
    explanation.ClauseKind: ("CLAUSE_KIND_", explanation_pb2.ClauseKind),
    predicate.Op: ("CLAUSE_OP_", explanation_pb2.ClauseOp),
    rules.HitPolicy: ("HIT_POLICY_", explanation_pb2.HitPolicy),
    blocks.BlockKind: ("BLOCK_KIND_", why_not_pb2.BlockKind),
    surge.SurgeCause: ("SURGE_CAUSE_", surge_pb2.SurgeCause),
    why_not.LackKind: ("LACK_KIND_", why_not_pb2.LackKind),
}
ONLY_ON_THE_WIRE = {
    "ITEM_STEP_OPEN",  # ItemOpened, ItemClassified and ItemMessaged are events of their own in core
    "ITEM_STEP_CLASSIFY",
    "ITEM_STEP_MESSAGE",
    "CLOCK_STEP_CORRECT",  # likewise ClockCorrected
}


@pytest.mark.parametrize("values", TWINS, ids=lambda values: values.__name__)
def test_every_value_of_core_has_the_same_name_on_the_wire(values: type[Enum]) -> None:
    prefix, wire = TWINS[values]
    named = {prefix + value.name for value in values}

    assert set(wire.keys()) - ONLY_ON_THE_WIRE == named | {prefix + "UNSPECIFIED"}


@pytest.mark.parametrize(
    "wire", [wire for _, wire in TWINS.values()], ids=lambda wire: wire.DESCRIPTOR.name
)
def test_the_value_nobody_set_is_never_a_meaning(wire: EnumTypeWrapper) -> None:
    assert wire.Name(0).endswith("_UNSPECIFIED")


def test_every_body_of_an_event_can_be_filtered_by_its_kind() -> None:
    bodies = {field.name.upper() for field in event_pb2.Event.DESCRIPTOR.oneofs[0].fields}
    kinds = {
        name.removeprefix("EVENT_KIND_")
        for name in event_service_pb2.EventKind.DESCRIPTOR.values_by_name
    }

    assert kinds == bodies | {"UNSPECIFIED"}


@pytest.mark.parametrize(
    "field",
    [
        *(
            request_event_pb2.RequestEvent.DESCRIPTOR.fields_by_name[n]
            for n in ("customer_id", "text", "tags")
        ),
        work_item_pb2.WorkItem.DESCRIPTOR.fields_by_name["customer_id"],
        agent_pb2.Agent.DESCRIPTOR.fields_by_name["display_name"],
    ],
    ids=lambda field: field.full_name,
)
def test_a_field_that_may_name_a_person_is_marked(field: FieldDescriptor) -> None:
    assert field.GetOptions().Extensions[options_pb2.pii] is True
