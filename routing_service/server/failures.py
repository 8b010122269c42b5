"""How the service says no on the wire: kinds of RoutingError to gRPC codes, and the status details.

The one table of codes. Messages and details come from the error as they are.
"""

from collections.abc import Mapping

import grpc
from google.protobuf.any_pb2 import Any as Packed
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped]  # has no types
    ErrorInfo,
    RetryInfo,
)
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # has no types

from routing_service.core.records.errors import Kind, RoutingError
from routing_service.pb.routing.v1 import failure_pb2, rulebook_service_pb2
from routing_service.rulebook.findings import RulebookInvalid
from routing_service.server.convert_rulebooks import finding
from routing_service.server.wire import span

DOMAIN = "routing"
INTERNAL = "INTERNAL"
DETAIL_CHARACTERS = 256
FINDINGS_BYTES = 3_072
"""Clients refuse an answer whose trailers exceed 8 KiB in all, and base64 adds a third."""

CODES: Mapping[Kind, grpc.StatusCode] = {
    Kind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Kind.REUSED: grpc.StatusCode.ALREADY_EXISTS,
    Kind.WRONG_STATE: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.CONFLICT: grpc.StatusCode.ABORTED,
    Kind.OVERLOADED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Kind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
    Kind.OUT_OF_RANGE: grpc.StatusCode.OUT_OF_RANGE,
    Kind.UNAUTHENTICATED: grpc.StatusCode.UNAUTHENTICATED,
    Kind.DENIED: grpc.StatusCode.PERMISSION_DENIED,
}
RETRY_AFTER_US: Mapping[Kind, int] = {Kind.OVERLOADED: 500_000, Kind.UNAVAILABLE: 250_000}
"""What RetryInfo asks callers to wait, microseconds; a full desk takes longer than a recovery."""


def code_of(error: RoutingError) -> grpc.StatusCode:
    """The gRPC code of an error."""
    return CODES[error.kind]


def status_of(error: RoutingError) -> Status:
    """The whole status: code, message, ErrorInfo, and RetryInfo or findings where there are any."""
    status = Status(code=_number(code_of(error)), message=error.message)
    info = ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=_details(error))
    status.details.append(_packed(info))
    wait = RETRY_AFTER_US.get(error.kind)
    if wait is not None:
        status.details.append(_packed(RetryInfo(retry_delay=span(wait))))
    if isinstance(error, RulebookInvalid):
        status.details.append(_packed(findings(error)))
    return status


def internal_status(error_id: str) -> Status:
    """What callers hear of a fault of ours: an id to find it in the log, and nothing else."""
    message = f"The service failed; its log tells why under error id {error_id}."
    status = Status(code=_number(grpc.StatusCode.INTERNAL), message=message)
    info = ErrorInfo(reason=INTERNAL, domain=DOMAIN, metadata={"error_id": error_id})
    status.details.append(_packed(info))
    return status


def failure(error: RoutingError) -> failure_pb2.Failure:
    """The same as one outcome within a stream."""
    return failure_pb2.Failure(
        code=_number(code_of(error)),
        reason=error.reason,
        message=error.message,
        details=_details(error),
    )


def internal_failure(error_id: str) -> failure_pb2.Failure:
    """A fault of ours as one outcome within a stream."""
    status = internal_status(error_id)
    return failure_pb2.Failure(
        code=status.code, reason=INTERNAL, message=status.message, details={"error_id": error_id}
    )


def findings(error: RulebookInvalid) -> rulebook_service_pb2.RulebookFindings:
    """The first findings of a refused rulebook, as many as fit into a status."""
    told = rulebook_service_pb2.RulebookFindings()
    for each in error.findings:
        told.findings.append(finding(each))
        if told.ByteSize() > FINDINGS_BYTES:
            del told.findings[-1]
            break
    return told


def _details(error: RoutingError) -> dict[str, str]:
    return {name: value[:DETAIL_CHARACTERS] for name, value in error.details.items()}


def _number(code: grpc.StatusCode) -> int:
    return int(code.value[0])


def _packed(message: ErrorInfo | RetryInfo | rulebook_service_pb2.RulebookFindings) -> Packed:
    packed = Packed()
    packed.Pack(message)
    return packed
