"""A busy day on virtual time: how long a million items take, rules, journal records and all."""

import os
import time

from routing_service.core.records.model import SECOND, Agent
from routing_service.rulebook.loader import load_pack
from routing_service.simulation.distributions import Exponential, Lognormal
from routing_service.simulation.driver import simulate as run
from routing_service.simulation.scenario import Demand, Poisson, Scenario, Staff
from tests.bench.core import PACK
from tests.bench.figures import Figures

MILLION = 1_000_000
ITEMS = int(os.environ.get("ROUTING_SIMULATED_ITEMS", "100000"))
AGENTS = 100
HANDLING = 240 * SECOND
LOAD = 0.95
OPENS = 1_700_000_000_000_000
EVER = OPENS + 10**16


def simulate(figures: Figures) -> None:
    """`simulate`: seconds for a million items, scaled from those that were simulated."""
    rulebook = load_pack(PACK)
    began = time.perf_counter()
    results = run(_scenario(tuple(rulebook.plan.queues)), rulebook)
    took = time.perf_counter() - began
    done = sum(queue.arrived for queue in results.queues.values())
    figures.put("simulate.items", done, "items")
    figures.put("simulate.records_per_item", results.records / done, "records")
    figures.put("simulate.1m_items.seconds", took * MILLION / done, "s")


def _scenario(queues: tuple[str, ...]) -> Scenario:
    """A hundred agents at 95 % load; whoever waits for ten minutes gives up."""
    demand = Demand(
        name="chats",
        channel="chat",
        arrivals=Poisson(gap=round(HANDLING / AGENTS / LOAD), limit=ITEMS),
        handling=Lognormal(mean=HANDLING, deviation=HANDLING),
        patience=Exponential(600 * SECOND),
        labels={"kind": "plain"},
    )
    staff = tuple(
        Staff(agent=Agent(id=f"a{number:03d}", queues=queues), shifts=((OPENS, EVER),))
        for number in range(AGENTS)
    )
    return Scenario(
        forget_after=3600 * SECOND,
        seed=1,
        opens=OPENS,
        closes=EVER,
        ends=EVER,
        demands=(demand,),
        staff=staff,
    )
