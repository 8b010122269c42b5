"""An item remembers when it was decided on: there the journal has the facts of each verdict."""

from routing_service.core.evolution.evolve import DECIDED_KEPT
from routing_service.core.journal.commands import RequestKind, Submit
from tests.builders import MINUTE, NOON, FixedRules, clock_plan, escalation, plan, verdict
from tests.desk import Desk


def decided(desk: Desk, item: str) -> list[int]:
    """When rules decided on the item: at its opening, and then again."""
    found = desk.item(item)
    return list(dict.fromkeys((found.received_at, *found.decided_at)))


def update(desk: Desk, item: str) -> None:
    desk.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=verdict()))


def test_opening_is_the_first_verdict() -> None:
    desk = Desk()
    item = desk.open()

    assert decided(desk, item) == [NOON]


def test_each_new_verdict_adds_its_instant() -> None:
    desk = Desk()
    item = desk.open()
    desk.wait(MINUTE)
    update(desk, item)

    assert decided(desk, item) == [NOON, NOON + MINUTE]


def test_escalation_that_changes_the_item_is_a_verdict_and_one_that_only_alerts_is_none() -> None:
    raises = FixedRules(escalations={"breached": escalation(priority="p1")})
    desk = Desk(plan(clocks=[clock_plan(warn=(50,))]), raises)
    item = desk.open(priority="p2")
    desk.wait(61 * MINUTE)

    assert decided(desk, item) == [NOON, NOON + 60 * MINUTE + 1]


def test_only_the_last_instants_are_kept() -> None:
    desk = Desk()
    item = desk.open()
    for _ in range(DECIDED_KEPT):
        desk.wait(MINUTE)
        update(desk, item)

    kept = desk.item(item).decided_at
    assert (NOON + MINUTE, DECIDED_KEPT) == (kept[0], len(kept))
