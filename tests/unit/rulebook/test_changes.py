"""What two packs differ in, told in the words of their files."""

from pathlib import Path

from routing_service.rulebook.changes import Change, ChangeKind, changes
from routing_service.rulebook.digest import bundle, unbundle
from tests.unit.rulebook.packs import SMALL, rulebook


def told(tmp_path: Path, **files: str) -> dict[str, Change]:
    """Changes from the small pack to one with these files, by part and name."""
    before = rulebook(tmp_path / "before").source
    after = rulebook(tmp_path / "after", **files).source
    return {f"{change.part} {change.name}": change for change in changes(before, after)}


def edited(name: str, *edits: tuple[str, str]) -> str:
    text = (SMALL / f"{name}.yaml").read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_a_pack_does_not_differ_from_itself(tmp_path: Path) -> None:
    assert told(tmp_path) == {}


def test_layout_and_comments_are_no_difference(tmp_path: Path) -> None:
    block = "\n      urgent: 4h  # soon\n      normal: 3 workdays"
    sla = edited("sla", (" {urgent: 4h, normal: 3 workdays}", block))

    assert told(tmp_path, sla=sla) == {}


def test_added_removed_and_changed_rules_are_told_with_their_place(tmp_path: Path) -> None:
    route = edited(
        "route",
        ("level: 2", "level: 3"),
        (
            "- id: by-area\n    when: {area: {exists: true}}",
            "- id: parts\n    when: {topic: fault}",
        ),
        ("{queue: {label: area}}", "{queue: experts}"),
    )
    found = told(tmp_path, route=route)

    assert {name: change.kind for name, change in found.items()} == {
        "rule route/experts": ChangeKind.CHANGED,
        "rule route/parts": ChangeKind.ADDED,
        "rule route/by-area": ChangeKind.REMOVED,
    }
    assert (found["rule route/parts"].place.file, found["rule route/parts"].place.line) == (
        "route.yaml",
        6,
    )


def test_changed_figure_is_told_under_its_key_before_and_after(tmp_path: Path) -> None:
    sla = edited("sla", ("urgent: 15m", "urgent: 10m"), ("normal: 4h", "normal: 2h"))
    (clock,) = told(tmp_path, sla=sla).values()
    figures = [(each.key, each.before, each.after) for each in clock.differences]

    assert (clock.part, clock.name) == ("clock", "response")
    assert figures == [("target.urgent", '"15m"', '"10m"'), ("target.normal", '"4h"', '"2h"')]


def test_keys_that_came_or_went_are_told(tmp_path: Path) -> None:
    sla = edited(
        "sla", (", warn: [80%]", ""), ("stop: resolved", "stop: resolved\n    warn: [50%]")
    )
    escalate = edited("escalate", ("{clock: response, at: 80%}", "{clock: solution, at: 50%}"))
    found = told(tmp_path, sla=sla, escalate=escalate)
    went, came = found["clock response"].differences, found["clock solution"].differences

    assert [(each.key, each.before, each.after) for each in went] == [("warn", '["80%"]', "")]
    assert [(each.key, each.before, each.after) for each in came] == [("warn", "", '["50%"]')]


def test_rule_that_is_asked_earlier_has_moved(tmp_path: Path) -> None:
    prioritise = (
        "stage: prioritise\nrules:\n"
        "  - id: incident\n    when: {kind: incident, vip: true}\n    then: {priority: urgent}\n"
        "  - id: angry\n    when: {signal.angry: true}\n    then: {priority: urgent}\n"
        "default: {priority: normal}\n"
    )
    (change,) = told(tmp_path, prioritise=prioritise).values()

    assert (change.kind, change.part) == (ChangeKind.MOVED, "rule")


def test_default_of_a_stage_is_a_rule_too(tmp_path: Path) -> None:
    route = edited("route", ("default: {queue: front}", "default: {queue: experts}"))
    (change,) = told(tmp_path, route=route).values()

    assert (change.name, change.kind) == ("route/default", ChangeKind.CHANGED)
    assert change.differences[0].after == '"experts"'


def test_labels_queues_signals_and_settings_are_told_by_name(tmp_path: Path) -> None:
    pack = edited("pack", ("vip: {type: boolean}", "vip: {type: boolean}\n  gold: {type: boolean}"),
                  ("max_backdate: 1d", "max_backdate: 2d"))  # fmt: skip
    queues = edited("queues", ("title: Front desk", "title: First line"))
    signals = edited("signals", ("投诉", "差评"))
    found = told(tmp_path, pack=pack, queues=queues, signals=signals)

    assert {name: change.kind for name, change in found.items()} == {
        "label gold": ChangeKind.ADDED,
        "setting max_backdate": ChangeKind.CHANGED,
        "queue front": ChangeKind.CHANGED,
        "signal angry": ChangeKind.CHANGED,
    }


def test_file_that_came_or_went_brings_all_it_says(tmp_path: Path) -> None:
    before = rulebook(tmp_path).source
    files = {name: text.decode() for name, text in unbundle(before).items()}
    without = bundle({name: text for name, text in files.items() if name != "signals.yaml"})
    gone = [(change.name, change.kind) for change in changes(before, without)]
    came = [(change.name, change.kind) for change in changes(without, before)]

    assert gone == [("angry", ChangeKind.REMOVED)]
    assert came == [("angry", ChangeKind.ADDED)]
