"""Items made for other items: help and its answer, incidents, surveys by rule, families."""

from itertools import pairwise

import pytest
from msgspec.structs import replace

from routing_service.core.items.links import inherited
from routing_service.core.journal.commands import PutAgents, ReportKind, RequestKind, Submit
from routing_service.core.journal.events import CollaboratorsSet, ItemOpened, LinkAnswered
from routing_service.core.journal.link_commands import Link, SetCollaborators
from routing_service.core.plans.plan import LinkPlan
from routing_service.core.plans.queue_plan import Admission, Answer, Otherwise
from routing_service.core.promises import retarget
from routing_service.core.records.errors import Invalid, NotFound, WrongState
from routing_service.core.records.kinds import ItemKind, LinkOrder
from routing_service.core.records.lifecycle import ClockState, ItemState
from routing_service.core.records.model import Milestone, Verdict
from routing_service.store.codec import frames, freeze, snapshot_of, thaw
from tests.builders import (
    HOUR,
    MINUTE,
    SECOND,
    FixedRules,
    agent,
    alert,
    clock_plan,
    escalation,
    opened,
    plan,
    queue_plan,
    verdict,
)
from tests.desk import Desk, alerts, only

LINKS = {
    "collaboration": LinkPlan(parent_waits="waiting_colleague"),
    "approval": LinkPlan(parent_waits="waiting_colleague"),
    "incident": LinkPlan(spread=("customer_updated", "resolved", "closed")),
}
LINKING = plan(
    links=LINKS,
    pending_reasons={"waiting_customer": False, "waiting_colleague": False},
    queues={
        "service": queue_plan(owner_wait=HOUR, wrap_up=0),
        "second": queue_plan("second"),
    },
    max_age_credit=HOUR,
    escalations=("closed",),
)


@pytest.fixture
def desk() -> Desk:
    made = Desk(LINKING)
    made.sign_in("ann")
    return made


def owned(desk: Desk) -> str:
    item = desk.open()
    desk.accept(item)
    return item


def made_for(desk: Desk, parent: str, kind: ItemKind, **changes: object) -> str:
    changes = {"queue": "second"} | changes
    return desk.open(item_kind=kind, parent=parent, **changes)


def belongs(desk: Desk, item: str, parent: str, role: str = "") -> None:
    desk.do(Link(item=item, parent=parent, role=role))


def test_the_parent_waits_until_a_collaboration_is_answered(desk: Desk) -> None:
    parent = owned(desk)

    child = made_for(desk, parent, ItemKind.COLLABORATION)
    waiting = desk.item(parent).state, desk.item(parent).pending_reason
    desk.report(child, ReportKind.RESOLVED)

    assert waiting == (ItemState.PENDING, "waiting_colleague")
    assert desk.offered_to(parent) == "ann"


def test_the_answer_goes_to_the_owner(desk: Desk) -> None:
    parent = owned(desk)
    child = made_for(desk, parent, ItemKind.APPROVAL)

    events = desk.report(child, ReportKind.RESOLVED, reason="approved")

    (answer,) = only(LinkAnswered, events)
    assert (answer.item, answer.child, answer.owner) == (parent, child, "ann")
    assert (answer.kind, answer.reason) == (ItemKind.APPROVAL, "approved")


def test_the_parent_waits_for_the_last_answer(desk: Desk) -> None:
    parent = owned(desk)
    first = made_for(desk, parent, ItemKind.COLLABORATION)
    second = made_for(desk, parent, ItemKind.APPROVAL)

    desk.report(first, ReportKind.RESOLVED)
    still = desk.item(parent).state
    desk.cancel(second)

    assert still is ItemState.PENDING
    assert desk.offered_to(parent) == "ann"


def test_a_parent_that_waits_for_something_else_goes_on_waiting(desk: Desk) -> None:
    parent = owned(desk)
    child = made_for(desk, parent, ItemKind.COLLABORATION)
    desk.report(parent, ReportKind.PENDING, reason="waiting_customer")

    desk.report(child, ReportKind.RESOLVED)

    assert desk.item(parent).pending_reason == "waiting_customer"


def test_a_consult_leaves_the_parent_with_its_owner(desk: Desk) -> None:
    parent = owned(desk)
    child = made_for(desk, parent, ItemKind.CONSULT)

    events = desk.report(child, ReportKind.RESOLVED, reason="see article 4")

    assert desk.item(parent).state is ItemState.ASSIGNED
    assert [answer.reason for answer in only(LinkAnswered, events)] == ["see article 4"]


def test_a_resolved_answer_is_told_once(desk: Desk) -> None:
    parent = owned(desk)
    child = made_for(desk, parent, ItemKind.CONSULT)
    desk.report(child, ReportKind.RESOLVED)

    assert not only(LinkAnswered, desk.report(child, ReportKind.CLOSED))


def test_an_agreement_with_colleagues_is_a_clock_of_the_linked_item_alone() -> None:
    ola = clock_plan("colleague", stop="resolved", kind="ola")
    desk = Desk(replace(LINKING, clocks={"colleague": ola}))
    parent = desk.open()

    child = made_for(desk, parent, ItemKind.COLLABORATION, verdict=verdict(clocks=("colleague",)))

    assert desk.item(parent).clocks == {}
    assert desk.clock(child, "colleague").state is ClockState.RUNNING


def test_who_takes_a_collaboration_collaborates_on_the_parent(desk: Desk) -> None:
    parent = owned(desk)
    desk.sign_in("ben")
    child = made_for(desk, parent, ItemKind.CONSULT, queue="service", role="expert")

    events = desk.accept(child)

    assert [event.item for event in only(CollaboratorsSet, events)] == [parent]
    assert desk.item(parent).collaborators == {"ben": "expert"}


def test_who_takes_a_collaboration_where_fifty_help_already_does_just_that(desk: Desk) -> None:
    helping = {f"a{number:02}": "" for number in range(50)}
    parent = owned(desk)
    desk.do(PutAgents(agents=tuple(map(agent, helping))))
    desk.do(SetCollaborators(item=parent, collaborators=helping))
    desk.sign_in("ben")
    child = made_for(desk, parent, ItemKind.CONSULT, queue="service")

    desk.accept(child)

    assert "ben" == desk.item(child).owner
    assert helping == desk.item(parent).collaborators


def test_a_parent_that_ends_calls_off_the_help_but_not_what_is_owed_to_the_customer(
    desk: Desk,
) -> None:
    parent = owned(desk)
    kinds = (ItemKind.COLLABORATION, ItemKind.CONSULT, ItemKind.CALLBACK, ItemKind.SURVEY)
    children = [made_for(desk, parent, kind) for kind in kinds]

    desk.cancel(parent)

    states = [desk.item(child).state.value for child in children]
    assert states == ["cancelled", "cancelled", "queued", "queued"]
    assert desk.item(children[0]).reason == "parent_cancelled"


def test_rules_may_react_to_an_answer_with_its_kind_state_and_reason() -> None:
    rules = FixedRules(escalations={"answered": escalation(alert("owner"))})
    desk = Desk(plan(escalations=("answered",)), rules)
    desk.sign_in(agent("ann"))
    parent = owned(desk)
    child = made_for(desk, parent, ItemKind.APPROVAL)
    told = desk.report(child, ReportKind.RESOLVED, reason="refused")

    assert [("answered", parent, ("ann",))] == [
        (each.trigger.kind.value, each.item, each.to) for each in alerts(told)
    ]
    facts = rules.asked[-1]
    assert ("approval", "resolved", "refused") == (
        facts["linked_kind"],
        facts["linked_state"],
        facts["linked_reason"],
    )


def test_what_is_told_of_an_incident_is_told_of_its_requests(desk: Desk) -> None:
    incident = desk.open(item_kind=ItemKind.INCIDENT, queue="second")
    requests = [desk.open(customer=name) for name in ("c1", "c2")]
    for request in requests:
        belongs(desk, request, incident)

    desk.report(incident, ReportKind.CUSTOMER_UPDATED)
    updated = [Milestone.CUSTOMER_UPDATED in desk.item(each).milestones for each in requests]
    desk.report(incident, ReportKind.RESOLVED)
    resolved = [desk.item(each).state for each in requests]
    desk.report(incident, ReportKind.CLOSED)

    assert updated == [True, True]
    assert resolved == [ItemState.RESOLVED, ItemState.RESOLVED]
    assert {desk.item(each).reason for each in requests} == {desk.item(incident).number}
    assert {desk.item(each).state for each in requests} == {ItemState.CLOSED}


def test_what_the_pack_does_not_spread_stays_with_the_incident(desk: Desk) -> None:
    incident = desk.open(item_kind=ItemKind.INCIDENT, queue="second")
    request = desk.open()
    belongs(desk, request, incident)

    desk.report(incident, ReportKind.ENGAGED)

    assert Milestone.ENGAGED not in desk.item(request).milestones


def test_a_request_that_leaves_its_incident_hears_of_it_no_more(desk: Desk) -> None:
    incident = desk.open(item_kind=ItemKind.INCIDENT, queue="second")
    request = desk.open()
    belongs(desk, request, incident)
    belongs(desk, request, "")

    desk.report(incident, ReportKind.RESOLVED)

    assert desk.item(request).state is ItemState.OFFERED
    assert desk.world.children == {}


def test_an_item_opened_for_another_has_its_customer_channel_and_sent_labels(desk: Desk) -> None:
    parent = desk.open(channel="phone", customer="c9", labels={"topic": "fault"})
    bare = Submit(kind=RequestKind.OPENED, occurred_at=0, item_kind=ItemKind.SURVEY, parent=parent)

    whole = inherited(desk.world, bare, desk.now)

    assert (whole.customer, whole.channel) == ("c9", "phone")
    assert whole.labels == {"topic": "fault"}


def test_a_call_back_keeps_the_place_of_its_parent(desk: Desk) -> None:
    parent = desk.open(waiting_since=desk.now - 20 * MINUTE)
    bare = opened(item_kind=ItemKind.CALLBACK, parent=parent)

    whole = inherited(desk.world, bare, desk.now)

    assert whole.waiting_since == desk.now - 20 * MINUTE


def test_a_call_back_keeps_the_age_that_escalations_gave_its_parent() -> None:
    sooner = FixedRules(escalations={"warned": escalation(boost=10 * MINUTE)})
    desk = Desk(plan(escalations=("warned",), max_age_credit=HOUR), sooner)
    first = desk.open(priority="p1")
    desk.wait(SECOND)
    second = desk.open(priority="p1")
    desk.wait(5 * MINUTE)
    back = opened(item_kind=ItemKind.CALLBACK, parent=first, priority="p1")
    desk.submit(inherited(desk.world, back, desk.now))
    desk.cancel(first)
    called = next(each for each in desk.world.items.values() if each.parent == first)

    assert [1, 2] == [desk.world.waiting.position(each) for each in (called, desk.item(second))]


@pytest.mark.parametrize("kind", [ItemKind.COLLABORATION, ItemKind.SURVEY, ItemKind.CALLBACK])
def test_what_is_made_for_an_item_names_it(desk: Desk, kind: ItemKind) -> None:
    with pytest.raises(Invalid) as refused:
        desk.open(item_kind=kind)

    assert refused.value.reason == "FIELD_REQUIRED"


def test_help_is_not_asked_for_what_has_ended_and_never_for_what_is_not_there(desk: Desk) -> None:
    parent = desk.open()
    desk.cancel(parent)

    with pytest.raises(WrongState):
        made_for(desk, parent, ItemKind.COLLABORATION)
    with pytest.raises(NotFound):
        made_for(desk, "it0000009999", ItemKind.COLLABORATION)


def test_cycles_are_refused(desk: Desk) -> None:
    first, second, third = desk.open(), desk.open(), desk.open()
    belongs(desk, second, first)
    belongs(desk, third, second)

    for parent in (first, second, third):
        with pytest.raises(WrongState) as refused:
            belongs(desk, first, parent)
        assert refused.value.reason == "LINK_CYCLE"


def test_families_have_a_bound(desk: Desk) -> None:
    items = [desk.open() for _ in range(9)]
    for parent, item in pairwise(items[:8]):
        belongs(desk, item, parent)

    with pytest.raises(WrongState) as refused:
        belongs(desk, items[8], items[7])
    with pytest.raises(WrongState):
        belongs(desk, items[0], items[8])

    assert refused.value.reason == "LINK_TOO_DEEP"


def test_collaborators_are_agents_of_the_desk(desk: Desk) -> None:
    item = desk.open()
    desk.do(SetCollaborators(item=item, collaborators={"ann": "lead"}))

    with pytest.raises(NotFound):
        desk.do(SetCollaborators(item=item, collaborators={"nobody": ""}))

    assert desk.item(item).collaborators == {"ann": "lead"}


def survey_rules() -> FixedRules:
    order = escalation(opens=(LinkOrder(kind=ItemKind.SURVEY, role="after"),))
    return FixedRules(
        intake=Verdict(digest="d1", priority="p3", queue="second"), escalations={"closed": order}
    )


def test_a_rule_opens_a_survey_when_an_item_is_closed() -> None:
    rules = survey_rules()
    desk = Desk(LINKING, rules)
    item = desk.open(customer="c9")

    events = desk.report(item, ReportKind.CONFIRMED)

    survey = only(ItemOpened, events)[0].record
    assert (survey.kind, survey.parent, survey.role) == (ItemKind.SURVEY, item, "after")
    assert (survey.customer, survey.queue) == ("c9", "second")
    assert rules.asked[-1]["item_kind"] == "survey"


def test_a_closed_survey_opens_no_survey() -> None:
    desk = Desk(LINKING, survey_rules())
    item = desk.open()
    survey = only(ItemOpened, desk.report(item, ReportKind.CONFIRMED))[0].item

    assert not only(ItemOpened, desk.report(survey, ReportKind.CONFIRMED))


def test_a_snapshot_gives_the_same_families(desk: Desk) -> None:
    parent = owned(desk)
    made_for(desk, parent, ItemKind.CONSULT)
    before = desk.world.children
    snapshot = snapshot_of(desk.world.seq, list(frames(freeze(desk.world, dev=False))))

    desk.world, _ = thaw(snapshot)

    assert desk.world.children == before


def test_who_belongs_to_an_item_comes_to_new_terms_with_it(desk: Desk) -> None:
    for _ in range(retarget.SLICE):
        desk.open()
    incident = desk.open(item_kind=ItemKind.INCIDENT)
    request = desk.open()
    helper = made_for(desk, request, ItemKind.CONSULT)
    belongs(desk, request, incident)

    desk.activate(replace(LINKING, clocks={}))

    for item in (incident, request, helper):
        together = retarget.not_moved(desk.world, [item])
        assert set(together) == {incident, request, helper}


def test_what_a_rule_opens_is_let_in_where_a_request_would_be_refused() -> None:
    refuse = Admission(limit=1, full=Answer(then=Otherwise.REFUSE))
    queues = {**LINKING.queues, "second": queue_plan("second", admission=refuse)}
    desk = Desk(replace(LINKING, queues=queues), survey_rules())
    desk.open(queue="second")
    item = desk.open()

    events = desk.report(item, ReportKind.CONFIRMED)

    assert only(ItemOpened, events)[0].record.queue == "second"


def test_a_rule_opens_nothing_for_the_last_of_too_many_generations() -> None:
    desk = Desk(LINKING, survey_rules())
    items = [desk.open() for _ in range(8)]
    for parent, item in pairwise(items):
        belongs(desk, item, parent)

    events = desk.report(items[-1], ReportKind.CONFIRMED)

    assert desk.item(items[-1]).state is ItemState.CLOSED
    assert only(ItemOpened, events) == []


def test_help_that_is_given_another_parent_is_waited_for_there(desk: Desk) -> None:
    first, second = owned(desk), desk.open()
    child = made_for(desk, first, ItemKind.COLLABORATION)

    belongs(desk, child, second)
    moved = desk.offered_to(first), desk.item(second).state
    desk.report(child, ReportKind.RESOLVED)

    assert moved == ("ann", ItemState.PENDING)
    assert desk.item(second).state is ItemState.QUEUED


def test_nobody_waits_for_help_that_belongs_to_nobody_any_more(desk: Desk) -> None:
    parent = owned(desk)
    child = made_for(desk, parent, ItemKind.COLLABORATION)

    belongs(desk, child, "", role="help")

    assert desk.offered_to(parent) == "ann"
    assert desk.item(child).role == ""
