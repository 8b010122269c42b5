"""`watch`: follows a desk's event log; after a broken connection it goes on where it was."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence

import grpc
from grpc import aio

from routing_service.cli.connection import (
    ITEM_HELP,
    Connection,
    add_flags,
    channel,
    connection,
    refused,
)
from routing_service.cli.output import OK, plain, say, tell_line
from routing_service.cli.watch_lines import agent_line, event_line, item_line
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1.event_service_pb2 import (
    AckRequest,
    EventFilter,
    EventKind,
    WatchRequest,
    WatchResponse,
)
from routing_service.pb.routing.v1.event_service_pb2_grpc import EventServiceStub
from routing_service.pb.routing.v1.routing_service_pb2 import GetRequest
from routing_service.pb.routing.v1.routing_service_pb2_grpc import RoutingServiceStub

RETRY_SECONDS = 1.0
DEADLINE_SECONDS = 30.0
_KINDS = {name.removeprefix("EVENT_KIND_").lower(): name for name in EventKind.keys()[1:]}


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("--after", default="", help="cursor to go on after (from now on)")
    parser.add_argument("--consumer", default="", help="durable name: go on after its last ack")
    parser.add_argument("--ack", action="store_true", help="acknowledge what was printed")
    parser.add_argument("--snapshot", action="store_true", help="the present state first")
    parser.add_argument("--kind", action="append", default=[], choices=_KINDS, help="only these")
    parser.add_argument("--queue", action="append", default=[], help="only items in it")
    parser.add_argument("--item", action="append", default=[], help=f"only {ITEM_HELP}")
    parser.add_argument(
        "--count",
        type=int,
        default=0,
        help="end after so many events; what a snapshot tells does not count",
    )
    add_flags(parser)


def run(flags: argparse.Namespace) -> int:
    """Print events until interrupted, or until there were `--count`."""
    if flags.ack and not flags.consumer:
        raise Invalid("FIELD_REQUIRED", "--ack needs --consumer: who has got the events?")
    try:
        asyncio.run(_watch(connection(flags), flags))
    except KeyboardInterrupt:
        return OK
    return OK


def request(desk: str, flags: argparse.Namespace, after: str) -> WatchRequest:
    """The watch the flags describe; with a cursor it takes the place of a snapshot."""
    only = EventFilter(
        kinds=[_KINDS[kind] for kind in flags.kind], queues=flags.queue, item_ids=flags.item
    )
    return WatchRequest(
        desk=desk,
        after=after,
        consumer=flags.consumer,
        filter=only,
        include_snapshot=flags.snapshot and not after,
    )


async def _watch(to: Connection, flags: argparse.Namespace) -> None:
    async with channel(to) as service:
        await _check_items(RoutingServiceStub(service), to, flags.item)
        if not flags.json:
            print(begin(to, flags), file=sys.stderr)
        stub = EventServiceStub(service)
        rest = flags.count or None
        async for message in _messages(stub, to, flags):
            _show(message, rest, as_json=flags.json)
            if flags.ack and message.events:
                last = message.cursor if rest is None else message.events[:rest][-1].cursor
                acknowledged = AckRequest(desk=to.desk, consumer=flags.consumer, cursor=last)
                await stub.Ack(acknowledged, metadata=to.metadata)
            rest = None if rest is None else rest - len(message.events)
            if rest is not None and rest <= 0:
                return


async def _check_items(stub: RoutingServiceStub, to: Connection, items: Sequence[str]) -> None:
    """Refused(ITEM_NOT_FOUND): a watch of an item that is not there would be silent for ever."""
    for item in items:
        asked = GetRequest(desk=to.desk, item_id=item)
        try:
            await stub.Get(asked, timeout=DEADLINE_SECONDS, metadata=to.metadata)
        except aio.AioRpcError as error:
            raise refused(error, to.target) from error


def begin(to: Connection, flags: argparse.Namespace) -> str:
    """What is followed from where: without events a watch would say nothing at all."""
    if flags.after:
        since = "after the cursor given"
    elif flags.snapshot:
        since = "its present state, then what follows"
    elif flags.consumer:
        since = f"after what {flags.consumer} acknowledged last"
    else:
        since = "from now on"
    return f"Following desk {to.desk} at {to.target}, {since}; Ctrl-C ends it."


async def _messages(
    stub: EventServiceStub, to: Connection, flags: argparse.Namespace
) -> AsyncIterator[WatchResponse]:
    """Messages of one watch after the other; each begins where the one before ended."""
    after = flags.after
    while True:
        try:
            async for message in stub.Watch(request(to.desk, flags, after), metadata=to.metadata):
                yield message
                after = message.cursor or after
        except aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE or not after:
                raise refused(error, to.target) from error
        await asyncio.sleep(RETRY_SECONDS)


def _show(message: WatchResponse, rest: int | None, *, as_json: bool) -> None:
    for item in message.snapshot_items:
        tell_line({"item": plain(item)}) if as_json else say(item_line(item))
    for agent in message.snapshot_agents:
        tell_line({"agent": plain(agent)}) if as_json else say(agent_line(agent))
    if message.snapshot_complete:
        tell_line({"snapshot_complete": True}) if as_json else say("snapshot complete", "bold")
    for event in message.events[:rest]:
        tell_line(plain(event)) if as_json else say(event_line(event))
