"""Idempotency keys: the first answer is remembered, and another body under the same key refused."""

from typing import Any

import pytest

from routing_service.core.journal.commands import Accept, Cancel, Complete, RequestKind, Submit
from routing_service.core.journal.events import RequestRemembered
from routing_service.core.records.errors import Reused, RoutingError
from routing_service.core.records.lifecycle import ItemState
from routing_service.core.records.model import Remembered
from tests.builders import DAY, NOON, SECOND, opened
from tests.desk import Desk, only

KEY: dict[str, Any] = {"actor": "adapter-1", "request_id": "e1", "fingerprint": b"body"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_key_is_remembered_with_the_item_it_opened(desk: Desk) -> None:
    item = desk.open(**KEY)
    known = desk.world.first_answer("adapter-1", "e1", b"body")

    assert known == Remembered(b"body", NOON, desk.world.seq, item)


def test_a_key_belongs_to_its_caller(desk: Desk) -> None:
    desk.open(**KEY)

    assert desk.world.first_answer("adapter-2", "e1", b"body") is None


def test_the_same_key_with_another_body_is_refused(desk: Desk) -> None:
    desk.open(**KEY)
    with pytest.raises(Reused) as refused:
        desk.world.first_answer("adapter-1", "e1", b"other body")

    assert refused.value.reason == "REQUEST_ID_REUSED"


def test_a_command_without_a_key_is_not_remembered(desk: Desk) -> None:
    events = desk.submit(opened())

    assert only(RequestRemembered, events) == []
    assert desk.world.first_answer("", "", b"") is None


def test_a_refused_command_is_not_remembered(desk: Desk) -> None:
    with pytest.raises(RoutingError):
        desk.do(Cancel(item="it9", **KEY))

    assert desk.world.remembered == {}


def test_a_key_is_remembered_for_seven_days(desk: Desk) -> None:
    desk.open(**KEY)
    desk.wait(7 * DAY - 1)
    desk.open(actor="adapter-1", request_id="e2", fingerprint=b"x")
    kept = desk.world.first_answer("adapter-1", "e1", b"body")
    desk.wait(1)
    desk.open(actor="adapter-1", request_id="e3", fingerprint=b"x")

    assert kept is not None
    assert desk.world.first_answer("adapter-1", "e1", b"body") is None


def test_what_a_key_led_to_is_known_for_every_kind_of_command(desk: Desk) -> None:
    desk.sign_in("ann")
    item = desk.open()
    offer = desk.offer(item)
    desk.do(Accept(offer=offer.id, agent="ann", version=offer.version, actor="a", request_id="1"))
    desk.do(Complete(item=item, agent="ann", actor="a", request_id="2"))
    desk.do(Cancel(item=item, actor="a", request_id="3"))
    known = [desk.world.first_answer("a", key, b"") for key in ("1", "2", "3")]

    assert [(each.item, each.offer) for each in known if each] == [
        (item, offer.id),
        (item, ""),
        (item, ""),
    ]


def test_a_message_is_remembered_and_changes_only_the_version(desk: Desk) -> None:
    item = desk.open()
    before = desk.item(item)
    message = Submit(kind=RequestKind.MESSAGE, item=item, occurred_at=0, sealed=b"x", **KEY)
    desk.wait(SECOND)
    desk.submit(message)

    assert desk.item(item).version == before.version + 1
    assert desk.item(item).state is ItemState.QUEUED
    assert desk.world.first_answer("adapter-1", "e1", b"body") is not None
