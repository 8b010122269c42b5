"""What keeps one agent from a waiting item: every condition of matching.py that he fails.

Pure, over World. Decides and changes nothing.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from routing_service.core.desk.world import World
from routing_service.core.queues.lasting import waited_since
from routing_service.core.queues.waiting import Signature
from routing_service.core.records.lifecycle import HoldState, Presence
from routing_service.core.records.model import OFF_SHIFT, Agent, Item
from routing_service.core.staff.rooms import at_maximum, in_hand, units_left


class BlockKind(StrEnum):
    """What keeps an agent from an item."""

    NOT_IN_QUEUE = "not_in_queue"
    SKILL = "skill"
    """He lacks the skill (`has` 0), or has it at level `has`, below `needed`."""
    CEILING = "ceiling"
    """He is left for others: his level `has` is above `needed`, the ladder's ceiling."""
    NO_LEVEL_FITS = "no_level_fits"
    """Level `needed` is asked for, above the ceiling `has`: nobody can have both."""
    PRESENCE = "presence"
    """`detail` = his presence, `reason` = why, as he or the desk said."""
    OFF_SHIFT = "off_shift"
    COOL_DOWN = "cool_down"
    CAP = "cap"
    """He took `has` items of the `needed` that his window allows."""
    CAPACITY = "capacity"
    """`has` units are free of the `needed` ones; never enough when he has fewer in all."""
    GREEN_CHANNEL = "green_channel"
    """`has` units are free of the `needed` ones that leave him what he keeps for other items."""
    CHANNEL_MAXIMUM = "channel_maximum"
    """He has `has` items of the channel `detail`, of `needed` that he may have at once."""
    DECLINED = "declined"
    """He declined, missed or gave away this item and is passed over for a while."""
    RESERVED = "reserved"
    """The item waits for the agent `detail`."""
    DELAY = "delay"
    """By his terms he is offered such items only when they have waited for longer."""


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One condition that an agent does not meet; `until` = when it passes by itself, 0 = unknown.

    `needed` and `has` are levels, units or items.
    """

    kind: BlockKind
    skill: str = ""
    needed: int = 0
    has: int = 0
    until: int = 0
    detail: str = ""
    reason: str = ""


def blocks(world: World, item: Item, agent: Agent) -> tuple[Block, ...]:
    """All that keeps this agent from the waiting item now; nothing when he can take it.

    Kept for another, it asks of him what it will ask when it is kept no more.
    """
    asked = item if item.preferred == agent.id else replace(item, preferred="")
    return (
        *_of_profile(world, world.signature(asked), agent),
        *_of_state(agent),
        *_of_room(world, item, agent),
        *_of_item(world, item, asked, agent),
    )


def _of_profile(world: World, signature: Signature, agent: Agent) -> Iterator[Block]:
    if not world.roster.profiles.members_for(signature) >> world.roster.bit(agent.id) & 1:
        yield Block(kind=BlockKind.NOT_IN_QUEUE, detail=signature.queue)
    ceiling = signature.ceiling
    for need in signature.requirements:
        has = agent.skills.get(need.skill, 0)
        if ceiling and need.level > ceiling:
            yield Block(
                kind=BlockKind.NO_LEVEL_FITS, skill=need.skill, needed=need.level, has=ceiling
            )
        elif has < need.level:
            yield Block(kind=BlockKind.SKILL, skill=need.skill, needed=need.level, has=has)
        elif ceiling and has > ceiling:
            yield Block(kind=BlockKind.CEILING, skill=need.skill, needed=ceiling, has=has)


def _of_state(agent: Agent) -> Iterator[Block]:
    if agent.presence is not Presence.AVAILABLE:
        yield Block(
            kind=BlockKind.PRESENCE, detail=agent.presence.value, reason=agent.presence_reason
        )
    for why, until in agent.held_back.items():
        kind = BlockKind.OFF_SHIFT if why == OFF_SHIFT else BlockKind.COOL_DOWN
        yield Block(kind=kind, until=until)
    reserved = sum(hold.state is HoldState.RESERVED for hold in agent.holds.values())
    taken = len(agent.taken) + reserved
    if agent.cap and taken >= agent.cap:
        until = agent.taken[0] + agent.cap_window if agent.taken else 0
        yield Block(kind=BlockKind.CAP, needed=agent.cap, has=taken, until=until)


def _of_room(world: World, item: Item, agent: Agent) -> Iterator[Block]:
    channel, cost = item.channel, world.cost(item)
    if at_maximum(agent, channel):
        limit, has = agent.maximum[channel], in_hand(agent, channel)
        yield Block(kind=BlockKind.CHANNEL_MAXIMUM, detail=channel, needed=limit, has=has)
    room = units_left(agent, channel, world.plan.interrupts)
    if room < cost:
        yield Block(kind=BlockKind.CAPACITY, needed=cost, has=room)
    kept = 0 if item.green else world.roster.kept(agent.id)
    if kept and room < cost + kept:
        yield Block(kind=BlockKind.GREEN_CHANNEL, needed=cost + kept, has=room)


def _of_item(world: World, item: Item, asked: Item, agent: Agent) -> Iterator[Block]:
    retry_at = item.declined_by.get(agent.id, 0)
    if retry_at > world.now:
        yield Block(kind=BlockKind.DECLINED, until=retry_at)
    if item.preferred != asked.preferred:
        yield Block(kind=BlockKind.RESERVED, detail=item.preferred, until=item.preferred_until)
    delay = world.roster.profiles.delay(world.roster.bit(agent.id), world.signature(asked))
    if delay > item.waited and not asked.preferred:
        yield Block(kind=BlockKind.DELAY, until=waited_since(item) + delay)
