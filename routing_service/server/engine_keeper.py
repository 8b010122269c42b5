"""Looks after the engine of a desk's rules: its figures, its repair, and its place after a start.

A start serves at once with the plain matcher; the engine takes its place when it has passed its
trial. Decides nothing: whatever engine answers, the answer is the same.
"""

import asyncio
import logging

from routing_service.core.records.errors import RoutingError
from routing_service.rulebook.engines import Kind
from routing_service.server.activation import Activation, first_findings
from routing_service.server.engine_figures import durable_of
from routing_service.server.partition import Partition

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
RETRY_SECONDS = 600.0
"""After a trial found something: a machine without time or memory may have some later."""


class EngineKeeper:
    """One desk's; `keep` runs beside it."""

    def __init__(self, partition: Partition, activation: Activation) -> None:
        self._partition = partition
        self._activation = activation
        self._refused = ""
        self._refused_at = 0.0

    async def keep(self) -> None:
        """For ever."""
        while True:
            self.look()
            try:
                await self._mend()
            except Exception:  # a bug of ours must not end the watch over the engine
                log.exception("engine", extra={"action": "engine", "desk": self._partition.desk})
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Tell the figures as they are now."""
        self._activation.figures.tell(self._partition.rules.rulebook)

    async def _mend(self) -> None:
        rulebook = self._partition.rules.rulebook
        if rulebook is None or self._activation.kind is Kind.REFERENCE:
            return
        durable = durable_of(rulebook)
        if durable is None:
            await self._arm(rulebook.digest)
        elif durable.needs_rebuild:
            await self._activation.rebuild(durable)

    async def _arm(self, digest: str) -> None:
        """Put the engine to work that the settings want; after a refusal not again at once."""
        now = asyncio.get_running_loop().time()
        if digest == self._refused and now < self._refused_at + RETRY_SECONDS:
            return
        try:
            await self._activation.arm_active()
        except RoutingError as error:
            self._refused, self._refused_at = digest, now
            told = {"desk": self._partition.desk, "digest": digest}
            log.error("engine_refused", extra=told | {"findings": first_findings(error)})  # noqa: TRY400 - the findings say it all
