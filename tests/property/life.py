"""One life of a desk: live World, its journal, a witness; every command is checked as it runs."""

import asyncio
from collections.abc import Iterable

from routing_service.core.journal.commands import ActivateRulebook, AnyCommand, PutAgents
from routing_service.core.journal.events import AnyEvent
from routing_service.core.journal.record import Record
from routing_service.core.plans.plan import Plan
from routing_service.core.records.errors import RoutingError
from routing_service.core.records.lifecycle import Presence
from routing_service.core.step import step
from routing_service.server.recovery import recover, replay, verify
from routing_service.store.base import StoredRecord
from routing_service.store.codec import encode_record, snapshot_of, thaw
from routing_service.store.memory import MemoryStore
from tests.builders import FixedRules
from tests.desk import Desk
from tests.property.contradictions import contradictions
from tests.property.makers import MAKERS
from tests.property.moves import JUMPS, SPANS, Move, chosen
from tests.property.rich import AGENTS, PLANS, Rules
from tests.property.witness import Witness, frozen, tables

DESK = "desk"
LOOKAHEAD = 6
WHOLE_EVERY = 8
"""Every snapshot is followed for some records, every eighth one to the end of the journal."""
SPARSE = 4
"""Where there are many lives, each is brought back from every fourth record: not the same ones."""


class Life(Desk):
    """Begins with plan `a` and its agents, all but the last one signed in."""

    def __init__(self, rules: FixedRules | None = None) -> None:
        self.witness = Witness(DESK)
        self.journal: list[StoredRecord] = []
        self.refused: list[str] = []
        super().__init__(PLANS["a"], rules or Rules("a"), name=DESK)
        self.do(PutAgents(agents=AGENTS))
        for agent in AGENTS[:-1]:
            self.presence(agent.id, Presence.AVAILABLE)

    def do(self, command: AnyCommand) -> list[AnyEvent]:
        """Run it with all that follows at this instant. Refused: nothing at all has changed."""
        before, lived = tables(self.world), len(self.records)
        events: list[AnyEvent] = []
        try:
            events = super().do(command)
        except RoutingError as error:
            self.refused.append(error.reason)
            assert before == tables(self.world)
        self._check(self.records[lived:])
        return events

    def _check(self, records: list[Record]) -> None:
        for record in records:
            self.witness.see(record)
            self.journal.append(encode_record(record))
            if isinstance(record.command, ActivateRulebook) and isinstance(self.rules, Rules):
                self.rules = Rules(record.command.digest)
        assert tables(self.witness.world) == tables(self.world)
        assert [] == list(contradictions(self.world))

    def activate(self, new: Plan, digest: str = "a") -> list[AnyEvent]:
        """Put a plan in force under the name that the rules of the lives know it by."""
        return super().activate(new, digest)

    def play(self, moves: Iterable[Move]) -> None:
        """Make the moves one after the other."""
        for move in moves:
            self._play(move)

    def _play(self, move: Move) -> None:
        match move.name:
            case "wait":
                self.wait(chosen(SPANS, move.how))
            case "until_due":
                due = self.world.next_due() or self.now
                self.wait_until(max(self.now, due + move.how % 2))
            case "jump":
                self.now += chosen(JUMPS, move.how)
            case "late_tick":
                self.tick(1 + move.how)
            case _:
                command = MAKERS[move.name](self.world, move, self.now)
                if command is not None:
                    self.do(command)

    def bring_back(self) -> None:
        """Go on with what a snapshot of this very moment gives."""
        self.world, _ = thaw(snapshot_of(self.world.seq, frozen(self.world)))

    def check_journal(self, every: int = 1) -> None:
        """The journal alone, and `every` so manieth snapshot with its tail, give the same World."""
        asyncio.run(self._check_store())
        for number, seq in enumerate(range(len(self.journal) % every, len(self.journal), every)):
            self._check_snapshot(seq, whole=number % WHOLE_EVERY == 0)

    async def _check_store(self) -> None:
        store = MemoryStore()
        lease = await store.acquire(DESK, "test", 1)
        await store.append(lease, 0, self.journal)
        found = await recover(store, DESK, dev=False)
        assert tables(found.world) == tables(self.world)
        assert [] == list(contradictions(found.world))
        verified = await verify(store, DESK)
        assert (len(self.journal), len(self.journal), 0) == (
            verified.records,
            verified.compared,
            verified.differs_at,
        )

    def _check_snapshot(self, seq: int, *, whole: bool) -> None:
        """Thawed, it decides what came next to the same bytes; replay ends in the same World."""
        end = len(self.records) if whole else seq + LOOKAHEAD
        snapshot = snapshot_of(seq, self.witness.snapshots[seq])
        decides, _ = thaw(snapshot)
        replays, _ = thaw(snapshot)
        assert self.witness.states[seq] == tables(decides)
        assert [] == list(contradictions(decides))
        for record, stored in zip(self.records[seq:end], self.journal[seq:end], strict=True):
            assert stored == encode_record(step(decides, record.command, record.now).record)
            replay(replays, record)
        assert tables(decides) == tables(replays) == self.witness.states[decides.seq]
