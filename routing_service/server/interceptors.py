"""Around every call, in this order: metrics, logs, errors, identity. No domain state here.

A handler raises RoutingError; callers see a code, a stable reason and what to do. Anything else is
a fault of ours: logged with its stack under a random id, of which callers see the id alone.
"""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from time import perf_counter
from typing import Any

import grpc
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # has no types
from grpc import aio
from grpc_status import rpc_status

from routing_service.core.errors import RoutingError
from routing_service.server import calls, failures, identity
from routing_service.server import metric_names as names
from routing_service.server.calls import Call
from routing_service.server.faults import fault
from routing_service.server.identity import Credentials, Identities
from routing_service.server.metrics import Method, Metrics

log = logging.getLogger(__name__)

Handler = Any
"""grpc.RpcMethodHandler, which has no precise type."""
Context = Any
"""grpc.aio.ServicerContext of whatever messages the method has."""
CANCELLED = "CANCELLED"
OK = "OK"
NOTHING_TOLD = Credentials()
"""Where nobody is asked who he is, the metadata need not be read; reading takes a while."""


class Front(aio.ServerInterceptor):
    """The one interceptor: wraps each method once, on its first call."""

    def __init__(self, metrics: Metrics, identities: Identities) -> None:
        self._metrics = metrics
        self._identities = identities
        self._wrapped: dict[str, Handler] = {}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        """The wrapped handler of the method; None for one that no service has."""
        name = handler_call_details.method
        if name not in self._wrapped:
            handler = await continuation(handler_call_details)
            if handler is None:
                return None
            self._wrapped[name] = self._wrap(name, handler)
        return self._wrapped[name]

    def _wrap(self, name: str, handler: Handler) -> Handler:
        method = method_of(name, handler)
        behavior, make = _parts(handler)
        work = _streaming if handler.response_streaming else _unary
        take = _stream if handler.request_streaming else calls.only

        async def run(request: Any, context: Context) -> Any:
            asked = partial(take, request)
            return await self._run(name, method, context, work(behavior, asked, context))

        return make(
            run,
            request_deserializer=calls.tolerant(handler.request_deserializer),
            response_serializer=handler.response_serializer,
        )

    async def _run(
        self,
        name: str,
        method: Method,
        context: Context,
        work: Callable[[], Awaitable[Any]],
    ) -> Any:
        """The handler's answer, or the call aborted with a status."""
        call = Call(method, self._metrics)
        calls.enter(call)
        self._metrics.rpc_started(method)
        started = perf_counter()
        code, status = CANCELLED, None
        answer: Any = None
        try:
            told = _credentials(context) if self._identities.asks else NOTHING_TOLD
            identity.enter(self._identities.admit(name, told))
            answer = await work()
            code = OK
        except RoutingError as error:
            call.reason = error.reason
            code, status = failures.code_of(error).name, failures.status_of(error)
        except asyncio.CancelledError:
            raise
        except aio.AbortError:  # the health library's way to say no
            code = context.code().name
            raise
        except Exception as error:  # noqa: BLE001 - the caller gets a status without our insides
            code = grpc.StatusCode.INTERNAL.name
            status = failures.internal_status(fault(call.rpc, error))
            call.reason = failures.INTERNAL
        finally:
            self._tell(call, code, perf_counter() - started)
        if status is not None:
            await _abort(context, status)
        return answer

    def _tell(self, call: Call, code: str, seconds: float) -> None:
        self._metrics.rpc_handled(call.method, code, seconds)
        if call.reason:
            self._metrics.add(names.ERRORS, call.reason)
        level = logging.DEBUG if code == OK and call.method.type == "unary" else logging.INFO
        if log.isEnabledFor(level):
            fields = {
                "rpc": call.rpc,
                "code": code,
                "reason": call.reason,
                "took_ms": round(seconds * 1000, 3),
            }
            log.log(level, "call", extra=fields)


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


def _unary(
    behavior: Callable[..., Any], asked: Callable[[], Any], context: Context
) -> Callable[[], Awaitable[Any]]:
    async def work() -> Any:
        return calls.answered(await behavior(asked(), context))

    return work


def _streaming(
    behavior: Callable[..., Any], asked: Callable[[], Any], context: Context
) -> Callable[[], Awaitable[Any]]:
    """Handlers that write themselves, and those (of the reflection library) that yield."""

    async def work() -> None:
        answer = behavior(asked(), context)
        if inspect.isasyncgen(answer):
            async for message in answer:
                await calls.write(context, message)
        else:
            await answer

    return work


def _credentials(context: Context) -> Credentials:
    token = ""
    for key, value in context.invocation_metadata() or ():
        if key == "authorization" and isinstance(value, str):
            token = identity.bearer(value)
    names = context.auth_context().get("x509_common_name", ())
    return Credentials(token=token, certificate=names[0].decode() if names else "")


async def _abort(context: Context, status: Status) -> None:
    await context.abort_with_status(rpc_status.to_status(status))
