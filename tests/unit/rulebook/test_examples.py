"""Findings about a missing or mistyped value show one that could stand there."""

from pathlib import Path

import pytest

from tests.unit.rulebook.packs import changed, findings


@pytest.mark.parametrize(
    ("name", "old", "new", "example"),
    [
        ("pack", "max_backdate: 1d\n", "", 'max_backdate: "1d"'),
        ("pack", "max_backdate: 1d", "max_backdate: 1", '"30m"'),
        ("pack", "priorities: [urgent, normal]", "priorities: urgent", '["high", "normal"]'),
        ("sla", "calendar: always, ", "", 'calendar: "always"'),
        ("sla", "urgent: 15m", "urgent: 15", '"4h"'),
        ("queues", "offer_timeout: 30s, ", "", "offer_timeout: 30s"),
    ],
)
def test_finding_ends_with_an_example(
    tmp_path: Path, name: str, old: str, new: str, example: str
) -> None:
    finding = findings(changed(tmp_path, name, old, new))[0]

    assert finding.code in {"RB201", "RB203"}
    assert str(finding).endswith(f"For example: {example}")


def test_example_is_told_in_the_language_asked_for(tmp_path: Path) -> None:
    (finding,) = findings(changed(tmp_path, "pack", "max_backdate: 1d\n", ""), "zh")

    assert finding.hint == '例如：max_backdate: "1d"'
