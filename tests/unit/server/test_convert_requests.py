"""What callers send, checked: labels against the plan, sizes, ids."""

from typing import Any

import pytest

from routing_service.core.plans.plan import LabelPlan, LabelType
from routing_service.core.records.errors import Invalid
from routing_service.core.records.model import FactValue
from routing_service.pb.routing.v1 import agent_pb2, request_event_pb2, work_item_pb2
from routing_service.server import convert_agents
from routing_service.server import convert_requests as requests
from routing_service.store.keys import Keys
from tests.builders import plan

MASTER = bytes(range(32))
PLAN = {
    "topic": LabelPlan(type=LabelType.TEXT, values=("fault", "question")),
    "area": LabelPlan(type=LabelType.TEXT),
    "users": LabelPlan(type=LabelType.INTEGER, minimum=0, maximum=10),
    "vip": LabelPlan(type=LabelType.BOOLEAN),
    "tags": LabelPlan(type=LabelType.LIST, values=("a", "b")),
    "phone": LabelPlan(type=LabelType.TEXT, pii=True),
    "phones": LabelPlan(type=LabelType.LIST, pii=True),
    "kind": LabelPlan(type=LabelType.TEXT, derived=True),
}
Value = work_item_pb2.LabelValue


@pytest.fixture
def keys() -> Keys:
    return Keys(None, "default", MASTER)


def several(*values: str) -> Value:
    return Value(list=work_item_pb2.StringList(values=values))


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("topic", Value(text="fault"), "fault"),
        ("area", Value(text=""), ""),
        ("area", Value(text="e\u0301"), "\u00e9"),
        ("users", Value(integer=0), 0),
        ("users", Value(integer=10), 10),
        ("vip", Value(boolean=False), False),
        ("tags", several("b", "a", "b"), ("a", "b")),
        ("tags", several(), ()),
    ],
)
def test_label_becomes_a_fact(keys: Keys, name: str, sent: Value, kept: FactValue) -> None:
    facts = requests.labels({name: sent}, PLAN, keys)

    assert facts == {name: kept}
    assert type(facts[name]) is type(kept)


@pytest.mark.parametrize(
    ("name", "sent", "reason"),
    [
        ("colour", Value(text="red"), "LABEL_UNKNOWN"),
        ("kind", Value(text="x"), "LABEL_UNKNOWN"),
        ("topic", Value(), "LABEL_VALUE"),
        ("topic", Value(text="Fault"), "LABEL_VALUE"),
        ("topic", Value(integer=1), "LABEL_TYPE"),
        ("users", Value(text="1"), "LABEL_TYPE"),
        ("users", Value(boolean=True), "LABEL_TYPE"),
        ("users", Value(integer=-1), "LABEL_VALUE"),
        ("users", Value(integer=11), "LABEL_VALUE"),
        ("vip", Value(integer=1), "LABEL_TYPE"),
        ("tags", Value(text="a"), "LABEL_TYPE"),
        ("tags", several("a", "c"), "LABEL_VALUE"),
        ("tags", several(*["a"] * 201), "LABEL_VALUE"),
        ("area", Value(text="x" * 1025), "LABEL_VALUE"),
    ],
)
def test_label_that_cannot_be_is_refused(keys: Keys, name: str, sent: Value, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        requests.labels({name: sent}, PLAN, keys)

    assert refusal.value.reason == reason
    assert refusal.value.details["label"] == name


def test_channel_of_a_pack_that_declares_none_is_whatever_is_sent() -> None:
    sent = requests.declared_channel("fax", plan(channel_cost={}), "event.channel")

    assert sent == "fax"


def test_channel_that_is_not_declared_is_told_with_those_that_are() -> None:
    with pytest.raises(Invalid) as refusal:
        requests.declared_channel(
            "fax", plan(channel_cost={"chat": 1, "phone": 2}), "event.channel"
        )

    assert refusal.value.reason == "CHANNEL_UNKNOWN"
    assert refusal.value.message.endswith("Known: chat, phone.")
    assert refusal.value.details == {"field": "event.channel", "channel": "fax"}


def test_refusals_tell_what_may_be_sent_and_of_much_the_first(keys: Keys) -> None:
    many = {"group": LabelPlan(type=LabelType.TEXT, values=tuple(f"g{n}" for n in range(20)))}
    with pytest.raises(Invalid) as of_value:
        requests.labels({"topic": Value(text="Fault")}, PLAN, keys)
    with pytest.raises(Invalid) as of_many:
        requests.labels({"group": Value(text="g99")}, many, keys)
    with pytest.raises(Invalid) as of_name:
        requests.labels({"topik": Value(text="fault")}, PLAN, keys)

    assert of_value.value.details == {"label": "topic", "allowed": "fault, question"}
    assert of_many.value.details["allowed"].endswith("g10, g11 and 8 more")
    assert of_name.value.details["known"] == "topic, area, users, vip, tags, phone, phones"


def test_value_of_a_label_never_enters_the_message(keys: Keys) -> None:
    with pytest.raises(Invalid) as refusal:
        requests.labels({"topic": Value(text="Erika Mustermann")}, PLAN, keys)

    assert "Erika" not in refusal.value.message + str(refusal.value.details)


def test_personal_value_is_kept_as_its_hash(keys: Keys) -> None:
    facts = requests.labels({"phone": Value(text="+49"), "phones": several("+49")}, PLAN, keys)

    assert facts == {"phone": keys.label_hash("+49"), "phones": (keys.label_hash("+49"),)}


def event(**fields: Any) -> request_event_pb2.RequestEvent:
    plain: dict[str, Any] = {
        "event_id": "e",
        "kind": request_event_pb2.REQUEST_KIND_OPENED,
        "channel": "email",
        "customer_id": "c",
    }
    return request_event_pb2.RequestEvent(**(plain | fields))


def test_limits_themselves_are_allowed(keys: Keys) -> None:
    tags = {str(number): "" for number in range(requests.MAX_MAP_ENTRIES)}
    long = "x" * requests.MAX_ID
    text = "ä" * (requests.MAX_TEXT_BYTES // 2)
    told = requests.request_event(event(channel=long, text=text, tags=tags), PLAN, keys)

    assert (told.channel, told.letter.text, len(told.letter.tags)) == (long, text, len(tags))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "x" * (requests.MAX_TEXT_BYTES + 1)}, "TEXT_TOO_LONG"),
        ({"text": "ä" * (requests.MAX_TEXT_BYTES // 2) + "x"}, "TEXT_TOO_LONG"),
        ({"tags": {str(n): "" for n in range(requests.MAX_MAP_ENTRIES + 1)}}, "MAP_TOO_LARGE"),
        ({"tags": {"a": "x" * requests.MAX_TEXT_BYTES}}, "MAP_TOO_LARGE"),
        ({"labels": {str(n): Value(integer=n) for n in range(201)}}, "TOO_MANY_LABELS"),
        ({"channel": "x" * (requests.MAX_ID + 1)}, "FIELD_OUT_OF_RANGE"),
    ],
)
def test_one_more_is_too_much(keys: Keys, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        requests.request_event(event(**fields), PLAN, keys)

    assert refusal.value.reason == reason


def test_customer_is_kept_as_his_hash(keys: Keys) -> None:
    told = requests.request_event(event(customer_id="Erika"), PLAN, keys)

    assert told.customer == keys.label_hash("Erika")


def test_queue_named_twice_counts_once() -> None:
    sent = agent_pb2.Agent(id="a", queues=["x", "y", "x"], skills={"b": 1, "a": 2}, capacity=1)
    (agent,) = convert_agents.agents([sent])

    assert agent.queues == ("x", "y")
    assert list(agent.skills) == ["a", "b"]
