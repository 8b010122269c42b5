"""How a desk's rulebook is changed: read, checked, compiled, tried, then put in force in one turn.

All that takes long runs beside the desk, so requests are served meanwhile, each by the one rulebook
in force when its turn comes. A broken one replaces nothing. Nothing of gRPC enters here.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from routing_service.core.records.errors import Invalid, RoutingError
from routing_service.rulebook.digest import bundle
from routing_service.rulebook.engine import DurableEngine
from routing_service.rulebook.engines import Kind
from routing_service.rulebook.findings import RulebookInvalid
from routing_service.rulebook.loader import load_pack, load_source
from routing_service.rulebook.model import Rulebook
from routing_service.server import metric_names as names
from routing_service.server.arming import Arming
from routing_service.server.beside import beside
from routing_service.server.engine_figures import EngineFigures, durable_of
from routing_service.server.metrics import Metrics
from routing_service.server.partition import Partition
from routing_service.server.requests import ActivateRequest

log = logging.getLogger(__name__)

MAX_FILES = 200
FINDINGS_TOLD = 3
"""Findings of a refused pack that a log line holds; `check` prints all."""
SYSTEM = "system"
"""The actor of changes that no call asked for."""


class Activated(msgspec.Struct, frozen=True, kw_only=True):
    """The rulebook, the digest before it, and the seq of its record; 0 = it was in force."""

    rulebook: Rulebook
    previous: str
    seq: int


class Activation:
    """Changes the rules of one desk, one change after the other."""

    def __init__(
        self,
        partition: Partition,
        pack: Path,
        arming: Arming,
        fingerprint: Callable[[bytes], bytes],
        metrics: Metrics,
    ) -> None:
        self.pack = pack
        self.figures = EngineFigures(partition.desk, metrics)
        self._partition = partition
        self._desk = partition.desk
        self._arming = arming
        self._fingerprint = fingerprint
        self._metrics = metrics
        self._one_at_a_time = asyncio.Lock()
        self._running: set[asyncio.Task[Activated]] = set()

    @property
    def kind(self) -> Kind:
        """The engine that the settings want."""
        return self._arming.kind

    async def load(self, files: Mapping[str, str]) -> Rulebook:
        """The rulebook of these files, of the desk's folder when there are none; not armed.

        Invalid(MAP_TOO_LARGE), RulebookInvalid.
        """
        if len(files) > MAX_FILES:
            raise Invalid("MAP_TOO_LARGE", f"A pack has at most {MAX_FILES} files.", field="files")
        if not files:
            return await beside(load_pack, self.pack)
        return await beside(load_source, bundle(dict(files)))

    async def activate(
        self, files: Mapping[str, str], *, cause: str, actor: str = SYSTEM, key: str = ""
    ) -> Activated:
        """Put these files, or the folder, in force; RoutingError: what was in force stays.

        `cause` is told in the log. A `key` that put it in force before does not do so again. What
        was begun is ended, even when the caller goes away.
        """
        changing = asyncio.create_task(self._activate(files, cause, actor, key))
        self._running.add(changing)
        changing.add_done_callback(self._running.discard)
        return await asyncio.shield(changing)

    async def settled(self) -> None:
        """Until nothing is being changed."""
        while self._running:
            await asyncio.wait(self._running)

    async def _activate(
        self, files: Mapping[str, str], cause: str, actor: str, key: str
    ) -> Activated:
        async with self._one_at_a_time:
            try:
                done = await self._change(files, actor, key)
            except RoutingError as error:
                self._tell_refused(error, cause, from_folder=not files)
                raise
        self._metrics.add(names.RULEBOOK_LOADS, self._desk, "ok")
        self._metrics.put(names.RULEBOOK_STALE, 0, self._desk)
        told = {"desk": self._desk, "digest": done.rulebook.digest, "cause": cause}
        log.info("activate_rulebook", extra=told | {"unchanged": not done.seq})
        return done

    async def _change(self, files: Mapping[str, str], actor: str, key: str) -> Activated:
        rulebook = await self.load(files)
        previous = await self._partition.query(lambda world: world.digest)
        if rulebook.digest == previous:
            return Activated(rulebook=rulebook, previous=previous, seq=0)
        armed = await self._arming.arm(rulebook, None if files else self.pack)
        request = ActivateRequest(
            actor=actor,
            request_id=key,
            fingerprint=self._fingerprint(rulebook.digest.encode()),
            rulebook=armed,
        )
        return Activated(rulebook=armed, previous=previous, seq=await self._swapped(request))

    async def arm_active(self) -> None:
        """Give the rulebook in force its engine, as after a start; RulebookInvalid by its trial."""
        async with self._one_at_a_time:
            rules = self._partition.rules
            before = rules.rulebook
            if before is None or durable_of(before) is not None:
                return
            armed = await self._arming.arm(before)
            if rules.rulebook is before:
                rules.rulebook = armed
                self._let_go(before)
            else:  # a recovery came in between
                armed.close()

    async def rebuild(self, engine: DurableEngine) -> None:
        """Compile anew what is in quarantine, with requests served in between."""
        async with self._one_at_a_time:
            for _ in engine.rebuild():
                await asyncio.sleep(0)

    async def _swapped(self, request: ActivateRequest) -> int:
        """Ask the writer; whichever of the two rulebooks decides nothing any more is closed."""
        before = self._partition.rules.rulebook
        try:
            return await self._partition.ask(request)
        finally:
            in_force = self._partition.rules.rulebook
            if before is not None and before is not in_force:
                self._let_go(before)
            if request.rulebook is not in_force:
                request.rulebook.close()

    def _let_go(self, rulebook: Rulebook) -> None:
        """It decided until now and does so no more: what it did is counted first."""
        self.figures.tell(rulebook)
        rulebook.close()
        self.figures.tell(self._partition.rules.rulebook)

    def _tell_refused(self, error: RoutingError, cause: str, *, from_folder: bool) -> None:
        self._metrics.add(names.RULEBOOK_LOADS, self._desk, "failed")
        if from_folder:
            self._metrics.put(names.RULEBOOK_STALE, 1, self._desk)
        found = {"findings": first_findings(error), "details": error.details}
        why = {"reason": error.reason, "why": error.message, **found}
        log.warning("activate_rulebook", extra={"desk": self._desk, "cause": cause, **why})


def first_findings(error: RoutingError) -> list[str]:
    """The first few findings of a refused pack, as `check` prints them; none of other errors."""
    found = error.findings if isinstance(error, RulebookInvalid) else ()
    return [str(finding) for finding in found[:FINDINGS_TOLD]]
