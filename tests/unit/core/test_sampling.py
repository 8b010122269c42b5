"""The draw of an item: evenly spread, the same for ever, and seen by escalation rules."""

from collections import Counter

from routing_service.core.plans.plan import LabelPlan, LabelType
from routing_service.core.records.model import Trigger, TriggerKind
from routing_service.core.steering.facts import escalation_facts
from routing_service.core.steering.sampling import DRAWS, draw
from tests.builders import agent, plan
from tests.desk import Desk


def test_draws_are_spread_evenly_over_items_that_follow_each_other() -> None:
    drawn = Counter(draw(f"it{number:010d}") for number in range(100_000))

    assert drawn.keys() == set(range(DRAWS))
    assert max(abs(count - 1000) for count in drawn.values()) < 150  # five deviations of chance


def test_any_thousand_items_give_nearly_the_share_asked_for() -> None:
    taken = [
        sum(draw(f"it{number:010d}") < 10 for number in range(first, first + 1000))
        for first in range(0, 100_000, 1000)
    ]

    assert all(60 < count < 145 for count in taken)


def test_draws_never_change_because_samples_would() -> None:
    assert [draw(f"it{number:010d}") for number in (1, 2, 3)] == [74, 40, 26]


def test_the_owner_is_seen_with_what_the_pack_declares_and_nothing_personal() -> None:
    declared = {
        "tenure_days": LabelPlan(type=LabelType.INTEGER),
        "birthday": LabelPlan(type=LabelType.TEXT, pii=True),
    }
    desk = Desk(plan(agent_attributes=declared))
    desk.sign_in(agent("ann", attributes={"tenure_days": 12, "birthday": "02-03"}))
    item = desk.open()
    before = escalation_facts(desk.world, Trigger(kind=TriggerKind.WARNED, item=item))
    desk.accept(item)
    facts = escalation_facts(desk.world, Trigger(kind=TriggerKind.WARNED, item=item))

    assert [name for name in before if name.startswith("owner")] == []
    assert facts["owner.tenure_days"] == 12
    assert "owner.birthday" not in facts
    assert facts["sample"] == draw(item)
