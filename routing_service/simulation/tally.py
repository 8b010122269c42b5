"""Results from journal records: what the desk says happened, nothing that only the driver knows."""

from array import array
from collections import defaultdict

from routing_service.core.journal.events import (
    AgentPut,
    AnyEvent,
    ClockMoved,
    HoldMoved,
    ItemMoved,
    ItemOpened,
    MilestoneReached,
    PresenceSet,
)
from routing_service.core.journal.record import Record
from routing_service.core.records.lifecycle import (
    ENDED_ITEM_STATES,
    ClockState,
    ClockStep,
    HoldState,
    HoldStep,
    ItemStep,
    Presence,
)
from routing_service.core.records.model import Milestone
from routing_service.simulation.results import (
    ABANDONED,
    ANSWERED,
    EXPIRED,
    LEFT,
    REFUSED,
    AgentResult,
    ClockResult,
    QueueResult,
    Results,
)
from routing_service.simulation.scenario import Scenario

_GONE = (ItemStep.LEAVE, ItemStep.ABANDON)
"""The customer is gone, whether or not his place is kept for a while."""


class _Queue:
    def __init__(self) -> None:
        self.waits = array("q")
        self.ends = bytearray()


class _Agent:
    """Unit-time so far; `since` and `units` are the span that is open."""

    def __init__(self) -> None:
        self.capacity = 1
        self.busy = self.staffed = 0
        self.units = 0
        self.there = False
        self.since = 0

    def settle(self, now: int, begins: int) -> None:
        """Count the span up to now."""
        span = max(0, now - max(self.since, begins))
        self.busy += span * self.units
        if self.there or self.units:
            self.staffed += span * self.capacity
        self.since = now


class Tally:
    """Watches every record of one run. Each customer counts in the queue he first came to."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._records = 0
        self._queues: defaultdict[str, _Queue] = defaultdict(_Queue)
        self._open: dict[str, tuple[_Queue, int, int]] = {}
        self._agents: defaultdict[str, _Agent] = defaultdict(_Agent)
        self._working: set[tuple[str, str]] = set()
        self._clocks: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._now = scenario.opens

    def record(self, record: Record) -> None:
        """Count what it tells."""
        self._records += 1
        self._now = record.now
        for event in record.events:
            self._count(event, record.now)

    def refused(self, queue: str, now: int) -> None:
        """Somebody was not let in, of which no record tells."""
        if now >= self._scenario.measured_from:
            self._queues[queue].waits.append(0)
            self._queues[queue].ends.append(REFUSED)

    def _count(self, event: AnyEvent, now: int) -> None:
        match event:
            case ItemOpened():
                self._opened(event, now)
            case MilestoneReached():
                if event.milestone is Milestone.ASSIGNED:
                    self._ended(event.item, ANSWERED, now)
            case ItemMoved():
                if event.step in _GONE:
                    self._ended(event.item, ABANDONED, now)
                elif event.state in ENDED_ITEM_STATES:
                    self._ended(event.item, EXPIRED, now)
            case ClockMoved():
                self._clock(event, now)
            case _:
                self._count_agent(event, now)

    def _count_agent(self, event: AnyEvent, now: int) -> None:
        match event:
            case HoldMoved():
                self._held(event, now)
            case PresenceSet():
                agent = self._settled(event.agent, now)
                agent.there = event.presence is Presence.AVAILABLE
            case AgentPut():
                self._settled(event.agent.id, now).capacity = event.agent.capacity
            case _:
                pass  # says nothing of waits, work or promises

    def _opened(self, event: ItemOpened, now: int) -> None:
        if now < self._scenario.measured_from:
            return
        queue = self._queues[event.record.queue]
        self._open[event.item] = (queue, len(queue.ends), now)
        queue.waits.append(0)
        queue.ends.append(LEFT)

    def _ended(self, item: str, how: int, now: int) -> None:
        found = self._open.pop(item, None)
        if found is not None:
            queue, place, since = found
            queue.waits[place] = now - since
            queue.ends[place] = how

    def _held(self, event: HoldMoved, now: int) -> None:
        """From acceptance to the end of wrap-up he works; while an offer rings he does not."""
        key = event.agent, event.item
        if event.step is HoldStep.BEGIN:
            self._working.add(key)
            self._settled(event.agent, now).units += event.cost
        elif event.state is HoldState.RELEASED and key in self._working:
            self._working.discard(key)
            self._settled(event.agent, now).units -= event.cost

    def _settled(self, id_: str, now: int) -> _Agent:
        agent = self._agents[id_]
        agent.settle(now, self._scenario.measured_from)
        return agent

    def _clock(self, event: ClockMoved, now: int) -> None:
        if now < self._scenario.measured_from:
            return
        if event.step is ClockStep.BREACH:
            self._clocks[event.clock][1] += 1
        elif event.state is ClockState.MET:
            self._clocks[event.clock][0] += 1

    def results(self) -> Results:
        """All so far, up to the last record."""
        for id_ in self._agents:
            self._settled(id_, self._now)
        return Results(
            records=self._records,
            queues={
                name: QueueResult(waits=tuple(queue.waits), ends=bytes(queue.ends))
                for name, queue in self._queues.items()
            },
            agents={
                id_: AgentResult(busy=agent.busy, staffed=agent.staffed)
                for id_, agent in self._agents.items()
            },
            clocks={
                name: ClockResult(met=met, breached=breached)
                for name, (met, breached) in self._clocks.items()
            },
        )
