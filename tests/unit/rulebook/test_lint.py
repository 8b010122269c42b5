"""Rules that are well formed and cannot be meant."""

from pathlib import Path

import pytest

from routing_service.rulebook.loader import load_pack
from tests.unit.rulebook.packs import changed, codes, pack, rulebook


def stage(*whens: str) -> str:
    rules = [
        f"  - {{id: r{number}, when: {when}, then: {{priority: urgent}}}}"
        for number, when in enumerate(whens)
    ]
    return "\n".join(["stage: prioritise", "rules:", *rules, "default: {priority: normal}", ""])


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("{vip: true}", "{vip: true}"),
        ("{}", "{vip: true}"),
        ("{topic: [fault, question]}", "{topic: fault}"),
        ("{users: {gt: 5}}", "{users: {gte: 7, lt: 9}}"),
        ("{users: {lte: 5}}", "{users: [1, 5]}"),
        ("{topic: {exists: true}}", "{topic: fault}"),
        ("{any: [{vip: true}, {users: 1}]}", "{vip: true, topic: fault}"),
        ("{vip: true}", "{any: [{vip: true, users: 1}, {vip: true, users: 2}]}"),
        (
            "{not: {topic: [fault, question]}}",
            "{topic: {exists: true}, not: {topic: [fault, question]}}",
        ),
        ("{tags: {contains_any: [refund, parts]}}", "{tags: {contains_any: refund}}"),
        ("{not: {topic: fault}}", "{not: {topic: [fault, question]}}"),
    ],
)  # fmt: skip - one pair a line
def test_rule_behind_a_wider_one_never_acts(earlier: str, later: str, tmp_path: Path) -> None:
    assert ["RB402"] == codes(pack(tmp_path, prioritise=stage(earlier, later)))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("{vip: true}", "{vip: false}"),
        ("{vip: true}", "{}"),
        ("{topic: fault}", "{topic: [fault, question]}"),
        ("{users: {gt: 5}}", "{users: {gte: 5}}"),
        ("{users: {gt: 5}}", "{users: [5, 9]}"),
        ("{users: {gt: 5}}", "{users: {exists: true}}"),
        ("{topic: fault}", "{topic: {exists: true}}"),
        ("{vip: true, users: 1}", "{vip: true}"),
        ("{vip: true}", "{not: {vip: false}}"),
        ("{not: {topic: [fault, question]}}", "{not: {topic: fault}}"),
    ],
)
def test_rule_that_may_still_act_is_left_alone(earlier: str, later: str, tmp_path: Path) -> None:
    loaded = rulebook(tmp_path, prioritise=stage(earlier, later))

    assert loaded.warnings == ()


def test_two_escalations_that_exclude_each_other_may_name_two_queues(tmp_path: Path) -> None:
    rules = """
stage: escalate
rules:
  - {id: a, trigger: {clock: response, at: breach}, then: {queue: front}}
  - {id: b, trigger: {clock: solution, at: breach}, then: {queue: experts}}
  - {id: c, trigger: {declined: 1}, when: {topic: fault}, then: {queue: front}}
  - {id: d, trigger: {declined: 1}, when: {topic: question}, then: {queue: experts}}
"""
    loaded = rulebook(tmp_path, escalate=rules)

    assert loaded.warnings == ()


def test_rule_that_the_engine_cannot_take_is_named(tmp_path: Path) -> None:
    five, six = (
        ", ".join(f"{{any: [{{{a}: true}}, {{{b}: true}}]}}" for a, b in batched)
        for batched in (PAIRS[:5], PAIRS[:6])
    )
    labels = "".join(f"  {label}: {{type: boolean}}\n" for label in LABELS)
    declared = changed(tmp_path, "pack", "labels:\n", f"labels:\n{labels}")
    text = stage("{vip: true}", f"{{all: [{six}]}}", f"{{vip: false, all: [{five}]}}")
    (declared / "prioritise.yaml").write_text(text, "utf-8")
    (warning,) = load_pack(declared).warnings

    assert ("RB414", "prioritise.yaml", 4) == (warning.code, warning.file, warning.line)
    assert "32" in warning.message
    assert "32" in warning.told_in("zh").message


LABELS = [f"flag{n}" for n in range(12)]
PAIRS = list(zip(LABELS[::2], LABELS[1::2], strict=True))
