"""Bad input: what is sent, the code and reason it gets; World and journal stay as they were."""

from collections.abc import AsyncIterator, Mapping
from itertools import islice, product
from string import ascii_lowercase, digits

import grpc
import pytest
import pytest_asyncio

from routing_service.pb.routing.v1 import agent_pb2, work_item_pb2, work_pb2
from tests.e2e.asks import (
    OPEN,
    Call,
    accept,
    ack,
    activate,
    advance,
    at,
    batch,
    cancel,
    collaborate,
    complete,
    evaluate,
    get,
    hello,
    link,
    listed,
    merge,
    presence,
    put_agents,
    report,
    submit,
    submitted_to,
    watch,
    work,
)
from tests.e2e.desk_client import DESK, Client, agent, opened, serving
from tests.e2e.errors import refused

INVALID = grpc.StatusCode.INVALID_ARGUMENT
NOT_FOUND = grpc.StatusCode.NOT_FOUND
PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
ABORTED = grpc.StatusCode.ABORTED
REUSED = grpc.StatusCode.ALREADY_EXISTS
OUT_OF_RANGE = grpc.StatusCode.OUT_OF_RANGE


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator[Client]:
    """A desk with a past: an item in ann's hands, and one whose offer to bob ran out.

    One for all tests: what is refused leaves no trace, as each of them checks.
    """
    async with serving(watch_retention_records=5) as desk:
        await desk.put_agent("ann", capacity=4)
        first = await desk.submit(event_id="first")
        await desk.accept(await desk.offer(first.item_id))
        await desk.presence("ann", agent_pb2.PRESENCE_BUSY)
        await desk.put_agent("bob")
        second = await desk.submit(event_id="second")
        assert (await desk.offer(second.item_id)).agent_id == "bob"
        await desk.presence("bob", agent_pb2.PRESENCE_BUSY)
        await desk.advance(seconds=31)
        yield desk


LATE, EARLY = {"seconds": 1772416800 + 31 + 301}, {"seconds": 1772416800 + 31 - 86401}
"""Five minutes and a second ahead of the desk's clock; a day and a second behind it."""
IN_TWO_YEARS = {"seconds": 1772416800 + 2 * 366 * 86400}
SURVEY = work_item_pb2.ITEM_KIND_SURVEY
LONG = "x" * 129
BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
)
KEYS = islice(product(digits + ascii_lowercase, repeat=4), 100_000)
MANY_KEYS = {"".join(key): "" for key in KEYS}

CASES: Mapping[str, tuple[Call, grpc.StatusCode, str]] = {
    "unknown label": (submit(labels={"colour": "red"}), INVALID, "LABEL_UNKNOWN"),
    "label that the rules set": (submit(labels={"kind": "incident"}), INVALID, "LABEL_UNKNOWN"),
    "text for a number": (submit(labels={"users": "ten"}), INVALID, "LABEL_TYPE"),
    "number for a truth": (submit(labels={"vip": 1}), INVALID, "LABEL_TYPE"),
    "text not allowed": (submit(labels={"topic": "gossip"}), INVALID, "LABEL_VALUE"),
    "number too large": (submit(labels={"users": 1001}), INVALID, "LABEL_VALUE"),
    "list value not allowed": (submit(labels={"tags": ["junk"]}), INVALID, "LABEL_VALUE"),
    "label without value": (
        submit(labels={"area": work_item_pb2.LabelValue()}),
        INVALID,
        "LABEL_VALUE",
    ),
    "label too long": (submit(labels={"area": "x" * 1025}), INVALID, "LABEL_VALUE"),
    "10,000 labels": (
        submit(labels={f"l{n}": n for n in range(10_000)}),
        INVALID,
        "TOO_MANY_LABELS",
    ),
    "100,000 tags": (submit(tags=MANY_KEYS), INVALID, "MAP_TOO_LARGE"),
    "text over 64 KiB": (submit(text="ä" * 32_769), INVALID, "TEXT_TOO_LONG"),
    "same key, other body": (
        submit(event_id="first", channel="phone"),
        REUSED,
        "REQUEST_ID_REUSED",
    ),
    "ahead of time": (submit(occurred_at=LATE), INVALID, "OCCURRED_IN_FUTURE"),
    "before max_backdate": (submit(occurred_at=EARLY), INVALID, "OCCURRED_TOO_EARLY"),
    "no such instant": (submit(occurred_at={"nanos": -1}), INVALID, "FIELD_OUT_OF_RANGE"),
    "event without key": (submit(event_id=""), INVALID, "FIELD_REQUIRED"),
    "key too long": (submit(event_id=LONG), INVALID, "FIELD_OUT_OF_RANGE"),
    "event without kind": (submit(kind=0), INVALID, "FIELD_REQUIRED"),
    "event of unknown kind": (submit(kind=99), INVALID, "FIELD_OUT_OF_RANGE"),
    "opened without channel": (submit(channel=""), INVALID, "FIELD_REQUIRED"),
    "opened without customer": (submit(customer_id=""), INVALID, "FIELD_REQUIRED"),
    "opened with an item": (submit(item_id=OPEN), INVALID, "FIELD_OUT_OF_RANGE"),
    "message without item": (submit(kind=2), INVALID, "FIELD_REQUIRED"),
    "message to unknown item": (submit(kind=2, item_id="it9"), NOT_FOUND, "ITEM_NOT_FOUND"),
    "text to unknown item": (
        submit(kind=2, item_id="it9", text="?", customer_id=""),
        NOT_FOUND,
        "ITEM_NOT_FOUND",
    ),
    "update of unknown item": (submit(kind=3, item_id="it9"), NOT_FOUND, "ITEM_NOT_FOUND"),
    "unknown desk": (submitted_to("moon"), NOT_FOUND, "DESK_NOT_FOUND"),
    "channel the pack does not declare": (submit(channel="fax"), INVALID, "CHANNEL_UNKNOWN"),
    "update over no known channel": (
        submit(kind=3, item_id=OPEN, channel="fax"),
        INVALID,
        "CHANNEL_UNKNOWN",
    ),
    "no desk": (submitted_to(""), INVALID, "FIELD_REQUIRED"),
    "report on unknown item": (report(item_id="it9"), NOT_FOUND, "ITEM_NOT_FOUND"),
    "report without kind": (report(kind=0), INVALID, "FIELD_REQUIRED"),
    "report without key": (report(request_id=""), INVALID, "FIELD_REQUIRED"),
    "pending for no known reason": (report(kind=8, reason="rain"), INVALID, "REASON_UNKNOWN"),
    "reason too long": (report(reason="x" * 257), INVALID, "FIELD_OUT_OF_RANGE"),
    "reopen of an open item": (report(kind=10), PRECONDITION, "ILLEGAL_TRANSITION"),
    "resume of an item in work": (report(kind=9), PRECONDITION, "ILLEGAL_TRANSITION"),
    "report from the future": (report(occurred_at=LATE), INVALID, "OCCURRED_IN_FUTURE"),
    "cancel of unknown item": (cancel(item_id="it9"), NOT_FOUND, "ITEM_NOT_FOUND"),
    "merge into itself": (merge(into_item_id=OPEN), INVALID, "FIELD_OUT_OF_RANGE"),
    "merge into nothing": (merge(into_item_id=""), INVALID, "FIELD_REQUIRED"),
    "merge into an unknown item": (merge(into_item_id="it9"), NOT_FOUND, "ITEM_NOT_FOUND"),
    "item that belongs to itself": (link(parent_item_id=OPEN), PRECONDITION, "LINK_CYCLE"),
    "link to an unknown item": (link(parent_item_id="it9"), NOT_FOUND, "ITEM_NOT_FOUND"),
    "link of another version": (link(expected_version=7), ABORTED, "VERSION_CONFLICT"),
    "collaborator nobody knows": (
        collaborate(collaborators={"nobody": "aid"}),
        NOT_FOUND,
        "AGENT_NOT_FOUND",
    ),
    "survey of nothing": (submit(item_kind=SURVEY), INVALID, "FIELD_REQUIRED"),
    "kind of item that is none": (submit(item_kind=99), INVALID, "FIELD_OUT_OF_RANGE"),
    "scheduled too far": (submit(scheduled_for=IN_TWO_YEARS), INVALID, "FIELD_OUT_OF_RANGE"),
    "completion of another version": (
        complete(expected_version=1),
        ABORTED,
        "VERSION_CONFLICT",
    ),
    "cancel of another version": (cancel(expected_version=1), ABORTED, "VERSION_CONFLICT"),
    "cancel of a negative version": (cancel(expected_version=-1), INVALID, "FIELD_OUT_OF_RANGE"),
    "get of unknown item": (get("it9"), NOT_FOUND, "ITEM_NOT_FOUND"),
    "get of nothing": (get(""), INVALID, "FIELD_REQUIRED"),
    "list of unknown queue": (listed(queue="moon"), NOT_FOUND, "QUEUE_NOT_FOUND"),
    "list of too large a page": (listed(page_size=501), INVALID, "FIELD_OUT_OF_RANGE"),
    "list after no token of ours": (listed(after="a"), INVALID, "CURSOR_INVALID"),
    "list of no state": (listed(states=[0]), INVALID, "FIELD_REQUIRED"),
    "no agents": (put_agents(), INVALID, "FIELD_OUT_OF_RANGE"),
    "agent without id": (put_agents(agent("")), INVALID, "FIELD_REQUIRED"),
    "agent without capacity": (put_agents(agent(capacity=0)), INVALID, "FIELD_OUT_OF_RANGE"),
    "agent without skill level": (
        put_agents(agent(skills={"repair": 0})),
        INVALID,
        "FIELD_OUT_OF_RANGE",
    ),
    "skill with a long name": (
        put_agents(agent(skills={"x" * 129: 1})),
        INVALID,
        "FIELD_OUT_OF_RANGE",
    ),
    "agent of unknown queue": (put_agents(agent(queues=["moon"])), NOT_FOUND, "QUEUE_NOT_FOUND"),
    "agent of unknown team": (put_agents(agent(team="moon")), NOT_FOUND, "TEAM_NOT_FOUND"),
    "one bad agent among good": (put_agents(agent("new"), agent("")), INVALID, "FIELD_REQUIRED"),
    "presence of unknown agent": (presence(agent_id="zoe"), NOT_FOUND, "AGENT_NOT_FOUND"),
    "no presence": (presence(presence=0), INVALID, "FIELD_REQUIRED"),
    "unknown offer": (accept(offer_id="of9"), NOT_FOUND, "OFFER_NOT_FOUND"),
    "accept by unknown agent": (accept(agent_id="zoe"), NOT_FOUND, "AGENT_NOT_FOUND"),
    "second accept": (accept(), PRECONDITION, "OFFER_NOT_PENDING"),
    "offer that ran out": (
        accept(offer_id="of0000000002", agent_id="bob"),
        PRECONDITION,
        "OFFER_EXPIRED",
    ),
    "another's offer": (accept(agent_id="bob"), PRECONDITION, "OFFER_NOT_YOURS"),
    "another version": (accept(version=9), ABORTED, "OFFER_VERSION"),
    "complete of unknown item": (complete(item_id="it9"), NOT_FOUND, "ITEM_NOT_FOUND"),
    "complete of another's item": (complete(agent_id="bob"), PRECONDITION, "NOT_HANDLING"),
    "stream without hello": (work(work_pb2.WorkRequest(desk=DESK)), INVALID, "FIELD_REQUIRED"),
    "stream of unknown agent": (work(hello(agent_id="zoe")), NOT_FOUND, "AGENT_NOT_FOUND"),
    "stream of unknown desk": (
        work(work_pb2.WorkRequest(desk="moon", hello=hello().hello)),
        NOT_FOUND,
        "DESK_NOT_FOUND",
    ),
    "cursor of another desk": (watch(after=at(8, "moon")), INVALID, "CURSOR_INVALID"),
    "cursor made up": (watch(after="abcdefgh"), INVALID, "CURSOR_INVALID"),
    "cursor not in base64": (watch(after="¿"), INVALID, "CURSOR_INVALID"),
    "cursor of the future": (watch(after=at(10_000)), INVALID, "CURSOR_INVALID"),
    "cursor too old": (watch(after=at(1)), OUT_OF_RANGE, "CURSOR_EXPIRED"),
    "cursor and snapshot": (
        watch(after=at(8), include_snapshot=True),
        INVALID,
        "FIELD_OUT_OF_RANGE",
    ),
    "watch of unknown queue": (watch(filter={"queues": ["moon"]}), NOT_FOUND, "QUEUE_NOT_FOUND"),
    "watch of no kind": (watch(filter={"kinds": [0]}), INVALID, "FIELD_REQUIRED"),
    "watch of 1,001 items": (watch(filter={"item_ids": ["i"] * 1001}), INVALID, "MAP_TOO_LARGE"),
    "ack of nothing": (ack(cursor=""), INVALID, "FIELD_REQUIRED"),
    "ack by nobody": (ack(consumer=""), INVALID, "FIELD_REQUIRED"),
    "ack of the future": (ack(cursor=at(10_000)), INVALID, "CURSOR_INVALID"),
    "rule file empty": (activate(route=""), PRECONDITION, "RULEBOOK_INVALID"),
    "rule file half written": (
        activate(route="stage: route\nrules:\n  - id: ex"),
        PRECONDITION,
        "RULEBOOK_INVALID",
    ),
    "rule file with aliases": (activate(route=BOMB), PRECONDITION, "RULEBOOK_INVALID"),
    "rule file with a key twice": (
        activate(route="stage: route\nstage: route\ndefault: {queue: front}\n"),
        PRECONDITION,
        "RULEBOOK_INVALID",
    ),
    "rule file with an unknown field": (
        activate(route="stage: route\nrulez: []\ndefault: {queue: front}\n"),
        PRECONDITION,
        "RULEBOOK_INVALID",
    ),
    "rule file with an unknown queue": (
        activate(route="stage: route\nrules: []\ndefault: {queue: moon}\n"),
        PRECONDITION,
        "RULEBOOK_INVALID",
    ),
    "evaluate without channel": (evaluate(channel=""), INVALID, "FIELD_REQUIRED"),
    "evaluate unknown channel": (evaluate(channel="fax"), INVALID, "CHANNEL_UNKNOWN"),
    "evaluate too long a text": (evaluate(text="x" * 65_537), INVALID, "TEXT_TOO_LONG"),
    "time backwards": (advance(by={"seconds": -1}), INVALID, "FIELD_OUT_OF_RANGE"),
    "time nowhere": (advance(), INVALID, "FIELD_REQUIRED"),
    "batch of nothing": (batch(), INVALID, "FIELD_OUT_OF_RANGE"),
    "batch too large": (batch(*[opened()] * 101), INVALID, "FIELD_OUT_OF_RANGE"),
    "batch to unknown desk": (batch(opened(), desk="moon"), NOT_FOUND, "DESK_NOT_FOUND"),
}


@pytest.mark.parametrize("name", CASES)
async def test_bad_input_is_refused_and_leaves_no_trace(client: Client, name: str) -> None:
    call, code, reason = CASES[name]
    before = await client.trace()
    answer = await refused(call(client))

    assert answer == (code, reason)
    assert await client.trace() == before
