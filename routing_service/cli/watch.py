"""`watch`: follows a desk's event log; after a broken connection it goes on where it was."""

import argparse
import asyncio
from collections.abc import AsyncIterator

import grpc
from google.protobuf.message import Message
from grpc import aio

from routing_service.cli.connection import Connection, add_flags, channel, connection, refused
from routing_service.cli.output import OK, plain, say, tell_line
from routing_service.core.errors import Invalid
from routing_service.pb.routing.v1.event_pb2 import Event
from routing_service.pb.routing.v1.event_service_pb2 import (
    AckRequest,
    EventFilter,
    EventKind,
    WatchRequest,
    WatchResponse,
)
from routing_service.pb.routing.v1.event_service_pb2_grpc import EventServiceStub

RETRY_SECONDS = 1.0
_KINDS = {name.removeprefix("EVENT_KIND_").lower(): name for name in EventKind.keys()[1:]}
_HIDDEN = ("labels", "fired_rules", "rulebook_digest", "requirements")


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("--after", default="", help="cursor to go on after (from now on)")
    parser.add_argument("--consumer", default="", help="durable name: go on after its last ack")
    parser.add_argument("--ack", action="store_true", help="acknowledge what was printed")
    parser.add_argument("--snapshot", action="store_true", help="the present state first")
    parser.add_argument("--kind", action="append", default=[], choices=_KINDS, help="only these")
    parser.add_argument("--queue", action="append", default=[], help="only items in it")
    parser.add_argument("--item", action="append", default=[], help="only this item")
    parser.add_argument("--count", type=int, default=0, help="end after so many events")
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
        stub = EventServiceStub(service)
        rest = flags.count or None
        async for message in _messages(stub, to, flags):
            for item in message.snapshot_items:
                _show("item", item, as_json=flags.json)
            for event in message.events[:rest]:
                _show_event(event, as_json=flags.json)
            if flags.ack and message.events:
                last = message.cursor if rest is None else message.events[:rest][-1].cursor
                acknowledged = AckRequest(desk=to.desk, consumer=flags.consumer, cursor=last)
                await stub.Ack(acknowledged, metadata=to.metadata)
            rest = None if rest is None else rest - len(message.events)
            if rest is not None and rest <= 0:
                return


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
                raise refused(error) from error
        await asyncio.sleep(RETRY_SECONDS)


def _show_event(event: Event, *, as_json: bool) -> None:
    if as_json:
        tell_line(plain(event))
        return
    kind = event.WhichOneof("body") or "unknown"
    at = event.occurred_at.ToJsonString()
    _show(f"{at} {kind:<18}", getattr(event, kind, event), as_json=False)


def _show(title: str, message: Message, *, as_json: bool) -> None:
    told = plain(message)
    if as_json:
        tell_line({title: told})
        return
    words = [f"{name}={value}" for name, value in told.items() if name not in _HIDDEN]
    say(f"{title} {' '.join(words)}")
