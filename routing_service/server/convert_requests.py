"""What callers send, as requests to the partition: checked here once, with precise reasons.

Labels are checked against the plan in force. Free text and tags leave here sealed only.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from routing_service.core.journal.commands import RequestKind
from routing_service.core.plans.plan import LabelPlan, LabelType, Plan
from routing_service.core.records.errors import Invalid
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.model import FactValue
from routing_service.pb.routing.v1 import request_event_pb2, work_item_pb2
from routing_service.server import wire
from routing_service.server.convert_new import item_kind, only_of_new
from routing_service.store.keys import Keys

MAX_ID = 128
MAX_REASON = 256
MAX_TEXT_BYTES = 65_536
MAX_LABELS = 200
MAX_LABEL_CHARACTERS = 1_024
MAX_MAP_ENTRIES = 1_000
NAMES_TOLD = 12

Labels = Mapping[str, work_item_pb2.LabelValue]


class Hasher(Protocol):
    """Turns personal values into what may be kept."""

    def label_hash(self, value: str) -> str:
        """Equal for equal values."""
        ...


class Letter(msgspec.Struct, frozen=True):
    """What the customer wrote and what the adapter tagged: sealed as one."""

    text: str = ""
    tags: dict[str, str] = {}


NO_LETTER = Letter()


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A request event in the words of core, its letter still plain; its fingerprint is of this."""

    kind: RequestKind
    item: str
    channel: str
    customer: str
    occurred_at: int
    labels: dict[str, FactValue]
    letter: Letter
    version: int = 0
    waiting_since: int = 0
    scheduled_for: int = 0
    item_kind: ItemKind = ItemKind.REQUEST
    parent: str = ""
    role: str = ""


def identifier(value: str, field: str) -> str:
    """A required id of at most 128 characters."""
    if not value:
        raise Invalid("FIELD_REQUIRED", f"{field} must be set.", field=field)
    return optional_identifier(value, field)


def optional_identifier(value: str, field: str) -> str:
    """The same, or empty."""
    if len(value) > MAX_ID:
        raise Invalid(
            "FIELD_OUT_OF_RANGE", f"{field} has at most {MAX_ID} characters.", field=field
        )
    return value


def reason(value: str) -> str:
    """A reason in the caller's words."""
    if len(value) > MAX_REASON:
        raise Invalid(
            "FIELD_OUT_OF_RANGE", f"reason has at most {MAX_REASON} characters.", field="reason"
        )
    return value


def request_event(
    event: request_event_pb2.RequestEvent, declared: Mapping[str, LabelPlan], keys: Keys
) -> Opened:
    """A request event, checked and with personal values hashed; Invalid with the reason."""
    kind = wire.chosen(wire.REQUEST_KIND_OF, event.kind, "event.kind")
    opens = kind is RequestKind.OPENED
    if opens and event.item_id:
        raise Invalid("FIELD_OUT_OF_RANGE", "A new request names no item.", field="event.item_id")
    if not opens and (event.parent_item_id or event.item_kind or event.role):
        raise Invalid(
            "FIELD_OUT_OF_RANGE", "Only a new item is made for another.", field="event.item_kind"
        )
    required = identifier if opens and not event.parent_item_id else optional_identifier
    customer = required(event.customer_id, "event.customer_id")
    has_time = event.HasField("occurred_at")
    return Opened(
        kind=kind,
        item="" if opens else identifier(event.item_id, "event.item_id"),
        channel=required(event.channel, "event.channel"),
        customer=keys.label_hash(customer) if customer else "",
        occurred_at=wire.instant_of(event.occurred_at, "event.occurred_at") if has_time else 0,
        labels=labels(event.labels, declared, keys),
        letter=letter(event),
        version=_version_seen(event, opens=opens),
        waiting_since=only_of_new(event, "waiting_since", opens=opens),
        scheduled_for=only_of_new(event, "scheduled_for", opens=opens),
        item_kind=item_kind(event),
        parent=optional_identifier(event.parent_item_id, "event.parent_item_id"),
        role=optional_identifier(event.role, "event.role"),
    )


def _version_seen(event: request_event_pb2.RequestEvent, *, opens: bool) -> int:
    field = "event.expected_version"
    if opens and event.expected_version:
        raise Invalid("FIELD_OUT_OF_RANGE", "A new item has no version yet.", field=field)
    return version(event.expected_version, field)


def version(expected: int, field: str = "expected_version") -> int:
    """The version the caller has seen; 0 = any."""
    if expected < 0:
        raise Invalid("FIELD_OUT_OF_RANGE", "Versions count from 1; 0 = any.", field=field)
    return expected


def declared_channel(channel: str, plan: Plan, field: str) -> str:
    """The channel, or empty; Invalid(CHANNEL_UNKNOWN) when the pack declares others only."""
    declared = plan.channel_cost
    if channel and declared and channel not in declared:
        known = _first(list(declared))
        raise Invalid(
            "CHANNEL_UNKNOWN",
            f"The rulebook declares no such channel. Known: {known}.",
            field=field,
            channel=channel,
        )
    return channel


def letter(event: request_event_pb2.RequestEvent) -> Letter:
    """Text and tags within their limits."""
    if not event.text and not event.tags:
        return NO_LETTER
    check_text(event.text)
    if len(event.tags) > MAX_MAP_ENTRIES:
        raise Invalid(
            "MAP_TOO_LARGE", f"At most {MAX_MAP_ENTRIES} tags are kept.", field="event.tags"
        )
    if sum(len(name) + len(value) for name, value in event.tags.items()) > MAX_TEXT_BYTES:
        raise Invalid(
            "MAP_TOO_LARGE",
            f"Tags have at most {MAX_TEXT_BYTES} characters together.",
            field="event.tags",
        )
    return Letter(event.text, dict(event.tags))


def check_text(text: str) -> None:
    """Invalid(TEXT_TOO_LONG) above 64 KiB of UTF-8."""
    if len(text) > MAX_TEXT_BYTES or len(text.encode()) > MAX_TEXT_BYTES:
        raise Invalid("TEXT_TOO_LONG", f"text has at most {MAX_TEXT_BYTES} bytes.", field="text")


def labels(sent: Labels, declared: Mapping[str, LabelPlan], keys: Hasher) -> dict[str, FactValue]:
    """Labels as facts; Invalid(TOO_MANY_LABELS, LABEL_UNKNOWN, LABEL_TYPE, LABEL_VALUE)."""
    if len(sent) > MAX_LABELS:
        raise Invalid("TOO_MANY_LABELS", f"At most {MAX_LABELS} labels a request.", field="labels")
    return {name: _label(name, sent[name], declared, keys) for name in sorted(sent)}


def _label(
    name: str,
    sent: work_item_pb2.LabelValue,
    declared: Mapping[str, LabelPlan],
    keys: Hasher,
) -> FactValue:
    plan = declared.get(name)
    if plan is None:
        raise Invalid(
            "LABEL_UNKNOWN",
            "The rulebook declares no such label.",
            label=name[:64],
            known=_first([name for name, each in declared.items() if not each.derived]),
        )
    if plan.derived:
        raise Invalid("LABEL_UNKNOWN", "The rules set this label: do not send it.", label=name)
    value = _fact(name, sent, plan)
    return _hashed(value, keys) if plan.pii else value


def _fact(name: str, sent: work_item_pb2.LabelValue, plan: LabelPlan) -> FactValue:
    kind = sent.WhichOneof("kind")
    if kind is None:
        raise Invalid("LABEL_VALUE", "The label has no value.", label=name)
    if kind != plan.type.value:
        raise Invalid("LABEL_TYPE", f"The label is a {plan.type.value}.", label=name)
    match plan.type:
        case LabelType.TEXT:
            return _text(name, sent.text, plan)
        case LabelType.INTEGER:
            return _integer(name, sent.integer, plan)
        case LabelType.BOOLEAN:
            return sent.boolean
        case LabelType.LIST:
            return _list(name, sent.list, plan)


def _text(name: str, sent: str, plan: LabelPlan) -> str:
    if len(sent) > MAX_LABEL_CHARACTERS:
        raise Invalid(
            "LABEL_VALUE", f"A value has at most {MAX_LABEL_CHARACTERS} characters.", label=name
        )
    value = unicodedata.normalize("NFC", sent)
    if plan.values and value not in plan.values:
        raise Invalid(
            "LABEL_VALUE",
            "The rulebook does not allow this value.",
            label=name,
            allowed=_first(plan.values),
        )
    return value


def _first(names: Sequence[str]) -> str:
    """What a caller may write, from the pack; the first ones of many."""
    more = len(names) - NAMES_TOLD
    return ", ".join(names[:NAMES_TOLD]) + (f" and {more} more" if more > 0 else "")


def _integer(name: str, sent: int, plan: LabelPlan) -> int:
    below = plan.minimum is not None and sent < plan.minimum
    above = plan.maximum is not None and sent > plan.maximum
    if below or above:
        raise Invalid("LABEL_VALUE", "The value is out of the label's range.", label=name)
    return sent


def _list(name: str, sent: work_item_pb2.StringList, plan: LabelPlan) -> tuple[str, ...]:
    if len(sent.values) > MAX_LABELS:
        raise Invalid("LABEL_VALUE", f"A list has at most {MAX_LABELS} values.", label=name)
    return tuple(sorted({_text(name, each, plan) for each in sent.values}))


def _hashed(value: FactValue, keys: Hasher) -> FactValue:
    """Equal values stay equal; nothing else can be told from them."""
    if isinstance(value, tuple):
        return tuple(sorted(keys.label_hash(each) for each in value))
    return keys.label_hash(str(value))
