"""Escalations: asked once per trigger, answered by alerts, urgency or a queue, never for ever."""

from typing import Final

import pytest
from msgspec.structs import replace

from routing_service.core.journal.commands import (
    ConnectAgent,
    Escalate,
    ReportKind,
    RequestKind,
    Submit,
    Transfer,
)
from routing_service.core.journal.events import (
    EscalationLoopStopped,
    ItemLabelled,
    ItemQueued,
    OfferMoved,
)
from routing_service.core.plans.plan import LabelPlan, LabelType, Target
from routing_service.core.records.kinds import ItemKind, LinkOrder
from routing_service.core.records.lifecycle import ItemState
from routing_service.core.records.model import EscalationVerdict, Facts, TriggerKind
from routing_service.core.steering.sampling import draw
from routing_service.core.step import MAX_ROUNDS
from tests.builders import (
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    FixedRules,
    agent,
    alert,
    clock_plan,
    escalation,
    plan,
    queue_plan,
    verdict,
)
from tests.desk import Desk, alerts, only

ONE_WARNING: Final = plan(clocks=[clock_plan(warn=(50,))])


def desk_with(trigger: str, *to: str, **answer: object) -> Desk:
    """Alerts `to` and the rest of the answer whenever the trigger occurs."""
    orders = [alert(*to)] if to else []
    return Desk(ONE_WARNING, FixedRules(escalations={trigger: escalation(*orders, **answer)}))


def owned(desk: Desk, team: str = "") -> str:
    """An urgent item that ann accepted."""
    desk.sign_in(agent("ann", team=team))
    item = desk.open(priority="p1")
    desk.accept(item)
    return item


def test_a_warning_alerts_at_the_instant_it_is_due() -> None:
    desk = desk_with("warned", "supervisor")
    item = desk.open(priority="p1")
    (raised,) = alerts(desk.wait(6 * MINUTE))

    assert (raised.item, raised.number) == (item, "C00001")
    assert (raised.trigger.kind, raised.trigger.clock) == (TriggerKind.WARNED, "response")
    assert (raised.trigger.share, raised.trigger.due) == (50, NOON + 5 * MINUTE)
    assert raised.raised_at == NOON + 5 * MINUTE


def test_a_breach_names_the_instant_the_promise_ended() -> None:
    desk = desk_with("breached", "supervisor")
    desk.open(priority="p1")
    (raised,) = alerts(desk.wait(11 * MINUTE))

    assert raised.trigger.due == NOON + 10 * MINUTE
    assert raised.raised_at == NOON + 10 * MINUTE + 1


def test_rules_see_the_item_and_what_happened() -> None:
    desk = desk_with("warned")
    item = owned(desk)
    desk.wait(5 * MINUTE)
    (facts,) = desk.rules.asked

    assert facts == {
        "channel": "web", "priority": "p1", "queue": "service", "state": "assigned",
        "owner": "ann", "trigger": "warned", "clock": "response", "share": 50, "count": 0,
        "waiting": 0, "contacts": 1, "item_kind": "request", "sample": draw(item),
    }  # fmt: skip
    assert item in desk.world.items


def test_rules_are_asked_again_at_every_decline_with_the_count() -> None:
    desk = desk_with("declined")
    desk.sign_in("ann", "bob")
    item = desk.open()
    desk.decline(item)
    desk.decline(item)

    assert [facts["count"] for facts in desk.rules.asked] == [1, 2]


def test_rules_are_asked_when_an_item_opens_again() -> None:
    desk = desk_with("reopened", "supervisor")
    item = desk.open()
    desk.report(item, ReportKind.RESOLVED)
    (raised,) = alerts(desk.report(item, ReportKind.REOPENED))

    assert (raised.trigger.kind, raised.trigger.count) == (TriggerKind.REOPENED, 1)


def test_triggers_without_rules_are_not_asked() -> None:
    rules = FixedRules(escalations={"warned": escalation(alert("supervisor"))})
    desk = Desk(plan(escalations=("breached",)), rules)
    desk.open(priority="p1")
    desk.wait(6 * MINUTE)

    assert rules.asked == []


@pytest.mark.parametrize(
    ("role", "team", "to"),
    [
        ("owner", "first", ("ann",)),
        ("lead", "first", ("lead-1",)),
        ("lead", "", ("boss",)),
        ("supervisor", "first", ("boss",)),
        ("pager-7", "", ("pager-7",)),
    ],
)
def test_a_role_becomes_an_id_when_the_alert_fires(
    role: str, team: str, to: tuple[str, ...]
) -> None:
    desk = desk_with("warned", role)
    owned(desk, team)
    (raised,) = alerts(desk.wait(5 * MINUTE))

    assert raised.to == to


@pytest.mark.parametrize("role", ["owner", "lead"])
def test_without_an_owner_the_supervisor_gets_it(role: str) -> None:
    desk = desk_with("warned", role)
    desk.open(priority="p1")
    (raised,) = alerts(desk.wait(5 * MINUTE))

    assert raised.to == ("boss",)


def test_an_id_named_twice_gets_one_alert() -> None:
    desk = desk_with("warned", "owner", "lead", "supervisor")
    desk.open(priority="p1")
    (raised,) = alerts(desk.wait(5 * MINUTE))

    assert raised.to == ("boss",)


def test_every_order_of_the_verdict_raises_its_own_alert() -> None:
    orders = (alert("supervisor", rule="a"), alert("owner", rule="b", severity="critical"))
    desk = Desk(ONE_WARNING, FixedRules(escalations={"warned": escalation(*orders)}))
    desk.open(priority="p1")
    raised = alerts(desk.wait(5 * MINUTE))

    assert [(each.rule, each.severity) for each in raised] == [("a", "warning"), ("b", "critical")]
    assert len({each.id for each in raised}) == 2


def test_an_escalation_can_take_an_item_to_another_queue() -> None:
    desk = desk_with("warned", queue="second")
    item = owned(desk)
    desk.sign_in(agent("bob", queues=("second",)))
    desk.wait(5 * MINUTE)

    assert desk.item(item).queue == "second"
    assert desk.offered_to(item) == "bob"
    assert desk.agent("ann").holds == {}


def test_an_escalation_takes_a_pending_offer_back_before_it_reroutes() -> None:
    desk = desk_with("warned", queue="second")
    item = desk.open(priority="p1")
    desk.wait_until(NOON + 5 * MINUTE - SECOND)
    desk.sign_in("ann")
    moved = only(OfferMoved, desk.wait_until(NOON + 5 * MINUTE))

    assert desk.item(item).state is ItemState.QUEUED
    assert moved[-1].reason == "rerouted"


def test_an_escalation_can_raise_the_priority() -> None:
    desk = desk_with("warned", priority="p1")
    item = desk.open(priority="p2")
    desk.wait(30 * MINUTE)

    assert desk.item(item).priority == "p1"
    assert desk.clock(item).by_policy_change


def test_a_boost_does_not_move_an_assigned_item() -> None:
    desk = desk_with("warned", boost=HOUR)
    item = owned(desk)

    assert only(ItemQueued, desk.wait(6 * MINUTE)) == []
    assert desk.item(item).state is ItemState.ASSIGNED


def test_a_boost_of_an_assigned_item_counts_when_it_waits_again() -> None:
    desk = desk_with("warned", boost=HOUR)
    item = owned(desk)
    desk.wait(6 * MINUTE)
    since = desk.item(item).enqueued_at

    desk.do(Transfer(item=item, queue="second"))

    assert HOUR == desk.item(item).boost
    assert since - HOUR - 10 * MINUTE == desk.item(item).rank  # p1 has ten minutes anyway


def test_a_boost_of_an_item_whose_customer_has_left_counts_when_he_is_back() -> None:
    queues = {"service": queue_plan(abandon_grace=HOUR)}
    rules = FixedRules(escalations={"warned": escalation(boost=HOUR)})
    desk = Desk(plan(queues=queues, boost={}), rules)
    item = desk.open(priority="p1")
    desk.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))
    desk.wait(6 * MINUTE)

    desk.submit(Submit(kind=RequestKind.RETURNED, item=item, occurred_at=0))

    assert desk.item(item).rank == desk.item(item).enqueued_at - HOUR


def test_a_boost_leaves_a_pending_offer_where_it_is() -> None:
    desk = desk_with("warned", boost=HOUR)
    desk.open(priority="p1")
    desk.wait(5 * MINUTE - 1)
    desk.sign_in("ann")
    (offer,) = desk.world.offers.values()
    desk.wait(1)

    assert desk.item(offer.item).boost == HOUR
    assert desk.offer(offer.item) == offer


def test_the_escalation_is_journaled_as_a_command_of_its_own() -> None:
    desk = desk_with("warned", "supervisor")
    desk.open(priority="p1")
    desk.wait(5 * MINUTE)
    tick, escalated = desk.records[-2:]

    assert isinstance(escalated.command, Escalate)
    assert escalated.seq == tick.seq + 1
    assert escalated.now == tick.now
    assert escalated.command.facts == dict(desk.rules.asked[0])


def test_a_trigger_of_an_item_that_has_gone_leads_to_nothing() -> None:
    desk = desk_with("warned", "supervisor")
    desk.open(priority="p1")
    desk.wait(5 * MINUTE)
    command = desk.records[-1].command
    assert isinstance(command, Escalate)
    desk.world.items.clear()

    assert desk.do(command) == []


class Restless(FixedRules):
    """Answers every trigger with the next priority, whose own promise is broken already."""

    def escalate(self, facts: Facts) -> EscalationVerdict:
        self.asked.append(facts)
        return escalation(alert("supervisor"), priority=f"p{int(str(facts['priority'])[1:]) + 1}")


def spiral(length: int) -> Desk:
    """Priority p<n> breaks promise c<n> at once, which raises the priority to p<n+1>."""
    names = [f"p{number}" for number in range(1, length + 2)]
    clocks = [
        clock_plan(
            f"c{number}",
            targets={f"p{number}": Target(duration=MINUTE)},
            calendars={f"p{number}": "always"},
            warn=(),
        )
        for number in range(1, length + 1)
    ]
    return Desk(plan(priorities=tuple(names), boost={}, clocks=clocks), Restless())


def opened_in_spiral(desk: Desk, length: int) -> str:
    promised = tuple(f"c{number}" for number in range(1, length + 1))
    return desk.open(priority="p1", verdict=verdict(priority="p1", clocks=promised))


def test_escalations_that_trigger_each_other_end_by_themselves_within_the_bound() -> None:
    desk = spiral(MAX_ROUNDS)
    item = opened_in_spiral(desk, MAX_ROUNDS)
    events = desk.wait(2 * MINUTE)

    assert len(alerts(events)) == MAX_ROUNDS
    assert desk.item(item).priority == f"p{MAX_ROUNDS + 1}"
    assert only(EscalationLoopStopped, events) == []


def test_escalations_past_the_bound_are_stopped_and_told() -> None:
    desk = spiral(MAX_ROUNDS + 3)
    item = opened_in_spiral(desk, MAX_ROUNDS + 3)
    events = desk.wait(2 * MINUTE)
    (stopped,) = only(EscalationLoopStopped, events)

    assert len(alerts(events)) == MAX_ROUNDS
    assert (stopped.rounds, stopped.trigger.item) == (MAX_ROUNDS, item)
    assert stopped.trigger.clock == f"c{MAX_ROUNDS + 1}"


def test_a_stopped_loop_does_not_silence_later_triggers() -> None:
    desk = spiral(MAX_ROUNDS + 3)
    opened_in_spiral(desk, MAX_ROUNDS + 3)
    desk.wait(2 * MINUTE)
    another = opened_in_spiral(desk, MAX_ROUNDS + 3)
    raised = alerts(desk.wait(2 * MINUTE))

    assert {each.item for each in raised} == {another}


def test_a_lost_agents_lease_triggers_no_escalation() -> None:
    desk = desk_with("declined", "supervisor")
    desk.sign_in("ann")
    desk.do(ConnectAgent(agent="ann"))
    desk.open()
    desk.wait(31 * 1_000_000)  # the offer expires, nobody declined

    assert desk.rules.asked == []


def test_a_rule_sets_labels_and_no_rule_is_asked_again() -> None:
    desk = desk_with("warned", labels={"late": True})
    item = desk.open(labels={"topic": "fault"}, priority="p1")
    asked = len(desk.rules.asked)
    events = desk.wait(5 * MINUTE)

    assert desk.item(item).labels == {"topic": "fault", "late": True}
    assert [type(each) for each in events if isinstance(each, ItemLabelled)] == [ItemLabelled]
    assert desk.item(item).state is ItemState.QUEUED
    assert [facts["trigger"] for facts in desk.rules.asked[asked:]] == ["warned"]


def test_labels_that_the_item_has_are_not_told_again() -> None:
    desk = desk_with("declined", labels={"hard": True})
    for name in ("ann", "ben"):
        desk.sign_in(agent(name))
    item = desk.open()
    told = [desk.decline(item), desk.decline(item)]

    assert [sum(isinstance(each, ItemLabelled) for each in events) for events in told] == [1, 0]


def test_an_item_that_is_closed_is_labelled_too() -> None:
    watched = plan(escalations=("closed",))
    desk = Desk(watched, FixedRules(escalations={"closed": escalation(labels={"checked": True})}))
    item = owned(desk)
    desk.report(item, ReportKind.CONFIRMED)

    assert desk.item(item).state is ItemState.CLOSED
    assert desk.item(item).labels == {"checked": True}


def test_what_an_escalation_set_stays_when_the_other_rules_are_asked_again() -> None:
    derived = LabelPlan(type=LabelType.BOOLEAN, derived=True)
    labels = {"late": replace(derived, lasting=True), "hot": derived}
    rules = FixedRules(escalations={"warned": escalation(labels={"late": True})})
    desk = Desk(plan(labels=labels, clocks=[clock_plan(warn=(50,))]), rules)
    item = desk.open(priority="p1", verdict=verdict(labels={"hot": True}, priority="p1"))
    desk.wait(5 * MINUTE)
    desk.submit(
        Submit(kind=RequestKind.UPDATED, item=item, occurred_at=desk.world.now, verdict=verdict())
    )

    assert desk.item(item).labels == {"late": True}


def test_what_is_opened_for_an_item_has_not_the_marks_of_escalations() -> None:
    marked = LabelPlan(type=LabelType.BOOLEAN, derived=True, lasting=True)
    survey = LinkOrder(kind=ItemKind.SURVEY)
    answer = escalation(labels={"checked": True}, opens=(survey,))
    watched = plan(labels={"checked": marked}, escalations=("closed",))
    desk = Desk(watched, FixedRules(escalations={"closed": answer}))
    item = owned(desk)
    desk.report(item, ReportKind.CONFIRMED)
    (opened,) = (each for each in desk.world.items.values() if each.parent == item)

    assert opened.labels == {}
