"""The plan of loads and reserved capacity: levels with their thresholds, who is in reserve, who
keeps room for the green channel.

Plain frozen values, compiled by the rulebook; durations in microseconds, thresholds in percent.
"""

from collections.abc import Iterable

import msgspec

from routing_service.core.plans.predicate import Condition
from routing_service.core.plans.strategy import Strategy
from routing_service.core.records.model import Requirement

WHOLLY = 1_000_000
"""More units than anybody has: an agent who keeps so many is there for the green channel alone."""


class LoadLevel(msgspec.Struct, frozen=True, kw_only=True):
    """Entered when the load is greater than `above`, left when it is less than `below`, not sooner
    than `hold` after it was entered. `above` 0 = somebody must switch to it.

    `reserve`: agents for whom it holds serve the queue, too, at this level and the later ones.
    `strategy`: so the queue chooses from this level on; None = as it does before.
    """

    name: str
    above: int = 0
    below: int = 0
    hold: int = 0
    reserve: Condition | None = None
    strategy: Strategy | None = None


class LoadPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One load: of a queue, or of what asks there for a skill; levels in order, worst last."""

    name: str
    queue: str
    skill: str = ""
    skill_level: int = 1
    levels: tuple[LoadLevel, ...]

    def concerns(self, queue: str, requirements: Iterable[Requirement]) -> bool:
        """Whether an item of this queue that asks for this is part of the load."""
        if queue != self.queue:
            return False
        return not self.skill or any(
            each.skill == self.skill and each.level >= self.skill_level for each in requirements
        )

    def index(self, level: str) -> int:
        """Place of the level; -1 for none."""
        names = [each.name for each in self.levels]
        return names.index(level) if level in names else -1

    def reserves(self, level: str) -> tuple[Condition, ...]:
        """Who is in reserve at this level: a level does all that those before it do."""
        upto = self.levels[: self.index(level) + 1]
        return tuple(each.reserve for each in upto if each.reserve is not None)

    def strategy(self, level: str) -> Strategy | None:
        """How the queue chooses at this level; None = as it does without a load."""
        upto = self.levels[: self.index(level) + 1]
        named = [each.strategy for each in upto if each.strategy is not None]
        return named[-1] if named else None


class Keep(msgspec.Struct, frozen=True, kw_only=True):
    """Agents of these queues, those for whom `agents` holds, keep their last `units`."""

    queues: tuple[str, ...]
    units: int
    agents: Condition | None = None


class GreenPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The green channel: items for which `when` holds may use what is kept, others may not."""

    when: Condition
    keep: tuple[Keep, ...]
