"""Loads with levels and reserves, and a green channel, for the rich plans of rich.py."""

from typing import Final

from routing_service.core.plans.predicate import Leaf, Op
from routing_service.core.plans.strategy import Strategy
from routing_service.core.plans.surge_plan import WHOLLY, GreenPlan, Keep, LoadLevel, LoadPlan
from tests.builders import MINUTE, SECOND

DEE: Final = Leaf("agent", Op.EQ, ("dee",))
LOADS: Final = (
    LoadPlan(
        name="service",
        queue="service",
        levels=(
            LoadLevel(name="busy", above=60, below=50, hold=MINUTE),
            LoadLevel(
                name="peak",
                above=120,
                below=90,
                hold=2 * MINUTE,
                reserve=DEE,
                strategy=Strategy.LEAST_LOADED,
            ),
            LoadLevel(name="alarm", reserve=Leaf("team", Op.EQ, ("first",))),
        ),
    ),
    LoadPlan(
        name="hvac",
        queue="service",
        skill="hvac",
        skill_level=2,
        levels=(LoadLevel(name="short", above=100, below=80, hold=30 * SECOND, reserve=DEE),),
    ),
    LoadPlan(
        name="second",
        queue="second",
        levels=(
            LoadLevel(
                name="peak",
                above=100,
                below=100,
                hold=SECOND,
                reserve=Leaf("agent", Op.EQ, ("cho",)),
            ),
        ),
    ),
)
"""Two loads of one queue, levels that only a switch reaches, agents in reserve for both queues."""

GREEN: Final = GreenPlan(
    when=Leaf("priority", Op.EQ, ("p1",)),
    keep=(
        Keep(queues=("strict", "third"), units=1, agents=Leaf("agent", Op.EQ, ("ben",))),
        Keep(queues=("strict",), units=WHOLLY, agents=Leaf("quality", Op.GTE, (9,))),
    ),
)
"""Ben keeps his last unit; who is very good and serves the strict queue is there for it alone."""
