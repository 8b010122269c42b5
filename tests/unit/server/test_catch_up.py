"""Subscribers who are behind: the journal in steps, read once for all of them."""

import asyncio

from routing_service.server.catch_up import KEPT_STEPS, STEP, CatchUp
from routing_service.store.base import StoredRecord
from routing_service.store.codec import encode_record
from routing_service.store.memory import MemoryStore
from tests.desk import Desk

DESK = "desk"


class CountingStore(MemoryStore):
    """Counts how often the journal is read, and how many read it at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = self.reading = self.most = 0

    async def read(self, desk: str, after_seq: int, limit: int) -> list[StoredRecord]:
        self.reads += 1
        self.reading += 1
        self.most = max(self.most, self.reading)
        await asyncio.sleep(0)  # as a store on a disk does
        found = await super().read(desk, after_seq, limit)
        self.reading -= 1
        return found


async def journal(count: int) -> CountingStore:
    store = CountingStore()
    lease = await store.acquire(DESK, "test", 10**9)
    body = encode_record(Desk().records[0]).body
    records = [StoredRecord(seq, body) for seq in range(1, count + 1)]
    await store.append(lease, 0, records)
    return store


async def test_what_follows_a_place_comes_up_to_the_end_of_its_step() -> None:
    catch_up = CatchUp(DESK, await journal(2 * STEP))
    lengths = [len(await catch_up.after(seq)) for seq in (0, 1, STEP - 1, STEP, 2 * STEP - 1)]

    assert [STEP, STEP - 1, 1, STEP, 1] == lengths


async def test_step_is_read_once_for_all_who_need_it() -> None:
    store = await journal(STEP)
    catch_up = CatchUp(DESK, store)
    shared = await asyncio.gather(*(catch_up.after(0) for _ in range(50)))

    assert 1 == store.reads
    assert 1 == len({id(entries[0]) for entries in shared})


async def test_steps_are_read_one_at_a_time() -> None:
    store = await journal(5 * STEP)
    catch_up = CatchUp(DESK, store)
    await asyncio.gather(*(catch_up.after(seq * STEP) for seq in range(5)))

    assert (5, 1) == (store.reads, store.most)


async def test_last_step_is_read_again_as_long_as_it_grows() -> None:
    store = await journal(STEP - 1)
    catch_up = CatchUp(DESK, store)
    before = len(await catch_up.after(0))
    lease = await store.acquire(DESK, "test", 10**9)
    stored = (await store.read(DESK, 0, 1))[0]
    await store.append(lease, STEP - 1, [StoredRecord(STEP, stored.body)])

    assert (STEP - 1, STEP) == (before, len(await catch_up.after(0)))


async def test_few_steps_are_kept() -> None:
    catch_up = CatchUp(DESK, await journal((KEPT_STEPS + 3) * STEP))
    for seq in range(0, (KEPT_STEPS + 3) * STEP, STEP):
        await catch_up.after(seq)

    assert KEPT_STEPS == len(catch_up._steps)
