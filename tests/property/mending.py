"""The one change to an agent that a why-not names: another profile, another presence, time."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from routing_service.core.choice.blocks import Block, BlockKind
from routing_service.core.desk.world import World
from routing_service.core.journal.commands import AnyCommand, PutAgents, SetPresence
from routing_service.core.records.lifecycle import Presence
from routing_service.core.records.model import Agent
from tests.property import naive


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


def mend(world: World, agent: Agent, block: Block) -> AnyCommand | None:
    """The command that makes the one change; None where only time makes it."""
    if block.kind is BlockKind.PRESENCE:
        return SetPresence(agent=agent.id, presence=Presence.AVAILABLE)
    change = IN_THE_PROFILE.get(block.kind)
    if change is None:
        return None
    profile, channels = change(agent, block), world.plan.channel_cost
    known = tuple(queue for queue in profile.queues if queue in world.plan.queues)
    maximum = {name: most for name, most in profile.maximum.items() if name in channels}
    return PutAgents(agents=(replace(profile, queues=known, maximum=maximum),))
