"""Which agent for an item, which item for an agent: reads World, returns what it found and why.

Emits nothing; core/offers.py turns the choice into events.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from routing_service.core.broadcasting import ranked_by, width
from routing_service.core.lifecycle import Presence
from routing_service.core.match_record import Candidate, MatchRecord
from routing_service.core.model import Item
from routing_service.core.plan import Strategy
from routing_service.core.ranking import COMPARED, ranked
from routing_service.core.world import World

_KEPT = 5
"""Best candidates kept in the decision record (design §7)."""

Found = tuple[str, MatchRecord]
"""The agent, and why he."""


def agents_for(world: World, item: Item) -> list[Found]:
    """The agents to whom this item is offered now, best first; none when nobody can take it."""
    roster = world.roster
    signature = world.signature(item)
    members = roster.members_for(signature)
    skilled = roster.fitting(members, signature)
    free = roster.free(world.cost(item), item.channel) & skilled
    declined = free & _decliners(world, item)
    candidates = free ^ declined
    asked = candidates & _bits(world, item.offers) if item.offers else 0
    candidates ^= asked
    if item.preferred:
        candidates &= 1 << roster.bit(item.preferred) if item.preferred in world.agents else 0
    if not candidates:
        return []
    strategy = world.strategy(world.queue(item.queue))
    by, count = ranked_by(world, item, strategy), width(world, item, strategy)
    top = ranked(world, by, item, candidates, max(_KEPT, count))
    why = MatchRecord(
        strategy=strategy.value,
        by="" if by is strategy else by.value,
        step=item.relaxed,
        in_queue=roster.size(signature),
        skilled=skilled.bit_count(),
        available=(skilled & roster.in_presence(Presence.AVAILABLE)).bit_count(),
        free=free.bit_count(),
        declined=declined.bit_count(),
        asked=asked.bit_count(),
        top=top[:_KEPT],
        tie_break=_tie_break(by, top),
        preferred=bool(item.preferred),
    )
    return [(each.agent, _placed(why, place, each)) for place, each in enumerate(top[:count], 1)]


def _placed(why: MatchRecord, place: int, chosen: Candidate) -> MatchRecord:
    """The record of one of several offers made at once."""
    if place == 1:
        return why
    top = why.top if place <= _KEPT else (*why.top, chosen)
    return replace(why, place=place, top=top)


def _bits(world: World, agents: Iterable[str]) -> int:
    bits = 0
    for agent in agents:
        bits |= 1 << world.roster.bit(agent)
    return bits


def _decliners(world: World, item: Item) -> int:
    bits = 0
    for agent, retry_at in item.declined_by.items():
        if retry_at > world.now and agent in world.agents:
            bits |= 1 << world.roster.bit(agent)
    return bits


def _tie_break(strategy: Strategy, top: tuple[Candidate, ...]) -> str:
    """What put the first before the second: a name of COMPARED, "id", or "only_one"."""
    if len(top) == 1:
        return "only_one"
    compared = zip(COMPARED[strategy], top[0].score, top[1].score, strict=True)
    return next((name for name, first, second in compared if first != second), "id")


def item_for(world: World, agent: str) -> Item | None:
    """The best-ranked waiting item this agent can take now, or None."""
    bit = 1 << world.roster.bit(agent)
    units = world.roster.units(agent)

    def wanted(item_id: str) -> bool:
        item = world.items[item_id]
        if item.declined_by and item.declined_by.get(agent, 0) > world.now:
            return False
        if not item.preferred:  # it waits by its signature, which he fits and has room for
            return True
        room = units.get(item.channel, units[""])
        return world.cost(item) <= room and _fits(world, item, bit)

    best = world.waiting.best(world.fits[agent], agent, units, wanted)
    return None if best is None else world.items[best]


def _fits(world: World, item: Item, bit: int) -> bool:
    """Whether the agent is in the item's queue and meets its requirements, as they are now."""
    signature = world.signature(item)
    return bool(world.roster.fitting(world.roster.members_for(signature), signature) & bit)


def step_at_once(world: World, item: Item) -> int:
    """The next step of the item's ladder when it is one to take because nobody is there; or 0."""
    steps = world.queue(item.queue).ladder.steps[item.relaxed : item.relaxed + 1]
    if not steps or not steps[0].unstaffed or item.preferred:
        return 0
    signature = world.signature(item)
    members = world.roster.members_for(signature)
    signed_in = members & ~world.roster.in_presence(Presence.OFFLINE)
    return 0 if world.roster.fitting(signed_in, signature) else item.relaxed + 1
