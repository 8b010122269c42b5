"""Queues in steady state, by formula: what a simulation must come to. Nothing of the engine here.

Sources: A. K. Erlang 1917 (loss and delay formulae), in the recursive form of R. B. Cooper,
"Introduction to Queueing Theory", 2nd ed. 1981, §3.3-3.5; C. Palm 1957 (patience without memory),
as in O. Garnett, A. Mandelbaum, M. Reiman, "Designing a Call Center with Impatient Customers",
MSOM 4(3) 2002. Rates are per unit of time; times come out in that unit.
"""

from itertools import count
from typing import NamedTuple

_NEGLIGIBLE = 1e-15


class Load(NamedTuple):
    """`servers` serve at rate `service` each; customers come at `arrival`, leave at `patience`."""

    servers: int
    arrival: float
    service: float
    patience: float = 0.0


def erlang_b(load: Load) -> float:
    """Share of customers lost when nobody can wait."""
    offered = load.arrival / load.service
    lost = 1.0
    for servers in range(1, load.servers + 1):
        lost = offered * lost / (servers + offered * lost)
    return lost


def erlang_c(load: Load) -> float:
    """Probability to wait when all wait until served; the load must be below the servers."""
    lost = erlang_b(load)
    busy = load.arrival / load.service / load.servers
    return lost / (1 - busy * (1 - lost))


def mean_wait(load: Load) -> float:
    """Mean wait over all customers when all wait until served."""
    return erlang_c(load) / (load.servers * load.service - load.arrival)


class ErlangA(NamedTuple):
    """Patience without memory: probability to wait, share that gives up, mean wait of the rest."""

    waits: float
    abandons: float
    answered_after: float


def erlang_a(load: Load) -> ErlangA:
    """From the steady state of the birth-death process, summed until nothing is left to add.

    Whoever finds `ahead` waiting moves up as agents come free or people ahead give up; each move
    races with his own patience, so it takes 1 / (all busy + (i + 1) patience) whether he wins or
    not.
    """
    full = load.servers * load.service
    states = _states(load)
    total = sum(states)
    answered = answered_after = 0.0
    moves = 0.0
    for ahead, state in enumerate(states[load.servers :]):
        moves += 1 / (full + (ahead + 1) * load.patience)
        wins = full / (full + (ahead + 1) * load.patience)
        answered += state * wins
        answered_after += state * wins * moves
    at_once = sum(states[: load.servers])
    served = at_once + answered
    return ErlangA(1 - at_once / total, 1 - served / total, answered_after / served)


def _states(load: Load) -> list[float]:
    """Probability of each number in the system, up to a common factor."""
    states = [1.0]
    for number in count(1):
        serving = min(number, load.servers) * load.service
        leaving = max(0, number - load.servers) * load.patience
        states.append(states[-1] * load.arrival / (serving + leaving))
        if number > load.servers and states[-1] < _NEGLIGIBLE * max(states):
            break
    return states
