"""What is simulated: who asks for what and when, who serves, how long all takes. Plain values.

Instants are microseconds UTC of virtual time, durations microseconds.
"""

import msgspec

from routing_service.core.records.model import Agent, FactValue
from routing_service.simulation.distributions import Deterministic, Distribution, Exponential

AT_ONCE = Deterministic(0)
A_WHILE = Exponential(300_000_000)


class Poisson(msgspec.Struct, frozen=True, tag="poisson"):
    """Arrivals without memory, `gap` apart in the mean; `limit` of them, 0 = until closing."""

    gap: int
    limit: int = 0


class Listed(msgspec.Struct, frozen=True, tag="listed"):
    """Arrivals at these instants, in order: what a journal or a report showed."""

    instants: tuple[int, ...]


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """One stream of customers of a kind.

    A customer abandons when his `patience` (None = endless) ends before an agent accepts. The
    answer is reported `responds` after acceptance (None = with the end), the end after `handling`.
    Where agents end their wrap-up themselves they do after `wrap_up`, None = as soon as they must.
    """

    name: str
    channel: str
    arrivals: Poisson | Listed
    handling: Distribution
    patience: Distribution | None = None
    responds: Distribution | None = None
    wrap_up: Distribution | None = None
    labels: dict[str, FactValue] = {}
    signals: tuple[str, ...] = ()


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """One agent: his profile, his shifts (from, to), how long he lets an offer ring.

    At the end of a shift he gets nothing new and finishes what he has.
    """

    agent: Agent
    shifts: tuple[tuple[int, int], ...]
    answers: Distribution = AT_ONCE


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody arrives from `closes` on; what has not ended at `ends` stays as it is.

    Customers who arrive, and time that passes, before `measured_from` do not count in results.
    Items that rules make of others are handled in `linked`; nobody waits for their answer.
    Ended items are archived after `forget_after`, 0 = as the rules say: long runs need less memory.
    """

    seed: int
    opens: int
    closes: int
    ends: int
    measured_from: int = 0
    forget_after: int = 0
    linked: Distribution = A_WHILE
    demands: tuple[Demand, ...]
    staff: tuple[Staff, ...]
