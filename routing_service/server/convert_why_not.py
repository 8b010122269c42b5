"""A why-not as messages of the wire and back: total functions, nothing is left out either way.

The command line reads it here and puts it into words.
"""

from routing_service.core.choice.blocks import Block, BlockKind
from routing_service.core.choice.why_not import Lack, LackKind, NearMiss, WhyNot
from routing_service.core.records.model import Requirement
from routing_service.pb.routing.v1 import why_not_pb2 as pb
from routing_service.pb.routing.v1 import work_item_pb2
from routing_service.server import wire

BLOCK_KIND = wire.pairs(BlockKind, pb.BlockKind, "BLOCK_KIND")
LACK_KIND = wire.pairs(LackKind, pb.LackKind, "LACK_KIND")
_BLOCK_KIND = wire.inverse(BLOCK_KIND)
_LACK_KIND = wire.inverse(LACK_KIND)


def to_wire(told: WhyNot) -> pb.WhyNot:
    """All but the item's id, which stands beside it."""
    return pb.WhyNot(
        queues=told.queues,
        requirements=[
            work_item_pb2.Requirement(skill=need.skill, level=need.level)
            for need in told.requirements
        ],
        lack=_lack(told.lack),
        in_queue=told.in_queue,
        qualified=told.qualified,
        available=told.available,
        free=told.free,
        nearest=map(_near_miss, told.nearest),
        relaxes_at=wire.stamp_if(told.relaxes_at),
    )


def _lack(lack: Lack) -> pb.Lack:
    return pb.Lack(
        kind=LACK_KIND[lack.kind],
        skill=lack.skill,
        level=lack.level,
        agent_id=lack.agent,
        until=wire.stamp_if(lack.until),
    )


def _near_miss(miss: NearMiss) -> pb.NearMiss:
    return pb.NearMiss(agent_id=miss.agent, blocks=map(_block, miss.blocks))


def _block(block: Block) -> pb.Block:
    return pb.Block(
        kind=BLOCK_KIND[block.kind],
        skill=block.skill,
        needed=block.needed,
        has=block.has,
        until=wire.stamp_if(block.until),
        detail=block.detail,
        reason=block.reason,
    )


def from_wire(item: str, told: pb.WhyNot) -> WhyNot:
    """What `to_wire` said of the item."""
    return WhyNot(
        item=item,
        queues=tuple(told.queues),
        requirements=tuple(Requirement(need.skill, need.level) for need in told.requirements),
        lack=Lack(
            kind=_LACK_KIND[told.lack.kind],
            skill=told.lack.skill,
            level=told.lack.level,
            agent=told.lack.agent_id,
            until=_instant(told.lack),
        ),
        in_queue=told.in_queue,
        qualified=told.qualified,
        available=told.available,
        free=told.free,
        nearest=tuple(_near_miss_of(miss) for miss in told.nearest),
        relaxes_at=told.relaxes_at.ToMicroseconds(),
    )


def _near_miss_of(miss: pb.NearMiss) -> NearMiss:
    return NearMiss(agent=miss.agent_id, blocks=tuple(_block_of(block) for block in miss.blocks))


def _block_of(block: pb.Block) -> Block:
    return Block(
        kind=_BLOCK_KIND[block.kind],
        skill=block.skill,
        needed=block.needed,
        has=block.has,
        until=_instant(block),
        detail=block.detail,
        reason=block.reason,
    )


def _instant(told: pb.Block | pb.Lack) -> int:
    """0 when it is absent, as the epoch itself never is."""
    return wire.instant_of(told.until, "until") if told.HasField("until") else 0
