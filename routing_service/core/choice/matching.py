"""Which agent for an item, which item for an agent: reads World, returns what it found and why.

Emits nothing; core/handling/offers.py turns the choice into events.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from routing_service.core.choice.broadcasting import ranked_by, width
from routing_service.core.choice.ranking import COMPARED, ranked
from routing_service.core.desk.world import LONG_ENOUGH, World
from routing_service.core.journal.match_record import Candidate, MatchRecord
from routing_service.core.plans.plan import Strategy
from routing_service.core.plans.strategy import BROADCASTS
from routing_service.core.queues.bits import is_one
from routing_service.core.records.model import Item

_KEPT = 5
"""Best candidates kept in the decision record (design §7)."""

Found = tuple[str, MatchRecord]
"""The agent, and why he."""


def agents_for(world: World, item: Item, elsewhere: int = 0) -> list[Found]:
    """The agents to whom this item is offered now, best first; none when nobody can take it.

    `elsewhere` = bits of agents for whom something waits that they serve first.
    """
    roster = world.roster
    signature = world.signature(item)
    fitting = roster.profiles.fit(signature)
    free = roster.free_for(signature) & fitting.bits
    if not free:
        return []
    declined = free & _decliners(world, item) if item.declined_by else 0
    asked = (free ^ declined) & _bits(world, item.offers) if item.offers else 0
    candidates = _remaining(world, item, free, declined | asked, elsewhere)
    if not candidates:
        return []
    strategy = world.strategy(world.queue(item.queue))
    by, count = strategy, 1
    if strategy in BROADCASTS or item.offers:
        by, count = ranked_by(world, item, strategy), width(world, item, strategy)
    top = ranked(world, by, item, candidates, max(_KEPT, count))
    why = MatchRecord(
        strategy=strategy.value,
        by="" if by is strategy else by.value,
        step=item.relaxed,
        in_queue=fitting.in_queue,
        skilled=fitting.skilled,
        available=roster.available(signature),
        free=1 if is_one(free) else free.bit_count(),
        declined=declined.bit_count(),
        asked=asked.bit_count(),
        elsewhere=(free & elsewhere).bit_count() if elsewhere else 0,
        top=top[:_KEPT],
        tie_break=_tie_break(by, top),
        kept_as=item.kept_as if item.preferred else None,
    )
    return [(top[0].agent, why)] if count == 1 else _together(why, top[:count])


def _remaining(world: World, item: Item, free: int, unwilling: int, elsewhere: int) -> int:
    """Those of `free` who may be asked now; most often all, and then it is the same integer."""
    if unwilling:
        free ^= unwilling
    if elsewhere:
        free &= ~elsewhere
    if item.preferred:
        free &= _bits(world, (item.preferred,)) if item.preferred in world.agents else 0
    return free


def _together(why: MatchRecord, top: Sequence[Candidate]) -> list[Found]:
    """Those who are asked at once, each with the record of his place."""
    return [(each.agent, _placed(why, place, each)) for place, each in enumerate(top, 1)]


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


def willing_agents_for(world: World, item: Item, elsewhere: dict[str, None]) -> list[Found]:
    """The same; who is chosen though something waits that he serves first is noted and left to it.

    The queue is then asked again, without him.
    """
    left = 0
    while True:
        found = agents_for(world, item, left)
        unwilling = [agent for agent, _ in found if _serves_another_first(world, agent, item)]
        if not unwilling:
            return found
        elsewhere.update(dict.fromkeys(unwilling))
        left |= _bits(world, unwilling)


def _serves_another_first(world: World, agent: str, item: Item) -> bool:
    """Whether something waits for the agent that he serves before this item, whatever the ages."""
    choosy = world.roster.profiles.choosy
    if not choosy or not choosy >> world.roster.bit(agent) & 1:
        return False
    best = item_for(world, agent)
    return best is not None and _urgency(world, agent, best) > _urgency(world, agent, item)


def _urgency(world: World, agent: str, item: Item) -> int:
    """Where the item stands for this agent, by his terms: what waits for him alone comes first."""
    if item.preferred:
        return LONG_ENOUGH
    return world.roster.profiles.priority(world.roster.bit(agent), world.signature(item))


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
    """The waiting item that this agent serves first of those he can take now, or None.

    That is the best-ranked one, of those of the highest priority on his terms.
    """
    bit = world.roster.bit(agent)
    rooms = world.roster.rooms_of(agent)

    def wanted(item_id: str) -> bool:
        item = world.items[item_id]
        if item.declined_by and item.declined_by.get(agent, 0) > world.now:
            return False
        if not item.preferred:  # it waits by its signature, which he fits and has room for
            return True
        units = rooms[item.green]
        room = units.get(item.channel, units[""])
        fitting = world.roster.profiles.fit(world.signature(item)).bits
        return world.cost(item) <= room and bool(fitting >> bit & 1)

    best = world.waiting.best(_by_priority(world, agent, bit), agent, rooms, wanted)
    return None if best is None else world.items[best]


def _by_priority(world: World, agent: str, bit: int) -> tuple[int, ...]:
    """The signatures the agent fits, those he serves first before others."""
    fits, profiles = world.fits[agent], world.roster.profiles
    if not profiles.choosy or not profiles.choosy >> bit & 1:
        return (fits,)
    classes: dict[int, int] = {}
    for mask, signature in world.waiting.filled(fits):
        priority = profiles.priority(bit, signature)
        classes[priority] = classes.get(priority, 0) | mask
    return 0, *(classes[priority] for priority in sorted(classes, reverse=True))
