"""Routing acts as messages of the wire: total functions, nothing is decided or looked up here."""

from typing import assert_never

from routing_service.core.choice.ranking import COMPARED
from routing_service.core.journal.events import ItemQueued, ItemRelaxed, OfferMade, OfferMoved
from routing_service.core.journal.match_record import Candidate, MatchRecord
from routing_service.core.journal.routing_acts import RoutingAct
from routing_service.core.plans.plan import Strategy
from routing_service.core.records.kinds import Kept
from routing_service.pb.routing.v1 import routing_act_pb2 as pb
from routing_service.server import wire


def to_wire(act: RoutingAct) -> pb.RoutingAct:
    """All but the item's id, which stands beside it."""
    told = pb.RoutingAct(at=wire.stamp(act.at), actor=act.actor, rulebook_digest=act.digest)
    match act.did:
        case ItemQueued() as placed:
            told.placed.CopyFrom(_placed(act, placed))
        case ItemRelaxed(step=step):
            told.relaxed.step = step
        case OfferMade() as made:
            told.offered.CopyFrom(_offered(made))
        case OfferMoved() as ended:
            told.offer_ended.CopyFrom(_offer_ended(ended))
        case _:
            assert_never(act.did)
    return told


def _placed(act: RoutingAct, placed: ItemQueued) -> pb.PlacedAct:
    return pb.PlacedAct(
        queue=placed.queue,
        enqueued_at=wire.stamp(placed.enqueued_at),
        boost=wire.span(placed.boost) if placed.boost else None,
        preferred_agent_id=placed.preferred,
        preferred_until=wire.stamp_if(placed.preferred_until),
        kept_as=_kept_as(placed.kept_as),
        flowed_from=act.flowed_from,
        reason=act.reason,
    )


def _kept_as(kept: Kept | None) -> pb.KeptAs | None:
    return wire.KEPT_AS[kept] if kept else None


def _offered(made: OfferMade) -> pb.OfferedAct:
    return pb.OfferedAct(
        offer_id=made.offer,
        agent_id=made.agent,
        queue=made.queue,
        expires_at=wire.stamp(made.expires_at),
        why=_why(made.why),
    )


def _why(why: MatchRecord) -> pb.MatchRecord:
    strategy = Strategy(why.by or why.strategy)
    return pb.MatchRecord(
        strategy=wire.STRATEGY[Strategy(why.strategy)],
        ranked_by=wire.STRATEGY[strategy] if why.by else None,
        relaxation_step=why.step,
        in_queue=why.in_queue,
        qualified=why.skilled,
        available=why.available,
        free=why.free,
        declined=why.declined,
        top=[_candidate(strategy, each) for each in why.top],
        tie_break=why.tie_break,
        kept_as=_kept_as(why.kept_as),
        asked=why.asked,
        place=why.place,
        elsewhere=why.elsewhere,
    )


def _candidate(strategy: Strategy, candidate: Candidate) -> pb.Candidate:
    parts = zip(COMPARED[strategy], candidate.score, strict=True)
    score = [pb.ScorePart(name=name, value=value) for name, value in parts]
    return pb.Candidate(agent_id=candidate.agent, score=score)


def _offer_ended(ended: OfferMoved) -> pb.OfferEndedAct:
    return pb.OfferEndedAct(
        offer_id=ended.offer,
        agent_id=ended.agent,
        state=wire.OFFER_STATE[ended.state],
        reason=ended.reason,
        retry_at=wire.stamp_if(ended.retry_at),
    )
