"""What a refused call says: its code, its reason, and what else is in the status details."""

from collections.abc import Awaitable, Sequence
from typing import Any

import grpc
from google.rpc.error_details_pb2 import ErrorInfo, RetryInfo
from grpc import aio
from grpc_status import rpc_status

from routing_service.pb.routing.v1 import rulebook_service_pb2


async def refused(call: Awaitable[Any]) -> tuple[grpc.StatusCode, str]:
    """Code and reason of a call that must fail; checks that it says so as the contract wants."""
    error = await failure(call)
    info = error_info(error)
    assert info.domain == "routing"
    assert error.details()
    return error.code(), info.reason


async def failure(call: Awaitable[Any]) -> aio.AioRpcError:
    """The error of a call that must fail."""
    try:
        answer = await call
    except aio.AioRpcError as error:
        return error
    raise AssertionError(f"answered: {answer}")


def error_info(error: aio.AioRpcError) -> ErrorInfo:
    """The machine-readable part of an error."""
    (info,) = _details(error, ErrorInfo)
    return info


def retry_info(error: aio.AioRpcError) -> list[RetryInfo]:
    """When to retry, if the error says so."""
    return _details(error, RetryInfo)


def _details(error: aio.AioRpcError, kind: Any) -> list[Any]:
    status = rpc_status.from_call(error)
    assert status is not None
    found = []
    for packed in status.details:
        if packed.Is(kind.DESCRIPTOR):
            message = kind()
            packed.Unpack(message)
            found.append(message)
    return found


def findings(error: aio.AioRpcError) -> Sequence[rulebook_service_pb2.RulebookFinding]:
    """What is wrong with a refused rulebook."""
    (found,) = _details(error, rulebook_service_pb2.RulebookFindings)
    return list(found.findings)
