"""How fast a queue is served, learnt from what its agents did: handling and answering times.

Part of World, changed by events only. Whole microseconds, so that every machine learns the same.
"""

import msgspec

PRIOR_HANDLING = 300_000_000
"""Assumed before anything is known: 5 minutes. It weighs as much as one observation."""
REMEMBERED = 200
"""Each new observation weighs at least 1 / REMEMBERED: a queue may change its pace."""


class Pace(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Means of one queue, with the number of observations they rest on, at most REMEMBERED.

    `handling`: from the offer to free capacity, so ringing, work and wrap-up. `answering`: from the
    offer to its acceptance.
    """

    handled: int = 1
    handling: int = PRIOR_HANDLING
    answered: int = 0
    answering: int = 0


def after_handling(pace: Pace, took: int) -> Pace:
    """One item more was handled."""
    known = min(pace.handled + 1, REMEMBERED)
    mean = pace.handling + (took - pace.handling) // known
    return Pace(handled=known, handling=mean, answered=pace.answered, answering=pace.answering)


def after_answer(pace: Pace, took: int) -> Pace:
    """One offer more was accepted."""
    known = min(pace.answered + 1, REMEMBERED)
    mean = pace.answering + (took - pace.answering) // known
    return Pace(handled=pace.handled, handling=pace.handling, answered=known, answering=mean)
