"""A request event on its way to the writer, where signals, facts and verdict are added to it.

Nothing of gRPC enters here.
"""

from typing import ClassVar

import msgspec

from routing_service.core.arrival.estimating import expected_wait, next_update
from routing_service.core.desk.world import World
from routing_service.core.items import links
from routing_service.core.journal.commands import RequestKind, Submit
from routing_service.core.records.kinds import ItemKind
from routing_service.core.records.model import FactValue, Verdict
from routing_service.core.steering.facts import Newcomer, submit_facts
from routing_service.server.guard import GuardedRules
from routing_service.server.requests import ItemReply, ItemRequest, Lane, Outcome


class SubmitRequest(ItemRequest, frozen=True, kw_only=True):
    """A request event. `text` is plain and lives only until the signals are read from it."""

    lane: ClassVar[Lane] = Lane.SUBMIT
    kind: RequestKind
    item: str = ""
    channel: str = ""
    customer: str = ""
    occurred_at: int = 0
    labels: dict[str, FactValue] = {}  # noqa: RUF012 - a struct copies its defaults
    text: str = ""
    sealed: bytes = b""
    version: int = 0
    waiting_since: int = 0
    scheduled_for: int = 0
    item_kind: ItemKind = ItemKind.REQUEST
    parent: str = ""
    role: str = ""

    def reply(self, world: World, outcome: Outcome) -> ItemReply:
        """The item, and what its customer may be told about his wait."""
        item = world.items.get(outcome.item)
        if item is None:
            return super().reply(world, outcome)
        just_opened = item.received_at == world.now  # its wait was estimated a moment ago
        told = self.kind is RequestKind.OPENED and (just_opened or outcome.repeated)
        return ItemReply(
            item=item,
            item_id=outcome.item,
            seq=outcome.seq,
            position=world.waiting.position(item),
            repeated=outcome.repeated,
            expected=item.expected if just_opened else expected_wait(world, item),
            next_update=next_update(world, item),
            notice=item.surge if told else None,
        )

    def command(self, world: World, rules: GuardedRules, now: int) -> Submit:
        """Ask the rules about an opened or updated item; facts and verdict travel inside."""
        signals = rules.signals(self.text) if self.text else ()
        if self.kind is not RequestKind.OPENED and self.kind is not RequestKind.UPDATED:
            return self._said(signals, now)
        if self.parent:
            said = links.inherited(world, self._said(signals, now), now)
            facts = _facts(world, said, signals, now)
            return msgspec.structs.replace(said, facts=facts, verdict=rules.intake(facts))
        facts = _facts(world, self, signals, now)
        return self._said(signals, now, facts, rules.intake(facts))

    def _said(
        self,
        signals: tuple[str, ...],
        now: int,
        facts: dict[str, FactValue] | None = None,
        verdict: Verdict | None = None,
    ) -> Submit:
        return Submit(
            actor=self.actor,
            request_id=self.request_id,
            fingerprint=self.fingerprint,
            kind=self.kind,
            item=self.item,
            channel=self.channel,
            customer=self.customer,
            occurred_at=self.occurred_at or now,
            labels=self.labels,
            signals=signals,
            sealed=self.sealed,
            facts=facts or {},
            verdict=verdict,
            version=self.version,
            waiting_since=self.waiting_since,
            scheduled_for=self.scheduled_for,
            item_kind=self.item_kind,
            parent=self.parent,
            role=self.role,
        )


def _facts(
    world: World, said: SubmitRequest | Submit, signals: tuple[str, ...], now: int
) -> dict[str, FactValue]:
    later = said.scheduled_for > now
    new = Newcomer(said.customer, now, said.item_kind, said.role, later)
    return submit_facts(world, said.channel, said.labels, signals, said.item, new)
