"""Matching alone: an item that comes in, an agent who comes free, by strategy and size.

World's records and indexes as they are in service, without rules, journal and wire. The decision
record is part of the time, and so is what the indexes learn of the agent who is chosen. The clock
is read without the kernel: to ask that for the thread's own time makes a sample of 20 us some 3 us
longer. So nothing else may run on the machine.
"""

import gc
import os
import random
import time
from collections.abc import Callable

from msgspec.structs import replace

from routing_service.core.apply import apply
from routing_service.core.choice import matching
from routing_service.core.deadlines import at_deadline
from routing_service.core.desk.world import World
from routing_service.core.evolution.derived import let_wait, put_profile, wait_no_more
from routing_service.core.journal.commands import TimerKey, TimerKind
from routing_service.core.plans.plan import LabelPlan, LabelType, Plan, QueuePlan, Strategy
from routing_service.core.plans.queue_plan import ChoicePlan, Ladder, RelaxStep, Territory
from routing_service.core.records.lifecycle import HoldState, Presence
from routing_service.core.records.model import SECOND, Agent, Hold, Item, Requirement
from tests.bench.figures import Figures

AGENTS = (100, 1_000, 10_000)
WAITING = (0, 1_000, 100_000)
SKILLS = 200
SKILLS_EACH = 5
SIGNATURES = 500
SAMPLES = int(os.environ.get("ROUTING_MATCH_SAMPLES", "2000"))
NAIVE_SAMPLES = 30
NOW = 1_700_000_000_000_000
QUEUE = "service"
STEP = 60 * SECOND

_Sample = Callable[[], float]


def match(figures: Figures) -> None:
    """`match.<strategy>.<agents>x<waiting>.{arrival,free}` in microseconds, and a naive scan."""
    for agents in AGENTS:
        for waiting in WAITING:
            bench = Bench(agents, waiting)
            arrival, free = _naive(figures, bench, f"{agents}x{waiting}")
            for strategy in Strategy:
                bench.world.switched[QUEUE] = strategy
                name = f"match.{strategy.value}.{agents}x{waiting}"
                _measure(figures, f"{name}.arrival", bench.arrival, arrival)
                if waiting:
                    _measure(figures, f"{name}.free", bench.free, free)
            if waiting:
                _measure(figures, f"match.relax.{agents}x{waiting}.step", bench.step)


def _measure(figures: Figures, name: str, sample: _Sample, scan: float | None = None) -> None:
    """`scan` = what a naive scan takes for the same: the mean's baseline."""
    gc.collect()
    gc.disable()  # as in service, where collections happen between records
    took = [sample() * 1e6 for _ in range(SAMPLES)]
    gc.enable()
    figures.put(f"{name}.mean_us", sum(took) / len(took), "us", scan)
    figures.quantiles(name, took, "us")


def _naive(figures: Figures, bench: "Bench", size: str) -> tuple[float, float]:
    """What a scan of all agents, and one of all waiting items, costs in their stead."""
    found: list[float] = []
    for name, scan in (("arrival", bench.scan_agents), ("free", bench.scan_items)):
        took = sorted(scan() * 1e6 for _ in range(NAIVE_SAMPLES))
        found.append(took[len(took) // 2])
        figures.put(f"match.scan.{size}.{name}.p50_us", found[-1], "us")
    arrival, free = found
    return arrival, free


class Bench:
    """A desk where half of the agents are free, and none of them can take what waits.

    Agents have 5 of 200 skills at levels 1 to 10; there are 500 kinds of items, with one to three
    skills each, and as many that only busy agents can take.
    """

    def __init__(self, agents: int, waiting: int) -> None:
        self.dice = random.Random(agents + waiting)
        self.world = _world()
        self.kinds = [self._needs("s") for _ in range(SIGNATURES)]
        self.rare = [self._needs("r") for _ in range(SIGNATURES)]
        for number in range(agents):
            self._sign_in(number, free=bool(number % 2))
        self.busy = [f"a{number}" for number in range(0, agents, 2)]
        self.made = 0
        for _ in range(waiting):
            self._wait()

    def _needs(self, prefix: str) -> tuple[Requirement, ...]:
        count = self.dice.choice((1, 1, 2, 3))
        skills = self.dice.sample(range(SKILLS), count)
        return tuple(
            sorted(Requirement(f"{prefix}{skill}", self.dice.randint(1, 4)) for skill in skills)
        )

    def _sign_in(self, number: int, *, free: bool) -> None:
        """Those who are busy have the skills that what waits asks for."""
        prefix = "s" if free else "r"
        skills = self.dice.sample(range(SKILLS), SKILLS_EACH)
        agent = Agent(
            id=f"a{number}",
            skills={f"{prefix}{skill}": self.dice.randint(1, 10) for skill in skills},
            attributes={"quality": number % 100, "district": f"d{number % 20}"},
            queues=(QUEUE,),
            presence=Presence.AVAILABLE,
            idle_since=NOW - self.dice.randrange(3_600) * SECOND,
            holds={} if free else {"x": _HOLD},
        )
        self.world.agents[agent.id] = agent
        put_profile(self.world, None, agent)

    def _item(self, kinds: list[tuple[Requirement, ...]]) -> Item:
        self.made += 1
        since = NOW - self.dice.randrange(STEP)
        return Item(
            id=f"it{self.made}",
            number="",
            channel="chat",
            customer="",
            labels={"area": f"d{self.made % 20}"},
            opened_at=since,
            received_at=since,
            enqueued_at=since,
            rank=since,
            queue=QUEUE,
            requirements=self.dice.choice(kinds),
        )

    def _wait(self) -> None:
        item = self._item(self.rare)
        self.world.items[item.id] = item
        let_wait(self.world, item)

    def _put(self, agent: Agent) -> None:
        self.world.agents[agent.id] = agent
        self.world.roster.put_holds(agent)

    def arrival(self) -> float:
        """Seconds from an item to its agent and what the index learns of him."""
        item = self._item(self.kinds)
        self.world.items[item.id] = item
        self.world.seq += 1
        began = time.perf_counter()
        found = matching.agents_for(self.world, item)
        before = self.world.agents[found[0][0]] if found else None
        if before is not None:
            self._put(replace(before, holds={"y": _HOLD}, idle_since=NOW))
        took = time.perf_counter() - began
        if before is not None:
            self._put(before)
        del self.world.items[item.id]
        return took

    def free(self) -> float:
        """Seconds from an agent who comes free to the item he gets, taken from the queue."""
        agent = self.world.agents[self.dice.choice(self.busy)]
        self.world.seq += 1
        began = time.perf_counter()
        self._put(replace(agent, holds={}, idle_since=NOW))
        item = matching.item_for(self.world, agent.id)
        if item is not None:
            matching.agents_for(self.world, item)
            wait_no_more(self.world, item.id)
        self._put(agent)
        took = time.perf_counter() - began
        if item is not None:
            del self.world.items[item.id]
            self._wait()
        return took

    def step(self) -> float:
        """Seconds for one item to ask for less, by its deadline."""
        self.world.now = min(NOW + STEP // 2, self.world.stepping.next_at(QUEUE) or NOW)
        began = time.perf_counter()
        events = at_deadline(self.world, TimerKey(TimerKind.RELAX, QUEUE), self.world.now)
        for event in events:
            apply(self.world, event)
        for item in self.world.dirty_items:
            let_wait(self.world, self.world.items[item])
        took = time.perf_counter() - began
        self.world.dirty_items.clear()
        self.world.now = NOW
        return took / max(1, len(events))

    def scan_agents(self) -> float:
        """The same choice by asking every agent."""
        item = self._item(self.kinds)
        began = time.perf_counter()
        able = (
            (agent.idle_since, agent.id)
            for agent in self.world.agents.values()
            if not agent.holds
            and all(agent.skills.get(n.skill, 0) >= n.level for n in item.requirements)
        )
        min(able, default=None)
        return time.perf_counter() - began

    def scan_items(self) -> float:
        """The same choice by asking every item that waits."""
        skills = self.world.agents[self.dice.choice(self.busy)].skills
        began = time.perf_counter()
        able = (
            (item.rank, item.id)
            for item in self.world.items.values()
            if all(skills.get(need.skill, 0) >= need.level for need in item.requirements)
        )
        min(able, default=None)
        return time.perf_counter() - began


_HOLD = Hold(item="x", cost=1, state=HoldState.HANDLING)


def _world() -> World:
    world = World("bench")
    world.now = NOW
    world.plan = _plan()
    return world


def _plan() -> Plan:
    queue = QueuePlan(
        name=QUEUE,
        offer_timeout=30 * SECOND,
        choice=ChoicePlan(
            in_order=tuple(f"a{number}" for number in range(0, 50, 7)),
            random_by="quality",
            weights={"skill": 50, "idle": 30, "quality": 20},
            territory=Territory(label="area", attribute="district"),
        ),
        ladder=Ladder(steps=(RelaxStep(after=STEP, lower=1), RelaxStep(after=2 * STEP))),
    )
    return Plan(
        pack="bench",
        version="1",
        zone="UTC",
        language="en",
        priorities=("normal",),
        boost={},
        labels={},
        queues={QUEUE: queue},
        fallback_queue=QUEUE,
        fallback_priority="normal",
        clocks={},
        calendars={},
        teams={},
        supervisor="boss",
        pending_reasons={},
        channel_cost={"chat": 1},
        number_format="{n}",
        retention_closed=STEP,
        max_backdate=STEP,
        escalations=(),
        agent_attributes={
            "quality": LabelPlan(type=LabelType.INTEGER, minimum=0, maximum=100),
            "district": LabelPlan(type=LabelType.TEXT),
        },
    )
