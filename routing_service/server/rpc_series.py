"""The figures of one RPC: looked up once, when the method is put on the server, counted each call.

Names and labels are those of the usual gRPC server metrics. No metric library here.
"""

from collections.abc import Callable

from msgspec import Struct

from routing_service.server import metric_names as names
from routing_service.server.series import OTHER, Number, Tables


class Method(Struct, frozen=True):
    """One RPC: `type` is unary, client_stream, server_stream or bidi_stream."""

    type: str
    service: str
    name: str


class RpcSeries:
    """What calls of one method add up to."""

    __slots__ = ("_ended", "_handled", "_received", "_seconds", "_sent", "_started")

    def __init__(self, method: Method, tables: Tables, *, known: bool) -> None:
        """Of a method that is not `known` the names are left out: a scanner may call any."""
        service, name = (method.service, method.name) if known else (OTHER, OTHER)
        labels = (method.type, service, name)
        self._started = tables.counter(names.CALLS_STARTED).child(*labels)
        self._received = tables.counter(names.MESSAGES_RECEIVED).child(*labels)
        self._sent = tables.counter(names.MESSAGES_SENT).child(*labels)
        self._seconds = tables.histogram(names.CALL_SECONDS).child(*labels)
        handled = tables.counter(names.CALLS_HANDLED)
        self._ended: Callable[[str], Number] = lambda code: handled.child(*labels, code)
        self._handled = {"OK": self._ended("OK")}

    def started(self) -> None:
        """A call began."""
        self._started.value += 1

    def received(self) -> None:
        """A message came in."""
        self._received.value += 1

    def sent(self) -> None:
        """A message went out."""
        self._sent.value += 1

    def handled(self, code: str, seconds: float) -> None:
        """The call ended with this status (OK, NOT_FOUND, …) after so many seconds."""
        self._seconds.observe(seconds)
        ended = self._handled.get(code)
        if ended is None:
            ended = self._handled[code] = self._ended(code)
        ended.value += 1
