"""Whoever connects is lost when he goes, at whatever moment that is."""

import asyncio

from routing_service.core.journal.events import AgentLost
from routing_service.core.records.lifecycle import Presence
from routing_service.rulebook.loader import load_pack
from routing_service.server import identity
from routing_service.server.leases import Leases
from routing_service.server.partition import Partition
from tests.e2e.gated import DESK, Disk, Reader, WallClock, available, profile
from tests.unit.rulebook.packs import SMALL


async def lost(reader: Reader) -> AgentLost:
    """The first agent who is lost."""
    while True:
        for record in reader.records:
            for event in record.events:
                if isinstance(event, AgentLost):
                    return event
        reader.told.clear()
        await reader.told.wait()


async def test_who_goes_while_his_stream_opens_is_lost_after_the_grace(disk: Disk) -> None:
    store, reader, leases = await disk.open(), Reader(), Leases(grace_seconds=0.01)
    identity.enter(identity.Caller("tool"))
    partition = Partition(DESK, store, WallClock(), (reader, leases))
    leases.serve(partition)
    await partition.start(load_pack(SMALL))
    await partition.ask(profile("ann"))
    await partition.ask(available("ann"))
    store.close_gate()

    sitting = asyncio.create_task(leases.sit("ann", 5.0))
    await store.holds.wait()
    sitting.cancel()
    store.let_pass()
    event = await asyncio.wait_for(lost(reader), 5)

    assert (event.agent, event.epoch) == ("ann", 1)
    assert partition.world.agents["ann"].presence is Presence.OFFLINE
    await partition.drain()
