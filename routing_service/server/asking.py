"""Requests to the partition whose replies need more of World than the general ones give."""

from typing import ClassVar

import msgspec

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import AckEvents, AnyCommand, SetOutsideWork, SetPresence
from routing_service.core.records.errors import Invalid
from routing_service.core.records.lifecycle import HoldState
from routing_service.core.records.model import Agent
from routing_service.server.cursor import Place
from routing_service.server.guard import GuardedRules
from routing_service.server.requests import ItemCommandRequest, ItemReply, Lane, Outcome


class HandledReply(ItemReply, frozen=True, kw_only=True):
    """The item, when its wrap-up ends by itself, and from when the agent may end it; 0 = never.

    Both are 0 when there is no wrap-up: the capacity is free.
    """

    wrap_up_until: int = 0
    wrap_up_ready_at: int = 0


class CompleteRequest(ItemCommandRequest, frozen=True, kw_only=True):
    """The handling of an item is done."""

    def reply(self, world: World, outcome: Outcome) -> HandledReply:
        """The item and the agent's wrap-up for it."""
        plain = super().reply(world, outcome)
        agent = world.agents.get(getattr(self.asked, "agent", ""))
        hold = agent.holds.get(outcome.item) if agent else None
        wraps_up = hold is not None and hold.state is HoldState.WRAP_UP
        return HandledReply(
            **msgspec.structs.asdict(plain),
            wrap_up_until=hold.until if hold is not None and wraps_up else 0,
            wrap_up_ready_at=hold.ready_at if hold is not None and wraps_up else 0,
        )


class Standing(msgspec.Struct, frozen=True):
    """Where an agent stands after what he said, and the record's seq."""

    agent: Agent
    seq: int


class StandingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent says about himself, answered with where he stands."""

    actor: str = ""
    request_id: str = ""
    fingerprint: bytes = b""
    asked: SetPresence | SetOutsideWork
    lane: ClassVar[Lane] = Lane.CONTROL

    def command(self, world: World, rules: GuardedRules, now: int) -> AnyCommand:
        """The presence with the caller's identity."""
        return msgspec.structs.replace(
            self.asked,
            actor=self.actor,
            request_id=self.request_id,
            fingerprint=self.fingerprint,
        )

    def reply(self, world: World, outcome: Outcome) -> Standing:
        """Where he stands."""
        return Standing(world.agent(self.asked.agent), outcome.seq)


class AckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A consumer has everything up to a place, answered with where he stands now."""

    actor: str = ""
    request_id: str = ""
    fingerprint: bytes = b""
    consumer: str
    place: Place
    lane: ClassVar[Lane] = Lane.CONTROL

    def command(self, world: World, rules: GuardedRules, now: int) -> AnyCommand:
        """The place, never behind where he is; Invalid(CURSOR_INVALID) for one that is not yet."""
        if self.place.seq > world.seq:
            raise Invalid("CURSOR_INVALID", "The cursor is ahead of the desk's log.")
        place = max(self.place, Place(*world.consumers.get(self.consumer, (0, 0))))
        return AckEvents(actor=self.actor, consumer=self.consumer, seq=place.seq, index=place.index)

    def reply(self, world: World, outcome: Outcome) -> Place:
        """Where he stands."""
        return Place(*world.consumers[self.consumer])
