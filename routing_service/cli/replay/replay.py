"""Replays acts against a desk: moves its time to each instant, sends what happened then.

Acts of one incident go one after the other, those of different incidents at the same instant
together. The service decides everything else; nobody here knows who gets an offer.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

import msgspec

from routing_service.cli.connection import Refused
from routing_service.cli.replay.acts import AnyAct, Opened, Reported, Taken, Updated
from routing_service.cli.replay.desk_client import DeskClient
from routing_service.cli.replay.watching import Watching
from routing_service.pb.routing.v1 import work_item_pb2

AT_ONCE = 50
"""Calls under way together; a connection carries about a hundred."""
WEEK = 7 * 86_400_000_000
ENDED = ("ILLEGAL_TRANSITION", "ITEM_NOT_FOUND")
"""What a service says of an item that has ended, or left its memory after that."""


class Refusal(msgspec.Struct, frozen=True):
    """An act the service refused because the item had ended: to be explained by what it told."""

    act: AnyAct
    item: str
    reason: str


class Outcome(msgspec.Struct, kw_only=True):
    """What came of the replay, besides what the event log tells."""

    items: dict[str, str] = {}
    """Incident -> item."""
    refusals: list[Refusal] = []
    unoffered: list[Taken] = []
    """Somebody had it in the log, but the service offered it to nobody."""
    fired: int = 0


class Replay:
    """One run of acts, in order."""

    def __init__(self, client: DeskClient, watching: Watching) -> None:
        self.outcome = Outcome()
        self._client = client
        self._watching = watching
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self, acts: Sequence[AnyAct], done: Callable[[int], None]) -> Outcome:
        """Send all of them; `done` is told how many more are."""
        for at, together in groupby(acts, key=lambda act: act.at):
            self.outcome.fired += await self._client.advance(at)
            batch = list(together)
            await asyncio.gather(*(self._in_order(each) for each in by_incident(batch)))
            done(len(batch))
        return self.outcome

    async def _in_order(self, acts: Iterable[AnyAct]) -> None:
        for act in acts:
            async with self._slots:
                await self._send(act)

    async def _send(self, act: AnyAct) -> None:
        if isinstance(act, Opened):
            self.outcome.items[act.incident] = await self._client.open(act)
            return
        item = self.outcome.items[act.incident]
        try:
            match act:
                case Updated():
                    await self._client.update(item, act)
                case Reported():
                    await self._client.report(item, act)
                case Taken():
                    await self._take(item, act)
        except Refused as error:
            if error.reason not in ENDED:
                raise
            self.outcome.refusals.append(Refusal(act, item, error.reason))

    async def _take(self, item_id: str, act: Taken) -> None:
        """Whoever has the offer accepts; an owner whom a pack lets keep it has it already."""
        item = await self._client.get(item_id)
        if item.state == work_item_pb2.ITEM_STATE_OFFERED:
            offer = await self._watching.offer(item.offer_ids[0])
            await self._client.accept(offer, act.key)
        elif item.state == work_item_pb2.ITEM_STATE_CLOSED:
            self.outcome.refusals.append(Refusal(act, item_id, "ENDED"))
        elif item.state != work_item_pb2.ITEM_STATE_ASSIGNED:
            self.outcome.unoffered.append(act)


def by_incident(acts: Iterable[AnyAct]) -> list[list[AnyAct]]:
    """The acts of each incident, in order."""
    found: dict[str, list[AnyAct]] = {}
    for act in acts:
        found.setdefault(act.incident, []).append(act)
    return list(found.values())


def shifted(acts: Sequence[AnyAct], now: int) -> list[AnyAct]:
    """The same acts so many whole weeks later that none lies before `now`: weekdays stay."""
    first = min((act.at for act in acts), default=now)
    weeks = max(0, -(-(now - first) // WEEK))
    return [msgspec.structs.replace(act, at=act.at + weeks * WEEK) for act in acts]
