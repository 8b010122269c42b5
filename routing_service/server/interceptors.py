"""Around every call, in this order: metrics, logs, errors, identity. No domain state here.

A handler raises RoutingError; callers see a code, a stable reason and what to do. Anything else is
a fault of ours: logged with its stack under a random id, of which callers see the id alone.
"""

import asyncio
import inspect
import logging
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import grpc
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # has no types
from grpc import aio
from grpc_status import rpc_status

from routing_service.core.records.errors import RoutingError
from routing_service.server import calls, failures, identity
from routing_service.server import metric_names as names
from routing_service.server.calls import Call, WriteDeadline
from routing_service.server.faults import fault
from routing_service.server.identity import Credentials, Identities
from routing_service.server.metrics import Metrics
from routing_service.server.rpc_series import Method

log = logging.getLogger(__name__)

Handler = Any
"""grpc.RpcMethodHandler, which has no precise type."""
Context = Any
"""grpc.aio.ServicerContext of whatever messages the method has."""
CANCELLED = "CANCELLED"
OK = "OK"
NOTHING_TOLD = Credentials()
"""Where nobody is asked who he is, the metadata need not be read; reading takes a while."""


class Front(grpc.GenericRpcHandler):
    """All methods of the server by name, each wrapped; services are added to it as to a server.

    The library's interceptors do the same at every call, for a tenth of the time a call takes. And
    they are one generic handler on purpose: for methods registered one by one the library waits
    on a future each, and looks through all of them at every call.
    """

    def __init__(self, metrics: Metrics, identities: Identities) -> None:
        self._metrics = metrics
        self._identities = identities
        self._handlers: dict[str, Handler] = {}

    def add_generic_rpc_handlers(self, handlers: object) -> None:
        """Nothing: generated code adds the same methods by name as well."""

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Handler]) -> None:
        """Take the methods of a service."""
        for method, handler in handlers.items():
            name = f"/{service}/{method}"
            self._handlers[name] = self._wrap(name, handler)

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler | None:
        """The method called, or None; the library asks once a call."""
        return self._handlers.get(handler_call_details.method)

    def _wrap(self, name: str, handler: Handler) -> Handler:
        behavior, make = _parts(handler)
        return make(
            Served(name, handler, behavior, self._metrics, self._identities).run,
            request_deserializer=calls.tolerant(handler.request_deserializer),
            response_serializer=handler.response_serializer,
        )


class Served:
    """One method with all that is around its calls."""

    __slots__ = (
        "_asks",
        "_behavior",
        "_deadline",
        "_identities",
        "_method",
        "_metrics",
        "_name",
        "_series",
        "_streams",
        "_take",
    )

    def __init__(
        self,
        name: str,
        handler: Handler,
        behavior: Callable[..., Any],
        metrics: Metrics,
        identities: Identities,
    ) -> None:
        self._name = name
        self._method = method_of(name, handler)
        self._series = metrics.rpc(self._method)
        self._deadline = None if handler.response_streaming else WriteDeadline()
        self._behavior = behavior
        self._streams = handler.response_streaming
        self._take = _stream if handler.request_streaming else calls.only
        self._metrics = metrics
        self._identities = identities
        self._asks = identities.asks

    async def run(self, request: Any, context: Context) -> Any:
        """The handler's answer, or the call aborted with a status."""
        call = Call(self._series, self._metrics, self._deadline or WriteDeadline())
        calls.enter(call)
        self._series.started()
        started = perf_counter()
        code, status = CANCELLED, None
        answer: Any = None
        try:
            told = _credentials(context) if self._asks else NOTHING_TOLD
            identity.enter(self._identities.admit(self._name, told))
            if self._streams:
                await _stream_out(self._behavior(self._take(request), context), context)
            else:
                answer = await self._behavior(self._take(request), context)
                self._series.sent()
            code = OK
        except asyncio.CancelledError:
            raise
        except aio.AbortError:  # the health library's way to say no
            code = context.code().name
            raise
        except Exception as error:  # noqa: BLE001 - the caller gets a status without our insides
            code, status = self._failed(call, error)
        finally:
            self._tell(call, code, perf_counter() - started)
        if status is not None:
            await _abort(context, status)
        return answer

    def _tell(self, call: Call, code: str, seconds: float) -> None:
        self._series.handled(code, seconds)
        if call.reason:
            self._metrics.add(names.ERRORS, call.reason)
        level = logging.DEBUG if code == OK and self._method.type == "unary" else logging.INFO
        if log.isEnabledFor(level):
            fields = {
                "rpc": self._rpc,
                "code": code,
                "reason": call.reason,
                "took_ms": round(seconds * 1000, 3),
            }
            log.log(level, "call", extra=fields)

    def _failed(self, call: Call, error: Exception) -> tuple[str, Status]:
        """The code and status of a call that ends so."""
        if isinstance(error, RoutingError):
            call.reason = error.reason
            return failures.code_of(error).name, failures.status_of(error)
        call.reason = failures.INTERNAL
        return grpc.StatusCode.INTERNAL.name, failures.internal_status(fault(self._rpc, error))

    @property
    def _rpc(self) -> str:
        """Service and method, for the log."""
        return f"{self._method.service}/{self._method.name}"


def method_of(name: str, handler: Handler) -> Method:
    """The labels of a method."""
    kinds = {
        (False, False): "unary",
        (True, False): "client_stream",
        (False, True): "server_stream",
        (True, True): "bidi_stream",
    }
    _, service, method = name.split("/")
    return Method(kinds[handler.request_streaming, handler.response_streaming], service, method)


def _parts(handler: Handler) -> tuple[Callable[..., Any], Callable[..., Handler]]:
    """The behaviour of a handler, and what makes a handler of its kind."""
    if handler.request_streaming and handler.response_streaming:
        return handler.stream_stream, grpc.stream_stream_rpc_method_handler
    if handler.request_streaming:
        return handler.stream_unary, grpc.stream_unary_rpc_method_handler
    if handler.response_streaming:
        return handler.unary_stream, grpc.unary_stream_rpc_method_handler
    return handler.unary_unary, grpc.unary_unary_rpc_method_handler


def _stream(request: Any) -> Any:
    """Its messages are read, counted and checked one by one, by the handler (calls.read)."""
    return request


async def _stream_out(answer: Any, context: Context) -> None:
    """Handlers that write themselves, and those (of the reflection library) that yield."""
    if inspect.isasyncgen(answer):
        async for message in answer:
            await calls.write(context, message)
    else:
        await answer


def _credentials(context: Context) -> Credentials:
    token = ""
    for key, value in context.invocation_metadata() or ():
        if key == "authorization" and isinstance(value, str):
            token = identity.bearer(value)
    names = context.auth_context().get("x509_common_name", ())
    return Credentials(token=token, certificate=names[0].decode() if names else "")


async def _abort(context: Context, status: Status) -> None:
    await context.abort_with_status(rpc_status.to_status(status))
