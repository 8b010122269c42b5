"""Who calls, and what he may do: one table of callers, one of RPCs. What is in neither is denied.

Tokens are known by their hash only. Nothing here asks World.
"""

import hashlib
import ipaddress
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from enum import Enum

import msgspec

from routing_service.core.journal.command import RESERVED_ACTORS
from routing_service.core.records.errors import Denied, Unauthenticated
from routing_service.settings import CallerEntry

ANONYMOUS = "anonymous"
BEARER = "bearer "


class Access(Enum):
    """What an RPC asks of its caller."""

    OPEN = "open"
    CALLER = "caller"


def _all(service: str, access: Access, *methods: str) -> dict[str, Access]:
    return {f"/{service}/{method}": access for method in methods}


RPCS: Mapping[str, Access] = {
    **_all("grpc.health.v1.Health", Access.OPEN, "Check", "Watch"),  # its library has no List
    **_all("grpc.reflection.v1alpha.ServerReflection", Access.CALLER, "ServerReflectionInfo"),
    **_all(
        "routing.v1.RoutingService",
        Access.CALLER,
        *("Submit", "SubmitStream", "Report", "Get", "List", "Cancel", "Transfer"),
        *("Merge", "Link", "SetCollaborators", "EstimateWait", "Explain", "WhyNot"),
        "ListRoutingActs",
    ),
    **_all(
        "routing.v1.AgentService",
        Access.CALLER,
        *("PutAgents", "RemoveAgents", "SetPresence", "Work", "Accept", "Decline"),
        *("Complete", "WrapUp", "SetOutsideWork"),
    ),
    **_all("routing.v1.EventService", Access.CALLER, "Watch", "Ack"),
    **_all(
        "routing.v1.RulebookService",
        Access.CALLER,
        *("Get", "Activate", "SwitchStrategy", "SwitchSurge", "ListLoads", "Preview", "Evaluate"),
    ),
    **_all("routing.dev.v1.ClockService", Access.CALLER, "Now", "Advance"),
}
"""Every RPC that may be called at all; a new one is denied until it stands here."""


class Caller(msgspec.Struct, frozen=True):
    """Who calls. `desks` None = all desks of the process."""

    actor: str
    desks: frozenset[str] | None = None

    def may_use(self, desk: str) -> bool:
        """Whether this desk is open to the caller."""
        return self.desks is None or desk in self.desks


ANYBODY = Caller(ANONYMOUS)
"""Who calls where nobody is asked who he is."""
_caller: ContextVar[Caller] = ContextVar("caller")


def caller() -> Caller:
    """The caller of the RPC that runs."""
    return _caller.get()


def enter(found: Caller) -> None:
    """From here on the RPC that runs is this caller's."""
    _caller.set(found)


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What a call carries to prove who it is."""

    token: str = ""
    certificate: str = ""
    """Common name of the client certificate, verified by the transport; empty = none."""


class Identities:
    """The callers known. `certificates` = the transport verifies client certificates."""

    def __init__(self, entries: Iterable[CallerEntry] = (), *, certificates: bool = False) -> None:
        known = tuple(entries)
        self._by_token = {
            entry.token_sha256.lower(): _caller_of(entry) for entry in known if entry.token_sha256
        }
        self._by_name = {
            entry.certificate: _caller_of(entry) for entry in known if entry.certificate
        }
        self._certificates = certificates

    @property
    def asks(self) -> bool:
        """Whether callers must prove who they are."""
        return bool(self._by_token) or self._certificates

    def admit(self, method: str, credentials: Credentials) -> Caller:
        """The caller of this RPC; Denied for an RPC not in the table, Unauthenticated."""
        access = RPCS.get(method)
        if access is None:
            raise Denied("PERMISSION_DENIED", "Nobody is allowed to call this method.")
        if access is Access.OPEN or not self.asks:
            return ANYBODY
        found = self._by_certificate(credentials) or self._by_bearer(credentials)
        if found is None:
            raise Unauthenticated(
                "UNAUTHENTICATED",
                "Send `authorization: Bearer <token>` or a client certificate known here.",
            )
        return found

    def _by_bearer(self, credentials: Credentials) -> Caller | None:
        if not credentials.token:
            return None
        return self._by_token.get(hashlib.sha256(credentials.token.encode()).hexdigest())

    def _by_certificate(self, credentials: Credentials) -> Caller | None:
        """A listed name; with no name listed, everybody whom the authority signed."""
        if not credentials.certificate or credentials.certificate in RESERVED_ACTORS:
            return None
        if not self._by_name:
            return Caller(credentials.certificate)
        return self._by_name.get(credentials.certificate)


def _caller_of(entry: CallerEntry) -> Caller:
    return Caller(entry.actor, frozenset(entry.desks) if entry.desks else None)


def bearer(header: str) -> str:
    """The token of an authorization header, or empty."""
    return header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else ""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
