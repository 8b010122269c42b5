"""`activate`: puts rules in force at a running service, or tells before what that would change."""

import argparse
import asyncio
import secrets
from pathlib import Path

from grpc import aio

from routing_service.cli import preview_table
from routing_service.cli.connection import (
    Connection,
    Refused,
    add_flags,
    channel,
    connection,
    refused,
)
from routing_service.cli.output import FOUND, OK, plain, say, tell
from routing_service.core.records.errors import Invalid
from routing_service.pb.routing.v1 import rulebook_service_pb2 as pb
from routing_service.pb.routing.v1.rulebook_service_pb2_grpc import RulebookServiceStub
from routing_service.rulebook.files import rule_files

DEADLINE_SECONDS = 120.0
"""A large pack is compiled and tried first; a preview looks at every open item."""


def add(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument(
        "pack",
        nargs="?",
        type=Path,
        metavar="PACK",
        help="folder of the rule pack; left out: the service reads the folder of the desk again",
    )
    parser.add_argument(
        "--preview", action="store_true", help="tell what would change, and change nothing"
    )
    parser.add_argument(
        "--examples", type=int, default=0, help="open items shown of each kind of change (5)"
    )
    parser.add_argument("--request-id", default="", help="idempotency key (a random one)")
    add_flags(parser)


def run(flags: argparse.Namespace) -> int:
    """2 when the pack is refused for its findings; Refused when the service says no otherwise."""
    files = read(flags.pack) if flags.pack is not None else {}
    try:
        answer = asyncio.run(_call(connection(flags), files, flags))
    except Refused as error:
        if not error.findings:
            raise
        _show_findings(error, flags)
        return FOUND
    if flags.json:
        tell(plain(answer))
    elif isinstance(answer, pb.PreviewResponse):
        preview_table.show(answer)
    else:
        _show(answer)
    return OK


def read(pack: Path) -> dict[str, str]:
    """The rule files of a folder; Invalid(NO_PACK), Invalid(FILE_UNREADABLE)."""
    if not pack.is_dir():
        raise Invalid("NO_PACK", f"{pack} is no folder.")
    try:
        return {file.name: file.read_text(encoding="utf-8") for file in rule_files(pack)}
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            "FILE_UNREADABLE", f"{pack}: {error}; `routing-service check {pack}` says where."
        ) from error


async def _call(
    to: Connection, files: dict[str, str], flags: argparse.Namespace
) -> pb.ActivateResponse | pb.PreviewResponse:
    async with channel(to) as service:
        stub = RulebookServiceStub(service)
        try:
            if flags.preview:
                asked = pb.PreviewRequest(desk=to.desk, files=files, max_examples=flags.examples)
                return await stub.Preview(asked, timeout=DEADLINE_SECONDS, metadata=to.metadata)
            key = flags.request_id or f"cli-{secrets.token_hex(8)}"
            wanted = pb.ActivateRequest(desk=to.desk, request_id=key, files=files)
            return await stub.Activate(wanted, timeout=DEADLINE_SECONDS, metadata=to.metadata)
        except aio.AioRpcError as error:
            raise refused(error, to.target) from error


def _show(done: pb.ActivateResponse) -> None:
    what = f"{done.pack} version {done.version}, digest {done.digest[:12]}"
    if done.digest == done.previous_digest:
        say(f"{what} is in force already; nothing changed")
    else:
        say(f"{what} is in force", "green")
        before = done.previous_digest[:12]
        say(f"before: digest {before}" if before else "before: none")


def _show_findings(error: Refused, flags: argparse.Namespace) -> None:
    if flags.json:
        tell({"refused": [plain(finding) for finding in error.findings]})
        return
    for found in error.findings:
        file = flags.pack / found.file if flags.pack is not None else found.file
        hint = f" {found.hint}" if found.hint else ""
        say(f"{file}:{found.line}:{found.column} {found.code} error: {found.message}{hint}", "red")
    say("The rules in force stay as they are.")
