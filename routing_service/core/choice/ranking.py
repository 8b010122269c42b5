"""The strategies: of the agents who can take an item, who is tried first, and by which values.

Each gives the best few with the score it compared, smallest first. Reads World, changes nothing.
The last ties are broken by load, idle time and id, in this order (design §7).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType
from typing import Final

from routing_service.core.choice.scoring import scored
from routing_service.core.desk.world import World
from routing_service.core.journal.match_record import Candidate
from routing_service.core.plans.plan import QueuePlan, Strategy
from routing_service.core.queues.bits import count_one, first_bits, listed, nth_bit
from routing_service.core.records.model import Agent, FactValue, Item, Requirement
from routing_service.core.staff.profiles import MAX_LEVEL

_FEW = 32
_FEW_DRAWN = 128
"""Up to so many, asking each is quicker than the index."""

_LAST = ("load", "idle_since")
COMPARED: Final[Mapping[Strategy, tuple[str, ...]]] = MappingProxyType(
    {
        Strategy.LONGEST_IDLE: ("idle_since", "load"),
        Strategy.LEAST_LOADED: _LAST,
        Strategy.ROUND_ROBIN: ("turn",),
        Strategy.BEST_SKILL: ("skill", *_LAST),
        Strategy.FIXED_ORDER: ("place", *_LAST),
        Strategy.WEIGHTED_RANDOM: ("draw", "weight"),
        Strategy.WEIGHTED_SCORE: ("score", *_LAST),
        Strategy.SKILL_FIRST: ("score", *_LAST),
        Strategy.IDLE_FIRST: ("score", *_LAST),
        Strategy.TERRITORY: ("territory", *_LAST),
        Strategy.BALANCED: ("owned", *_LAST),
    }
)
"""What a candidate's score holds, in this order; the id breaks the last tie. Where more is better
(skill, score, weight) the value is negative."""

PRESETS: Final[Mapping[Strategy, Mapping[str, int]]] = MappingProxyType(
    {
        Strategy.SKILL_FIRST: {"skill": 80, "idle": 20},
        Strategy.IDLE_FIRST: {"skill": 20, "idle": 80},
    }
)
"""Weights of the named scores."""

Classes = Iterator[tuple[int, int]]
"""(score, bits of the agents who have it), best first."""


def ranked(
    world: World, strategy: Strategy, item: Item, bits: int, count: int
) -> tuple[Candidate, ...]:
    """The best `count` of the agents in `bits`, best first."""
    match strategy:
        case Strategy.LONGEST_IDLE:
            idlest = world.roster.idlest(bits, count)
            return tuple([Candidate(agent, (since, load)) for since, load, agent in idlest])
        case Strategy.LEAST_LOADED:
            lightest = world.roster.lightest(bits, count)
            return tuple([Candidate(agent, (load, since)) for load, since, agent in lightest])
        case _:
            return _ranked_by_queue(world, strategy, item, bits, count)


def _ranked_by_queue(
    world: World, strategy: Strategy, item: Item, bits: int, count: int
) -> tuple[Candidate, ...]:
    """By what the queue says, or whom it asked last."""
    queue = world.queue(item.queue)
    match strategy:
        case Strategy.ROUND_ROBIN:
            return _in_turn(world, queue.name, bits, count)
        case Strategy.WEIGHTED_RANDOM:
            return _drawn(world, queue, item, bits, count)
        case Strategy.WEIGHTED_SCORE | Strategy.SKILL_FIRST | Strategy.IDLE_FIRST:
            weights = PRESETS.get(strategy, queue.choice.weights)
            return scored(world, weights, item, bits, count)
        case _:
            return _by_class(world, _classes(world, queue, strategy, item, bits), count)


def _classes(
    world: World, queue: QueuePlan, strategy: Strategy, item: Item, bits: int
) -> Iterable[tuple[int, int]]:
    match strategy:
        case Strategy.BEST_SKILL:
            return _by_skill(world, item.requirements, bits)
        case Strategy.FIXED_ORDER:
            return _by_place(world, queue.choice.in_order, bits)
        case Strategy.TERRITORY:
            return _by_territory(world, queue, item, bits)
        case _:
            return world.roster.by_owned(bits)


def _by_class(
    world: World, classes: Iterable[tuple[int, int]], count: int
) -> tuple[Candidate, ...]:
    """The classes in order, the members of each by load, idle time and id."""
    best: list[Candidate] = []
    for score, bits in classes:
        lightest = world.roster.lightest(bits, count - len(best))
        best += [Candidate(agent, (score, load, since)) for load, since, agent in lightest]
        if len(best) >= count:
            break
    return tuple(best)


def _in_turn(world: World, queue: str, bits: int, count: int) -> tuple[Candidate, ...]:
    """Those who came after the one asked last, in order of arrival, then from the beginning."""
    last = world.roster.bit_if_known(world.turns.get(queue, ""))
    later = bits >> (last + 1) << (last + 1)
    found = first_bits(later, count)
    found += first_bits(bits ^ later, count - len(found))
    return tuple(Candidate(world.roster.agent_at(bit), (n,)) for n, bit in enumerate(found))


def _drawn(
    world: World, queue: QueuePlan, item: Item, bits: int, count: int
) -> tuple[Candidate, ...]:
    """Drawn one after the other, each with a chance as his weight; the same for the same seq."""
    many = bits.bit_count()
    few = many <= _FEW_DRAWN
    weights = (_weights_of_few if few else _weights)(world, queue.choice.random_by, bits)
    shares = {weight: weight * of.bit_count() for weight, of in weights.items()}
    best: list[Candidate] = []
    for draw in range(min(count, many)):
        number = _random(world, item.id, draw) % sum(shares.values())
        weight, number = _pick(shares, number)
        bit = nth_bit(weights[weight], number // weight)
        weights[weight] ^= 1 << bit
        shares[weight] -= weight
        best.append(Candidate(world.roster.agent_at(bit), (draw, -weight)))
    return tuple(best)


def _weights(world: World, attribute: str, bits: int) -> dict[int, int]:
    """Weight to the bits of those who have it, lightest first; 1 is the least."""
    found: dict[int, int] = {}
    for value, having in world.roster.profiles.values(attribute).items():
        weight = _weight(value)
        found[weight] = found.get(weight, 0) | bits & having
        bits &= ~having
    found[1] = found.get(1, 0) | bits
    return dict(sorted(found.items()))


def _weights_of_few(world: World, attribute: str, bits: int) -> dict[int, int]:
    """The same, by asking each."""
    found: dict[int, int] = {}
    for bit, agent in _agents(world, bits):
        weight = _weight(agent.attributes.get(attribute, 1))
        found[weight] = found.get(weight, 0) | 1 << bit
    return dict(sorted(found.items()))


def _weight(value: FactValue) -> int:
    return value if isinstance(value, int) and value > 1 else 1


def _pick(shares: Mapping[int, int], number: int) -> tuple[int, int]:
    """(weight, how far into its share) of the share that the number falls into."""
    for weight, share in shares.items():
        if number < share:
            return weight, number
        number -= share
    raise LookupError(number)


def _random(world: World, item: str, draw: int) -> int:
    """64 bits that look random and are the same whenever this decision is made again."""
    seed = f"{world.desk}/{world.seq}/{item}/{draw}".encode()
    return int.from_bytes(blake2b(seed, digest_size=8).digest())


def _by_skill(world: World, requirements: tuple[Requirement, ...], bits: int) -> Classes:
    """By the sum of the levels in the skills asked for, highest first."""
    if len(requirements) == 1:
        return _by_level(world.roster.profiles.levels(requirements[0].skill), bits)
    if bits.bit_count() > _FEW:
        base, planes = _planes(world, requirements, bits)
        return ((-base - more, of) for more, of in _descend(planes, bits, len(planes) - 1))
    sums = (
        (-sum(agent.skills.get(need.skill, 0) for need in requirements), bit)
        for bit, agent in _agents(world, bits)
    )
    return _grouped(sums)


def _by_level(levels: Sequence[int], bits: int) -> Classes:
    """By the level in one skill, whatever level is asked for by now."""
    for level in range(MAX_LEVEL, 0, -1):
        reached = bits & levels[level]
        if reached:
            yield -level, reached
            bits ^= reached
    if bits:
        yield 0, bits


def _planes(
    world: World, requirements: tuple[Requirement, ...], bits: int
) -> tuple[int, list[int]]:
    """What all have, and per agent the levels beyond it, as a binary number of bits over planes."""
    planes: list[int] = []
    base = 0
    for need in requirements:
        whole = (
            world.roster.profiles.skilled(bits, (need,)) == bits
        )  # else the ladder asks for less by now
        base += need.level if whole else 0
        levels = world.roster.profiles.levels(need.skill)
        for level in range(need.level + 1 if whole else 1, MAX_LEVEL + 1):
            reached = bits & levels[level]
            if not reached:
                break
            count_one(planes, reached)
    return base, planes


def _descend(planes: list[int], bits: int, plane: int) -> Classes:
    """(number, bits of those who have it), highest first."""
    if plane < 0:
        yield 0, bits
        return
    with_it = bits & planes[plane]
    if with_it:
        for number, of in _descend(planes, with_it, plane - 1):
            yield number + (1 << plane), of
    if bits ^ with_it:
        yield from _descend(planes, bits ^ with_it, plane - 1)


def _by_place(world: World, in_order: tuple[str, ...], bits: int) -> Classes:
    """Who is named, in the order named; then all others."""
    for place, agent in enumerate(in_order):
        bit = world.roster.bit_if_known(agent)
        if bit >= 0 and bits >> bit & 1:
            bits ^= 1 << bit
            yield place, 1 << bit
    if bits:
        yield len(in_order), bits


def _by_territory(world: World, queue: QueuePlan, item: Item, bits: int) -> Classes:
    """Those of the item's territory, then all others."""
    of_it = 0
    territory = queue.choice.territory
    label = item.labels.get(territory.label) if territory else None
    if territory is not None and label is not None:
        for value in label if isinstance(label, tuple) else (label,):
            of_it |= bits & world.roster.profiles.having(territory.attribute, value)
    if of_it:
        yield 0, of_it
    if bits ^ of_it:
        yield 1, bits ^ of_it


def _agents(world: World, bits: int) -> Iterator[tuple[int, Agent]]:
    for bit in listed(bits):
        yield bit, world.agents[world.roster.agent_at(bit)]


def _grouped(scored: Iterable[tuple[int, int]]) -> Classes:
    """(score, bit) of each agent as classes, smallest score first."""
    classes: dict[int, int] = {}
    for score, bit in scored:
        classes[score] = classes.get(score, 0) | 1 << bit
    yield from sorted(classes.items())
