"""The state of one desk: tables of frozen records, counters, and indexes derived from them.

Only core/apply.py writes here. No I/O, no clock: `now` and `seq` are those of the last record.
"""

from collections import OrderedDict
from typing import NamedTuple, NoReturn, cast

from routing_service.core.desk.calendar import Calendar
from routing_service.core.desk.handlers import Handlers
from routing_service.core.desk.loads import Loads
from routing_service.core.desk.pace import Pace
from routing_service.core.desk.timers import Timers
from routing_service.core.journal.commands import TimerKey
from routing_service.core.plans.plan import ClockPlan, Plan, QueuePlan, Strategy, Target
from routing_service.core.queues.placing import place
from routing_service.core.queues.relaxing import least, need
from routing_service.core.queues.stepping import Stepping
from routing_service.core.queues.waiting import Signature, Waiting
from routing_service.core.records.errors import Conflict, NotFound, Reused, WrongState
from routing_service.core.records.kinds import MEANT
from routing_service.core.records.model import (
    Agent,
    FactValue,
    Item,
    Milestone,
    Offer,
    Remembered,
    Requirement,
)
from routing_service.core.records.surge import Surge
from routing_service.core.staff.roster import Roster

DAY = 86_400_000_000
REMEMBER_FOR = 7 * DAY
REMEMBER_AT_MOST = 1_000_000
ENDED_OFFERS_KEPT = 10_000


SIGNATURES_KEPT = 10_000
LONG_ENOUGH = 2**62
"""What waits for one agent alone keeps no delay of his: he is meant."""

_Asked = tuple[str, tuple[Requirement, ...], str, int, int, bool]
"""Queue, requirements, channel, step and delay of an item, and whether it is green."""

Matter = tuple[FactValue, ...]
"""What contacts about one matter have in common (correlation.py)."""


class _NoPlan:
    """Stands where the plan will be: plain to use, because every decision reads it many times."""

    def __getattr__(self, name: str) -> NoReturn:
        raise WrongState(
            "NO_RULEBOOK", "The desk starts and has no rulebook yet: retry in a moment."
        )


class Starting(NamedTuple):
    """A clock that begins with an item: its plan, and its terms at the item's priority."""

    plan: ClockPlan
    target: Target
    calendar: Calendar


class World:
    """Tables are dicts in order of arrival; values are replaced, never changed.

    Those that lose their oldest entries all the time are an OrderedDict: there the first is found
    at once, while a plain dict walks over all that was deleted before it.
    """

    def __init__(self, desk: str) -> None:  # noqa: PLR0915 - one line per table, nothing else
        self.desk = desk
        self.seq = 0
        self.now = 0
        self.digest = ""
        self.source = b""
        self.plan: Plan = cast("Plan", _NoPlan())
        """The active plan; before the first activation any use is WrongState(NO_RULEBOOK)."""
        self.items_made = 0
        self.number_day = ""
        self.numbers_of_day = 0
        self.offers_made = 0
        self.alerts_made = 0
        self.items: dict[str, Item] = {}
        self.agents: dict[str, Agent] = {}
        self.offers: dict[str, Offer] = {}
        self.ended_offers: OrderedDict[str, Offer] = OrderedDict()
        self.remembered: OrderedDict[tuple[str, str], Remembered] = OrderedDict()
        self.consumers: dict[str, tuple[int, int]] = {}
        self.paces: dict[str, Pace] = {}  # by queue: how fast it is served
        self.turns: dict[str, str] = {}  # by queue: who was offered an item of it last
        self.switched: dict[str, Strategy] = {}
        """Queue -> the strategy it has by a switch, until the next activation."""
        self.handlers = Handlers()
        self.surges: dict[str, Surge] = {}  # by load; one that is not here is at no level
        self.calendars: dict[str, Calendar] = {}
        self.timers = Timers()
        self.roster = Roster()
        self.waiting = Waiting()
        self.stepping = Stepping()
        self.loads = Loads()
        self._signatures: dict[_Asked, Signature] = {}
        self._starting: dict[tuple[str, tuple[str, ...]], tuple[Starting, ...]] = {}
        self.fits: dict[str, int] = {}
        self.stale: dict[str, None] = {}
        """Items that still have the terms of a former rulebook (core/promises/retarget.py)."""
        self.children: dict[str, dict[str, None]] = {}
        self.matters: dict[Matter, dict[str, None]] = {}
        self.dirty_items: dict[str, None] = {}
        self.dirty_agents: dict[str, None] = {}

    @property
    def current_plan(self) -> Plan | None:
        """The active plan, or None before the first activation."""
        return None if isinstance(self.plan, _NoPlan) else self.plan

    def item(self, item: str, version: int = 0) -> Item:
        """The item, or NotFound(ITEM_NOT_FOUND).

        `version` is the one the caller has seen, 0 = any; Conflict(VERSION_CONFLICT) for another.
        """
        found = self.items.get(item)
        if found is None:
            raise NotFound("ITEM_NOT_FOUND", "No open item has this id.", item=item[:64])
        if version not in (0, found.version):
            raise Conflict(
                "VERSION_CONFLICT",
                f"The item is at version {found.version} now: read it again, then decide.",
                version=str(found.version),
            )
        return found

    def agent(self, agent: str) -> Agent:
        """The agent, or NotFound(AGENT_NOT_FOUND)."""
        found = self.agents.get(agent)
        if found is None:
            raise NotFound("AGENT_NOT_FOUND", "Put the agent's profile first.", agent=agent[:64])
        return found

    def queue(self, queue: str) -> QueuePlan:
        """The queue's plan, or NotFound(QUEUE_NOT_FOUND)."""
        found = self.plan.queues.get(queue)
        if found is None:
            raise NotFound("QUEUE_NOT_FOUND", "The rulebook has no such queue.", queue=queue[:64])
        return found

    def strategy(self, queue: QueuePlan) -> Strategy:
        """What the queue goes by now: what it was switched to, else by its level, else as ever."""
        switched = self.switched.get(queue.name)
        if switched is not None or not self.surges:
            return switched or queue.strategy
        by_level = (
            load.strategy(self.surges[name].standing)
            for name, load in self.plan.loads.items()
            if load.queue == queue.name and name in self.surges
        )
        return next((each for each in by_level if each is not None), queue.strategy)

    def cost(self, item: Item) -> int:
        """Capacity units one item of this channel uses."""
        return self.plan.channel_cost.get(item.channel, 1)

    def place(self, item: Item) -> int:
        """Where the item stands in its queue: the smallest is served first."""
        return place(item, self.queue(item.queue))

    def signature(self, item: Item) -> Signature:
        """What an agent must fit to serve the item, at the step of its queue's ladder."""
        waited, step = item.waited, item.relaxed
        if item.preferred:
            waited, step = LONG_ENOUGH, -1 if item.kept_as in MEANT else step
        key = (item.queue, item.requirements, item.channel, step, waited, item.green)
        known = self._signatures.get(key)
        if known is None:
            if len(self._signatures) >= SIGNATURES_KEPT:
                self._signatures.clear()
            known = self._signatures[key] = self._sign(item, waited, step)
        return known

    def _sign(self, item: Item, waited: int, step: int) -> Signature:
        asked = (least if step < 0 else need)(item, self.queue(item.queue).ladder)
        return Signature(
            queue=item.queue,
            requirements=asked.requirements,
            cost=self.cost(item),
            further=asked.queues[1:],
            ceiling=asked.ceiling,
            channel=item.channel if item.channel in self.roster.rooms.channels else "",
            waited=waited,
            green=item.green,
        )

    def starting(self, priority: str, clocks: tuple[str, ...]) -> tuple[Starting, ...]:
        """Those of the clocks that begin with an item of this priority, with their terms."""
        known = self._starting.get((priority, clocks))
        if known is None:
            known = self._starting[priority, clocks] = tuple(
                Starting(plan, plan.targets[priority], self.calendars[plan.calendars[priority]])
                for plan in self.plan.clocks.values()
                if plan.start == Milestone.OPENED
                and plan.stop != Milestone.OPENED
                and priority in plan.targets
                and plan.name in clocks
            )
        return known

    def forget_terms(self) -> None:
        """Another plan may ask for something else, and promise something else."""
        self._signatures.clear()
        self._starting.clear()

    def first_answer(self, caller: str, key: str, fingerprint: bytes) -> Remembered | None:
        """The answer an idempotency key already got; Reused(REQUEST_ID_REUSED) for another body."""
        known = self.remembered.get((caller, key)) if key else None
        if known is not None and known.fingerprint != fingerprint:
            raise Reused(
                "REQUEST_ID_REUSED",
                "This id was used for a different request: send a new id for a new request.",
            )
        return known

    def next_due(self) -> int | None:
        """The earliest deadline in microseconds, or None."""
        return self.timers.next_due()

    def take_due(self, now: int, limit: int) -> tuple[TimerKey, ...]:
        """Keys of at most `limit` deadlines that are due."""
        return self.timers.take_due(now, limit)
