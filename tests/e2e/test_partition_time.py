"""One desk's writer and time: deadlines, escalations, snapshots and what a moved clock leaves."""

import asyncio
from dataclasses import fields
from pathlib import Path

import pytest

from routing_service.clock import ManualClock, SystemClock
from routing_service.core.journal.commands import Decline, Escalate, StopEscalation, Tick
from routing_service.core.journal.events import (
    AlertRaised,
    ClockMoved,
    EscalationLoopStopped,
    OfferMoved,
)
from routing_service.core.journal.record import Record
from routing_service.core.records.errors import RoutingError, WrongState
from routing_service.core.records.model import Alert, EscalationVerdict, Facts
from routing_service.rulebook.loader import load_pack
from routing_service.rulebook.model import Rulebook
from routing_service.server.partition import Options, Partition
from routing_service.server.recovery import recover, verify
from routing_service.server.requests import ItemCommandRequest
from tests.builders import DAY, HOUR, MINUTE, NOON, SECOND
from tests.e2e.gated import (
    DESK,
    Disk,
    Reader,
    WallClock,
    available,
    journal,
    opened,
    profile,
    running,
)
from tests.property.witness import frozen
from tests.unit.rulebook import packs

PATIENCE = 20.0
"""Seconds until a test gives up on something that should have come."""
LADDER = 12
"""Priorities, each with a promise that only it makes: more than rounds of escalation."""


async def test_every_deadline_fires_at_its_own_instant_when_a_developer_moves_time(
    disk: Disk,
) -> None:
    store = await disk.open()
    async with running(store, ManualClock(NOON)) as partition:
        await partition.ask(profile("ann"))
        await partition.ask(available("ann"))
        await partition.ask(opened("key"))
        fired = await partition.advance(NOON + 5 * HOUR)
        records = await journal(store)

        ticks = [each.command for each in records if isinstance(each.command, Tick)]
        assert fired == sum(len(tick.timers) for tick in ticks)
        assert NOON + 30 * SECOND + 1 == _fired(records, "expire")
        assert NOON + 4 * HOUR * 80 // 100 == _fired(records, "warn")
        assert NOON + 4 * HOUR + 1 == _fired(records, "breach")
        assert NOON + 5 * HOUR == partition.clock.now()


async def test_escalations_that_call_each_other_stop_after_eight_rounds(
    disk: Disk, tmp_path: Path
) -> None:
    store = await disk.open()
    async with running(store, ManualClock(NOON), rules=ladder(tmp_path)) as partition:
        await partition.ask(opened("key"))
        await partition.advance(NOON + 2 * MINUTE)
        records = await journal(store)

        turn = [each for each in records if each.now == NOON + MINUTE + 1]
        assert [Tick, *[Escalate] * 8, StopEscalation] == [type(r.command) for r in turn]
        assert isinstance(records[-1].events[0], EscalationLoopStopped)
        assert 0 == (await verify(store, DESK)).differs_at


async def test_a_promise_is_watched_in_real_time_and_never_told_early(
    disk: Disk, tmp_path: Path
) -> None:
    rules = load_pack(packs.changed(tmp_path, "sla", "normal: 4h", "normal: 1s"))
    reader = Reader()
    async with running(await disk.open(), SystemClock(), reader, rules=rules) as partition:
        reply = await partition.ask(opened("key"))
        async with asyncio.timeout(PATIENCE):
            while not _alerts(reader.records, "critical"):
                reader.told.clear()
                await reader.told.wait()

        assert reply.item is not None
        (alert,) = _alerts(reader.records, "critical")
        assert reply.item.clocks["response"].due == alert.trigger.due < alert.raised_at


async def test_what_is_overdue_after_a_downtime_fires_before_anything_else(disk: Disk) -> None:
    clock, reader = WallClock(), Reader()
    async with running(await disk.open(), clock) as partition:
        first = await partition.ask(opened("key"))
    clock.instant += DAY
    async with running(await disk.open(), clock, reader) as partition:
        await partition.ask(opened("after"))

    assert isinstance(reader.records[0].command, Tick)
    assert (first.item_id, ["warn"]) == (
        reader.records[0].command.timers[0].subject,
        _steps(reader.records[0]),
    )


async def test_a_snapshot_every_few_records_spares_the_replay(disk: Disk) -> None:
    options = Options(snapshot_every=5)
    store = await disk.open()
    partition = Partition(DESK, store, WallClock(), options=options)
    await partition.start(load_pack(packs.SMALL))
    for number in range(23):
        await partition.ask(opened(f"key-{number}"))
    live = await partition.query(frozen)

    kept = await store.load_snapshots(DESK)
    found = await recover(store, DESK, dev=False)
    await partition.drain()

    assert live == frozen(found.world)
    assert found.replayed <= found.world.seq - kept[0].seq < found.world.seq


async def test_production_refuses_a_journal_written_on_a_developers_clock(disk: Disk) -> None:
    async with running(await disk.open(), ManualClock(NOON)) as partition:
        await partition.ask(opened("key"))  # the drain keeps a snapshot, which must say so as well
    store = await disk.open()

    with pytest.raises(WrongState) as refused:
        await Partition(DESK, store, SystemClock()).start()

    assert "DEV_JOURNAL" == refused.value.reason


async def test_without_any_snapshot_the_records_say_whose_clock_wrote_them(disk: Disk) -> None:
    store = await disk.open()
    async with running(store, ManualClock(NOON)) as partition:
        await partition.ask(opened("key"))

        with pytest.raises(WrongState) as refused:
            await recover(store, DESK, dev=False)

        assert "DEV_JOURNAL" == refused.value.reason


class Misrouting(Rulebook):
    """Rules with a bug that no check found: they send what was declined to a queue of no plan."""

    def escalate(self, facts: Facts) -> EscalationVerdict:
        """See Rulebook."""
        return EscalationVerdict(digest=self.digest, queue="nowhere")


async def test_a_command_that_fails_half_way_leaves_no_trace(disk: Disk) -> None:
    sound = load_pack(packs.SMALL)
    rules = Misrouting(**{each.name: getattr(sound, each.name) for each in fields(sound)})
    store, reader = await disk.open(), Reader()
    every = Options(snapshot_every=1)
    async with running(store, WallClock(), reader, rules=rules, options=every) as partition:
        await partition.ask(profile("ann"))
        await partition.ask(available("ann"))
        item = (await partition.ask(opened("key"))).item_id
        before = await partition.query(frozen)
        (offer,) = await partition.query(lambda world: list(world.offers.values()))
        no = Decline(offer=offer.id, agent="ann", version=offer.version)
        with pytest.raises(RoutingError):
            await partition.ask(ItemCommandRequest(asked=no))
        after = await partition.query(frozen)
        later = await partition.ask(opened("later"))

        assert before == after
        assert ["start", "fault"] == reader.recoveries
        assert item < later.item_id
        assert 0 == (await verify(store, DESK)).differs_at


def _steps(record: Record) -> list[str]:
    moved = (event for event in record.events if isinstance(event, ClockMoved | OfferMoved))
    return [event.step.value for event in moved]


def _fired(records: list[Record], step: str) -> int:
    """When the first deadline led to this step."""
    return next(record.now for record in records if step in _steps(record))


def _alerts(records: list[Record], severity: str) -> list[Alert]:
    events = (event for record in records for event in record.events)
    alerts = [event.alert for event in events if isinstance(event, AlertRaised)]
    return [alert for alert in alerts if alert.severity == severity]


def ladder(folder: Path) -> Rulebook:
    """Each breach raises the priority by one, whose own promise is broken already."""
    names = [f"p{number}" for number in range(LADDER)]
    clocks = [
        f"  c{n}: {{start: opened, stop: responded, calendar: always, target: {{p{n}: 1m}}}}"
        for n in range(LADDER)
    ]
    rules = [
        f"  - {{id: r{n}, trigger: {{clock: c{n}, at: breach}}, then: {{priority: p{n - 1}}}}}"
        for n in range(1, LADDER)
    ]
    small = (packs.SMALL / "pack.yaml").read_text("utf-8")
    changed = small.replace("[urgent, normal]", f"[{', '.join(names)}]")
    changed = changed.replace("boost: {urgent: 10m, normal: 0s}", "boost: {p0: 0s}")
    return packs.rulebook(
        folder,
        pack=changed.replace("priority: normal", f"priority: p{LADDER - 1}"),
        prioritise=f"stage: prioritise\nrules: []\ndefault: {{priority: p{LADDER - 1}}}\n",
        sla="\n".join(["clocks:", *clocks, ""]),
        route="stage: route\nrules: []\ndefault: {queue: front}\n",
        escalate="\n".join(["stage: escalate", "rules:", *rules, ""]),
    )
