"""Who holds which desk inside this process, and until when. Epochs are kept by the store."""

from collections.abc import Callable
from time import monotonic_ns

from msgspec import Struct

from routing_service.store.base import Lease
from routing_service.store.errors import LeaseHeld

ClockUs = Callable[[], int]


def monotonic_us() -> int:
    """Microseconds of a clock that never jumps; its zero means nothing."""
    return monotonic_ns() // 1_000


class Holding(Struct):
    """A granted lease, its time to live and the instant it may be taken by another."""

    lease: Lease
    ttl_us: int
    until: int


class Leases:
    """The holdings of one process; a store with other processes keeps them in its database."""

    def __init__(self, clock: ClockUs) -> None:
        self._clock = clock
        self._held: dict[str, Holding] = {}

    def require_free(self, desk: str, holder: str) -> None:
        """Raise `LeaseHeld` when another holder's time has not run out."""
        held = self._held.get(desk)
        if held and held.lease.holder != holder and self._clock() < held.until:
            raise LeaseHeld(desk=desk)

    def grant(self, lease: Lease, ttl_us: int) -> None:
        """Write down the new holder."""
        self._held[lease.desk] = Holding(lease, ttl_us, self._clock() + ttl_us)

    def touch(self, lease: Lease) -> None:
        """An append of the current lease starts its time to live anew."""
        held = self._held.get(lease.desk)
        if held and held.lease.epoch == lease.epoch:
            held.until = self._clock() + held.ttl_us
