"""What the customer writes after the item was opened."""

import pytest

from routing_service.core.journal.commands import RequestKind, Submit
from routing_service.core.journal.events import ItemMessaged
from tests.builders import verdict
from tests.desk import Desk, only


@pytest.mark.parametrize("kind", [RequestKind.MESSAGE, RequestKind.UPDATED])
def test_what_was_written_is_journaled_sealed_whatever_it_came_with(kind: RequestKind) -> None:
    desk = Desk()
    item = desk.open()
    events = desk.submit(
        Submit(kind=kind, item=item, occurred_at=0, sealed=b"x", verdict=verdict())
    )

    assert [event.sealed for event in only(ItemMessaged, events)] == [b"x"]


def test_an_update_of_labels_alone_is_no_message() -> None:
    desk = Desk()
    item = desk.open()
    update = Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=verdict())

    assert only(ItemMessaged, desk.submit(update)) == []
