"""Every way the service says no, as one tree.

RoutingError(kind, reason, message, details)
├─ Invalid        the request itself is wrong; repeating it unchanged cannot help
├─ NotFound       it names something that is not here
├─ Reused         the idempotency key was used for another body
├─ WrongState     the thing is there, but not in a state that allows the step
├─ Conflict       somebody else was first; look again, then retry
├─ Overloaded     too much at once; retry later
├─ Unavailable    the service cannot answer now; retry is safe
└─ Denied         the caller may not do this

Nothing of gRPC enters here: `server/interceptors.py` maps kinds to codes.
"""

from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """What a caller can do about an error; one gRPC code each."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    REUSED = "reused"
    WRONG_STATE = "wrong_state"
    CONFLICT = "conflict"
    OVERLOADED = "overloaded"
    UNAVAILABLE = "unavailable"
    OUT_OF_RANGE = "out_of_range"
    UNAUTHENTICATED = "unauthenticated"
    DENIED = "denied"


class RoutingError(Exception):
    """Something the caller can read and act on.

    `reason` is stable (UPPER_SNAKE) and part of the API; `message` says what to do;
    `details` are short strings a program may read. None of the three shows internals.
    """

    kind: ClassVar[Kind] = Kind.INVALID

    def __init__(self, reason: str, message: str, **details: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.details = details


class Invalid(RoutingError):
    """The request is wrong; correct it before sending it again."""

    kind = Kind.INVALID


class NotFound(RoutingError):
    """The request names something that does not exist in this desk."""

    kind = Kind.NOT_FOUND


class Reused(RoutingError):
    """The idempotency key belongs to an earlier, different request."""

    kind = Kind.REUSED


class WrongState(RoutingError):
    """The thing exists, but its state does not allow this step."""

    kind = Kind.WRONG_STATE


class Conflict(RoutingError):
    """Somebody else was first; read the current state, then decide again."""

    kind = Kind.CONFLICT


class Overloaded(RoutingError):
    """Too much at once; retry after the delay given."""

    kind = Kind.OVERLOADED


class Unavailable(RoutingError):
    """The service cannot answer now; retrying with the same key is safe."""

    kind = Kind.UNAVAILABLE


class OutOfRange(RoutingError):
    """A cursor points outside of what is kept."""

    kind = Kind.OUT_OF_RANGE


class Unauthenticated(RoutingError):
    """The call carries no identity the service knows."""

    kind = Kind.UNAUTHENTICATED


class Denied(RoutingError):
    """The caller is known, but may not do this."""

    kind = Kind.DENIED
