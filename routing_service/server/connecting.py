"""An agent's Work stream opens: the request, answered with the epoch that fences earlier ones."""

from typing import ClassVar

import msgspec

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import ConnectAgent
from routing_service.server.guard import GuardedRules
from routing_service.server.requests import Lane, Outcome


class ConnectRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Answered with the agent's new epoch. Without idempotency: each stream is another one."""

    lane: ClassVar[Lane] = Lane.CONTROL
    request_id: ClassVar[str] = ""
    fingerprint: ClassVar[bytes] = b""
    actor: str = ""
    agent: str

    def command(self, world: World, rules: GuardedRules, now: int) -> ConnectAgent:
        """The next epoch begins."""
        return ConnectAgent(actor=self.actor, agent=self.agent)

    def reply(self, world: World, outcome: Outcome) -> int:
        """The epoch that fences earlier streams."""
        return world.agent(self.agent).epoch
