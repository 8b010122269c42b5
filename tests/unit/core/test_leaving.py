"""Agents who are removed: nothing they had in hand is lost, and the reason is stated."""

import pytest

from routing_service.core.journal.commands import PutAgents, RemoveAgents, ReportKind, Transfer
from routing_service.core.journal.events import (
    AgentRemoved,
    AnyEvent,
    ItemMoved,
    OfferMoved,
    OwnerRemoved,
)
from routing_service.core.journal.link_commands import SetCollaborators
from routing_service.core.records.errors import Invalid, NotFound
from routing_service.core.records.lifecycle import ItemState, OfferStep
from tests.builders import MINUTE, SECOND, agent
from tests.desk import Desk, only


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.sign_in(agent("ann", capacity=5))
    return desk


def owned(desk: Desk) -> str:
    item = desk.open()
    desk.accept(item)
    return item


def remove(desk: Desk, *agents: str) -> list[AnyEvent]:
    return list(desk.do(RemoveAgents(agents=agents or ("ann",), reason="left the firm")))


def test_what_he_had_in_hand_waits_again_with_its_age_and_a_reason(desk: Desk) -> None:
    item = owned(desk)
    since = desk.item(item).enqueued_at
    desk.wait(MINUTE)
    events = desk.do(RemoveAgents(agents=("ann",), reason="left the firm"))

    moved = only(ItemMoved, events)[0]
    assert (ItemState.QUEUED, "agent_removed", "") == (moved.state, moved.reason, moved.owner)
    assert ("", since) == (desk.item(item).owner, desk.item(item).enqueued_at)
    assert ["left the firm"] == [event.reason for event in only(AgentRemoved, events)]


def test_what_he_was_offered_goes_to_another(desk: Desk) -> None:
    item = desk.open()
    desk.wait(SECOND)
    desk.sign_in("ben")
    events = desk.do(RemoveAgents(agents=("ann",)))

    ended = only(OfferMoved, events)[0]
    assert (OfferStep.VOID, "agent_removed") == (ended.step, ended.reason)
    assert "ben" == desk.offered_to(item)


def test_what_he_completed_and_did_not_resolve_waits_again(desk: Desk) -> None:
    item = owned(desk)
    desk.complete(item, "ann")
    desk.wait(2 * MINUTE)
    remove(desk)

    assert desk.item(item).state is ItemState.QUEUED


def test_what_he_parked_goes_to_its_queue_when_it_is_resumed(desk: Desk) -> None:
    item = owned(desk)
    desk.report(item, ReportKind.PENDING, reason="waiting_parts")
    remove(desk)
    parked = desk.item(item).state
    desk.sign_in("ben")
    desk.report(item, ReportKind.RESUMED)

    assert (ItemState.PENDING, "ben") == (parked, desk.offered_to(item))


@pytest.mark.parametrize("kind", [ReportKind.PENDING, ReportKind.SUSPENDED])
def test_what_he_parked_bears_his_name_no_more(desk: Desk, kind: ReportKind) -> None:
    item = owned(desk)
    desk.report(item, kind, reason="waiting_parts")
    before = desk.item(item)
    told = only(OwnerRemoved, remove(desk))

    assert ("ann", "") == (before.owner, desk.item(item).owner)
    assert [OwnerRemoved(item=item, agent="ann")] == told
    assert (before.state, before.pending_reason, before.version + 1) == (
        desk.item(item).state,
        desk.item(item).pending_reason,
        desk.item(item).version,
    )


def test_what_he_resolved_tells_by_whom_until_it_is_opened_again(desk: Desk) -> None:
    item = owned(desk)
    desk.report(item, ReportKind.RESOLVED)
    remove(desk)
    resolved = desk.item(item).owner
    told = only(OwnerRemoved, desk.report(item, ReportKind.REOPENED))

    assert ("ann", "") == (resolved, desk.item(item).owner)
    assert [OwnerRemoved(item=item, agent="ann")] == told


def test_what_he_wrapped_up_or_handed_over_goes_on(desk: Desk) -> None:
    resolved, given = owned(desk), owned(desk)
    desk.report(resolved, ReportKind.RESOLVED)
    desk.sign_in("ben")
    desk.do(Transfer(item=given, warm=True))
    remove(desk)

    assert desk.item(resolved).state is ItemState.RESOLVED
    assert ("ben", None) == (desk.offered_to(given), desk.item(given).handover)


def test_an_item_re_opened_after_its_owner_is_gone_goes_to_another(desk: Desk) -> None:
    item = owned(desk)
    desk.report(item, ReportKind.RESOLVED)
    remove(desk)
    desk.sign_in("ben")
    desk.report(item, ReportKind.REOPENED)

    assert "ben" == desk.offered_to(item)


def test_who_declined_and_is_gone_bothers_nobody(desk: Desk) -> None:
    item = desk.open()
    desk.decline(item)
    remove(desk)
    desk.sign_in("ben")

    assert "ben" == desk.offered_to(item)


def test_who_comes_back_under_the_same_id_begins_anew(desk: Desk) -> None:
    owned(desk)
    remove(desk)
    desk.do(PutAgents(agents=(agent("ann"),)))

    assert ({}, 0) == (desk.agent().holds, desk.agent().epoch)


def test_all_are_removed_or_none(desk: Desk) -> None:
    with pytest.raises(NotFound):
        remove(desk, "ann", "nobody")
    with pytest.raises(Invalid):
        remove(desk, "ann", "ann")

    assert "ann" in desk.world.agents


def test_agents_who_come_and_go_leave_little_behind() -> None:
    desk = Desk()
    for number in range(50):
        guest = f"guest-{number}"
        desk.sign_in(guest)
        item = desk.open()
        desk.accept(item)
        desk.report(item, ReportKind.RESOLVED)
        desk.do(RemoveAgents(agents=(guest,)))
        desk.report(item, ReportKind.CLOSED)
    roster = desk.world.roster

    assert sum(roster._masks) == 0
    assert roster._owned == {}


def test_who_is_removed_helps_with_nothing_any_more(desk: Desk) -> None:
    item, ended = desk.open(), desk.open()
    desk.sign_in("ben")
    for each in (item, ended):
        desk.do(SetCollaborators(item=each, collaborators={"ben": "expert", "ann": "lead"}))
    desk.cancel(ended)

    remove(desk, "ben")

    assert {"ann": "lead"} == desk.item(item).collaborators
    assert ["ben", "ann"] == list(desk.item(ended).collaborators)  # as it was when it ended
