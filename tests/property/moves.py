"""A random life of a desk: moves drawn blindly; makers.py turns each into a command that fits.

A move names things by position, so that a shorter list of moves still means something.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

from hypothesis import strategies as st

from tests.builders import DAY, HOUR, MINUTE, SECOND

T = TypeVar("T")


class Move(NamedTuple):
    """What to do, and four dice for whatever is to be chosen."""

    name: str
    which: int = 0
    how: int = 0
    when: int = 0
    also: int = 0


SPANS: Final = (1, SECOND, 10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 3 * HOUR)
JUMPS: Final = (SECOND, 30 * SECOND, 3 * MINUTE, 30 * MINUTE)
"""So far time goes on while nothing fires: a desk with more to do than it can."""
AGO: Final = (0, 0, 0, SECOND, 2 * MINUTE, HOUR, -MINUTE, -HOUR, 3 * DAY)
"""How long before now something happened; the last two are refused."""
WEIGHTS: Final = {
    "open": 6,
    "accept": 6,
    "report": 8,
    "wait": 5,
    "until_due": 5,
    "jump": 1,
    "late_tick": 1,
    "decline": 2,
    "complete": 2,
    "pend": 3,
    "resume": 2,
    "resolve": 3,
    "reopen": 2,
    "update": 3,
    "label": 1,
    "message": 1,
    "made_for": 2,
    "link": 1,
    "merge": 1,
    "collaborate": 1,
    "park": 2,
    "abandon": 2,
    "rare": 6,
    "come_back": 1,
    "transfer": 3,
    "cancel": 1,
    "presence": 2,
    "sign_in": 2,
    "put": 2,
    "wrap_up": 2,
    "outside": 1,
    "remove": 1,
    "connect": 1,
    "lose": 2,
    "answer_late": 1,
    "answer_wrongly": 1,
    "activate": 1,
    "switch": 2,
    "switch_surge": 2,
    "ack": 1,
}
NAMES: Final = tuple(name for name, weight in WEIGHTS.items() for _ in range(weight))
_DICE: Final = st.integers(0, 11)

moves: Final = st.builds(Move, st.sampled_from(NAMES), _DICE, _DICE, _DICE, _DICE)


def pick(choices: Iterable[T], die: int) -> T | None:
    """The die's choice, the last ones first, or None when there is none."""
    listed = list(choices)
    return listed[-1 - die % len(listed)] if listed else None


def chosen(choices: Sequence[T], die: int) -> T:
    """The die's choice of a fixed table."""
    return choices[die % len(choices)]
