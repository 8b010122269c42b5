"""Runs the cases of a pack through core, on a clock of their own: the same `turn` as in service.

Every deadline on the way fires at its own instant. No store, no server, no real time.
"""

import msgspec
from msgspec.structs import replace

from routing_service.core.choice.why_not import WhyNot, why_not
from routing_service.core.desk import family
from routing_service.core.desk.world import World
from routing_service.core.items import links
from routing_service.core.journal import commands
from routing_service.core.journal.commands import (
    AnyCommand,
    Escalate,
    ReportKind,
    RequestKind,
    Tick,
)
from routing_service.core.journal.record import Record
from routing_service.core.journal.surge_commands import SwitchSurge
from routing_service.core.records.errors import RoutingError, WrongState
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ItemState, Presence
from routing_service.core.records.model import AlertOrder
from routing_service.core.steering.facts import Newcomer, submit_facts
from routing_service.core.steering.sampling import draw
from routing_service.core.step import turn
from routing_service.rulebook.case_agents import profile
from routing_service.rulebook.case_check import Mismatch, agent_of, differences
from routing_service.rulebook.case_outcome import CaseOutcome, StepOutcome
from routing_service.rulebook.cases import ABSENT, Case, CaseEvent, CaseStep, Expectation
from routing_service.rulebook.decisions import decides
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.tree import Place

_REPORTS = {kind.value: kind for kind in ReportKind}
_PRESENCE = {presence.value: presence for presence in Presence}
_TICK_LIMIT = 500


def run_case(case: Case, rulebook: Rulebook) -> CaseOutcome:
    """Run one case on a World of its own."""
    return CaseOutcome(case=case, steps=_Run(case, rulebook).steps())


def decisions(case: Case, rulebook: Rulebook) -> tuple[Record, ...]:
    """The records in which rules decide on the case's own item, in order."""
    run = _Run(case, rulebook)
    run.steps()
    return tuple(run.decided)


class _Run:
    """One case under way: its World, and the alerts raised since the last look."""

    def __init__(self, case: Case, rulebook: Rulebook) -> None:
        self._case = case
        self._rules = rulebook
        self._world = World("case")
        self._alerts: list[tuple[str, AlertOrder]] = []
        self._own = ""
        self._item = ""  # what the step at hand is about: the case's own, or one linked to it
        self.decided: list[Record] = []

    def steps(self) -> tuple[StepOutcome, ...]:
        """The whole case; it ends with the first step that is refused."""
        outcomes = [self.begin()]
        for step in self._case.steps:
            if outcomes[-1].refused:
                break
            outcomes.append(self.step(step))
        return tuple(outcomes)

    def begin(self) -> StepOutcome:
        """The desk is set up, the requests of others arrive, then the case's own."""
        case = self._case
        self._set_up(case.others[0].at if case.others else case.at)
        for other in case.others:
            outcome = self._opened(other.event, other.at, other.place, None)
            if outcome.refused:
                return outcome
        self._let_come()
        return self._opened(case.event, case.at, case.place, case.expect)

    def _let_come(self) -> None:
        """So many items were opened before that the next one has the draw that the case wants."""
        while self._case.sample not in (None, draw(next_item(self._world))):
            self._world.items_made += 1

    def _set_up(self, at: int) -> None:
        case, rules = self._case, self._rules
        setup = commands.ActivateRulebook(digest=rules.digest, plan=rules.plan, source=rules.source)
        self._turn(setup, at)
        agents = tuple(profile(agent, tuple(rules.plan.queues)) for agent in case.agents)
        if agents:
            self._turn(commands.PutAgents(agents=agents), at)
        for agent in case.agents:
            self._turn(commands.SetPresence(agent=agent.id, presence=_PRESENCE[agent.presence]), at)

    def _opened(
        self, event: CaseEvent, at: int, place: Place, expect: Expectation | None
    ) -> StepOutcome:
        """A request arrives; from then on its item is the one that steps are about."""
        self._pass_time(at)
        self._alerts.clear()
        self.decided.clear()
        self._own = self._item = next_item(self._world)
        return self._done(CaseStep(at=at, do="opened", event=event, place=place), expect)

    def step(self, step: CaseStep) -> StepOutcome:
        """Let time pass until the step, do what it says, then look."""
        self._pass_time(step.at)
        self._item = self._subject(step)
        return self._done(step, step.expect)

    def _subject(self, step: CaseStep) -> str:
        """The item that the step is about; "" when no such linked item was opened."""
        if not step.of:
            return self._own
        if step.do == "linked":
            return next_item(self._world)
        of_kind = (each for each in family.children(self._world, self._own) if each.kind == step.of)
        return max((each.id for each in of_kind), default="")

    def _done(self, step: CaseStep, expect: Expectation | None) -> StepOutcome:
        outcome = StepOutcome(at=step.at, do=step.do, place=step.place)
        try:
            if step.do:
                self._turn(self._command(step), step.at)
            self._accept_all(step.at)
        except RoutingError as error:
            refused = f"{error.reason}: {error.message}"
            return msgspec.structs.replace(outcome, refused=refused)
        mismatches = self._look(expect) if expect else ()
        self._alerts.clear()
        why = self._why_not() if any(each.name == "agent" for each in mismatches) else None
        return msgspec.structs.replace(outcome, mismatches=mismatches, why_not=why)

    def _why_not(self) -> WhyNot | None:
        item = self._world.items[self._item]
        return why_not(self._world, item) if item.state is ItemState.QUEUED else None

    def _look(self, expect: Expectation) -> tuple[Mismatch, ...]:
        item = self._world.items.get(self._item)
        if item is None:
            actual = "archived" if self._item else ABSENT
            if expect.state == actual:
                return ()
            return (Mismatch("item", expect.state or "in memory", actual),)
        alerts = [alert for about, alert in self._alerts if about == self._item]
        return differences(self._world, item, alerts, expect)

    def _pass_time(self, until: int) -> None:
        """Fire every deadline up to and at `until`, in order, each at its own instant."""
        world = self._world
        while (due := world.next_due()) is not None and due <= until:
            now = max(due, world.now)
            self._turn(Tick(timers=world.take_due(now, _TICK_LIMIT)), now)
            self._accept_all(now)

    def _turn(self, command: AnyCommand, now: int) -> None:
        for record in turn(self._world, command, now, self._rules):
            told = record.command
            if decides(record, self._own):
                self.decided.append(record)
            if isinstance(told, Escalate):
                self._alerts.extend((told.trigger.item, each) for each in told.verdict.alerts)

    def _accept_all(self, now: int) -> None:
        """Agents take every offer at once, unless the case says otherwise."""
        offers = self._world.offers.values() if self._case.accept else ()
        for offer in list(offers):
            if offer.id not in self._world.offers:
                continue  # of several at once the first was taken
            self._turn(
                commands.Accept(offer=offer.id, agent=offer.agent, version=offer.version), now
            )

    def _command(self, step: CaseStep) -> AnyCommand:
        if step.do in _REPORTS:
            return commands.Report(
                kind=_REPORTS[step.do], item=self._item, occurred_at=step.at, reason=step.reason
            )
        if step.do in _PRESENCE:
            return commands.SetPresence(
                agent=step.by, presence=_PRESENCE[step.do], reason=step.reason
            )
        if step.do == "cancel":
            return commands.Cancel(item=self._item, reason=step.reason)
        if step.do in ("accept", "decline", "complete"):
            return self._agents_act(step)
        if step.do == "linked":
            return self._linked(step)
        if step.do in ("switch_surge", "release_surge"):
            return _switched(step)
        if step.do == "transfer":
            return commands.Transfer(
                item=self._item,
                queue=step.to_queue,
                agent=step.to_agent,
                warm=step.warm,
                reason=step.reason,
                by=step.by,
            )
        kind = RequestKind.OPENED if step.do == "contact" else RequestKind(step.do)
        return self._request(kind, step.event, step.at)

    def _agents_act(self, step: CaseStep) -> AnyCommand:
        item = self._world.item(self._item)
        agent = step.by or agent_of(self._world, item)
        if step.do == "complete":
            return commands.Complete(item=self._item, agent=agent)
        offer = self._world.offers.get(item.offers.get(agent, ""))
        if offer is None:
            raise WrongState("OFFER_NOT_FOUND", f"There is no offer to {step.do} at this step.")
        if step.do == "accept":
            return commands.Accept(offer=offer.id, agent=agent, version=offer.version)
        return commands.Decline(
            offer=offer.id, agent=agent, version=offer.version, reason=step.reason
        )

    def _request(self, kind: RequestKind, event: CaseEvent | None, at: int) -> commands.Submit:
        """A request event, with facts and verdict as the partition makes them."""
        opens = kind is RequestKind.OPENED
        labels = event.labels if event else {}
        channel = event.channel if event else ""
        signals = self._rules.signals(event.text) if event and event.text else ()
        item = "" if opens else self._item
        customer = event.customer if event and opens else ""
        facts = submit_facts(self._world, channel, labels, signals, item, Newcomer(customer, at))
        asks = kind in (RequestKind.OPENED, RequestKind.UPDATED)
        return commands.Submit(
            kind=kind,
            item=item,
            channel=channel if opens else "",
            customer=customer,
            occurred_at=at,
            labels=labels,
            signals=signals,
            facts=facts,
            verdict=self._rules.intake(facts) if asks else None,
        )

    def _linked(self, step: CaseStep) -> commands.Submit:
        """An item that somebody opens for the case's own."""
        event = step.event
        said = commands.Submit(
            kind=RequestKind.OPENED,
            occurred_at=step.at,
            labels=event.labels if event else {},
            signals=self._rules.signals(event.text) if event and event.text else (),
            item_kind=ItemKind(step.of),
            parent=self._own,
            role=step.role,
        )
        whole = links.inherited(self._world, said, step.at)
        new = Newcomer(whole.customer, step.at, whole.item_kind, whole.role)
        world, signals = self._world, whole.signals
        facts = submit_facts(world, whole.channel, whole.labels, signals, "", new)
        return replace(whole, facts=facts, verdict=self._rules.intake(facts))


def _switched(step: CaseStep) -> SwitchSurge:
    return SwitchSurge(
        actor="case",
        load=step.load,
        level=step.level,
        reason=step.reason or step.do,
        until=step.until,
        release=step.do == "release_surge",
    )


def next_item(world: World) -> str:
    """The id the next item of this World will have."""
    return f"it{world.items_made + 1:010d}"
