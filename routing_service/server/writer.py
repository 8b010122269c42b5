"""The synchronous work of one cycle: a tick, then requests in order, each decided on World at once.

Only the partition's task calls it. A command that fails half way leaves World unusable: the writer
says so (`faulty`) and the partition recovers by replay. No I/O, no awaiting.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from routing_service.clock import Clock, ManualClock
from routing_service.core.decide import subject
from routing_service.core.desk import correlation
from routing_service.core.desk.world import World
from routing_service.core.journal.command import ENGINE
from routing_service.core.journal.commands import AnyCommand, Retarget, Tick, TimerKey
from routing_service.core.journal.record import Record
from routing_service.core.promises import retarget
from routing_service.core.records.errors import RoutingError, Unavailable
from routing_service.core.step import turn
from routing_service.rulebook.model import Rulebook
from routing_service.server.commit import Batch
from routing_service.server.guard import GuardedRules
from routing_service.server.inbox import Entry, Result
from routing_service.server.requests import ActivateRequest, Outcome, Request
from routing_service.server.submit_request import SubmitRequest

log = logging.getLogger(__name__)

TICK_LIMIT = 500
"""Overdue deadlines fired in one tick, interleaved with commands (design §7)."""


class Writer:
    """World, its rules and the batch being filled. `dev` = the clock moves only when it is told."""

    def __init__(self, desk: str, clock: Clock, rules: GuardedRules) -> None:
        self.clock = clock
        self.dev = isinstance(clock, ManualClock)
        self.world = World(desk)
        self.rules = rules
        self.faulty = False
        self._batch = Batch()
        self._isolating = False
        self._poison: set[TimerKey] = set()
        self._one_by_one = False
        self._left: set[str] = set()

    def reset(self, world: World, rulebook: Rulebook | None) -> None:
        """Go on with a recovered World, without the deadlines that could not be decided."""
        before = self.rules.rulebook
        self.world = world
        self.rules.rulebook = rulebook
        if before is not None and before is not rulebook:
            before.close()
        self.faulty = False
        for timer in self._poison:
            world.timers.set(timer, None)
        for item in self._left:
            world.stale.pop(item, None)
        if isinstance(self.clock, ManualClock):
            self.clock.set(max(self.clock.now(), world.now))

    def cycle(self, entries: Iterable[Entry]) -> Batch:
        """One tick and these entries, as one batch to append."""
        self._batch = Batch()
        if not self.dev:
            self._tick(self._now())
        for entry in entries:
            self._serve(entry)
        self._retarget(retarget.next_slice(self.world), self._now())
        return self._batch

    def _now(self) -> int:
        return max(self.clock.now(), self.world.now)

    def _serve(self, entry: Entry) -> None:
        if self.faulty:
            self._batch.answer(entry, [recovering()] * entry.size)
        elif callable(entry.work):
            self._batch.answer(entry, [self._asked(entry.work)])
        else:
            self._batch.answer(entry, [self._one(request) for request in entry.work])

    def _asked(self, question: Callable[[World], Any]) -> Result:
        try:
            return question(self.world)
        except Exception as error:  # noqa: BLE001 - handed to the caller, whose bug it is
            return error

    def _one(self, request: Request[Any]) -> Result:
        """The reply or the error; World is lost only if something of the command was applied."""
        before = self.world.seq
        try:
            if self.world.stale:
                about = _about(request, self.world)
                self._retarget(retarget.not_moved(self.world, about), self._now())
                before = self.world.seq
            if self.faulty:
                return recovering()
            return self._decide(request)
        except RoutingError as error:
            return error if self.world.seq == before else self._faulted(error)
        except Exception as error:  # a bug of ours: tell the caller, go on
            if self.world.seq == before:
                log.exception("a request failed", extra={"action": "decide"})
                return error
            return self._faulted(error)

    def _decide(self, request: Request[Any]) -> Result:
        world = self.world
        known = world.first_answer(request.actor, request.request_id, request.fingerprint)
        if known is not None:
            outcome = Outcome(seq=known.seq, item=known.item, offer=known.offer, repeated=True)
            return request.reply(world, outcome)
        rules = self.rules
        if isinstance(request, ActivateRequest):  # the new rules answer for the new plan
            rules = rules.under(request.rulebook)
        now = self._now()
        command = request.command(world, rules, now)
        record = self._turn(command, now, rules)[0]
        if rules is not self.rules:
            self.rules.rulebook = rules.rulebook
            self._poison.clear()
            self._left.clear()
        item, offer = subject(command, record.events)
        return request.reply(world, Outcome(seq=record.seq, item=item, offer=offer))

    def _retarget(self, items: tuple[str, ...], now: int) -> None:
        """Move items to the rules in force; those that something is about come first."""
        if not items or self.faulty:
            return
        items = items[:1] if self._one_by_one else items
        try:
            self._turn(Retarget(actor=ENGINE, items=items), now, self.rules)
        except Exception as error:  # noqa: BLE001 - a bug of ours: recover by replay, go on
            self._faulted(error)
            self._leave_out(items)

    def _leave_out(self, items: tuple[str, ...]) -> None:
        """An item that cannot be moved must not stop the others: find it, then leave it, loudly."""
        self._one_by_one = len(items) > 1
        if not self._one_by_one:
            self._left.add(items[0])
            log.critical("an item keeps its former terms: %s", items[0], extra={"action": "poison"})

    def _turn(self, command: AnyCommand, now: int, rules: GuardedRules) -> list[Record]:
        records = turn(self.world, command, now, rules, dev=self.dev)
        self._batch.add(records, self.world)
        return records

    def _faulted(self, error: Exception) -> Exception:
        log.error("a command failed half way", exc_info=error, extra={"action": "fault"})
        self.faulty = True
        return error

    def _tick(self, now: int) -> int:
        timers = self.world.take_due(now, 1 if self._isolating else TICK_LIMIT)
        self._isolating = self._isolating and bool(timers)
        if self.world.stale:
            about = retarget.items_of(self.world, timers)
            self._retarget(retarget.not_moved(self.world, about), now)
        if timers and not self.faulty:
            try:
                self._turn(Tick(actor=ENGINE, timers=timers), now, self.rules)
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

    def advance(self, to: int) -> tuple[int, bool]:
        """Dev clock: up to TICK_LIMIT deadlines, instant by instant; (fired, `to` is reached).

        Called as a question inside a cycle, so that what it fires is in that cycle's batch.
        """
        clock = self.clock
        if not isinstance(clock, ManualClock):
            raise Unavailable("NOT_DEV", "Only a service started with --dev has a movable clock.")
        fired = 0
        while fired < TICK_LIMIT and not self.faulty:
            due = self.world.next_due()
            if due is None or due > to:
                clock.set(max(to, clock.now()))
                return fired, True
            clock.set(max(due, clock.now()))
            fired += self._tick(clock.now())
        return fired, False


def recovering() -> RoutingError:
    """What callers hear while World is made anew."""
    return Unavailable("RECOVERING", "The desk is recovering: retry with the same key in a moment.")


def _about(request: Request[Any], world: World) -> Iterator[str]:
    """The items that a request names, or whose offer it names, or that it joins."""
    asked = getattr(request, "asked", request)
    if isinstance(asked, SubmitRequest) and world.current_plan is not None:
        plan = world.current_plan
        matter = correlation.matter_of(plan, asked.customer, asked.channel, asked.labels)
        joined = correlation.earlier(world, matter, world.now)
        yield joined.id if joined is not None else ""
    yield from (getattr(asked, "parent", ""), getattr(asked, "into", ""))
    offer = world.offers.get(getattr(asked, "offer", ""))
    yield offer.item if offer else getattr(asked, "item", "")
