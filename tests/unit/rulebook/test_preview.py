"""What a change of rules would mean for the items that are open."""

from pathlib import Path

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import (
    ActivateRulebook,
    Report,
    ReportKind,
    RequestKind,
    Submit,
)
from routing_service.core.records.lifecycle import ClockState
from routing_service.core.records.model import FactValue
from routing_service.core.steering.facts import submit_facts
from routing_service.core.step import turn
from routing_service.rulebook.model import Rulebook
from routing_service.rulebook.preview import Preview, PromiseChange, preview
from tests.unit.rulebook.packs import SMALL, rulebook

MINUTE = 60_000_000
NOW = 1_772_416_800_000_000
"""2026-03-02T02:00Z, a Monday, 10:00 in the pack's zone."""


def desk(rules: Rulebook) -> World:
    world = World("desk")
    activate = ActivateRulebook(digest=rules.digest, plan=rules.plan, source=rules.source)
    turn(world, activate, NOW, rules)
    return world


def submit(world: World, rules: Rulebook, **labels: FactValue) -> None:
    facts = submit_facts(world, "email", labels, ())
    command = Submit(
        kind=RequestKind.OPENED,
        channel="email",
        occurred_at=NOW,
        labels=labels,
        facts=facts,
        verdict=rules.intake(facts),
    )
    turn(world, command, NOW, rules)


def edited(name: str, old: str, new: str) -> str:
    text = (SMALL / f"{name}.yaml").read_text("utf-8")
    assert old in text
    return text.replace(old, new, 1)


def seen(tmp_path: Path, minutes: int, count: int = 1, **files: str) -> Preview:
    """Preview of these files with so many items open, so many minutes after they came."""
    active = rulebook(tmp_path / "active")
    wanted = rulebook(tmp_path / "wanted", **files)
    world = desk(active)
    for _ in range(count):
        submit(world, active, topic="fault")
    return preview(active, wanted, world.items.values(), NOW + minutes * MINUTE)


def test_the_same_rules_change_nothing(tmp_path: Path) -> None:
    found = seen(tmp_path, minutes=1, count=3)

    assert (found.open_items, found.examples) == (3, [])


def test_label_that_the_new_rules_set_themselves_still_counts_for_the_old_ones(
    tmp_path: Path,
) -> None:
    active = rulebook(tmp_path / "active")
    derived = edited("pack", "area: {type: text}", "area: {type: text, derived: true}")
    world = desk(active)
    submit(world, active, area="experts")
    wanted = rulebook(tmp_path / "wanted", pack=derived)
    (change,) = preview(active, wanted, world.items.values(), NOW).examples

    assert change.queue == ("experts", "front")


def test_another_queue_and_priority_are_told_with_what_the_rules_say_now(tmp_path: Path) -> None:
    found = seen(
        tmp_path,
        minutes=1,
        prioritise=edited("prioritise", "{kind: incident, vip: true}", "{kind: incident}"),
    )
    (example,) = found.examples

    assert (found.other_queue, found.other_priority, found.other_due) == (1, 1, 0)
    assert example.queue == ("front", "experts")
    assert example.priority == ("normal", "urgent")


def test_another_target_moves_the_due(tmp_path: Path) -> None:
    found = seen(tmp_path, minutes=1, sla=edited("sla", "normal: 4h", "normal: 2h"))
    (example,) = found.examples

    assert (found.other_due, found.broken_at_once) == (1, 0)
    assert example.promises == (
        PromiseChange(
            clock="response",
            state_before=ClockState.RUNNING,
            state_after=ClockState.RUNNING,
            due_before=NOW + 240 * MINUTE,
            due_after=NOW + 120 * MINUTE,
        ),
    )


def test_promise_that_would_be_late_already_is_broken_at_once(tmp_path: Path) -> None:
    found = seen(tmp_path, minutes=121, sla=edited("sla", "normal: 4h", "normal: 2h"))

    assert (found.other_due, found.broken_at_once) == (1, 1)
    assert found.examples[0].promises[0].state_after is ClockState.BREACHED


def test_clock_that_goes_ends_and_a_new_one_waits_for_the_next_verdict(tmp_path: Path) -> None:
    escalate = edited("escalate", "{clock: response, at: 80%}", "{clock: answer, at: 80%}")
    sla = edited("sla", "  response:", "  answer:")
    (example,) = seen(tmp_path, minutes=1, sla=sla, escalate=escalate).examples
    states = {each.clock: (each.state_before, each.state_after) for each in example.promises}

    assert states == {"response": (ClockState.RUNNING, ClockState.CANCELLED)}


def test_only_the_first_items_are_examples_all_are_counted(tmp_path: Path) -> None:
    found = seen(tmp_path, minutes=1, count=12, sla=edited("sla", "normal: 4h", "normal: 2h"))

    assert found.other_due == 12
    assert [example.number for example in found.examples] == [f"S{n:05d}" for n in range(1, 6)]


def test_nothing_of_the_desk_changes(tmp_path: Path) -> None:
    active = rulebook(tmp_path / "active")
    wanted = rulebook(tmp_path / "wanted", sla=edited("sla", "normal: 4h", "normal: 2h"))
    world = desk(active)
    submit(world, active, topic="fault")
    before, clocks_before = dict(world.items), world.items["it0000000001"].clocks
    preview(active, wanted, world.items.values(), NOW + MINUTE)

    assert world.items == before
    assert world.items["it0000000001"].clocks is clocks_before


def test_a_kept_promise_stays_kept(tmp_path: Path) -> None:
    active = rulebook(tmp_path / "active")
    wanted = rulebook(tmp_path / "wanted", sla=edited("sla", "normal: 4h", "normal: 2h"))
    world = desk(active)
    submit(world, active, topic="fault")
    report = Report(kind=ReportKind.RESPONDED, item="it0000000001", occurred_at=NOW + MINUTE)
    turn(world, report, NOW + MINUTE, active)

    assert preview(active, wanted, world.items.values(), NOW + 200 * MINUTE).examples == []
