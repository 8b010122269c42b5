"""Routing acts in words of the catalogue: a tree of lines, first act first. Pure."""

from collections.abc import Iterator

from routing_service.pb.routing.v1 import agent_pb2, strategy_pb2
from routing_service.pb.routing.v1 import routing_act_pb2 as pb
from routing_service.rulebook import messages
from routing_service.rulebook.explain_words import Branch, Tone, printable, span
from routing_service.rulebook.local_time import LocalTime

_MORE_IS_BETTER = frozenset({"skill", "score", "weight"})
"""Compared as negative values; people read them as they are."""


def routing_tree(
    acts: list[pb.RoutingAct], language: str, time: LocalTime, *, left_out: bool
) -> Branch:
    """The acts in order; `left_out` = earlier ones are not told."""
    return _Teller(language, time).tree(acts, left_out=left_out)


class _Teller:
    def __init__(self, language: str, time: LocalTime) -> None:
        self._language = language
        self._time = time

    def _say(self, key: str, **arguments: str | int) -> str:
        pattern = messages.message(f"ROUTING_{key}", self._language)
        return pattern.format_map(
            {name: printable(str(value)) for name, value in arguments.items()}
        )

    def tree(self, acts: list[pb.RoutingAct], *, left_out: bool) -> Branch:
        below = [branch for act in acts for branch in self._act(act)]
        if left_out:
            below.insert(0, Branch(self._say("MORE"), Tone.FALSE))
        if not acts:
            below.append(Branch(self._say("NONE"), Tone.FALSE))
        return Branch(self._say("TITLE", zone=self._time.zone), Tone.HEAD, tuple(below))

    def _act(self, act: pb.RoutingAct) -> Iterator[Branch]:
        """Nothing for a kind of act that came with a later release."""
        at = self._time.tell(act.at.ToMicroseconds())
        match act.WhichOneof("act"):
            case "placed":
                yield self._placed(at, act.placed)
            case "relaxed":
                yield Branch(self._say("RELAXED", at=at, step=act.relaxed.step))
            case "offered":
                yield self._offered(at, act)
            case "offer_ended":
                yield self._ended(at, act.offer_ended)
            case _:
                return

    def _placed(self, at: str, placed: pb.PlacedAct) -> Branch:
        since = self._time.tell(placed.enqueued_at.ToMicroseconds())
        below = []
        if placed.flowed_from:
            said = self._say("FLOWED", queue=placed.flowed_from, reason=placed.reason)
            below.append(Branch(said))
        elif placed.reason:
            below.append(Branch(self._say("NOT_KEPT", reason=placed.reason)))
        if placed.HasField("boost"):
            boost = span(placed.boost.ToMicroseconds())
            below.append(Branch(self._say("BOOST", span=boost)))
        if placed.preferred_agent_id:
            until = self._time.tell(placed.preferred_until.ToMicroseconds())
            why = self._kept_as(placed.kept_as)
            kept = self._say("KEPT", agent=placed.preferred_agent_id, until=until, why=why)
            below.append(Branch(kept))
        key = "PLACED" if since == at else "PLACED_SINCE"
        title = self._say(key, at=at, queue=placed.queue, since=since)
        return Branch(title, branches=tuple(below))

    def _kept_as(self, kept_as: pb.KeptAs) -> str:
        known = kept_as if kept_as in pb.KeptAs.values() else pb.KEPT_AS_UNSPECIFIED
        return self._say(pb.KeptAs.Name(known).replace("KEPT_AS", "AS"))

    def _offered(self, at: str, act: pb.RoutingAct) -> Branch:
        made, why = act.offered, act.offered.why
        strategy = strategy_pb2.Strategy.Name(why.strategy).removeprefix("STRATEGY_").lower()
        title = self._say(
            "OFFERED",
            at=at,
            agent=made.agent_id,
            until=self._time.tell(made.expires_at.ToMicroseconds()),
            offer=made.offer_id,
            strategy=strategy,
        )
        below = [Branch(self._say("ACTOR", actor=act.actor))] if act.actor else []
        if why.relaxation_step:
            below.append(Branch(self._say("STEP", step=why.relaxation_step)))
        below.append(Branch(self._funnel(why)))
        if why.elsewhere:
            below.append(Branch(self._say("ELSEWHERE", count=why.elsewhere)))
        return Branch(title, branches=(*below, *self._choice(made.agent_id, why)))

    def _funnel(self, why: pb.MatchRecord) -> str:
        return self._say(
            "FUNNEL",
            in_queue=why.in_queue,
            able=why.free - why.declined - why.asked,
            unskilled=why.in_queue - why.qualified,
            absent=why.qualified - why.available,
            full=why.available - why.free,
            declined=why.declined + why.asked,
        )

    def _choice(self, agent: str, why: pb.MatchRecord) -> Iterator[Branch]:
        if why.ranked_by:
            by = strategy_pb2.Strategy.Name(why.ranked_by).removeprefix("STRATEGY_").lower()
            yield Branch(self._say("AT_ONCE", place=why.place, strategy=by))
        for each in why.top:
            score = ", ".join(f"{part.name} {self._value(part)}" for part in each.score)
            told = self._say("CANDIDATE", agent=each.agent_id, score=score)
            yield Branch(told, Tone.TRUE if each.agent_id == agent else Tone.FALSE)
        if why.kept_as:
            kept = self._say("RESERVED", agent=agent, why=self._kept_as(why.kept_as))
            yield Branch(kept)
        elif why.tie_break == "only_one":
            yield Branch(self._say("ONLY_ONE"))
        elif len(why.top) > 1:
            first, second = (each.agent_id for each in why.top[:2])
            yield Branch(self._say("TIE_BREAK", agent=first, second=second, name=why.tie_break))

    def _value(self, part: pb.ScorePart) -> str:
        if part.name == "idle_since":
            return self._time.tell(part.value)
        if part.name == "load":  # in thousandths of his capacity
            return f"{part.value / 10:g}%"
        return str(-part.value if part.name in _MORE_IS_BETTER else part.value)

    def _ended(self, at: str, ended: pb.OfferEndedAct) -> Branch:
        state = agent_pb2.OfferState.Name(ended.state).removeprefix("OFFER_STATE_").lower()
        title = self._say(
            "ENDED_REASON" if ended.reason else "ENDED",
            at=at,
            offer=ended.offer_id,
            agent=ended.agent_id,
            state=state,
            reason=ended.reason,
        )
        if not ended.HasField("retry_at"):
            return Branch(title)
        again = self._say("AGAIN", at=self._time.tell(ended.retry_at.ToMicroseconds()))
        return Branch(title, branches=(Branch(again),))
