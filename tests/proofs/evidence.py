"""What the recursion comes to in the long run, with 99 % confidence: wait probability and more.

Long runs of the recursion are cheap; that the engine does what the recursion does, customer by
customer, is proven beside it. Together they are a control variate whose difference is 0.
"""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import NamedTuple

from tests.proofs.intervals import BATCHES, Interval, interval
from tests.proofs.recursion import GIVES_UP, Model, customers, waits

_WARM_UP = 50_000


class Figures(NamedTuple):
    """Probability to wait, share that gives up, mean wait of those served, in microseconds."""

    waits: Interval
    gives_up: Interval
    served_after: Interval


def figures(journeys: Iterator[tuple[int, int]], count: int) -> Figures:
    """Of so many journeys, in batches."""
    batches = [_batch(journeys, count // BATCHES) for _ in range(BATCHES)]
    waiting, leaving, after = zip(*batches, strict=True)
    return Figures(interval(waiting), interval(leaving), interval(after))


def _batch(journeys: Iterator[tuple[int, int]], count: int) -> tuple[float, float, float]:
    at_once = gone = total = 0
    for wait, end in islice(journeys, count):
        if end == GIVES_UP:
            gone += 1
        elif wait:
            total += wait
        else:
            at_once += 1
    return 1 - at_once / count, gone / count, total / (count - gone)


def long_run(model: Model, count: int, seed: int = 7) -> Figures:
    """In steady state."""
    journeys = waits(model.servers, customers(model, Random(seed)))
    for _ in islice(journeys, _WARM_UP):
        pass
    return figures(journeys, count)
