"""How fast a queue moves, learnt from what its agents and customers did.

Part of World, changed by events only. Whole numbers, so that every machine learns the same.
"""

import msgspec
from msgspec.structs import replace

PRIOR_HANDLING = 300_000_000
"""Assumed where neither a plan nor an observation says more: 5 minutes, of the weight of one."""
REMEMBERED = 200
"""Each new observation weighs at least 1 / REMEMBERED: a queue may change its pace."""
MILLION = 1_000_000


class Pace(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Means of one queue, with the number of observations they rest on, at most REMEMBERED.

    `handling`: from the offer to free capacity, so ringing, work and wrap-up. `answering`: from the
    offer to its acceptance. `gave_up`, in millionths of customers, of `waited` microseconds in all:
    both fade alike, so that their ratio is the rate at which those who wait give up.
    """

    handled: int = 1
    handling: int = PRIOR_HANDLING
    answered: int = 0
    answering: int = 0
    gave_up: int = 0
    waited: int = 0

    @property
    def impatience(self) -> float:
        """Of each customer who waits, how often a microsecond he gives up."""
        return self.gave_up / MILLION / self.waited if self.waited else 0.0


def after_handling(pace: Pace, took: int) -> Pace:
    """One item more was handled."""
    known = min(pace.handled + 1, REMEMBERED)
    mean = pace.handling + (took - pace.handling) // known
    return replace(pace, handled=known, handling=max(1, mean))  # a rate is one over it


def after_answer(pace: Pace, took: int) -> Pace:
    """One offer more was accepted."""
    known = min(pace.answered + 1, REMEMBERED)
    mean = pace.answering + (took - pace.answering) // known
    return replace(pace, answered=known, answering=mean)


def after_wait(pace: Pace, took: int, *, gave_up: bool) -> Pace:
    """One customer more waits no longer. For exponential patience this is the likeliest rate."""
    return replace(
        pace,
        gave_up=pace.gave_up - pace.gave_up // REMEMBERED + (MILLION if gave_up else 0),
        waited=pace.waited - pace.waited // REMEMBERED + took,
    )
