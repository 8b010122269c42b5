"""The call that runs: what it is, and its messages counted. Known to the streams through a context.

Also the reading and writing of streams, so that each write has a deadline.
"""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar, cast

from google.protobuf.message import DecodeError, Message
from grpc import aio

from routing_service.core.errors import Invalid, Overloaded
from routing_service.server import metric_names as names
from routing_service.server.metrics import Method, Metrics

WRITE_SECONDS = 10.0
"""A subscriber who takes nothing for so long is let go: he resumes by his cursor."""

T = TypeVar("T", bound=Message)
U = TypeVar("U")


class Call:
    """One running call."""

    __slots__ = ("method", "metrics", "reason")

    def __init__(self, method: Method, metrics: Metrics) -> None:
        self.method = method
        self.metrics = metrics
        self.reason = ""

    @property
    def rpc(self) -> str:
        """Service and method, for the log."""
        return f"{self.method.service}/{self.method.name}"

    def received(self) -> None:
        """A message came in."""
        self.metrics.messages(self.method, received=1)

    def sent(self) -> None:
        """A message went out."""
        self.metrics.messages(self.method, sent=1)


_call: ContextVar[Call] = ContextVar("call")


def enter(call: Call) -> None:
    """From here on this call runs."""
    _call.set(call)


class Undecodable:
    """Stands for bytes that are no message of the expected type."""


def checked(message: T | Undecodable) -> T:
    """The message, or Invalid(UNDECODABLE) without a word about its insides."""
    if isinstance(message, Undecodable):
        _call.get().metrics.add(names.UNDECODABLE)
        raise Invalid("UNDECODABLE", "The request is no valid message of this method.")
    return message


def only(message: T | Undecodable) -> T:
    """The one message of a call that has no stream of them; counted, and checked."""
    _call.get().received()
    return checked(message)


def answered(message: U) -> U:
    """The one answer of a call that has no stream of them; counted."""
    _call.get().sent()
    return message


def tolerant(decode: Callable[[bytes], T]) -> Callable[[bytes], T | Undecodable]:
    """The same decoder, except that what it refuses becomes Undecodable."""

    def decoded(raw: bytes) -> T | Undecodable:
        try:
            return decode(raw)
        except (DecodeError, UnicodeDecodeError, RecursionError):
            return Undecodable()

    return decoded


async def read(context: "aio.ServicerContext[T, U]") -> T | None:
    """The next message of the stream; None at its end."""
    message = cast("T | Undecodable | object", await context.read())
    if message is aio.EOF:
        return None
    _call.get().received()
    return checked(cast("T | Undecodable", message))


async def write(context: "aio.ServicerContext[T, U]", message: U) -> None:
    """Send; Overloaded(SUBSCRIBER_TOO_SLOW) when the other side takes nothing for too long."""
    try:
        async with asyncio.timeout(WRITE_SECONDS):
            await context.write(message)
    except TimeoutError as error:
        raise Overloaded(
            "SUBSCRIBER_TOO_SLOW", "The stream was not read for too long: resume by its cursor."
        ) from error
    _call.get().sent()
