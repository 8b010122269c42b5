"""One desk's single writer: takes requests, asks the rules, decides, appends, then answers.

Nothing leaves before the append that covers it returns. If an append fails, World is dropped and
recovered by replay: there is no rollback code. Nothing of gRPC enters here.
"""

import asyncio
import gc
import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from routing_service.clock import Clock
from routing_service.core.desk.world import World
from routing_service.core.records.errors import RoutingError, Unavailable
from routing_service.rulebook.model import Rulebook
from routing_service.server.beside import beside
from routing_service.server.commit import Commits, Snapshots, Watcher
from routing_service.server.guard import GuardedRules, ObserveVerdict, unobserved
from routing_service.server.inbox import CYCLE, Inbox, Result
from routing_service.server.recovery import active_rulebook, recover
from routing_service.server.requests import ActivateRequest, Lane, Request
from routing_service.server.writer import Writer, recovering
from routing_service.store.base import Store
from routing_service.store.errors import StoreError

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOK_AGAIN_SECONDS = 0.5
"""The longest sleep: a wall clock that was set forward is noticed at least this often."""
RECOVERY_TRIES = 5
GATHER_SECONDS = 0.01
"""The longest that requests wait for others to join them."""
QUIET_TURNS = 8
"""Turns of the event loop in which nobody came: one request takes several to be read."""
RECOVERY_PAUSE_SECONDS = 0.2


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of a partition. `on_fatal` is told when the store stays unusable."""

    inbox_limit: int = 10_000
    snapshot_every: int = 50_000
    observe_verdict: ObserveVerdict = unobserved
    observe_snapshot: Callable[[float], None] = lambda _: None
    on_fatal: Callable[[str], None] = log.critical


class Partition:
    """Start, ask, drain. `world` may be read only inside the writer task (through `query`)."""

    def __init__(
        self,
        desk: str,
        store: Store,
        clock: Clock,
        watchers: Sequence[Watcher] = (),
        options: Options = Options(),  # noqa: B008 - frozen, so one default serves all
    ) -> None:
        self.desk = desk
        self.inbox = Inbox(options.inbox_limit)
        self.serving = False
        self._writer = Writer(desk, clock, GuardedRules(None, options.observe_verdict))
        self._store = store
        self._options = options
        snapshots = Snapshots(options.snapshot_every, options.observe_snapshot)
        self._commits = Commits(desk, store, self.inbox, watchers, snapshots)
        self._draining = False
        self._task: asyncio.Task[None] | None = None

    @property
    def clock(self) -> Clock:
        """The desk's clock."""
        return self._writer.clock

    @property
    def dev(self) -> bool:
        """Whether the clock moves only when it is told."""
        return self._writer.dev

    @property
    def world(self) -> World:
        """The desk's state; another object after a recovery."""
        return self._writer.world

    @property
    def rules(self) -> GuardedRules:
        """The active rules, or none yet."""
        return self._writer.rules

    @property
    def rulebook(self) -> Rulebook:
        """The active rulebook; Unavailable(RECOVERING) while the first one is read and tried."""
        if self.rules.rulebook is None:
            raise Unavailable("RECOVERING", "The desk is starting: retry in a moment.")
        return self.rules.rulebook

    async def start(self, pack: Rulebook | None = None) -> None:
        """Recover, put the journaled rulebook to work, then `pack` if it is another one."""
        await self._recover("start")
        self._task = asyncio.create_task(self._run(), name=f"partition {self.desk}")
        self._task.add_done_callback(self._ended)
        if pack is not None and pack.digest != self.world.digest:
            await self.ask(ActivateRequest(actor="system", rulebook=pack))

    async def ask(self, request: Request[T]) -> T:
        """The reply, durable; RoutingError when the request cannot be."""
        (result,) = await self._accepted((request,), request.lane)
        return _value(result)  # type: ignore[no-any-return]  # the request's own reply type

    def put(self, requests: Sequence[Request[T]]) -> "asyncio.Future[list[T | RoutingError]]":
        """Replies in order; a request that cannot be does not hinder the others.

        All of one lane, and taken before anything that is put after them.
        """
        return self._accepted(requests, requests[0].lane if requests else Lane.SUBMIT)

    async def query(self, question: Callable[[World], T]) -> T:
        """Read World in the writer; answered when all it has seen is durable."""
        (result,) = await self._accepted(question, Lane.ANSWER)
        return _value(result)  # type: ignore[no-any-return]  # the question's own type

    def _accepted(
        self, work: Sequence[Request[Any]] | Callable[[World], Any], lane: Lane
    ) -> "asyncio.Future[list[Result]]":
        if self._draining:
            raise Unavailable("DRAINING", "The service is shutting down: retry on another address.")
        return self.inbox.put(work, lane)

    async def advance(self, to: int) -> int:
        """Dev clock only: fire every deadline up to `to`, each at its own instant; after commit."""
        fired, done = 0, False
        while not done:
            some, done = await self.query(lambda _: self._writer.advance(to))
            fired += some
        return fired

    async def drain(self) -> None:
        """Refuse new work, finish what was accepted, keep a snapshot."""
        self._draining = True
        self.inbox.arrived.set()
        if self._task is not None:
            await self._task
        await self._commits.settled()
        await self._commits.save_now(self.world, dev=self.dev)

    async def _run(self) -> None:
        while not (self._draining and not len(self.inbox)):
            await self._work_or_deadline()
            await self._commits.landed()
            await self._gather()
            if not self._commits.broken:
                self._cycle()
            if (self._writer.faulty or self._commits.broken) and not await self._restart():
                return
            await asyncio.sleep(0)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """The writer never ends but by draining: anything else must not leave callers waiting."""
        if task.cancelled():  # the event loop is closing: nobody is left to tell
            return
        error = task.exception()
        if self._draining and error is None:
            return
        log.critical("the writer ended", exc_info=error, extra={"action": "writer"})
        self._give_up("its writer ended")

    def _give_up(self, why: str) -> None:
        self._draining = True
        self.serving = False
        while len(self.inbox):
            for entry in self.inbox.take():
                self.inbox.fail(entry, recovering())
        self._options.on_fatal(f"desk {self.desk}: {why}")

    async def _work_or_deadline(self) -> None:
        arrived = self.inbox.arrived
        if len(self.inbox) or self._draining or self._commits.broken or self.world.stale:
            return
        arrived.clear()
        due = None if self.dev else self.world.next_due()
        if due is None:
            await arrived.wait()
            return
        delay = max(0.0, (due - self.clock.now()) / 1e6)
        timer = asyncio.get_running_loop().call_later(min(delay, LOOK_AGAIN_SECONDS), arrived.set)
        await arrived.wait()
        timer.cancel()

    async def _gather(self) -> None:
        """While callers overlap, wait until nobody joins any more, but not for long.

        A cycle and its append cost as much for one request as for fifty.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + GATHER_SECONDS
        quiet, seen = 0, self.inbox.unanswered
        while 1 < seen < CYCLE and quiet < QUIET_TURNS and loop.time() < until:
            await asyncio.sleep(0)
            quiet = 0 if self.inbox.unanswered > seen else quiet + 1
            seen = self.inbox.unanswered

    def _cycle(self) -> None:
        """One tick and one share of the inbox, in one append."""
        entries = self.inbox.take()
        try:
            self._commits.append(self._writer.cycle(entries), self.world, dev=self.dev)
        except Exception:
            for entry in entries:
                self.inbox.fail(entry, recovering())
            raise

    async def _restart(self) -> bool:
        """Drop World and recover by replay, exactly as at the start. False = the store is dead."""
        self.serving = False
        cause = "fault" if self._writer.faulty else "append_failed"
        await self._commits.settled()
        for attempt in range(RECOVERY_TRIES):
            try:
                await self._recover(cause)
            except StoreError as error:
                log.error("recovery failed", exc_info=error, extra={"action": "recover"})  # noqa: TRY400 - exc_info is given
                await asyncio.sleep(RECOVERY_PAUSE_SECONDS * 2**attempt)
            else:
                return True
        self._give_up("the store stays unusable")
        return False

    async def _recover(self, cause: str) -> None:
        started = asyncio.get_running_loop().time()
        await self._commits.acquire()
        gc.disable()  # nothing made here is garbage: looking for some would take as long again
        try:
            found = await recover(self._store, self.desk, dev=self.dev)
        finally:
            gc.enable()
        rulebook = await beside(active_rulebook, found.world, self.rules.rulebook)
        self._writer.reset(found.world, rulebook)
        self._commits.begin(found.world.seq, found.world.seq - found.replayed)
        self.serving = True
        gc.collect()
        gc.freeze()  # what was recovered stays: the collector need not look at it again
        seconds = asyncio.get_running_loop().time() - started
        self._commits.tell_recovered(self.world, cause, seconds)


def _value(result: Result) -> Any:
    if isinstance(result, Exception):
        raise result
    return result
