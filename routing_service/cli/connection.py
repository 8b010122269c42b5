"""How a verb reaches a running service: the flags for it, the channel, and what a refusal says."""

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

import grpc
import msgspec
from google.protobuf.any_pb2 import Any as Packed
from google.rpc.error_details_pb2 import ErrorInfo  # type: ignore[import-untyped]  # has no types
from grpc import aio
from grpc_status import rpc_status

from routing_service.core.records.errors import Invalid, RoutingError
from routing_service.pb.routing.v1.rulebook_service_pb2 import RulebookFinding, RulebookFindings
from routing_service.settings import Settings

TOKEN = "ROUTING_TOKEN"  # noqa: S105 - the name of a variable, not a token
MAX_MESSAGE_BYTES = 64 << 20
MAX_PORT = 65_535
ITEM_HELP = "the item, such as it0000000001 (not its number)"
NOT_THE_ID = "An item goes by the id that submit prints, such as it0000000001, not by its number."


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """Where the service is and how the caller proves who he is. Empty `ca` = plaintext."""

    target: str
    desk: str = "default"
    ca: bytes = b""
    certificate: bytes | None = None
    key: bytes | None = None
    token: str = ""

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes along with every call."""
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()


class Refused(RoutingError):
    """The service said no; `code` is gRPC's. `findings` of a rulebook, as many as were sent."""

    def __init__(self, code: str, reason: str, message: str, **details: str) -> None:
        super().__init__(reason, message, **details)
        self.code = code
        self.findings: tuple[RulebookFinding, ...] = ()


def add_flags(parser: argparse.ArgumentParser, *, target: str | None = Settings().listen) -> None:
    """Flags of every verb that calls a service; `target` is the default address."""
    parser.add_argument("--target", default=target, help=f"host:port of the service ({target})")
    parser.add_argument("--desk", default="default", help="the desk (default)")
    parser.add_argument(
        "--tls-ca", type=Path, metavar="FILE", help="authorities of the service's certificate, PEM"
    )
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="own certificate, PEM")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="its key, PEM")
    parser.add_argument(
        "--token-file", type=Path, metavar="FILE", help=f"bearer token (else from {TOKEN})"
    )


def connection(flags: argparse.Namespace) -> Connection:
    """What the flags say; Invalid(TARGET_INVALID), Invalid(FILE_UNREADABLE)."""
    return Connection(
        target=_address(flags.target),
        desk=flags.desk,
        ca=_read(flags.tls_ca) or b"",
        certificate=_read(flags.tls_cert),
        key=_read(flags.tls_key),
        token=(_read(flags.token_file) or os.environ.get(TOKEN, "").encode()).decode().strip(),
    )


def _address(target: str) -> str:
    host, _, port = target.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= MAX_PORT:
        raise Invalid("TARGET_INVALID", f"--target {target!r}: write host:port.")
    return target


def _read(file: Path | None) -> bytes | None:
    try:
        return None if file is None else file.read_bytes()
    except OSError as error:
        raise Invalid("FILE_UNREADABLE", f"{file}: {error.strerror}.") from error


def channel(to: Connection) -> aio.Channel:
    """A channel to the service, to be used as a context manager."""
    options = [("grpc.max_receive_message_length", MAX_MESSAGE_BYTES)]
    if not to.ca:
        return aio.insecure_channel(to.target, options)
    credentials = grpc.ssl_channel_credentials(to.ca, to.key, to.certificate)
    return aio.secure_channel(to.target, credentials, options)


def refused(error: aio.AioRpcError, target: str) -> Refused:
    """The error with the service's own reason, or gRPC's code where it gave none."""
    code = error.code().name
    message = error.details() or "the service gave no reason"
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # it reads what both kinds of calls have
    details = tuple(status.details) if status else ()
    for detail in details:
        info = ErrorInfo()
        if detail.Unpack(info):
            hint = f" {NOT_THE_ID}" if info.reason == "ITEM_NOT_FOUND" else ""
            values = dict(sorted(info.metadata.items()))
            said = Refused(code, info.reason, message + hint, **values)
            said.findings = _findings(details)
            return said
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        told = f"Nothing answers at {target}; is `make run` going? (--target host:port)"
        return Refused(code, code, told, cause=message)
    return Refused(code, code, message)


def _findings(details: Iterable[Packed]) -> tuple[RulebookFinding, ...]:
    """What is wrong with the rulebook that was sent, if that is why."""
    for detail in details:
        found = RulebookFindings()
        if detail.Unpack(found):
            return tuple(found.findings)
    return ()
