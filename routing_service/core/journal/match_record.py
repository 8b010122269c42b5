"""The decision record of an offer: who was considered, and why this agent. Part of the journal."""

import msgspec

from routing_service.core.records.kinds import Kept


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """One agent considered for an offer, with the values the strategy compared, smallest wins."""

    agent: str
    score: tuple[int, ...]


class MatchRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Why this agent: how many each filter left, the best five, and what broke the tie.

    `in_queue`, `skilled`, `available` (presence) and `free` (room, on shift, rested) each count
    those whom the filter before had left; `declined` of the free do not want it (yet), `asked` of
    them have an open offer of it already, `elsewhere` were chosen but are left to what they serve
    first. `step` = how far the item had relaxed. `tie_break` = what put the first of `top` before
    the second: a name of ranking.COMPARED, "id", or "only_one". `kept_as` = it was kept for this
    agent. Of a broadcast `by` is the strategy that ranked, and `place` that of the agent among
    those asked at once; who is offered it beyond the best five is the last of `top`.
    """

    strategy: str
    by: str = ""
    step: int = 0
    in_queue: int
    skilled: int
    available: int = 0
    free: int
    declined: int = 0
    asked: int = 0
    top: tuple[Candidate, ...]
    tie_break: str = ""
    kept_as: Kept | None = None
    place: int = 1
    elsewhere: int = 0
