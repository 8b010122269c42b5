"""The queues of the formulae as scenarios: one queue, one skill, agents who answer at once."""

from collections.abc import Iterator

from routing_service.core.plans.plan import Plan
from routing_service.core.records.model import EscalationVerdict, Facts, Verdict
from routing_service.simulation.crowd import Stream
from routing_service.simulation.distributions import Deterministic, Distribution, Exponential
from routing_service.simulation.driver import simulate
from routing_service.simulation.results import ABANDONED, ANSWERED, QueueResult
from routing_service.simulation.scenario import Demand, Poisson, Scenario, Staff
from tests.builders import MINUTE, NOON, agent, plan, queue_plan, verdict
from tests.proofs.recursion import GIVES_UP, SERVED, Customer, Model

_FAR = NOON + 10**17
_END = {ANSWERED: SERVED, ABANDONED: GIVES_UP}


class OneQueue:
    """Rules that send everything to one queue without promises."""

    digest = "d1"
    source = b""

    def __init__(self, desk_plan: Plan | None = None, chosen: Verdict | None = None) -> None:
        self.plan = desk_plan or plan(
            clocks=(), queues={"service": queue_plan(wrap_up=0)}, retention_closed=MINUTE
        )
        self._verdict = chosen or verdict(clocks=())

    def intake(self, facts: Facts) -> Verdict:
        """The same for all."""
        del facts
        return self._verdict

    def escalate(self, facts: Facts) -> EscalationVerdict:
        """Nothing."""
        raise AssertionError(facts)  # no clock, no decline, nothing re-opened


def scenario(model: Model, items: int, seed: int = 1) -> Scenario:
    """The model with so many customers."""
    demand = Demand(
        name="calls",
        channel="web",
        arrivals=Poisson(gap=model.gap, limit=items),
        handling=Exponential(model.handling),
        patience=_patience(model),
    )
    staff = tuple(
        Staff(agent=agent(f"a{number:03d}"), shifts=((NOON, _FAR),))
        for number in range(model.servers)
    )
    return Scenario(seed=seed, opens=NOON, closes=_FAR, ends=_FAR, demands=(demand,), staff=staff)


def _patience(model: Model) -> Distribution | None:
    if model.patience is None:
        return None
    return Exponential(model.patience) if model.patience else Deterministic(0)


def simulated(model: Model, items: int, seed: int = 1) -> QueueResult:
    """What the engine did with them."""
    return simulate(scenario(model, items, seed), OneQueue()).queues["service"]


def journeys(result: QueueResult) -> list[tuple[int, int]]:
    """(wait, SERVED or GIVES_UP) of each customer, as the recursion tells it."""
    ends = (_END[end] for end in result.ends)
    return list(zip(result.waits, ends, strict=True))


def same_customers(model: Model, items: int, seed: int = 1) -> Iterator[Customer]:
    """Those whom the scenario of this seed meets."""
    what = scenario(model, items, seed)
    coming = Stream(what.demands[0], what)
    for _ in range(items):
        at = coming.next_arrival()
        assert at is not None
        drawn = coming.customer()
        yield at, drawn.handling, drawn.patience
