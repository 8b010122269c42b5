"""The call that runs: what it is, and its messages counted. Known to the streams through a context.

Also the reading and writing of streams, so that each write has a deadline.
"""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from google.protobuf.message import DecodeError, Message
from grpc import aio

from routing_service.core.records.errors import Invalid, Overloaded
from routing_service.server import metric_names as names
from routing_service.server.metrics import Metrics
from routing_service.server.rpc_series import RpcSeries

WRITE_SECONDS = 10.0
"""A subscriber who takes nothing for so long is let go: he resumes by his cursor."""

T = TypeVar("T", bound=Message)
U = TypeVar("U")


class Call:
    """One running call."""

    __slots__ = ("deadline", "metrics", "reason", "series")

    def __init__(self, series: RpcSeries, metrics: Metrics, deadline: "WriteDeadline") -> None:
        """`deadline` of its writes; calls that answer once may share one, which never begins."""
        self.series = series
        self.metrics = metrics
        self.reason = ""
        self.deadline = deadline


class WriteDeadline:
    """Ends the write of a stream that takes too long, by one timer for all of its writes.

    A timer for each write costs more than the write itself. One write at a time.
    """

    __slots__ = ("_began", "_seconds", "_timer", "_writer", "passed")

    def __init__(self, seconds: float = WRITE_SECONDS) -> None:
        self.passed = False
        self._seconds = seconds
        self._began = 0.0
        self._writer: asyncio.Task[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """A write begins in the task that runs."""
        loop = asyncio.get_running_loop()
        self._began = loop.time()
        self._writer = asyncio.current_task()
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look)

    def end(self) -> None:
        """The write is done."""
        self._writer = None

    def _look(self) -> None:
        self._timer = None
        if self._writer is None:
            return
        loop = asyncio.get_running_loop()
        left = self._began + self._seconds - loop.time()
        if left > 0:
            self._timer = loop.call_later(left, self._look)
        else:
            self.passed = True
            self._writer.cancel()


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
    _call.get().series.received()
    return checked(message)


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
    _call.get().series.received()
    return checked(cast("T | Undecodable", message))


async def write(context: "aio.ServicerContext[T, U]", message: U) -> None:
    """Send; Overloaded(SUBSCRIBER_TOO_SLOW) when the other side takes nothing for too long."""
    call = _call.get()
    call.deadline.begin()
    try:
        await context.write(message)
    except asyncio.CancelledError as error:
        if not call.deadline.passed:
            raise
        raise Overloaded(
            "SUBSCRIBER_TOO_SLOW", "The stream was not read for too long: resume by its cursor."
        ) from error
    finally:
        call.deadline.end()
    call.series.sent()
