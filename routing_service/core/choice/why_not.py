"""Why a waiting item is with nobody: what keeps each agent from it, and who is nearest to it.

Pure, over World, by the same conditions as matching.py. Decides and changes nothing. Words
for people are made elsewhere.
"""

from enum import StrEnum
from heapq import nsmallest

import msgspec

from routing_service.core.choice.blocks import Block, blocks
from routing_service.core.desk.world import World
from routing_service.core.queues.bits import each_bit, first_bits
from routing_service.core.queues.lasting import waited_since
from routing_service.core.queues.relaxing import next_step_at
from routing_service.core.queues.waiting import Signature
from routing_service.core.records.errors import WrongState
from routing_service.core.records.lifecycle import ItemState, Presence
from routing_service.core.records.model import OFF_SHIFT, Item, Requirement

KEPT = 5
"""Agents told of, nearest first."""
LOOKED_AT = 1_000
"""Agents alike by the index that are looked at one by one: a question must not hold up the desk."""
_NEVER = 2**63
"""After any instant: what does not pass by itself."""
_EVERYONE = -1
"""Every bit."""


class NearMiss(msgspec.Struct, frozen=True, kw_only=True):
    """An agent and all that keeps him from the item; nothing = he is about to be offered it."""

    agent: str
    blocks: tuple[Block, ...]


class LackKind(StrEnum):
    """Why nobody at all gets the item, the most basic reason first."""

    NOBODY_IN_QUEUE = "nobody_in_queue"
    NO_LEVEL_FITS = "no_level_fits"
    """A level above the ladder's ceiling is asked for."""
    SKILL_OF_NOBODY = "skill_of_nobody"
    """No agent of the desk has the skill at this level."""
    SKILL_NOT_IN_QUEUE = "skill_not_in_queue"
    """Agents have it, but none of this queue."""
    NOT_TOGETHER = "not_together"
    """Each skill is there, but nobody has them all, or only who is above the ceiling."""
    NOBODY_ON_SHIFT = "nobody_on_shift"
    NOBODY_AVAILABLE = "nobody_available"
    RESERVED = "reserved"
    NOBODY_FREE = "nobody_free"
    ALL_DECLINED = "all_declined"
    """Who has room was asked before and is passed over for a while."""
    DELAYED = "delayed"
    """Who has room is offered such items only when they have waited for longer."""
    ABOUT_TO_BE_OFFERED = "about_to_be_offered"
    """A wait just ended, and the offer is on its way."""


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """The reason in one sentence; `until` = when it passes by itself, 0 = unknown."""

    kind: LackKind
    skill: str = ""
    level: int = 0
    agent: str = ""
    until: int = 0


class WhyNot(msgspec.Struct, frozen=True, kw_only=True):
    """Why nobody has been offered the item, at the step of its queue's ladder.

    `in_queue`, `qualified` (skills), `available` (presence) and `free` (room) each count those whom
    the filter before had left. `relaxes_at` = when it asks for less; 0 = never.
    """

    item: str
    queues: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    lack: Lack
    in_queue: int
    qualified: int
    available: int
    free: int
    nearest: tuple[NearMiss, ...]
    relaxes_at: int = 0


def why_not(world: World, item: Item) -> WhyNot:
    """Nearest are the agents with the fewest blocks, then those whose blocks pass soonest.

    WrongState(ITEM_NOT_WAITING) for an item that is not in a queue.
    """
    if item.state is not ItemState.QUEUED:
        raise WrongState(
            "ITEM_NOT_WAITING",
            f"The item is {item.state.value}: only one that waits in a queue has a why-not.",
            state=item.state.value,
        )
    signature = world.signature(item)
    members = world.roster.profiles.members_for(signature)
    qualified = world.roster.profiles.fitting(members, signature)
    available = qualified & world.roster.in_presence(Presence.AVAILABLE)
    free = qualified & world.roster.free_for(signature)
    return WhyNot(
        item=item.id,
        queues=(signature.queue, *signature.further),
        requirements=signature.requirements,
        lack=_lack(world, item, signature, members),
        in_queue=members.bit_count(),
        qualified=qualified.bit_count(),
        available=available.bit_count(),
        free=free.bit_count(),
        nearest=_nearest(world, item, signature),
        relaxes_at=next_step_at(item, world.queue(item.queue).ladder) or 0,
    )


def _nearest(world: World, item: Item, signature: Signature) -> tuple[NearMiss, ...]:
    """The index tells how many blocks an agent has at least: few are looked at one by one.

    Of a thousand and more who are alike by the index, those available are looked at first.
    """
    there = world.roster.in_presence(Presence.AVAILABLE)
    found: list[NearMiss] = []
    for least, bits in enumerate(_at_least(world, signature)):
        if len(found) == KEPT and len(found[-1].blocks) < least:
            break
        looked_at = first_bits(bits & there, LOOKED_AT)
        looked_at += first_bits(bits & ~there, LOOKED_AT - len(looked_at))
        for bit in looked_at:
            agent = world.agents[world.roster.agent_at(bit)]
            found.append(NearMiss(agent=agent.id, blocks=blocks(world, item, agent)))
        found = nsmallest(KEPT, found, key=_distance)
    return tuple(found)


def _at_least(world: World, signature: Signature) -> list[int]:
    """Bits of those with at least 0, 1, 2, … blocks; every agent stands in one of them."""
    roster = world.roster
    everyone = 0
    for presence in Presence:
        everyone |= roster.in_presence(presence)
    met = [roster.profiles.members_for(signature), roster.free_for(signature)]
    met += [
        roster.profiles.fitting(everyone, _alone(signature, need))
        for need in signature.requirements
    ]
    classes = [everyone]
    for fine in met:
        classes.append(0)
        classes = [
            (bits & fine) | (below & ~fine)
            for bits, below in zip(classes, [0, *classes[:-1]], strict=True)
        ]
    return classes


def _alone(signature: Signature, need: Requirement) -> Signature:
    """The same with only one of its requirements."""
    return Signature(signature.queue, (need,), signature.cost, ceiling=signature.ceiling)


def _distance(miss: NearMiss) -> tuple[int, int, str]:
    passes = max((block.until or _NEVER for block in miss.blocks), default=0)
    return len(miss.blocks), passes, miss.agent


def _lack(world: World, item: Item, signature: Signature, members: int) -> Lack:
    if not members:
        return Lack(kind=LackKind.NOBODY_IN_QUEUE)
    qualified = world.roster.profiles.fitting(members, signature)
    if not qualified:
        return _unqualified(world, signature, members)
    back = _back_on_shift(world, qualified)
    if back is not None:
        return Lack(kind=LackKind.NOBODY_ON_SHIFT, until=back)
    if not qualified & world.roster.in_presence(Presence.AVAILABLE):
        return Lack(kind=LackKind.NOBODY_AVAILABLE)
    return _taken(world, item, qualified & world.roster.free_for(signature))


def _unqualified(world: World, signature: Signature, members: int) -> Lack:
    """Nobody of the queue has what is asked: which skill is it?"""
    asked = signature.requirements
    above = [need for need in asked if signature.ceiling and need.level > signature.ceiling]
    nowhere = [need for need in asked if not world.roster.profiles.skilled(_EVERYONE, (need,))]
    not_here = [need for need in asked if not world.roster.profiles.skilled(members, (need,))]
    for kind, needs in (
        (LackKind.NO_LEVEL_FITS, above),
        (LackKind.SKILL_OF_NOBODY, nowhere),
        (LackKind.SKILL_NOT_IN_QUEUE, not_here),
    ):
        if needs:
            return Lack(kind=kind, skill=needs[0].skill, level=needs[0].level)
    return Lack(kind=LackKind.NOT_TOGETHER)


def _back_on_shift(world: World, qualified: int) -> int | None:
    """When the first of them is on shift again; None when one of them is now."""
    first = _NEVER
    for bit in each_bit(qualified):
        agent = world.agents[world.roster.agent_at(bit)]
        until = agent.held_back.get(OFF_SHIFT)
        if until is None:
            return None
        first = min(first, until)
    return first


def _taken(world: World, item: Item, free: int) -> Lack:
    """Some of the qualified are there; `free` of them have room."""
    if item.preferred:
        until, agent = item.preferred_until, item.preferred
        return Lack(kind=LackKind.RESERVED, agent=agent, until=until)
    if not free:
        return Lack(kind=LackKind.NOBODY_FREE)
    in_time = free & world.roster.profiles.fit(world.signature(item)).bits
    if not in_time:
        bits = each_bit(free)
        delay = min(world.roster.profiles.delay(bit, world.signature(item)) for bit in bits)
        return Lack(kind=LackKind.DELAYED, until=waited_since(item) + delay)
    asked = [item.declined_by.get(world.roster.agent_at(bit), 0) for bit in each_bit(in_time)]
    soonest = min(asked)
    if soonest <= world.now:
        return Lack(kind=LackKind.ABOUT_TO_BE_OFFERED)
    return Lack(kind=LackKind.ALL_DECLINED, until=soonest)
