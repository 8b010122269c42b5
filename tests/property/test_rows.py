"""Every row of the life-cycle tables is taken in some life; a row nobody can take is a bug.

Each tour below is a short checked life (life.py), so its invariants hold on every row as well.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from routing_service.core.journal.commands import (
    ConnectAgent,
    LoseAgent,
    Report,
    ReportKind,
    RequestKind,
    Submit,
    SwitchStrategy,
    Transfer,
    WrapUp,
    WrapUpAct,
)
from routing_service.core.journal.link_commands import Merge
from routing_service.core.plans.plan import Strategy
from routing_service.core.records.lifecycle import Presence
from tests.builders import HOUR, MINUTE, FixedRules, opened, verdict
from tests.property.life import Life
from tests.property.rich import PLANS
from tests.property.witness import TABLES, Row


def desk() -> Life:
    """Rules that escalate nothing, so that a tour is all that happens."""
    return Life(FixedRules())


def update(life: Life, item: str, **verdict: object) -> None:
    """The rules decided anew about the item."""
    asked = opened(**verdict).verdict
    life.submit(Submit(kind=RequestKind.UPDATED, item=item, occurred_at=0, verdict=asked))


def abandon(life: Life, item: str) -> None:
    life.submit(Submit(kind=RequestKind.ABANDONED, item=item, occurred_at=0))


def park(life: Life, item: str, kind: ReportKind, until: int = 0) -> None:
    life.do(Report(kind=kind, item=item, occurred_at=life.now, until=until))


def alone(life: Life, **verdict: object) -> str:
    """An item that nobody can take."""
    for agent in life.world.agents:
        life.presence(agent, Presence.AWAY)
    return life.open(**verdict)


def owned(life: Life, **verdict: object) -> str:
    """An item with an owner at work."""
    item = life.open(**verdict)
    life.accept(item)
    return item


def parked(life: Life, reason: str = "waiting_customer") -> str:
    """An item that waits for somebody else."""
    item = owned(life)
    life.report(item, ReportKind.PENDING, reason=reason)
    return item


def offers_end_in_every_way(life: Life) -> None:
    item = life.open()
    life.decline(item)
    life.wait(HOUR)
    life.cancel(item)
    who = life.offered_to(item := life.open())
    life.do(ConnectAgent(agent=who))
    life.do(LoseAgent(agent=who, epoch=1))
    life.accept(item)


def one_of_several_is_quicker(life: Life) -> None:
    life.do(SwitchStrategy(queue="service", strategy=Strategy.BROADCAST))
    life.accept(life.open())


def queued_items_end_or_park(life: Life) -> None:
    for kind in (ReportKind.RESOLVED, ReportKind.PENDING):
        life.report(alone(life), kind, reason="thinking")
    life.cancel(alone(life))
    abandon(life, alone(life, queue="second"))
    update(life, alone(life), queue="second")
    alone(life, queue="strict")
    life.wait(3 * HOUR)


def assigned_items_end_or_go_back(life: Life) -> None:
    life.report(owned(life), ReportKind.RESOLVED)
    life.wait(2 * MINUTE)
    life.cancel(owned(life))
    abandon(life, owned(life))
    update(life, owned(life), queue="second")


def owners_give_away_and_keep(life: Life) -> None:
    life.do(Transfer(item=owned(life), queue="second"))
    life.do(Transfer(item=alone(life), queue="second"))
    for agent in life.world.agents:
        life.presence(agent, Presence.AVAILABLE)
    item = owned(life, queue="strict")
    for agent in life.world.agents:
        life.presence(agent, Presence.AWAY)
    life.do(Transfer(item=item, warm=True, wait=MINUTE))
    life.wait(2 * MINUTE)


def customers_leave_and_come_back(life: Life) -> None:
    items = [alone(life, queue="service") for _ in range(4)]
    for item in items:
        abandon(life, item)
    life.submit(Submit(kind=RequestKind.RETURNED, item=items[0], occurred_at=0))
    life.cancel(items[1])
    life.report(items[2], ReportKind.RESOLVED)
    life.wait(HOUR)


def handling_is_wrapped_up(life: Life) -> None:
    item = owned(life)
    agent = life.item(item).owner
    life.complete(item, agent)
    life.do(WrapUp(item=item, agent=agent, act=WrapUpAct.RENEW))
    life.wait(2 * MINUTE)


def parked_items_go_on_or_end(life: Life) -> None:
    life.report(parked(life, "waiting_parts"), ReportKind.RESUMED)
    item = parked(life)
    life.report(item, ReportKind.PENDING, reason="thinking")
    life.report(item, ReportKind.RESUMED)
    life.report(parked(life), ReportKind.RESOLVED)
    life.cancel(parked(life))
    abandon(life, parked(life))


def items_begin_later_or_are_laid_aside(life: Life) -> None:
    soon = life.now + HOUR
    for end in (life.cancel, lambda item: abandon(life, item)):
        end(life.open(scheduled_for=soon))
    life.report(item := life.open(scheduled_for=soon), ReportKind.RESOLVED)
    life.report(item, ReportKind.REOPENED)
    item = life.open(scheduled_for=soon)
    park(life, item, ReportKind.SCHEDULED, soon + MINUTE)
    life.wait(2 * HOUR)
    for item in (owned(life), parked(life), alone(life)):
        park(life, item, ReportKind.SUSPENDED)
    park(life, item, ReportKind.SUSPENDED, life.now + MINUTE)
    life.wait(MINUTE)
    for end in (life.cancel, lambda item: abandon(life, item)):
        park(life, item := alone(life), ReportKind.SUSPENDED)
        end(item)
    park(life, item := alone(life), ReportKind.SUSPENDED)
    life.report(item, ReportKind.RESOLVED)


def items_of_a_customer_are_merged(life: Life) -> None:
    later = life.open(scheduled_for=life.now + HOUR)
    laid_aside = owned(life)
    park(life, laid_aside, ReportKind.SUSPENDED)
    gone = [later, laid_aside, parked(life), owned(life), alone(life), alone(life)]
    abandon(life, gone[-1])
    into = life.open()
    for item in gone:
        life.do(Merge(item=item, into=into))


def resolved_items_come_back_or_close(life: Life) -> None:
    item = owned(life)
    life.report(item, ReportKind.RESOLVED)
    life.report(item, ReportKind.REOPENED)
    life.wait(MINUTE)  # the owner still wraps it up
    life.accept(item)
    life.report(item, ReportKind.CONFIRMED)


def clocks_are_kept_warned_or_broken(life: Life) -> None:
    item = owned(life, priority="p1")
    life.report(item, ReportKind.RESPONDED)
    life.wait(HOUR)
    life.report(item, ReportKind.RESOLVED)
    life.report(item, ReportKind.REOPENED)
    life.cancel(item)


def clocks_follow_priority_and_plan(life: Life) -> None:
    item = owned(life)
    update(life, item, priority="p2")
    update(life, item, verdict=verdict(clocks=()))
    update(life, item)  # what it promised before it promises again
    life.cancel(parked(life))
    item = owned(life)
    life.wait(2 * HOUR)
    life.report(item, ReportKind.PENDING, reason="waiting_customer")
    life.activate(PLANS["b"], "b")


TOURS: tuple[Callable[[Life], None], ...] = (
    offers_end_in_every_way,
    one_of_several_is_quicker,
    queued_items_end_or_park,
    assigned_items_end_or_go_back,
    owners_give_away_and_keep,
    customers_leave_and_come_back,
    handling_is_wrapped_up,
    parked_items_go_on_or_end,
    items_begin_later_or_are_laid_aside,
    items_of_a_customer_are_merged,
    resolved_items_come_back_or_close,
    clocks_are_kept_warned_or_broken,
    clocks_follow_priority_and_plan,
)


def taken() -> Counter[Row]:
    """How often the tours take each row; the journal of each is checked at its end."""
    rows: Counter[Row] = Counter()
    for tour in TOURS:
        life = desk()
        tour(life)
        life.check_journal()
        rows += life.witness.rows
        assert [] == life.refused
    return rows


@pytest.fixture(scope="module")
def rows() -> Counter[Row]:
    return taken()


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_the_table_is_taken(name: str, rows: Counter[Row]) -> None:
    counts = {(state, step): rows[name, state, step] for state, step in TABLES[name]}
    for (state, step), count in counts.items():
        print(f"{name:6}{state.value:10} {step.value:10} {count:4}")
    never = [
        f"{state.value} -> {step.value}" for (state, step), count in counts.items() if not count
    ]

    assert [] == never
