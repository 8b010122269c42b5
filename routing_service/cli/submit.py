"""`submit`: sends one request event and tells what was promised for it."""

import argparse
import asyncio
import datetime
import secrets
from collections.abc import Iterator

from google.protobuf.timestamp_pb2 import Timestamp
from grpc import aio

from routing_service.cli.connection import (
    ITEM_HELP,
    Connection,
    add_flags,
    channel,
    connection,
    refused,
)
from routing_service.cli.labels import labels, tags
from routing_service.cli.output import OK, plain, say, tell
from routing_service.core.journal.commands import RequestKind
from routing_service.core.records.errors import Invalid
from routing_service.core.records.kinds import ItemKind
from routing_service.pb.routing.v1.request_event_pb2 import RequestEvent, SubmitResult
from routing_service.pb.routing.v1.routing_service_pb2 import SubmitRequest
from routing_service.pb.routing.v1.routing_service_pb2_grpc import RoutingServiceStub
from routing_service.pb.routing.v1.surge_pb2 import SurgeNotice

DEADLINE_SECONDS = 30.0


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    kinds = [kind.value for kind in RequestKind]
    parser.add_argument("--kind", choices=kinds, default="opened", help="what it says (opened)")
    parser.add_argument("--item", default="", help=f"id of {ITEM_HELP}; not for opened")
    parser.add_argument("--channel", default="", help="channel it came in on, such as phone")
    parser.add_argument("--customer", default="", help="the customer, as the source names him")
    parser.add_argument(
        "--label", action="append", default=[], help="name=text, or name:=json for other types"
    )
    parser.add_argument("--text", default="", help="what the customer wrote")
    parser.add_argument("--tag", action="append", default=[], help="name=text, kept sealed")
    parser.add_argument("--event-id", default="", help="idempotency key (a random one)")
    parser.add_argument("--occurred-at", default="", help="ISO 8601 with offset (on receipt)")
    parser.add_argument(
        "--expected-version", type=int, default=0, help="the item's version as you saw it (any)"
    )
    _of_opened(parser)
    add_flags(parser)


def _of_opened(parser: argparse.ArgumentParser) -> None:
    """Flags of a new item only."""
    kinds = [kind.value for kind in ItemKind]
    parser.add_argument("--item-kind", choices=kinds, default="", help="what it is for (request)")
    parser.add_argument("--parent", default="", help=f"id of {ITEM_HELP} it is made for")
    parser.add_argument("--role", default="", help="what it is to its parent, in the desk's words")
    parser.add_argument(
        "--waiting-since", default="", help="ISO 8601 with offset: age it comes with (as of now)"
    )
    parser.add_argument(
        "--scheduled-for", default="", help="ISO 8601 with offset: when it begins (now)"
    )


def run(flags: argparse.Namespace) -> int:
    """Submit; Refused when the service says no."""
    result = asyncio.run(_submit(connection(flags), event(flags)))
    if flags.json:
        tell(plain(result))
    else:
        _show(result)
    return OK


def event(flags: argparse.Namespace) -> RequestEvent:
    """The event the flags describe."""
    return RequestEvent(
        event_id=flags.event_id or f"cli-{secrets.token_hex(8)}",
        kind=f"REQUEST_KIND_{flags.kind.upper()}",
        item_id=flags.item,
        channel=flags.channel,
        customer_id=flags.customer,
        occurred_at=_instant_if(flags.occurred_at, "--occurred-at"),
        labels=labels(flags.label),
        text=flags.text,
        tags=tags(flags.tag),
        expected_version=flags.expected_version,
        waiting_since=_instant_if(flags.waiting_since, "--waiting-since"),
        scheduled_for=_instant_if(flags.scheduled_for, "--scheduled-for"),
        item_kind=f"ITEM_KIND_{flags.item_kind.upper()}" if flags.item_kind else None,
        parent_item_id=flags.parent,
        role=flags.role,
    )


def _instant_if(text: str, flag: str) -> Timestamp | None:
    return instant(text, flag) if text else None


def instant(text: str, flag: str) -> Timestamp:
    """ISO 8601 with offset; Invalid(FIELD_OUT_OF_RANGE) names the flag."""
    wanted = f"{flag}: write 2016-02-29T09:00Z, or with an offset such as +01:00."
    try:
        read = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("FIELD_OUT_OF_RANGE", wanted) from error
    if read.tzinfo is None:
        raise Invalid("FIELD_OUT_OF_RANGE", wanted)
    at = Timestamp()
    try:
        at.FromDatetime(read)
    except (ValueError, OverflowError) as error:  # an offset may lead out of years 1 to 9999
        raise Invalid("FIELD_OUT_OF_RANGE", wanted) from error
    return at


async def _submit(to: Connection, told: RequestEvent) -> SubmitResult:
    async with channel(to) as service:
        request = SubmitRequest(desk=to.desk, event=told)
        submit = RoutingServiceStub(service).Submit
        try:
            answer = await submit(request, timeout=DEADLINE_SECONDS, metadata=to.metadata)
        except aio.AioRpcError as error:
            raise refused(error, to.target) from error
        return answer.result


def _wait(result: SubmitResult) -> str:
    """What is estimated; nothing for who does not wait or where nobody is there to serve."""
    half, most = result.estimated_wait_p50.ToSeconds(), result.estimated_wait_p90.ToSeconds()
    return f", answered in about {half} s, nine of ten in {most} s" if most else ""


def _show(result: SubmitResult) -> None:
    known = "  (known already)" if result.replayed else ""
    say(f"{result.number}  {result.item_id}{known}", "bold")
    for line in lines(result):
        say(line)


def lines(result: SubmitResult) -> Iterator[str]:
    """What became of it, what to tell the customer while too much comes at once, the promises."""
    place = f", place {result.position}" if result.HasField("position") else ""
    yield f"priority {result.priority}, queue {result.queue}{place}{_wait(result)}"
    if result.HasField("surge"):
        yield _surge(result.surge)
    for promise in result.promises:
        due = promise.due.ToJsonString() if promise.HasField("due") else "not running"
        yield f"  {promise.clock:<20} {due}"


def _surge(told: SurgeNotice) -> str:
    parts = (
        f"load {told.load} is at {told.level}",
        told.deflected_to and f"deflected to {told.deflected_to}",
        told.offer and f"offer {told.offer}",
        told.message and f"tell: {told.message}",
    )
    return ", ".join(part for part in parts if part)
