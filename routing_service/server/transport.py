"""The gRPC server itself: options, credentials, what may be listened on. No service enters here."""

import contextlib
import errno
import socket
from pathlib import Path

import grpc
import msgspec
from google.protobuf.internal import api_implementation
from grpc import aio

from routing_service.core.records.errors import Invalid, RoutingError
from routing_service.server.identity import Identities, is_loopback
from routing_service.settings import Settings, load_callers

MAX_RECEIVE_BYTES = 1_048_576
MAX_SEND_BYTES = 8_388_608
METADATA_BYTES = 8_192
KEEPALIVE_MS = 30_000
KEEPALIVE_TIMEOUT_MS = 10_000


class StartRefused(Invalid):
    """The process cannot start as it is set up."""


class Listening(msgspec.Struct, frozen=True):
    """Where and how to listen. `exposed` = beyond loopback without TLS and identity."""

    address: str
    identities: Identities
    credentials: grpc.ServerCredentials | None
    exposed: bool


def listening(settings: Settings) -> Listening:
    """What the settings ask for; StartRefused(PLAINTEXT_REFUSED, SETTINGS_INVALID)."""
    entries = load_callers(Path(settings.tokens_file)) if settings.tokens_file else ()
    identities = Identities(entries, certificates=bool(settings.client_ca))
    credentials = _credentials(settings)
    host = settings.listen.rpartition(":")[0]
    safe = is_loopback(host) or (credentials is not None and identities.asks)
    if not safe and not settings.allow_plaintext:
        raise StartRefused(
            "PLAINTEXT_REFUSED",
            f"{settings.listen} can be reached from other machines: set tls_cert and tls_key with"
            " client_ca or tokens_file, or say allow_plaintext behind a proxy that does it.",
        )
    return Listening(settings.listen, identities, credentials, not safe)


def _credentials(settings: Settings) -> grpc.ServerCredentials | None:
    if not settings.tls_cert and not settings.tls_key and not settings.client_ca:
        return None
    key, chain = _read("tls_key", settings.tls_key), _read("tls_cert", settings.tls_cert)
    authority = _read("client_ca", settings.client_ca) if settings.client_ca else None
    return grpc.ssl_server_credentials(
        [(key, chain)], root_certificates=authority, require_client_auth=authority is not None
    )


def _read(name: str, file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise StartRefused(
            "SETTINGS_INVALID", f"{name}: {file} cannot be read: {error.strerror}."
        ) from error


def require_fast_protobuf() -> None:
    """StartRefused(PROTOBUF_SLOW) on the pure-Python implementation: 80 times slower to parse."""
    if api_implementation.Type() == "python":
        raise StartRefused(
            "PROTOBUF_SLOW", "protobuf runs in pure Python: install a wheel with its C library."
        )


def make_server(settings: Settings) -> aio.Server:
    """A server with our limits (performance research §1.5, reliability research §0)."""
    return aio.server(
        options=[
            ("grpc.so_reuseport", 0),
            ("grpc.max_concurrent_streams", settings.max_streams_per_connection),
            ("grpc.max_receive_message_length", MAX_RECEIVE_BYTES),
            ("grpc.max_send_message_length", MAX_SEND_BYTES),
            ("grpc.max_metadata_size", METADATA_BYTES),
            ("grpc.absolute_max_metadata_size", METADATA_BYTES),
            ("grpc.keepalive_time_ms", KEEPALIVE_MS),
            ("grpc.keepalive_timeout_ms", KEEPALIVE_TIMEOUT_MS),
            ("grpc.http2.ping_timeout_ms", KEEPALIVE_TIMEOUT_MS),
            ("grpc.keepalive_permit_without_calls", 1),
            ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
        ],
    )


def bind(server: aio.Server, where: Listening) -> str:
    """Take the port; host:port as bound. StartRefused(PORT_IN_USE)."""
    _require_free(where.address)
    try:
        if where.credentials is None:
            port = server.add_insecure_port(where.address)
        else:
            port = server.add_secure_port(where.address, where.credentials)
    except RuntimeError as error:
        raise port_in_use(where.address) from error
    return f"{where.address.rpartition(':')[0]}:{port}"


def _require_free(address: str) -> None:
    """StartRefused(PORT_IN_USE) before gRPC's core finds out and writes a line of its own.

    Of anything else that is wrong with the address gRPC itself is the judge.
    """
    host, _, port = address.rpartition(":")
    with contextlib.suppress(OSError):
        found = socket.getaddrinfo(
            host.strip("[]") or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if _is_taken(probe, place):
                raise port_in_use(address)


def _is_taken(probe: socket.socket, place: object) -> bool:
    try:
        probe.bind(place)  # type: ignore[arg-type]  # whatever getaddrinfo gave
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False


def port_in_use(address: str) -> RoutingError:
    """Somebody else listens there."""
    return StartRefused(
        "PORT_IN_USE",
        f"Cannot listen on {address}: it is in use or not an address of this machine.",
    )
