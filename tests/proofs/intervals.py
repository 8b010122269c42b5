"""99 % confidence intervals by batch means. A. M. Law, "Simulation Modeling and Analysis", §9.5."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import NamedTuple

BATCHES = 32
T_99 = 2.7440
"""Student's t: two-sided 99 % for the 31 degrees of freedom of 32 batches."""


class Interval(NamedTuple):
    """A mean and half of its 99 % confidence interval's width."""

    mean: float
    half_width: float

    @property
    def relative(self) -> float:
        """The half-width as a share of the mean."""
        return self.half_width / self.mean

    def __contains__(self, figure: object) -> bool:
        return isinstance(figure, float) and abs(figure - self.mean) <= self.half_width


def interval(batches: Sequence[float]) -> Interval:
    """Of batches long enough to forget each other."""
    assert len(batches) == BATCHES

    return Interval(fmean(batches), T_99 * stdev(batches) / sqrt(BATCHES))
