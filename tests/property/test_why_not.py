"""Every waiting item has a why-not, and it is true: what it names is what keeps each agent from it.

Blocks are compared with naive.can_take, which reads records only; changes are made as commands.
"""

from collections.abc import Callable, Mapping
from itertools import combinations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from routing_service.core.blocks import Block, BlockKind, blocks
from routing_service.core.commands import AnyCommand, PutAgents, SetPresence
from routing_service.core.events import OfferMade
from routing_service.core.lifecycle import Presence
from routing_service.core.model import Agent, Item
from routing_service.core.why_not import KEPT, LackKind, NearMiss, why_not
from routing_service.core.world import World
from tests.desk import only
from tests.property import naive
from tests.property.life import Life
from tests.property.moves import Move, moves

pytestmark = pytest.mark.timeout(300)  # many lives: a busy machine takes its time, a hunt more

_DICE = st.integers(0, 11)
_BLOCKING = st.builds(
    Move,
    st.sampled_from(("open", "open", "put", "presence", "decline", "accept")),
    *(_DICE, _DICE, _DICE, _DICE),
)
LIVES = st.lists(moves | _BLOCKING, min_size=15, max_size=25)
"""Lives in which much waits for many reasons."""
FAR = 2**62


def queues(agent: Agent, block: Block) -> Agent:
    return replace(agent, queues=(*agent.queues, block.detail))


def skill(agent: Agent, block: Block) -> Agent:
    return replace(agent, skills={**agent.skills, block.skill: block.needed})


def room(agent: Agent, block: Block) -> Agent:
    return replace(agent, capacity=naive.held(agent) + block.needed)


def maximum(agent: Agent, block: Block) -> Agent:
    rest = {channel: most for channel, most in agent.maximum.items() if channel != block.detail}
    return replace(agent, maximum=rest)


IN_THE_PROFILE: Mapping[BlockKind, Callable[[Agent, Block], Agent]] = {
    BlockKind.NOT_IN_QUEUE: queues,
    BlockKind.SKILL: skill,
    BlockKind.CEILING: skill,
    BlockKind.CAPACITY: room,
    BlockKind.CHANNEL_MAXIMUM: maximum,
    BlockKind.CAP: lambda agent, _: replace(agent, cap=0, cap_window=0),
    BlockKind.OFF_SHIFT: lambda agent, _: replace(agent, calendar="always"),
}
"""What is put right by another profile."""


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


@settings(max_examples=max(60, settings().max_examples))
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


@settings(max_examples=max(60, settings().max_examples))
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


def mend(world: World, agent: Agent, block: Block) -> AnyCommand | None:
    """The command that makes the one change; None where only time makes it."""
    if block.kind is BlockKind.PRESENCE:
        return SetPresence(agent=agent.id, presence=Presence.AVAILABLE)
    change = IN_THE_PROFILE.get(block.kind)
    if change is None:
        return None
    profile = change(agent, block)
    known = tuple(queue for queue in profile.queues if queue in world.plan.queues)
    return PutAgents(agents=(replace(profile, queues=known),))


@settings(max_examples=max(100, settings().max_examples))
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

    order = {each.id: _served(life, agent, each) for each in naive.waiting(life.world)}
    made = only(OfferMade, life.do(command))

    assert any(
        offer.agent == agent.id and order[offer.item] <= order[item.id]
        for offer in made
        if offer.item in order  # not a further wave of what is offered already
    )


def _served(life: Life, agent: Agent, item: Item) -> tuple[int, int, str]:
    """Where the item stands for the agent."""
    return -naive.urgency(life.world, agent, item), naive.place(life.world, item), item.id
