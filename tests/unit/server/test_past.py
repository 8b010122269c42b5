"""The past of a desk is found in its journal by halving: instants, and the rules of that time."""

import math

import pytest

from routing_service.core.journal.commands import ActivateRulebook, RequestKind, Submit
from routing_service.core.records.errors import NotFound
from routing_service.rulebook.digest import bundle, unbundle
from routing_service.rulebook.loader import load_pack, load_source
from routing_service.rulebook.model import Rulebook, RulebookInvalid
from routing_service.server.past import RULEBOOKS_KEPT, Past
from routing_service.store.base import StoredRecord
from routing_service.store.codec import encode_record
from routing_service.store.memory import MemoryStore
from tests.builders import MINUTE, NOON, FixedRules, clock_plan, escalation, opened, plan, verdict
from tests.desk import Desk
from tests.unit.rulebook.packs import SMALL


class Counting(MemoryStore):
    """Counts the records that are read."""

    read_records = 0

    async def read(self, desk: str, after_seq: int, limit: int) -> list[StoredRecord]:
        records = await super().read(desk, after_seq, limit)
        self.read_records += len(records)
        return records


async def journaled(desk: Desk) -> Counting:
    store = Counting()
    lease = await store.acquire("desk", "test", 60_000_000)
    await store.append(lease, 0, [encode_record(record) for record in desk.records])
    return store


async def past(desk: Desk) -> Past:
    return Past("desk", await journaled(desk))


def version(number: int) -> Rulebook:
    """The small pack under another version, and so another digest."""
    texts = {name: text.decode() for name, text in unbundle(load_pack(SMALL).source).items()}
    texts["pack.yaml"] = texts["pack.yaml"].replace('version: "1"', f'version: "{number}"')
    return load_source(bundle(texts))


def activate(desk: Desk, book: Rulebook, source: bytes = b"") -> None:
    desk.do(ActivateRulebook(digest=book.digest, plan=plan(), source=source or book.source))


async def test_decision_is_found_at_its_instant_and_nowhere_else() -> None:
    desk = Desk()
    items = []
    for _ in range(9):
        desk.wait(MINUTE)
        items.append(desk.open())
    found = await past(desk)

    for number, item in enumerate(items, 1):
        (record,) = await found.decisions(item, NOON + number * MINUTE)
        assert record.now == NOON + number * MINUTE
        assert await found.decisions(item, NOON + number * MINUTE + 1) == []


async def test_all_decisions_of_one_instant_are_found_in_order() -> None:
    desk = Desk()
    item, other = desk.open(), desk.open()
    for _ in range(150):
        desk.submit(opened())
    for asked in (item, other):
        again = Submit(kind=RequestKind.UPDATED, item=asked, occurred_at=0, verdict=verdict())
        desk.submit(again)
    found = await (await past(desk)).decisions(item, NOON)
    kinds = [record.command.kind for record in found if isinstance(record.command, Submit)]

    assert kinds == [RequestKind.OPENED, RequestKind.UPDATED]


async def test_message_is_no_decision() -> None:
    desk = Desk()
    item = desk.open()
    desk.wait(MINUTE)
    desk.submit(Submit(kind=RequestKind.MESSAGE, item=item, occurred_at=0))

    assert await (await past(desk)).decisions(item, NOON + MINUTE) == []


async def test_trigger_is_a_decision_also_when_it_only_alerts() -> None:
    desk = Desk(
        plan(clocks=[clock_plan(warn=(50,))]), FixedRules(escalations={"warned": escalation()})
    )
    item = desk.open(priority="p1")
    desk.wait(6 * MINUTE)

    assert len(await (await past(desk)).decisions(item, NOON + 5 * MINUTE)) == 1


async def test_empty_journal_has_no_decisions() -> None:
    assert await Past("desk", MemoryStore()).decisions("it0000000001", NOON) == []


async def test_long_journal_is_not_read_from_end_to_end() -> None:
    desk = Desk()
    for _ in range(2_000):
        desk.wait(MINUTE)
        desk.open()
    store = await journaled(desk)
    await Past("desk", store).decisions("it0000000700", NOON + 700 * MINUTE)

    assert store.read_records <= math.log2(len(desk.records)) + 1 + 100


async def test_rules_of_any_time_are_found_also_when_they_came_back() -> None:
    desk = Desk()
    books = [version(number) for number in (1, 2, 3)]
    marks = []
    for book in (*books, books[0], books[2], books[0]):
        activate(desk, book)
        for _ in range(3):
            desk.open()
        marks.append((book.digest, desk.world.seq))
    found = await past(desk)

    for digest, seq in marks:
        assert (await found.rulebook(digest, seq)).digest == digest


async def test_more_rulebooks_than_are_kept_are_loaded_again() -> None:
    desk = Desk()
    books = [version(number) for number in range(1, RULEBOOKS_KEPT + 3)]
    for book in books:
        activate(desk, book)
        desk.open()
    found, seq = await past(desk), desk.world.seq
    digests = []
    for book in (*books[:-1], books[0]):
        place = next(r.seq for r in desk.records if r.digest == book.digest)
        digests.append((await found.rulebook(book.digest, place)).digest)

    assert digests == [book.digest for book in (*books[:-1], books[0])]
    assert (await found.rulebook(books[-1].digest, seq)).digest == books[-1].digest


async def test_rules_the_journal_does_not_have_are_not_found() -> None:
    desk = Desk()
    desk.open()

    with pytest.raises(NotFound) as lost:
        await (await past(desk)).rulebook("another", desk.world.seq)
    assert lost.value.reason == "DECISION_NOT_FOUND"


async def test_rules_that_this_release_refuses_are_refused_with_their_findings() -> None:
    desk, book = Desk(), version(1)
    activate(desk, book, source=b"\xc1 not a bundle")
    desk.open()

    with pytest.raises(RulebookInvalid) as refused:
        await (await past(desk)).rulebook(book.digest, desk.world.seq)
    assert refused.value.findings[0].code == "RB119"
