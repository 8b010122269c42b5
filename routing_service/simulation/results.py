"""What a simulation showed, as plain structs: durations in microseconds, shares from 0 to 1.

Only figures and their definitions; how they are counted is in simulation/tally.py.
"""

from bisect import bisect_right

import msgspec

ANSWERED, ABANDONED, LEFT, REFUSED, EXPIRED = 1, 2, 3, 4, 5
"""How a customer's wait ended; LEFT = it had not when the scenario ended, REFUSED = it did not
begin, EXPIRED = the desk ended it."""


class QueueResult(msgspec.Struct, frozen=True, kw_only=True):
    """One queue's customers in order of arrival: how long each waited, and how it ended.

    A wait runs from arrival to its end. Of those LEFT or REFUSED it is 0.
    """

    waits: tuple[int, ...]
    ends: bytes

    @property
    def arrived(self) -> int:
        """All of them."""
        return len(self.ends)

    @property
    def answered(self) -> int:
        """Accepted by an agent."""
        return self.ends.count(ANSWERED)

    @property
    def abandoned(self) -> int:
        """Gave up before."""
        return self.ends.count(ABANDONED)

    @property
    def left(self) -> int:
        """Still waiting when the scenario ended."""
        return self.ends.count(LEFT)

    @property
    def refused(self) -> int:
        """Not admitted by the queue that the rules named."""
        return self.ends.count(REFUSED)

    @property
    def expired(self) -> int:
        """Ended before an answer, but not by the customer."""
        return self.ends.count(EXPIRED)

    @property
    def abandon_share(self) -> float:
        """Abandoned of arrived; 0 when nobody came."""
        return self.abandoned / self.arrived if self.ends else 0.0

    @property
    def asa(self) -> float:
        """Average speed of answer: the mean wait of those answered; 0 when there are none."""
        answered = self.answered_waits()
        return sum(answered) / len(answered) if answered else 0.0

    def answered_waits(self) -> list[int]:
        """The waits of those answered, ascending."""
        pairs = zip(self.waits, self.ends, strict=True)
        return sorted(wait for wait, end in pairs if end == ANSWERED)

    def quantile(self, share: float) -> int:
        """The wait that this share of those answered stayed at or below; 0 when there are none."""
        answered = self.answered_waits()
        return answered[min(len(answered) - 1, int(share * len(answered)))] if answered else 0

    def answered_within(self, target: int) -> float:
        """Answered at or within `target`, of all answered; 1 when there are none."""
        answered = self.answered_waits()
        return bisect_right(answered, target) / len(answered) if answered else 1.0


class AgentResult(msgspec.Struct, frozen=True, kw_only=True):
    """One agent: unit-microseconds of work (wrap-up included) and of being there."""

    busy: int
    staffed: int

    @property
    def occupancy(self) -> float:
        """Busy of staffed; 0 when he was never there."""
        return self.busy / self.staffed if self.staffed else 0.0


class ClockResult(msgspec.Struct, frozen=True, kw_only=True):
    """One promise over all its items."""

    met: int = 0
    breached: int = 0

    @property
    def attainment(self) -> float:
        """Kept of those decided; 1 when none is."""
        return self.met / (self.met + self.breached) if self.met + self.breached else 1.0


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """All of one run."""

    records: int
    queues: dict[str, QueueResult]
    agents: dict[str, AgentResult]
    clocks: dict[str, ClockResult]

    @property
    def occupancy(self) -> float:
        """Busy of staffed over all agents; 0 when nobody was there."""
        staffed = sum(agent.staffed for agent in self.agents.values())
        return sum(agent.busy for agent in self.agents.values()) / staffed if staffed else 0.0
