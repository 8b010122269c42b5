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

from routing_service.clock import Clock, ManualClock
from routing_service.core.commands import AnyCommand, Tick, TimerKey
from routing_service.core.decide import subject
from routing_service.core.errors import RoutingError, Unavailable
from routing_service.core.journal import Record
from routing_service.core.step import turn
from routing_service.core.world import World
from routing_service.rulebook.model import Rulebook
from routing_service.server.commit import Batch, Commits, Snapshots, Watcher
from routing_service.server.guard import GuardedRules, ObserveVerdict, unobserved
from routing_service.server.inbox import Entry, Inbox, Result
from routing_service.server.recovery import active_rulebook, recover
from routing_service.server.requests import ActivateRequest, Lane, Outcome, Request
from routing_service.store.base import Store
from routing_service.store.errors import StoreError

log = logging.getLogger(__name__)
T = TypeVar("T")

TICK_LIMIT = 500
"""Overdue deadlines fired in one tick, interleaved with commands (design §7)."""
LOOK_AGAIN_SECONDS = 0.5
"""The longest sleep: a wall clock that was set forward is noticed at least this often."""
RECOVERY_TRIES = 5
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
        self.clock = clock
        self.dev = isinstance(clock, ManualClock)
        self.world = World(desk)
        self.rules = GuardedRules(None, options.observe_verdict)
        self.inbox = Inbox(options.inbox_limit)
        self.serving = False
        self._store = store
        self._options = options
        snapshots = Snapshots(options.snapshot_every, options.observe_snapshot)
        self._commits = Commits(desk, store, self.inbox, watchers, snapshots)
        self._batch = Batch()
        self._draining = False
        self._fault = False
        self._isolating = False
        self._poison: set[TimerKey] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def rulebook(self) -> Rulebook:
        """The active rulebook; Unavailable(NO_RULEBOOK) before the first one."""
        if self.rules.rulebook is None:
            raise Unavailable("NO_RULEBOOK", "The desk has no rulebook yet: activate one first.")
        return self.rules.rulebook

    async def start(self, pack: Rulebook | None = None) -> None:
        """Recover, put the journaled rulebook to work, then `pack` if it is another one."""
        await self._recover("start")
        self._task = asyncio.create_task(self._run(), name=f"partition {self.desk}")
        if pack is not None and pack.digest != self.world.digest:
            await self.ask(ActivateRequest(actor="system", rulebook=pack))

    async def ask(self, request: Request[T]) -> T:
        """The reply, durable; RoutingError when the request cannot be."""
        (result,) = await self._accepted([request], request.lane)
        return _value(result)  # type: ignore[no-any-return]  # the request's own reply type

    async def ask_many(self, requests: Sequence[Request[T]]) -> list[T | RoutingError]:
        """Replies in order; a request that cannot be does not hinder the others."""
        return await self._accepted(requests, requests[0].lane) if requests else []

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
            some, done = await self.query(lambda _: self._advance_some(to))
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
            self._cycle()
            if self._fault or self._commits.broken:
                await self._restart()
            await asyncio.sleep(0)

    async def _work_or_deadline(self) -> None:
        arrived = self.inbox.arrived
        if len(self.inbox) or self._draining or self._commits.broken:
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

    def _cycle(self) -> None:
        """One tick and one share of the inbox, in one append."""
        self._batch = Batch()
        now = max(self.clock.now(), self.world.now)
        try:
            if not self.dev:
                self._tick(now)
            for entry in self.inbox.take():
                self._serve(entry)
        finally:
            self._commits.append(self._batch, self.world, dev=self.dev)

    def _serve(self, entry: Entry) -> None:
        if self._fault:
            self._batch.answer(entry, [_recovering()] * entry.size)
        elif callable(entry.work):
            self._batch.answer(entry, [self._guarded(entry.work)])
        else:
            self._batch.answer(entry, [self._one(request) for request in entry.work])

    def _guarded(self, question: Callable[[World], Any]) -> Result:
        try:
            return question(self.world)
        except Exception as error:  # noqa: BLE001 - handed to the caller, whose bug it is
            return error

    def _one(self, request: Request[Any]) -> Result:
        """The reply or the error; a fault half way drops World at the end of the cycle."""
        before = self.world.seq
        try:
            return self._decide(request)
        except RoutingError as error:
            if self.world.seq == before:
                return error
            return self._faulted(error)
        except Exception as error:  # noqa: BLE001 - a bug of ours: recover by replay, go on
            return self._faulted(error)

    def _decide(self, request: Request[Any]) -> Result:
        world = self.world
        known = world.first_answer(request.actor, request.request_id, request.fingerprint)
        if known is not None:
            outcome = Outcome(seq=known.seq, item=known.item, offer=known.offer, repeated=True)
            return request.reply(world, outcome)
        now = max(self.clock.now(), world.now)
        command = request.command(world, self.rules, now)
        record = self._turn(command, now)[0]
        if isinstance(request, ActivateRequest):
            self.rules.rulebook = request.rulebook
        item, offer = subject(command, record.events)
        return request.reply(world, Outcome(seq=record.seq, item=item, offer=offer))

    def _faulted(self, error: Exception) -> Exception:
        log.error("a command failed half way", exc_info=error, extra={"action": "fault"})
        self._fault = True
        return error

    def _turn(self, command: AnyCommand, now: int) -> list[Record]:
        records = turn(self.world, command, now, self.rules, dev=self.dev)
        self._batch.add(records, self.world)
        return records

    def _tick(self, now: int) -> int:
        due = self.world.take_due(now, 1 if self._isolating else TICK_LIMIT)
        self._isolating = self._isolating and bool(due)
        timers = tuple(timer for timer in due if timer not in self._poison)
        if timers:
            try:
                self._turn(Tick(actor="engine", timers=timers), now)
            except Exception as error:  # noqa: BLE001 - a bug of ours: recover by replay, go on
                self._isolate(timers, error)
        return len(timers)

    def _isolate(self, timers: tuple[TimerKey, ...], error: Exception) -> None:
        """A deadline that fails must not stop the others: find it, then leave it out, loudly."""
        self._faulted(error)
        self._isolating = len(timers) > 1
        if not self._isolating:
            self._poison.add(timers[0])
            log.critical("a deadline is left out: %s", timers[0], extra={"action": "poison"})

    def _advance_some(self, to: int) -> tuple[int, bool]:
        """Up to TICK_LIMIT deadlines, instant by instant; (fired, whether `to` is reached)."""
        clock = self.clock
        if not isinstance(clock, ManualClock):
            raise Unavailable("NOT_DEV", "Only a service started with --dev has a movable clock.")
        fired = 0
        while fired < TICK_LIMIT and not self._fault:
            due = self.world.next_due()
            if due is None or due > to:
                clock.set(max(to, clock.now()))
                return fired, True
            clock.set(max(due, clock.now()))
            fired += self._tick(clock.now())
        return fired, False

    async def _restart(self) -> None:
        """Drop World and recover by replay, exactly as at the start."""
        self.serving = False
        cause = "fault" if self._fault else "append_failed"
        await self._commits.settled()
        for attempt in range(RECOVERY_TRIES):
            try:
                await self._recover(cause)
            except StoreError as error:
                log.error("recovery failed", exc_info=error, extra={"action": "recover"})  # noqa: TRY400 - exc_info is given
                await asyncio.sleep(RECOVERY_PAUSE_SECONDS * 2**attempt)
            else:
                return
        self._draining = True
        for entry in self.inbox.take():
            self.inbox.fail(entry, _recovering())
        self._options.on_fatal(f"desk {self.desk}: the store stays unusable")

    async def _recover(self, cause: str) -> None:
        started = asyncio.get_running_loop().time()
        await self._commits.acquire()
        gc.disable()  # nothing made here is garbage: looking for some would take as long again
        try:
            found = await recover(self._store, self.desk, dev=self.dev)
        finally:
            gc.enable()
        self.world = found.world
        self.rules.rulebook = active_rulebook(self.world, self.rules.rulebook)
        if isinstance(self.clock, ManualClock):
            self.clock.set(max(self.clock.now(), self.world.now))
        self._commits.begin(self.world.seq)
        self._fault = False
        self.serving = True
        gc.collect()
        gc.freeze()  # what was recovered stays: the collector need not look at it again
        seconds = asyncio.get_running_loop().time() - started
        self._commits.tell_recovered(self.world, cause, seconds)


def _recovering() -> RoutingError:
    return Unavailable("RECOVERING", "The desk is recovering: retry with the same key in a moment.")


def _value(result: Result) -> Any:
    if isinstance(result, Exception):
        raise result
    return result
