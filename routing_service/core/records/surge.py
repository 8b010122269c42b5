"""Records of a surge: at which level a load stands and why, and what a new item is told of it.

Values only; instants and spans in microseconds. What follows from a level is the plan's.
"""

from enum import StrEnum

import msgspec


class SurgeCause(StrEnum):
    """Why the record of a load changed."""

    LOAD = "load"
    """The load passed a threshold."""
    HOLD_OVER = "hold_over"
    """The level may be left from now on; nothing else changed."""
    SWITCHED = "switched"
    """Somebody put it at a level, for a time."""
    RETURNED = "returned"
    """That time is over."""
    RELEASED = "released"
    """Somebody gave it back to the load before."""
    RULEBOOK = "rulebook"
    """The rulebook in force has no such level any more."""


class Surge(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Where a load stands. `level` is what the load itself says, empty = none; it goes on by it
    while somebody has `switched` it to another one, `to` (empty = none), until `until`.

    Before `held_until` the level is not left for a lower one; 0 = it may be.
    """

    level: str = ""
    held_until: int = 0
    switched: bool = False
    to: str = ""
    until: int = 0
    by: str = ""
    reason: str = ""

    @property
    def standing(self) -> str:
        """The level in force; empty = none."""
        return self.to if self.switched else self.level


NORMAL = Surge()


class SurgeAnswer(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What the surge stage decided about a new item, and the first load at a level that it meets.

    `deflect`: where its customer is sent instead, in the desk's words; the item ends. `queue`: it
    goes to this queue instead. `offer`: what he is offered while he waits. `tell`: a sentence in
    which {minutes} stands for the estimated wait.
    """

    load: str
    level: str
    deflect: str = ""
    queue: str = ""
    offer: str = ""
    tell: str = ""


class SurgeNotice(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What became of that: `message` is the sentence, empty where no wait could be estimated."""

    load: str
    level: str
    deflected_to: str = ""
    offer: str = ""
    message: str = ""
