"""Seeded distributions of durations, in whole microseconds. Nothing of a desk enters here.

Chance is the standard library's Mersenne Twister, seeded by text: the same on every machine.
"""

from math import log, sqrt
from random import Random

import msgspec


class Deterministic(msgspec.Struct, frozen=True, tag="deterministic"):
    """Always the same."""

    value: int

    def draw(self, chance: Random) -> int:
        """The value; nothing is drawn."""
        return self.value


class Exponential(msgspec.Struct, frozen=True, tag="exponential"):
    """Without memory: arrivals, patience, simple handling."""

    mean: int

    def draw(self, chance: Random) -> int:
        """One duration, 0 or more."""
        return round(chance.expovariate(1.0) * self.mean)


class Lognormal(msgspec.Struct, frozen=True, tag="lognormal"):
    """Handling times of people: many short, some long. Both parameters are of the duration."""

    mean: int
    deviation: int

    def draw(self, chance: Random) -> int:
        """One duration, 0 or more."""
        spread = log(1 + (self.deviation / self.mean) ** 2)
        return round(chance.lognormvariate(log(self.mean) - spread / 2, sqrt(spread)))


class Empirical(msgspec.Struct, frozen=True, tag="empirical"):
    """One of the durations that were seen, each as likely as it is frequent here. Never empty."""

    values: tuple[int, ...]

    def draw(self, chance: Random) -> int:
        """One of the values."""
        return self.values[chance.randrange(len(self.values))]


Distribution = Deterministic | Exponential | Lognormal | Empirical


def stream(seed: int, purpose: str) -> Random:
    """Chance of its own for each purpose: more of one thing moves nothing of another."""
    return Random(f"{seed}/{purpose}")  # noqa: S311 - must come back the same, no secret
