"""What a servicer hands to the partition: one frozen struct per request, each with its reply.

`command` runs in the one writer, so facts and verdicts always fit the World they are decided on.
Nothing of gRPC enters here.
"""

from enum import IntEnum
from typing import ClassVar, Protocol, TypeVar

import msgspec

from routing_service.core.desk.world import World
from routing_service.core.journal.commands import (
    Accept,
    AckEvents,
    ActivateRulebook,
    AnyCommand,
    Cancel,
    Complete,
    Decline,
    LoseAgent,
    PutAgents,
    RemoveAgents,
    Report,
    ReportKind,
    SetOutsideWork,
    SetPresence,
    SwitchStrategy,
    Transfer,
    WrapUp,
)
from routing_service.core.journal.link_commands import Link, Merge, SetCollaborators
from routing_service.core.journal.surge_commands import SwitchSurge
from routing_service.core.records.model import ExpectedWait, Item
from routing_service.core.records.surge import SurgeNotice
from routing_service.rulebook.model import Rulebook
from routing_service.server.guard import GuardedRules

T_co = TypeVar("T_co", covariant=True)


class Lane(IntEnum):
    """Shares of a busy inbox, first served first (design §7)."""

    CONTROL = 0
    ANSWER = 1
    REPORT = 2
    SUBMIT = 3


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a request: the record's seq and the ids it made or touched."""

    seq: int
    item: str = ""
    offer: str = ""
    repeated: bool = False


class Request(Protocol[T_co]):
    """Anything a partition can be asked. `request_id` empty = no idempotency."""

    @property
    def actor(self) -> str:
        """Who asks: the identity of the call."""
        ...

    @property
    def request_id(self) -> str:
        """The idempotency key within (desk, actor)."""
        ...

    @property
    def fingerprint(self) -> bytes:
        """Keyed hash of the request without its receive time."""
        ...

    @property
    def lane(self) -> Lane:
        """Its share of a busy inbox."""
        ...

    def command(self, world: World, rules: GuardedRules, now: int) -> AnyCommand:
        """The core command, with facts and verdict where rules have a say."""
        ...

    def reply(self, world: World, outcome: Outcome) -> T_co:
        """The answer, read from World right after the command."""
        ...


class ItemReply(msgspec.Struct, frozen=True, kw_only=True):
    """The item as the request left it; None when a repeat finds it archived.

    `notice`: what its customer is to be told now, because it came while a load was at a level.
    """

    item: Item | None
    item_id: str
    seq: int
    position: int = 0
    repeated: bool = False
    expected: ExpectedWait | None = None
    next_update: int | None = None
    notice: SurgeNotice | None = None


class _Base(msgspec.Struct, frozen=True, kw_only=True):
    """Fields of every request."""

    actor: str = ""
    request_id: str = ""
    fingerprint: bytes = b""


class ItemRequest(_Base, frozen=True, kw_only=True):
    """A request that is answered with an item."""

    def reply(self, world: World, outcome: Outcome) -> ItemReply:
        """The item, and its place in the queue while it waits."""
        item = world.items.get(outcome.item)
        return ItemReply(
            item=item,
            item_id=outcome.item,
            seq=outcome.seq,
            position=world.waiting.position(item) if item else 0,
            repeated=outcome.repeated,
        )


class _SeqRequest(_Base, frozen=True, kw_only=True):
    """A request that is answered with the seq of its record."""

    def reply(self, world: World, outcome: Outcome) -> int:
        """The seq of the record."""
        return outcome.seq


class ReportRequest(ItemRequest, frozen=True, kw_only=True):
    """A report of the handling side; `occurred_at` 0 = now."""

    lane: ClassVar[Lane] = Lane.REPORT
    kind: ReportKind
    item: str
    occurred_at: int = 0
    reason: str = ""
    version: int = 0
    until: int = 0

    def command(self, world: World, rules: GuardedRules, now: int) -> Report:
        """The report as it is."""
        return Report(
            actor=self.actor,
            request_id=self.request_id,
            fingerprint=self.fingerprint,
            kind=self.kind,
            item=self.item,
            occurred_at=self.occurred_at or now,
            reason=self.reason,
            version=self.version,
            until=self.until,
        )


class ItemCommandRequest(ItemRequest, frozen=True, kw_only=True):
    """What is asked about one item and needs no rules: the core command is the request."""

    asked: (
        Cancel | Merge | Link | SetCollaborators | Transfer | Accept | Decline | Complete | WrapUp
    )

    @property
    def lane(self) -> Lane:
        """Agents' answers go before customers' wishes."""
        answers = isinstance(self.asked, Accept | Decline | Complete)
        return Lane.ANSWER if answers else Lane.REPORT

    def command(self, world: World, rules: GuardedRules, now: int) -> AnyCommand:
        """The command with the caller's identity."""
        return msgspec.structs.replace(
            self.asked,
            actor=self.actor,
            request_id=self.request_id,
            fingerprint=self.fingerprint,
        )


class SeqCommandRequest(_SeqRequest, frozen=True, kw_only=True):
    """A command answered with its place in the journal: the core command is the request."""

    asked: (
        PutAgents
        | RemoveAgents
        | SetPresence
        | SetOutsideWork
        | LoseAgent
        | SwitchStrategy
        | SwitchSurge
        | AckEvents
    )
    lane: ClassVar[Lane] = Lane.CONTROL

    def command(self, world: World, rules: GuardedRules, now: int) -> AnyCommand:
        """The command with the caller's identity."""
        return msgspec.structs.replace(
            self.asked,
            actor=self.actor,
            request_id=self.request_id,
            fingerprint=self.fingerprint,
        )


class ActivateRequest(_SeqRequest, frozen=True, kw_only=True):
    """Put a loaded rulebook to work; the partition swaps it in the same turn."""

    rulebook: Rulebook
    lane: ClassVar[Lane] = Lane.CONTROL

    def command(self, world: World, rules: GuardedRules, now: int) -> ActivateRulebook:
        """The plan, with the sources for the next start."""
        return ActivateRulebook(
            actor=self.actor,
            request_id=self.request_id,
            fingerprint=self.fingerprint,
            digest=self.rulebook.digest,
            plan=self.rulebook.plan,
            source=self.rulebook.source,
        )
