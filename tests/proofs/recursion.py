"""The same queue without an engine: when each server comes free, customer by customer.

J. Kiefer and J. Wolfowitz, "On the theory of queues with many servers", Trans. AMS 78, 1955: with
first come, first served a customer waits until the first server is free of all before him; whoever
gives up earlier never takes a server. Whole microseconds, so that it can be compared exactly.
"""

from collections.abc import Iterable, Iterator
from heapq import heapreplace
from math import log
from random import Random
from typing import NamedTuple

GIVES_UP, SERVED = 0, 1

Customer = tuple[int, int, int | None]
"""(instant of arrival, handling, patience or None)."""


class Model(NamedTuple):
    """Means in microseconds; `patience` None = endless, 0 = no waiting at all."""

    servers: int
    gap: int
    handling: int
    patience: int | None = None


def waits(servers: int, customers: Iterable[Customer]) -> Iterator[tuple[int, int]]:
    """(wait, GIVES_UP or SERVED) of each customer in order of arrival."""
    free = [0] * servers
    for at, handling, patience in customers:
        begins = max(at, free[0])
        if patience is not None and begins > at and patience <= begins - at:
            yield patience, GIVES_UP
        else:
            heapreplace(free, begins + handling)
            yield begins - at, SERVED


def customers(model: Model, chance: Random) -> Iterator[Customer]:
    """Without end: arrivals, handling and patience without memory."""
    at = 0.0
    draw = chance.random
    gap, handling, patience = model.gap, model.handling, model.patience
    while True:
        at -= log(1.0 - draw()) * gap
        patient = int(-log(1.0 - draw()) * patience) if patience else patience
        yield int(at), int(-log(1.0 - draw()) * handling), patient
