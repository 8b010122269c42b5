"""Whether to send calls here: the standard health service, told from the partitions' own state.

"" and each service of the API say readiness; "liveness" says that the process answers at all.
"""

import asyncio
from collections.abc import Iterable

from grpc_health.v1 import health_pb2
from grpc_health.v1.health import aio as grpc_health

from routing_service.server import metric_names as names
from routing_service.server.desks import Desks
from routing_service.server.metrics import Metrics

LIVENESS = "liveness"
LOOK_SECONDS = 0.25
"""How soon a recovering desk is seen."""

_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Health:
    """Follows the partitions until it is drained."""

    def __init__(self, services: Iterable[str]) -> None:
        self.servicer = grpc_health.HealthServicer()
        self._services = ("", *services)
        self._draining = False

    async def begin(self) -> None:
        """Alive, not ready yet."""
        await self.servicer.set(LIVENESS, _SERVING)
        await self._say(_NOT_SERVING)

    async def follow(self, desks: Desks, metrics: Metrics) -> None:
        """For ever: ready while every desk serves. Tells the depth of the inboxes, too."""
        refused: dict[str, int] = {}
        while not self._draining:
            await self.look(desks)
            for desk in desks:
                inbox = desk.partition.inbox
                metrics.put(names.INBOX_DEPTH, len(inbox), desk.name)
                more = inbox.refused - refused.get(desk.name, 0)
                metrics.add(names.INBOX_REJECTED, desk.name, "INBOX_FULL", by=more)
                refused[desk.name] = inbox.refused
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, desks: Desks) -> None:
        """Say whether every desk serves now."""
        ready = all(desk.partition.serving for desk in desks)
        await self._say(_SERVING if ready else _NOT_SERVING)

    async def drain(self) -> None:
        """From here on: alive, and no new calls please."""
        self._draining = True
        await self._say(_NOT_SERVING)

    async def _say(self, status: int) -> None:
        for service in self._services:
            await self.servicer.set(service, status)
