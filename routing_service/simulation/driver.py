"""The event loop: acts of people and deadlines of the desk, in order of virtual time, through core.

Deadlines at an instant come before acts at it, as in the service. It decides nothing itself.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from routing_service.core.arrival.admission import REFUSALS
from routing_service.core.journal.commands import (
    Accept,
    PutAgents,
    Report,
    ReportKind,
    RequestKind,
    SetPresence,
    Submit,
    WrapUp,
    WrapUpAct,
)
from routing_service.core.journal.events import (
    AnyEvent,
    HoldMoved,
    ItemMoved,
    ItemOpened,
    OfferMade,
)
from routing_service.core.records.errors import RoutingError
from routing_service.core.records.lifecycle import ENDED_ITEM_STATES, HoldState, ItemState, Presence
from routing_service.core.steering.facts import Newcomer, submit_facts
from routing_service.simulation.agenda import Act, Agenda
from routing_service.simulation.crowd import Customer, Stream
from routing_service.simulation.desk import Desk, Rules, Watcher
from routing_service.simulation.distributions import stream
from routing_service.simulation.results import Results
from routing_service.simulation.scenario import Scenario
from routing_service.simulation.tally import Tally

_WAITING = (ItemState.QUEUED, ItemState.OFFERED)


def simulate(scenario: Scenario, rules: Rules, *watchers: Watcher) -> Results:
    """Run the scenario to its end; each watcher gets every journal record, in order."""
    tally = Tally(scenario)
    plan = rules.plan
    if scenario.forget_after:
        plan = replace(plan, retention_closed=scenario.forget_after)
    desk = Desk(rules, (tally.record, *watchers))
    desk.begin(plan, scenario.opens)
    _Run(scenario, desk, tally).run()
    return tally.results()


class _Run:
    """One scenario under way: what is planned, who is there, who handles whom."""

    def __init__(self, scenario: Scenario, desk: Desk, tally: Tally) -> None:
        self._scenario = scenario
        self._desk = desk
        self._tally = tally
        self._agenda = Agenda()
        self._streams = {each.name: Stream(each, scenario) for each in scenario.demands}
        self._staff = {
            each.agent.id: (each.answers, stream(scenario.seed, f"{each.agent.id}/answers"))
            for each in scenario.staff
        }
        self._customers: dict[str, Customer] = {}
        self._handled_until: dict[str, int] = {}
        self._leaving: set[str] = set()
        self._wrapping: dict[str, str] = {}
        self._linked = stream(scenario.seed, "linked/handling")

    def run(self) -> None:
        """Until nobody acts any more and nobody is there, or the scenario ends."""
        self._set_up()
        agenda, world = self._agenda, self._desk.world
        while len(agenda) or self._customers:
            at, due = agenda.next_at(), world.next_due()
            first = min((each for each in (at, due) if each is not None), default=None)
            if first is None or first > self._scenario.ends:
                break
            if first == due:
                now = max(due, world.now)
                self._react(self._desk.tick(now), now)
            else:
                now, _, act, subject = agenda.take()
                self._act(act, subject, now)

    def _set_up(self) -> None:
        scenario, agenda = self._scenario, self._agenda
        profiles = tuple(each.agent for each in scenario.staff)
        self._desk.do(PutAgents(actor="simulation", agents=profiles), scenario.opens)
        for staff in scenario.staff:
            for begins, ends in staff.shifts:
                agenda.plan(begins, Act.BEGIN_SHIFT, staff.agent.id)
                agenda.plan(ends, Act.END_SHIFT, staff.agent.id)
        for name in self._streams:
            self._plan_arrival(name)

    def _plan_arrival(self, name: str) -> None:
        at = self._streams[name].next_arrival()
        if at is not None:
            self._agenda.plan(at, Act.ARRIVE, name)

    def _act(self, act: Act, subject: str, now: int) -> None:
        match act:
            case Act.ARRIVE:
                self._arrive(subject, now)
            case Act.ANSWER:
                self._answer(subject, now)
            case Act.RESPOND | Act.FINISH:
                self._report(act, subject, now)
            case Act.GIVE_UP:
                self._give_up(subject, now)
            case Act.BEGIN_SHIFT:
                self._leaving.discard(subject)
                self._be(subject, Presence.AVAILABLE, now)
            case Act.END_SHIFT:
                self._end_shift(subject, now)
            case Act.END_WRAP_UP:
                self._end_wrap_up(subject, now)

    def _arrive(self, name: str, now: int) -> None:
        coming = self._streams[name]
        demand, customer = coming.demand, coming.customer()
        who = f"{demand.name}-{coming.arrived}"
        facts = submit_facts(
            self._desk.world, demand.channel, demand.labels, demand.signals, "", Newcomer(who, now)
        )
        verdict = self._desk.rules.intake(facts)
        command = Submit(
            actor="simulation",
            kind=RequestKind.OPENED,
            channel=demand.channel,
            customer=who,
            occurred_at=now,
            labels=demand.labels,
            signals=demand.signals,
            facts=facts,
            verdict=verdict,
        )
        try:
            events = self._desk.do(command, now)
        except RoutingError as error:
            if error.reason not in REFUSALS:
                raise
            self._tally.refused(verdict.queue, now)
        else:
            self._let_in(events, customer, now)
        self._plan_arrival(name)

    def _let_in(self, events: Sequence[AnyEvent], customer: Customer, now: int) -> None:
        item = next(each.item for each in events if isinstance(each, ItemOpened))
        self._customers[item] = customer
        self._react(events, now)
        if customer.patience is not None:
            self._agenda.plan(now + customer.patience, Act.GIVE_UP, item)

    def _answer(self, offer_id: str, now: int) -> None:
        """The agent takes the offer, unless it has ended: nobody lets two ring."""
        offer = self._desk.world.offers.get(offer_id)
        if offer is None:
            return
        accept = Accept(
            actor="simulation", offer=offer.id, agent=offer.agent, version=offer.version
        )
        self._react(self._desk.do(accept, now), now)
        customer = self._customers[offer.item]
        self._handled_until[offer.item] = now + customer.handling
        if customer.responds is not None:
            self._agenda.plan(now + customer.responds, Act.RESPOND, offer.item)
        self._agenda.plan(now + customer.handling, Act.FINISH, offer.item)

    def _report(self, act: Act, item: str, now: int) -> None:
        """What the owner reports, if he still is: rules may have given the item to others."""
        until = self._handled_until.get(item)
        found = self._desk.world.items.get(item)
        if until is None or found is None or found.state is not ItemState.ASSIGNED:
            return
        if act is Act.FINISH and until != now:
            return  # accepted again meanwhile: it takes until then
        kind = ReportKind.CONFIRMED if act is Act.FINISH else ReportKind.RESPONDED
        report = Report(actor="simulation", kind=kind, item=item, occurred_at=now)
        self._react(self._desk.do(report, now), now)

    def _give_up(self, item: str, now: int) -> None:
        found = self._desk.world.items.get(item)
        if found is None or found.state not in _WAITING or item in self._handled_until:
            return
        leave = Submit(actor="simulation", kind=RequestKind.ABANDONED, item=item, occurred_at=now)
        self._react(self._desk.do(leave, now), now)

    def _end_shift(self, agent: str, now: int) -> None:
        """What he has he finishes: he is gone when he holds nothing any more."""
        holds = self._desk.world.agents[agent].holds
        if holds:
            self._leaving.add(agent)
        self._be(agent, Presence.DRAINING if holds else Presence.OFFLINE, now)

    def _be(self, agent: str, presence: Presence, now: int) -> None:
        said = SetPresence(actor="simulation", agent=agent, presence=presence)
        self._react(self._desk.do(said, now), now)

    def _react(self, events: Iterable[AnyEvent], now: int) -> None:
        """Offers will be answered; who has ended is gone; who is done with his shift goes."""
        for event in events:
            match event:
                case ItemOpened():
                    self._meet(event.item)
                case OfferMade():
                    answers, chance = self._staff[event.agent]
                    self._agenda.plan(now + answers.draw(chance), Act.ANSWER, event.offer)
                case ItemMoved() if event.state in ENDED_ITEM_STATES:
                    self._customers.pop(event.item, None)
                    self._handled_until.pop(event.item, None)
                case HoldMoved() if event.state is HoldState.WRAP_UP:
                    self._wrap_up(event, now)
                case HoldMoved() if event.state is HoldState.RELEASED:
                    self._go_home(event.agent, now)
                case _:
                    pass  # nobody outside has to do anything about it

    def _wrap_up(self, event: HoldMoved, now: int) -> None:
        """Where the agent may end it he does when he is done, where he must not before he may."""
        if not event.ready_at:
            return
        customer = self._customers.get(event.item)
        takes = customer.wrap_up if customer else None
        done = event.until or event.ready_at if takes is None else now + takes
        at = max(event.ready_at, done)
        if not event.until or at < event.until:
            self._wrapping[event.item] = event.agent
            self._agenda.plan(at, Act.END_WRAP_UP, event.item)

    def _end_wrap_up(self, item: str, now: int) -> None:
        agent = self._wrapping.pop(item)
        hold = self._desk.world.agents[agent].holds.get(item)
        if hold is not None and hold.state is HoldState.WRAP_UP and now >= hold.ready_at:
            ended = WrapUp(actor="simulation", item=item, agent=agent, act=WrapUpAct.END)
            self._react(self._desk.do(ended, now), now)

    def _meet(self, item: str) -> None:
        """An item that rules made of another has no customer who came with it."""
        if item not in self._customers:
            handling = self._scenario.linked.draw(self._linked)
            self._customers[item] = Customer(handling, None, None)

    def _go_home(self, agent: str, now: int) -> None:
        if agent in self._leaving and not self._desk.world.agents[agent].holds:
            self._leaving.discard(agent)
            self._agenda.plan(now, Act.END_SHIFT, agent)
