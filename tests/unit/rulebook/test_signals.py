"""Signals: RE2 patterns over the customer's text."""

import pytest

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
    signals = SignalSet({"name": ("caf\u00e9",)})

    assert ("name",) == signals.matching("the cafe\u0301 called")


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
    signals = SignalSet(
        {"login_failure": ("无法登录",)}, {"login_failure": ("，?没有无法登录，?",)}
    )

    assert names == signals.matching(text)


def test_pattern_that_hangs_others_is_answered_at_once() -> None:
    signals = SignalSet({"bomb": ("(a+)+$",)})

    assert () == signals.matching("a" * 60_000 + "!")


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
