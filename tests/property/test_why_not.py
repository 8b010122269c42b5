"""Every waiting item has a why-not, and it is true: what it names is what keeps each agent from it.

Blocks are compared with naive.can_take, which reads records only; changes are made as commands.
"""

import functools
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from routing_service.core.choice.blocks import Block, BlockKind, blocks
from routing_service.core.choice.why_not import KEPT, LackKind, NearMiss, why_not
from routing_service.core.desk.world import World
from routing_service.core.journal.commands import PutAgents, Transfer
from routing_service.core.journal.events import AnyEvent, OfferMade, SurgeMoved
from routing_service.core.records.lifecycle import ItemState, Presence
from routing_service.core.records.model import Agent, Item
from routing_service.store.codec import snapshot_of, thaw
from tests.builders import HOUR
from tests.desk import Desk, only
from tests.property import naive
from tests.property.life import Life
from tests.property.mending import IN_THE_PROFILE, mend
from tests.property.moves import NAMES, Move, moves
from tests.property.rich import AGENTS
from tests.property.witness import frozen

pytestmark = pytest.mark.timeout(900)  # many lives: a busy machine takes its time, a hunt more

_DICE = st.integers(0, 11)
_BLOCKING = st.builds(
    Move,
    st.sampled_from(("open", "open", "put", "presence", "decline", "accept")),
    *(_DICE, _DICE, _DICE, _DICE),
)
LIVES = st.lists(moves | _BLOCKING, min_size=15, max_size=25)
"""Lives in which much waits for many reasons."""
FAR = 2**62
MANY, SOME = 100, 15
SPAN = range(60)
BUSY = (
    *(*NAMES, *("presence", "transfer", "transfer", "pend", "resume") * 2),
    *("open", "open", "sign_in", "wait", "accept", "decline", "complete") * 5,
)


def without(agent: Agent, item: Item, block: Block) -> tuple[Agent, Item]:
    """The records as they would be if the agent met this condition, too."""
    match block.kind:
        case BlockKind.PRESENCE:
            return replace(agent, presence=Presence.AVAILABLE), item
        case BlockKind.OFF_SHIFT | BlockKind.COOL_DOWN:
            return replace(agent, held_back=_less(agent.held_back, block.until)), item
        case BlockKind.DECLINED:
            return agent, replace(item, declined_by={})
        case BlockKind.RESERVED:
            return agent, replace(item, preferred="")
        case BlockKind.DELAY:
            return agent, replace(item, waited=FAR)
        case BlockKind.GREEN_CHANNEL:
            return agent, replace(item, green=True)
        case BlockKind.NO_LEVEL_FITS:
            needs = tuple(each for each in item.requirements if each.skill != block.skill)
            return agent, replace(item, requirements=needs)
        case _:
            return IN_THE_PROFILE[block.kind](agent, block), item


def _less(waits: dict[str, int], until: int) -> dict[str, int]:
    """Without one wait that ends then."""
    gone = next(why for why, end in waits.items() if end == until)
    return {why: end for why, end in waits.items() if why != gone}


def allowed(world: World, agent: Agent, item: Item, mended: tuple[Block, ...]) -> bool:
    for block in mended:
        agent, item = without(agent, item, block)
    return naive.can_take(world, agent, item)


@settings(max_examples=settings().max_examples // 2)
@given(LIVES)
def test_an_agent_can_take_an_item_when_and_only_when_all_that_blocks_him_is_put_right(
    played: list[Move],
) -> None:
    life = Life()
    life.play(played)
    world = life.world

    for item in naive.waiting(world):
        for agent in world.agents.values():
            found = blocks(world, item, agent)
            event(f"{len(found)} blocks")
            assert allowed(world, agent, item, found)
            for left_out in combinations(found, len(found) - 1) if found else ():
                assert not allowed(world, agent, item, left_out)


@settings(max_examples=settings().max_examples // 2)
@given(LIVES)
def test_every_waiting_item_has_a_why_not_that_names_the_nearest_agents(
    played: list[Move],
) -> None:
    life = Life()
    life.play(played)
    world = life.world

    for item in naive.waiting(world):
        told = why_not(world, item)
        event(told.lack.kind.value)
        misses = [
            NearMiss(agent=agent.id, blocks=blocks(world, item, agent))
            for agent in world.agents.values()
        ]
        assert sorted(misses, key=_distance)[:KEPT] == list(told.nearest)
        assert told.lack.kind in _possible(world, item)


def _distance(miss: NearMiss) -> tuple[int, int, str]:
    passes = max((block.until or 2 * FAR for block in miss.blocks), default=0)
    return len(miss.blocks), passes, miss.agent


def _possible(world: World, item: Item) -> set[LackKind]:
    """What the records allow as the reason."""
    qualified = [agent for agent in world.agents.values() if naive.fits(world, agent, item)]
    if not qualified:
        return {
            LackKind.NOBODY_IN_QUEUE,
            LackKind.NO_LEVEL_FITS,
            LackKind.SKILL_OF_NOBODY,
            LackKind.SKILL_NOT_IN_QUEUE,
            LackKind.NOT_TOGETHER,
        }
    if all("off_shift" in agent.held_back for agent in qualified):
        return {LackKind.NOBODY_ON_SHIFT}
    if all(agent.presence is not Presence.AVAILABLE for agent in qualified):
        return {LackKind.NOBODY_AVAILABLE}
    if item.preferred:
        return {LackKind.RESERVED}
    if any(naive.can_take(world, agent, item) for agent in qualified):
        return {LackKind.ABOUT_TO_BE_OFFERED}
    return {LackKind.NOBODY_FREE, LackKind.ALL_DECLINED, LackKind.DELAYED}


@given(LIVES, _DICE, _DICE)
def test_one_change_to_an_agent_with_one_block_gets_him_the_item_or_a_better_ranked_one(
    played: list[Move], which: int, whom: int
) -> None:
    life = Life()
    life.play(played)
    life.tick()  # whatever is late, so that nothing but the change happens
    near = [
        (item, someone, found[0])
        for item in naive.waiting(life.world)
        for someone in life.world.agents.values()
        if len(found := blocks(life.world, item, someone)) == 1
        and mend(life.world, someone, found[0]) is not None
    ]
    if not near:
        return
    item, agent, block = near[(which * 12 + whom) % len(near)]
    event(block.kind.value)
    command = mend(life.world, agent, block)
    assert command is not None

    order = served_in_order(life.world, agent)
    gets_it_or_a_better_one(life, item, agent, order, life.do(command))


def gets_it_or_a_better_one(
    desk: Desk, item: Item, agent: Agent, order: list[str], events: Iterable[AnyEvent]
) -> None:
    """He is offered the item; or better-ranked ones, and with these in hand he cannot take it.

    Where he changes the level of a load, the reserve that it calls in may be asked before him.
    """
    events = list(events)
    made, surged = only(OfferMade, events), only(SurgeMoved, events)
    offered = [offer.item for offer in made if surged or offer.agent == agent.id]
    sooner = order[: order.index(item.id)]
    better = [each for each in offered if each in sooner]
    now = desk.world.agents[agent.id]
    assert item.id in offered or (better and blocks(desk.world, desk.item(item.id), now))


def served_in_order(world: World, agent: Agent) -> list[str]:
    """What waits, or may be offered to more agents, in the order in which the agent serves it."""
    states = (ItemState.QUEUED, ItemState.OFFERED)
    there = [item for item in world.items.values() if item.state in states]
    return [each.id for each in sorted(there, key=lambda item: naive.served_by(world, agent, item))]


@functools.cache
def even_lives(count: int) -> tuple[Life, ...]:
    """Lived once for all who look at them: whoever goes on with one does so on a copy."""
    return tuple(even_life(Random(seed)) for seed in range(count))


def even_life(dice: Random) -> Life:
    """Drawn evenly, with agents who have shifts, caps and maxima: rare blocks need long lives."""
    life = Life()
    life.do(PutAgents(agents=tuple(limited(agent, dice) for agent in AGENTS)))
    life.wait(dice.choice((0, 5 * HOUR, 8 * HOUR)))
    life.play(Move(dice.choice(BUSY), *(dice.randrange(12) for _ in range(4))) for _ in SPAN)
    keep_one(life, dice)
    life.tick()
    return life


def keep_one(life: Life, dice: Random) -> None:
    """An item in work goes to an agent who cannot take it now, and waits for him alone."""
    owned = [item.id for item in life.world.items.values() if item.state is ItemState.ASSIGNED]
    if owned:
        agent = dice.choice(list(life.world.agents))
        life.presence(agent, Presence.AWAY)
        life.do(Transfer(item=dice.choice(owned), agent=agent, wait=HOUR, drop_requirements=True))


def limited(agent: Agent, dice: Random) -> Agent:
    """The same with a limit of his own."""
    limits: tuple[dict[str, Any], ...] = (
        {"calendar": "office"},
        {"calendar": "office", "capacity": 1},
        {"cap": dice.choice((1, 2)), "cap_window": 2 * HOUR},
        {"maximum": {"phone": 1, "chat": 1}, "capacity": 8},
        {"skills": {"hvac": 3}},
    )
    return replace(agent, **dice.choice(limits))


def branched(life: Life) -> Desk:
    """A desk that goes on from here by itself."""
    desk = Desk(rules=life.rules)
    desk.world, desk.now = thaw(snapshot_of(life.world.seq, frozen(life.world)))[0], life.now
    return desk


def near_misses(world: World) -> Iterator[tuple[Item, Agent, Block]]:
    """Each agent with one block only, of each waiting item."""
    for item in naive.waiting(world):
        for agent in world.agents.values():
            found = blocks(world, item, agent)
            if len(found) == 1:
                yield item, agent, found[0]


@pytest.mark.slow_proof
@pytest.mark.timeout(0)
def test_the_one_change_gets_the_item_to_every_agent_with_one_block_whatever_it_is() -> None:
    tried: Counter[BlockKind] = Counter()
    for life in even_lives(MANY):
        for item, agent, block in near_misses(life.world):
            order = served_in_order(life.world, agent)
            command = mend(life.world, agent, block)
            if command is None:
                continue
            tried[block.kind] += 1
            desk = branched(life)
            gets_it_or_a_better_one(desk, item, agent, order, desk.do(command))
    print(f"\nchanges made: { {kind.value: count for kind, count in tried.items()} }")

    assert {BlockKind.PRESENCE, *IN_THE_PROFILE} <= set(tried)


@pytest.mark.slow_proof
@pytest.mark.timeout(0)
def test_what_passes_by_itself_has_passed_at_the_instant_told() -> None:
    """Then he is offered it, or somebody else is, or something new is in his way."""
    tried: Counter[BlockKind] = Counter()
    for life in even_lives(MANY):
        for item, agent, block in near_misses(life.world):
            if not block.until:
                continue
            tried[block.kind] += 1
            desk = branched(life)
            desk.wait_until(block.until)
            after = desk.world.items.get(item.id)
            if after is not None and after.state is ItemState.QUEUED:
                left = blocks(desk.world, after, desk.agent(agent.id))
                assert left
                assert block not in left
    print(f"\nwaited for: { {kind.value: count for kind, count in tried.items()} }")

    assert set(tried) >= {
        BlockKind.OFF_SHIFT,
        BlockKind.COOL_DOWN,
        BlockKind.CAP,
        BlockKind.DECLINED,
        BlockKind.RESERVED,
    }


def test_an_item_asks_for_less_and_a_shift_begins_when_the_why_not_says_so() -> None:
    steps, shifts = 0, 0
    for life in even_lives(SOME):
        for item in naive.waiting(life.world):
            told = why_not(life.world, item)
            if told.relaxes_at:
                desk = branched(life)
                desk.wait_until(told.relaxes_at)
                steps += 1
                assert stepped(desk.world, item)
            if told.lack.kind is LackKind.NOBODY_ON_SHIFT:
                desk = branched(life)
                desk.wait_until(told.lack.until)
                shifts += 1
                assert stepped(desk.world, item) or somebody_on_shift(desk.world, item.id)
    print(f"\n{steps} steps, {shifts} shifts")

    assert steps
    assert shifts


def stepped(world: World, item: Item) -> bool:
    """It asks for less, or does not wait here any more."""
    now = world.items.get(item.id)
    return now is None or (now.state, now.queue, now.relaxed) != (
        item.state,
        item.queue,
        item.relaxed,
    )


def somebody_on_shift(world: World, item: str) -> bool:
    return any(
        naive.fits(world, agent, world.items[item]) and "off_shift" not in agent.held_back
        for agent in world.agents.values()
    )
