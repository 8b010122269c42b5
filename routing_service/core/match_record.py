"""The decision record of an offer: who was considered, and why this agent. Part of the journal."""

import msgspec


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """One agent considered for an offer, with the values the strategy compared, smallest wins."""

    agent: str
    score: tuple[int, ...]


class MatchRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Why this agent: how many each filter left, the best five, and what broke the tie.

    `free` = with room for the item, `declined` of them do not want it (yet). `tie_break` = what put
    the first of `top` before the second: "load", "idle_since", "id", or "only_one".
    """

    strategy: str
    in_queue: int
    skilled: int
    free: int
    declined: int = 0
    top: tuple[Candidate, ...]
    tie_break: str = ""
    preferred: bool = False
