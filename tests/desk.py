"""A desk for tests to drive: World, rules and time, and the sentences of the field as methods.

No mocks: it runs the same `turn` as the service, on time that only the test moves.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from msgspec.structs import replace

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import (
    Accept,
    ActivateRulebook,
    AnyCommand,
    Cancel,
    Complete,
    Decline,
    PutAgents,
    Report,
    ReportKind,
    SetPresence,
    Submit,
    Tick,
)
from routing_service.core.journal.events import AlertRaised, AnyEvent, ItemOpened
from routing_service.core.journal.record import Record
from routing_service.core.plans.plan import Plan
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Agent, Alert, Clock, Item, Offer
from routing_service.core.step import turn
from tests.builders import NOON, FixedRules, agent, opened, plan

E = TypeVar("E")


class Desk:
    """A World with its rules, driven by the test. Every deadline fires at its own instant."""

    def __init__(
        self, desk_plan: Plan | None = None, rules: FixedRules | None = None, *, name: str = "desk"
    ) -> None:
        self.world = World(name)
        self.rules = rules or FixedRules()
        self.now = NOON
        self.records: list[Record] = []
        self.activate(desk_plan or plan())

    def do(self, command: AnyCommand) -> list[AnyEvent]:
        """Run a command now with all that follows at this instant; its events."""
        done = turn(self.world, command, self.now, self.rules)
        self.records += done
        return [event for record in done for event in record.events]

    def wait(self, span: int) -> list[AnyEvent]:
        """Let time pass; the events of every deadline on the way."""
        return self.wait_until(self.now + span)

    def wait_until(self, instant: int) -> list[AnyEvent]:
        """Let time pass up to and including `instant`."""
        events: list[AnyEvent] = []
        while (due := self.world.next_due()) is not None and due <= instant:
            self.now = max(self.now, due)
            events += self.tick()
        self.now = instant
        return events

    def tick(self, limit: int = 500) -> list[AnyEvent]:
        """Fire what is due now, late or not."""
        return self.do(Tick(timers=self.world.take_due(self.now, limit)))

    def activate(self, new: Plan, digest: str = "d1") -> list[AnyEvent]:
        """Put a plan in force."""
        return self.do(ActivateRulebook(digest=digest, plan=new, source=b""))

    def sign_in(self, *agents: Agent | str) -> list[AnyEvent]:
        """Put the profiles and make them available, in order."""
        profiles = tuple(agent(each) if isinstance(each, str) else each for each in agents)
        events = self.do(PutAgents(agents=profiles))
        for each in profiles:
            events += self.presence(each.id, Presence.AVAILABLE)
        return events

    def presence(self, id_: str, presence: Presence, reason: str = "") -> list[AnyEvent]:
        """The agent says how he is."""
        return self.do(SetPresence(agent=id_, presence=presence, reason=reason))

    def submit(self, command: Submit) -> list[AnyEvent]:
        """A request event; without an instant it happened now."""
        return self.do(replace(command, occurred_at=command.occurred_at or self.now))

    def open(self, **changes: Any) -> str:
        """Open an item (see `opened`) and give its id."""
        return only(ItemOpened, self.submit(opened(**changes)))[0].item

    def report(self, item: str, kind: ReportKind, ago: int = 0, reason: str = "") -> list[AnyEvent]:
        """The handling side did this, `ago` microseconds before now."""
        return self.do(Report(kind=kind, item=item, occurred_at=self.now - ago, reason=reason))

    def cancel(self, item: str, **changes: Any) -> list[AnyEvent]:
        """The item is no longer wanted."""
        return self.do(replace(Cancel(item=item), **changes))

    def accept(self, item: str, **changes: Any) -> list[AnyEvent]:
        """The agent who has the item's offer takes it."""
        offer = self.offer(item)
        command = Accept(offer=offer.id, agent=offer.agent, version=offer.version)
        return self.do(replace(command, **changes))

    def decline(self, item: str, **changes: Any) -> list[AnyEvent]:
        """The agent who has the item's offer refuses."""
        offer = self.offer(item)
        command = Decline(offer=offer.id, agent=offer.agent, version=offer.version)
        return self.do(replace(command, **changes))

    def complete(self, item: str, agent_id: str) -> list[AnyEvent]:
        """The agent has done with handling the item."""
        return self.do(Complete(item=item, agent=agent_id))

    def item(self, item: str) -> Item:
        """The item as it is now."""
        return self.world.items[item]

    def clock(self, item: str, name: str = "response") -> Clock:
        """A clock of the item as it is now."""
        return self.world.items[item].clocks[name]

    def agent(self, id_: str = "ann") -> Agent:
        """The agent as he is now."""
        return self.world.agents[id_]

    def offer(self, item: str) -> Offer:
        """The pending offer of the item, of several the first."""
        return self.world.offers[next(iter(self.world.items[item].offers.values()))]

    def offered_to(self, item: str) -> str:
        """Who has the item's offer; empty for nobody."""
        return next(iter(self.world.items[item].offers), "")

    def offered_to_all(self, item: str) -> list[str]:
        """Who has an open offer of the item, best ranked first."""
        return list(self.world.items[item].offers)


def only(kind: type[E], events: Iterable[AnyEvent]) -> list[E]:
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]


def alerts(events: Iterable[AnyEvent]) -> list[Alert]:
    """The alerts raised in these events."""
    return [event.alert for event in only(AlertRaised, events)]
