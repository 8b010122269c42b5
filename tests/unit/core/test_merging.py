"""Two items of a customer about one thing: one ends, the other goes on with what both had."""

from itertools import pairwise

import pytest

from routing_service.core.journal.commands import PutAgents, ReportKind, RequestKind, Submit
from routing_service.core.journal.events import ItemMessaged
from routing_service.core.journal.link_commands import Link, Merge, SetCollaborators
from routing_service.core.plans.plan import CorrelationPlan
from routing_service.core.records.errors import Conflict, Invalid, WrongState
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.lifecycle import ClockState, ItemState
from tests.builders import DAY, HOUR, MINUTE, FixedRules, agent, escalation, opened, plan
from tests.desk import Desk, only


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.sign_in("ann")
    return made


def two(desk: Desk) -> tuple[str, str]:
    """The first is offered to ann, the second waits."""
    return desk.open(), desk.open()


def merge(desk: Desk, item: str, into: str, version: int = 0) -> None:
    desk.do(Merge(item=item, into=into, reason="duplicate", version=version))


def test_a_merged_item_ends_and_names_the_one_that_goes_on(desk: Desk) -> None:
    gone, stays = two(desk)

    merge(desk, gone, stays)

    item = desk.item(gone)
    assert (item.state, item.reason, item.merged_into) == (ItemState.MERGED, "duplicate", stays)
    assert {clock.state for clock in item.clocks.values()} == {ClockState.CANCELLED}


def test_capacity_of_a_merged_item_goes_to_the_one_that_waits(desk: Desk) -> None:
    gone, stays = two(desk)
    desk.accept(gone)

    merge(desk, gone, stays)

    assert desk.offered_to(stays) == "ann"


def test_a_message_to_a_merged_item_reaches_the_survivor_of_all_merges(desk: Desk) -> None:
    first, second = two(desk)
    third = desk.open()
    merge(desk, first, second)
    merge(desk, second, third)

    events = desk.submit(Submit(kind=RequestKind.MESSAGE, item=first, occurred_at=0))

    assert [event.item for event in only(ItemMessaged, events)] == [third]


def test_contacts_signals_and_collaborators_are_united(desk: Desk) -> None:
    gone = desk.open(signals=("angry",))
    stays = desk.open(signals=("refund",))
    desk.do(SetCollaborators(item=gone, collaborators={"ann": "lead"}))

    merge(desk, gone, stays)

    item = desk.item(stays)
    assert (item.contacts, item.signals) == (2, ("angry", "refund"))
    assert item.collaborators == {"ann": "lead"}


def test_no_more_than_fifty_collaborate_on_the_survivor() -> None:
    desk = Desk()
    helping = [f"a{number:02}" for number in range(60)]
    desk.do(PutAgents(agents=tuple(map(agent, helping))))
    gone, stays = two(desk)
    desk.do(SetCollaborators(item=gone, collaborators=dict.fromkeys(helping[20:], "gone")))
    desk.do(SetCollaborators(item=stays, collaborators=dict.fromkeys(helping[:30], "stays")))

    merge(desk, gone, stays)

    roles = desk.item(stays).collaborators
    assert helping[:50] == sorted(roles)
    assert {"stays"} == {roles[each] for each in helping[:30]}


def test_the_survivor_was_as_often_escalated_as_the_one_that_ended() -> None:
    rules = FixedRules(escalations={"warned": escalation(boost=HOUR)})
    desk = Desk(rules=rules)
    gone = desk.open(priority="p1")
    desk.wait(5 * MINUTE)  # half of its time to respond
    stays = desk.open()

    merge(desk, gone, stays)

    item = desk.item(stays)
    assert (HOUR, desk.item(gone).enqueued_at) == (item.boost, item.enqueued_at)
    assert item.rank == item.enqueued_at - HOUR


def test_what_belonged_to_a_merged_item_belongs_to_the_survivor(desk: Desk) -> None:
    gone, stays = two(desk)
    child = desk.open(item_kind=ItemKind.CONSULT, parent=gone, role="expert")

    merge(desk, gone, stays)

    assert (desk.item(child).parent, desk.item(child).role) == (stays, "expert")
    assert desk.item(child).state is ItemState.QUEUED
    assert list(desk.world.children) == [stays]


def test_a_repeat_contact_of_a_merged_item_joins_the_survivor() -> None:
    by_topic = CorrelationPlan(by=("customer", "label.topic"), window=DAY)
    desk = Desk(plan(correlation=by_topic))
    gone = desk.open(labels={"topic": "a"})
    stays = desk.open(labels={"topic": "b"})
    merge(desk, gone, stays)
    repeated = opened(labels={"topic": "a"})

    events = desk.submit(
        Submit(
            kind=RequestKind.OPENED,
            customer="c1",
            channel="web",
            occurred_at=0,
            labels={"topic": "a"},
            verdict=repeated.verdict,
        )
    )

    assert [event.item for event in only(ItemMessaged, events)] == [stays]


def test_an_item_is_not_merged_into_itself(desk: Desk) -> None:
    item = desk.open()

    with pytest.raises(Invalid):
        merge(desk, item, item)


def test_items_of_two_customers_or_kinds_are_not_merged(desk: Desk) -> None:
    item = desk.open()
    others = desk.open(customer="c2"), desk.open(item_kind=ItemKind.SURVEY, parent=item)

    for other in others:
        with pytest.raises(WrongState) as refused:
            merge(desk, item, other)
        assert refused.value.reason == "CANNOT_MERGE"


def test_nothing_is_merged_into_what_is_solved_or_has_ended(desk: Desk) -> None:
    item, solved = desk.open(), desk.open()
    desk.report(solved, ReportKind.RESOLVED)
    merged = desk.open()
    merge(desk, merged, item)

    for into in (solved, merged):
        with pytest.raises(WrongState):
            merge(desk, item, into)


def test_an_item_is_not_merged_into_what_belongs_to_it(desk: Desk) -> None:
    parent, child = two(desk)
    desk.do(Link(item=child, parent=parent))

    with pytest.raises(WrongState) as refused:
        merge(desk, parent, child)

    assert refused.value.reason == "LINK_CYCLE"


def test_another_version_than_the_present_one_is_not_merged(desk: Desk) -> None:
    gone, stays = two(desk)

    with pytest.raises(Conflict):
        merge(desk, gone, stays, version=99)


def test_the_survivor_belongs_to_the_incident_of_the_one_that_ended(desk: Desk) -> None:
    gone, stays = two(desk)
    incident = desk.open(item_kind=ItemKind.INCIDENT)
    desk.do(Link(item=gone, parent=incident, role="affected"))

    merge(desk, gone, stays)

    assert (desk.item(stays).parent, desk.item(stays).role) == (incident, "affected")


def test_an_item_merged_into_its_own_parent_leaves_it_without_one(desk: Desk) -> None:
    gone, stays = two(desk)
    desk.do(Link(item=gone, parent=stays))

    merge(desk, gone, stays)

    assert desk.item(stays).parent == ""


def test_of_two_that_wait_the_survivor_has_the_age_of_the_older() -> None:
    desk = Desk()
    older = desk.open()
    desk.wait(MINUTE)
    other = desk.open(customer="c2")
    desk.wait(MINUTE)
    younger = desk.open()

    merge(desk, older, younger)

    assert desk.item(younger).enqueued_at == desk.item(older).enqueued_at
    assert desk.world.waiting.position(desk.item(younger)) == 1
    assert desk.world.waiting.position(desk.item(other)) == 2


def test_families_do_not_grow_beyond_their_bound_by_merging(desk: Desk) -> None:
    first, second = [[desk.open() for _ in range(5)] for _ in range(2)]
    for family in (first, second):
        for parent, item in pairwise(family):
            desk.do(Link(item=item, parent=parent))

    with pytest.raises(WrongState) as refused:
        merge(desk, second[0], first[-1])

    assert refused.value.reason == "LINK_TOO_DEEP"
