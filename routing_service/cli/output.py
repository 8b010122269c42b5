"""What every verb prints with: rich for people, JSON for programs, errors on standard error."""

import functools
import sys
from collections.abc import Mapping

import msgspec
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from rich.console import Console

OK = 0
FAILED = 1
"""Wrong use, or it could not be done."""
FOUND = 2
"""It was done and found something: findings, failed cases, a journal that differs."""


@functools.cache
def console() -> Console:
    """The terminal, or whatever stands in for it; never guesses at markup or numbers in texts."""
    return Console(markup=False, highlight=False, soft_wrap=True)


def say(text: str, style: str = "") -> None:
    """One line for people."""
    console().print(text, style=style or None)


def tell(value: object) -> None:
    """One value for programs, indented JSON on standard output."""
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def tell_line(value: object) -> None:
    """One value as one line of JSON, at once."""
    print(msgspec.json.encode(value).decode(), flush=True)


def plain(message: Message) -> dict[str, object]:
    """A message of the wire as JSON would have it, with the field names of the proto files."""
    told: dict[str, object] = MessageToDict(message, preserving_proto_field_name=True)
    return told


def complain(reason: str, message: str, details: Mapping[str, str], *, as_json: bool) -> None:
    """An error, on standard error."""
    if as_json:
        error = {"reason": reason, "message": message, "details": dict(details)}
        print(msgspec.json.encode({"error": error}).decode(), file=sys.stderr)
    else:
        print(f"routing-service: {message} ({reason})", file=sys.stderr)
        for name, value in details.items():
            print(f"  {name}: {value}", file=sys.stderr)
