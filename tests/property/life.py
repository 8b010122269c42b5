"""One life of a desk: live World, its journal, a witness; every command is checked as it runs."""

import asyncio
from collections.abc import Iterable

from routing_service.core.commands import (
    ActivateRulebook,
    AnyCommand,
    PutAgents,
    SetPresence,
    Tick,
)
from routing_service.core.errors import RoutingError
from routing_service.core.lifecycle import Presence
from routing_service.core.step import step, turn
from routing_service.core.world import World
from routing_service.server.recovery import recover, replay, verify
from routing_service.store.base import StoredRecord
from routing_service.store.codec import decode_record, encode_record, snapshot_of, thaw
from routing_service.store.memory import MemoryStore
from tests.builders import NOON
from tests.property.makers import MAKERS
from tests.property.moves import JUMPS, SPANS, Move, chosen
from tests.property.rich import AGENTS, PLANS, Rules
from tests.property.witness import Witness, contradictions, frozen

DESK = "desk"
LOOKAHEAD = 8


class Life:
    """Begins with plan `a` and its agents, all but the last one signed in."""

    def __init__(self) -> None:
        self.world = World(DESK)
        self.rules = Rules("a")
        self.now = NOON
        self.witness = Witness(DESK)
        self.journal: list[StoredRecord] = []
        self.refused: list[str] = []
        self.do(ActivateRulebook(digest="a", plan=PLANS["a"], source=b"a"))
        self.do(PutAgents(agents=AGENTS))
        for agent in AGENTS[:-1]:
            self.do(SetPresence(agent=agent.id, presence=Presence.AVAILABLE))

    def do(self, command: AnyCommand) -> None:
        """Run it with all that follows at this instant. Refused: nothing at all has changed."""
        before = frozen(self.world)
        try:
            records = turn(self.world, command, self.now, self.rules)
        except RoutingError as error:
            self.refused.append(error.reason)
            assert before == frozen(self.world)
        else:
            for record in records:
                self.witness.see(record)
                self.journal.append(encode_record(record))
            if isinstance(command, ActivateRulebook):
                self.rules = Rules(command.digest)
            assert frozen(self.witness.world) == frozen(self.world)
        assert [] == list(contradictions(self.world))

    def play(self, moves: Iterable[Move]) -> None:
        """Make the moves one after the other."""
        for move in moves:
            self._play(move)

    def _play(self, move: Move) -> None:
        match move.name:
            case "wait":
                self.wait_until(self.now + chosen(SPANS, move.how))
            case "until_due":
                self.wait_until((self.world.next_due() or self.now) + move.how % 2)
            case "jump":
                self.now += chosen(JUMPS, move.how)
            case "late_tick":
                self.tick(1 + move.how)
            case _:
                command = MAKERS[move.name](self.world, move, self.now)
                if command is not None:
                    self.do(command)

    def wait_until(self, instant: int) -> None:
        """Let time pass; every deadline fires at its own instant."""
        while (due := self.world.next_due()) is not None and due <= instant:
            self.now = max(self.now, due)
            self.tick()
        self.now = max(self.now, instant)

    def tick(self, limit: int = 500) -> None:
        """Fire some of what is due."""
        timers = self.world.take_due(self.now, limit)
        if timers:
            self.do(Tick(actor="engine", timers=timers))

    def check_journal(self) -> None:
        """The journal alone, and any snapshot with its tail, give the World that lived."""
        asyncio.run(self._check_store())
        for seq in range(len(self.journal)):
            self._check_snapshot(seq)

    async def _check_store(self) -> None:
        store = MemoryStore()
        lease = await store.acquire(DESK, "test", 1)
        await store.append(lease, 0, self.journal)
        found = await recover(store, DESK, dev=False)
        assert frozen(found.world) == frozen(self.world)
        assert [] == list(contradictions(found.world))
        verified = await verify(store, DESK)
        assert (len(self.journal), len(self.journal), 0) == (
            verified.records,
            verified.compared,
            verified.differs_at,
        )

    def _check_snapshot(self, seq: int) -> None:
        """Thawed, it decides what came next to the same bytes; with its tail it ends the same."""
        world, _ = thaw(snapshot_of(seq, self.witness.snapshots[seq]))
        assert [] == list(contradictions(world))
        for stored in self.journal[seq : seq + LOOKAHEAD]:
            record = decode_record(stored)
            assert encode_record(step(world, record.command, record.now).record) == stored
        world, _ = thaw(snapshot_of(seq, self.witness.snapshots[seq]))
        for stored in self.journal[seq:]:
            replay(world, decode_record(stored))
        assert frozen(world) == self.witness.snapshots[-1]
