"""Signals: RE2 patterns over the customer's text."""

import random

import pytest

from routing_service.rulebook import signals
from routing_service.rulebook.signals import BadPattern, SignalSet, compile_pattern

SIGNALS = SignalSet({"outage": ("(?i)down|outage", "宕机"), "thanks": ("^thank",)})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The line is DOWN again", ("outage",)),
        ("系统宕机了", ("outage",)),
        ("thanks, no outage any more", ("outage", "thanks")),
        ("Thanks", ()),
        ("", ()),
    ],
)
def test_signal_matches_when_one_pattern_does(text: str, names: tuple[str, ...]) -> None:
    assert names == SIGNALS.matching(text)


def test_composed_and_decomposed_text_match_alike() -> None:
    found = SignalSet({"name": ("caf\u00e9",)})

    assert ("name",) == found.matching("the cafe\u0301 called")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("无法登录", ("login_failure",)),
        ("没有无法登录", ()),
        ("以前没有无法登录，今天无法登录", ("login_failure",)),
        ("无法，没有无法登录，登录", ()),  # what is left of a cut and what is right do not join
    ],
)
def test_what_an_exception_matches_is_not_looked_at(text: str, names: tuple[str, ...]) -> None:
    found = SignalSet({"login_failure": ("无法登录",)}, {"login_failure": ("，?没有无法登录，?",)})

    assert names == found.matching(text)


def test_pattern_that_hangs_others_is_answered_at_once() -> None:
    found = SignalSet({"bomb": ("(a+)+$",)})

    assert () == found.matching("a" * 60_000 + "!")


def one_by_one(patterns: dict[str, tuple[str, ...]], text: str) -> tuple[str, ...]:
    return tuple(
        name
        for name in sorted(patterns)
        if any(compile_pattern(pattern).search(text) is not None for pattern in patterns[name])
    )


MANY = {
    f"s{number}": (f"{letter}[a-c]{{2}}", f"^{letter}$|{letter}{letter}")
    for number, letter in enumerate("abcdefgh")
}


@pytest.mark.parametrize("memory", [signals.SET_MEMORY, 1, 4_000], ids=["", "none", "too little"])
def test_looked_for_together_or_one_by_one_signals_are_the_same(
    memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "SET_MEMORY", memory)
    together = SignalSet(MANY)
    draw = random.Random(11)
    texts = ["".join(draw.choices("abcdefgh\n", k=draw.randrange(9))) for _ in range(300)]

    found = [together.matching(text) for text in texts]

    assert [one_by_one(MANY, text) for text in texts] == found
    assert len(set(found)) > 20


def test_no_signals_at_all_are_never_seen() -> None:
    assert () == SignalSet({}).matching("anything")


@pytest.mark.parametrize(
    ("pattern", "code"),
    [("(", "RB408"), (r"(\w)\1", "RB408"), (r"\pL{1000}", "RB409"), ("a*", "RB410")],
)
def test_pattern_that_cannot_be_used_says_why(
    pattern: str, code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BadPattern) as refused:
        compile_pattern(pattern)

    assert code == refused.value.code
    assert ("", "") == capfd.readouterr()
