"""The decision record of an offer: who was considered, and why this agent. Part of the journal."""

import msgspec


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """One agent considered for an offer, with the values the strategy compared, smallest wins."""

    agent: str
    score: tuple[int, ...]


class MatchRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Why this agent: how many each filter left, the best five, and what broke the tie.

    `in_queue`, `skilled`, `available` (presence) and `free` (room, on shift, rested) each count
    those whom the filter before had left; `declined` of the free do not want it (yet). `step` = how
    far the item had relaxed. `tie_break` = what put the first of `top` before the second: a name of
    ranking.COMPARED, "id", or "only_one". `preferred` = it was kept for this agent.
    """

    strategy: str
    step: int = 0
    in_queue: int
    skilled: int
    available: int = 0
    free: int
    declined: int = 0
    top: tuple[Candidate, ...]
    tie_break: str = ""
    preferred: bool = False
