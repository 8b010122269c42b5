"""A World under rules, driven by commands: every record goes to those who watch. No chance here."""

from collections.abc import Callable, Sequence
from typing import Protocol

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import ActivateRulebook, AnyCommand, Tick
from routing_service.core.journal.events import AnyEvent
from routing_service.core.journal.record import Record
from routing_service.core.plans.plan import Plan
from routing_service.core.records.model import EscalationVerdict, Facts, Verdict
from routing_service.core.step import turn

Watcher = Callable[[Record], None]
_TICK_LIMIT = 500


class Rules(Protocol):
    """What a scenario runs under; a Rulebook is one."""

    @property
    def digest(self) -> str:
        """Names the rules in every record."""
        ...

    @property
    def plan(self) -> Plan:
        """The desk's plan."""
        ...

    @property
    def source(self) -> bytes:
        """The rules' files, for the journal."""
        ...

    def intake(self, facts: Facts) -> Verdict:
        """What to do about a request."""
        ...

    def escalate(self, facts: Facts) -> EscalationVerdict:
        """What to do about a trigger."""
        ...


class Desk:
    """World and rules; whoever drives it looks at both and changes neither."""

    def __init__(self, rules: Rules, watchers: Sequence[Watcher]) -> None:
        self.world = World("simulation")
        self.rules = rules
        self._watchers = watchers

    def begin(self, plan: Plan, now: int) -> None:
        """Put the rules in force, with this plan of theirs."""
        rules = self.rules
        self.do(ActivateRulebook(digest=rules.digest, plan=plan, source=rules.source), now)

    def do(self, command: AnyCommand, now: int) -> list[AnyEvent]:
        """Run the command with all that follows at this instant; its events."""
        events: list[AnyEvent] = []
        for record in turn(self.world, command, now, self.rules):
            for watch in self._watchers:
                watch(record)
            events += record.events
        return events

    def tick(self, now: int) -> list[AnyEvent]:
        """Fire what is due now, at most 500 deadlines."""
        return self.do(Tick(timers=self.world.take_due(now, _TICK_LIMIT)), now)
