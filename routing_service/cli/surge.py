"""`surge`: how the loads of a desk stand; puts them at a level by hand, and gives them back."""

import argparse
import asyncio
import datetime
import secrets
from collections.abc import Iterable, Iterator

from google.protobuf.timestamp_pb2 import Timestamp
from grpc import aio

from routing_service.cli.connection import Connection, add_flags, channel, connection, refused
from routing_service.cli.output import OK, plain, say, tell
from routing_service.cli.submit import instant
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from routing_service.pb.routing.v1.rulebook_service_pb2_grpc import RulebookServiceStub
from routing_service.pb.routing.v1.surge_pb2 import Load
from routing_service.rulebook.times import duration

DEADLINE_SECONDS = 30.0


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument(
        "level",
        nargs="?",
        default="",
        metavar="LEVEL",
        help="put the loads that have it at this level; left out: tell how they stand",
    )
    parser.add_argument(
        "--at-none", action="store_true", help="put them at no level, whatever comes in"
    )
    parser.add_argument(
        "--release", action="store_true", help="end what was switched before its time"
    )
    parser.add_argument("--load", default="", help="this load only (all that it can be about)")
    parser.add_argument("--for", dest="span", default="", help="how long, such as 30m, 2h, 7d")
    parser.add_argument("--until", default="", help="or until when, ISO 8601 with offset")
    parser.add_argument("--reason", default="", help="why; the journal keeps it")
    parser.add_argument("--request-id", default="", help="idempotency key (a random one)")
    add_flags(parser)


def run(flags: argparse.Namespace) -> int:
    """Tell how the loads stand, after the switch if there is one; Refused."""
    answer = asyncio.run(_call(connection(flags), asked(flags)))
    if flags.json:
        tell(plain(answer))
        return OK
    for line in lines(answer.loads):
        say(line)
    return OK


def asked(flags: argparse.Namespace) -> pb.SwitchSurgeRequest | None:
    """The switch that the flags describe, or None; Invalid(FLAGS_CONFLICT, FIELD_REQUIRED)."""
    wishes = (bool(flags.level), flags.at_none, flags.release)
    terms = (flags.load, flags.span, flags.until, flags.reason, flags.request_id)
    if sum(wishes) > 1 or (not any(wishes) and any(terms)):
        raise Invalid(
            "FLAGS_CONFLICT", "Say one of LEVEL, --at-none and --release, or nothing to look only."
        )
    if not any(wishes):
        return None
    return pb.SwitchSurgeRequest(
        desk=flags.desk,
        request_id=flags.request_id or f"cli-{secrets.token_hex(8)}",
        load=flags.load,
        level=flags.level,
        reason=flags.reason,
        until=None if flags.release else _end(flags.span, flags.until),
        release=flags.release,
    )


def _end(span: str, until: str) -> Timestamp:
    if bool(span) == bool(until):
        raise Invalid("FIELD_REQUIRED", "Say when it ends: --for 2h, or --until, within 7 days.")
    if until:
        return instant(until, "--until")
    length = duration(span)
    if length is None:
        raise Invalid("FIELD_OUT_OF_RANGE", "--for: write a time such as 30m, 2h or 1h30m.")
    end = Timestamp()
    end.FromDatetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(microseconds=length))
    return end


async def _call(
    to: Connection, switch: pb.SwitchSurgeRequest | None
) -> pb.SwitchSurgeResponse | pb.ListLoadsResponse:
    async with channel(to) as service:
        rulebooks, wait = RulebookServiceStub(service), DEADLINE_SECONDS
        try:
            if switch is None:
                look = pb.ListLoadsRequest(desk=to.desk)
                return await rulebooks.ListLoads(look, timeout=wait, metadata=to.metadata)
            return await rulebooks.SwitchSurge(switch, timeout=wait, metadata=to.metadata)
        except aio.AioRpcError as error:
            raise refused(error, to.target) from error


def lines(loads: Iterable[Load]) -> Iterator[str]:
    """A load per line, and below it who has switched it."""
    told = False
    for load in loads:
        told = True
        skill = f" for {load.skill} from level {load.skill_level}" if load.skill else ""
        level = f"at {load.level}" if load.level else "at no level"
        yield f"{load.name}  {level}, {_filled(load)}, queue {load.queue}{skill}"
        if load.HasField("switched_until"):
            until, itself = load.switched_until.ToJsonString(), load.level_by_load or "no level"
            yield f"  switched by {load.switched_by} until {until}: {load.reason}"
            yield f"  by itself it would be at {itself}"
    if not told:
        yield "The rulebook measures no loads; surge.yaml of its pack would say which."


def _filled(load: Load) -> str:
    if not load.units:
        return f"{load.demand_units} units to do and nobody signed in"
    percent = 100 * load.demand_units // load.units
    return f"{percent} % ({load.demand_units} units to do, {load.units} signed in)"
