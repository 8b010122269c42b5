"""A random life finds what is wrong with choosing: bugs sown on purpose, each found by a few lives.

Each takes one condition away from the code that the witness and the naive specification have too.
"""

from collections.abc import Callable
from random import Random
from typing import Any, Final

import pytest

from routing_service.core.choice import matching
from routing_service.core.evolution import state_steps
from routing_service.core.handling import offers
from routing_service.core.staff import rooms
from routing_service.core.staff.keeping import Keeping
from routing_service.core.staff.profiles import Profiles
from routing_service.core.staff.roster import Roster
from tests.property.life import Life
from tests.property.moves import NAMES, Move

LIVES: Final = range(1, 26)
LENGTH: Final = 50
MUCH_WAITS: Final = (
    *NAMES,
    *("open",) * 15,
    *("sign_in", "presence") * 8,
    *("complete", "wrap_up", "accept", "cancel") * 5,
)
"""Agents come and go while much waits: there is something to choose."""


def _nothing(*_: object) -> int:
    """No bits, no priority, false."""
    return 0


def _at_once(self: Profiles, queue: str, _waited: int) -> int:
    return self.members(queue)


BUGS: Final[dict[str, tuple[Any, str, Callable[..., Any]]]] = {
    "who declined is asked again at once": (matching, "_decliners", _nothing),
    "priorities of queues do not count": (Profiles, "priority", _nothing),
    "delays of agents do not count": (Profiles, "_in_time", _at_once),
    "a channel has no maximum": (rooms, "at_maximum", _nothing),
    "a cap has no end": (rooms, "takes_work", lambda agent: agent.presence == "available"),
    "what is kept for the green channel is free": (
        Keeping,
        "for_others",
        lambda _self, cost, free: free(cost),
    ),
    "a crowd is none": (state_steps, "_crowded", _nothing),
    "room is not counted": (Roster, "free_for", lambda self, _: self.in_presence("available")),
    "the owner keeps his room when another accepts": (offers, "finish_handling", _nothing),
}


def wrong_in(seed: int) -> bool:
    """Whether the life shows that something is wrong."""
    dice = Random(seed)
    moves = [
        Move(dice.choice(MUCH_WAITS), *(dice.randrange(12) for _ in range(4)))
        for _ in range(LENGTH)
    ]
    try:
        Life().play(moves)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("name", BUGS)
def test_a_sown_bug_is_found_by_one_of_a_few_lives(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, what, wrong = BUGS[name]
    monkeypatch.setattr(where, what, wrong)

    assert any(map(wrong_in, LIVES))


def test_without_a_bug_these_lives_find_nothing() -> None:
    assert not any(map(wrong_in, LIVES[:5]))
