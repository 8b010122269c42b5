"""The customers: when the next one arrives, and what each of them will take. All chance is here.

A customer's handling and patience are drawn when he arrives, whoever serves him: two scenarios of
the same seed meet the same customers.
"""

from random import Random

import msgspec

from routing_service.simulation.distributions import Distribution, stream
from routing_service.simulation.scenario import Demand, Listed, Poisson, Scenario


class Customer(msgspec.Struct, frozen=True, gc=False):
    """What is drawn of one customer; patience None = endless, responds None = with the end,
    wrap_up None = as the queue says."""

    handling: int
    patience: int | None
    responds: int | None
    wrap_up: int | None = None


class Stream:
    """One demand's arrivals and customers, in order."""

    def __init__(self, demand: Demand, scenario: Scenario) -> None:
        self.demand = demand
        self._closes = scenario.closes
        self._at = scenario.opens
        self.arrived = 0
        chances = (stream(scenario.seed, f"{demand.name}/{each}") for each in _DRAWN)
        self._gaps, self._handling, self._patience, self._responds, self._wrap_up = chances

    def next_arrival(self) -> int | None:
        """The instant of the next arrival, or None when no one comes any more."""
        arrivals = self.demand.arrivals
        match arrivals:
            case Poisson():
                if arrivals.limit and self.arrived >= arrivals.limit:
                    return None
                self._at += round(self._gaps.expovariate(1.0) * arrivals.gap)
            case Listed():
                if self.arrived >= len(arrivals.instants):
                    return None
                self._at = arrivals.instants[self.arrived]
        self.arrived += 1
        return self._at if self._at < self._closes else None

    def customer(self) -> Customer:
        """The one who arrives now."""
        demand = self.demand
        return Customer(
            demand.handling.draw(self._handling),
            _drawn(demand.patience, self._patience),
            _drawn(demand.responds, self._responds),
            _drawn(demand.wrap_up, self._wrap_up),
        )


_DRAWN = ("arrivals", "handling", "patience", "responds", "wrap_up")


def _drawn(of: Distribution | None, chance: Random) -> int | None:
    return None if of is None else of.draw(chance)
