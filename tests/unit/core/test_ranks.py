"""The sorted list of waiting items, beside a plain one."""

import random

from routing_service.core.queues.ranks import Entry, Ranks


def test_it_does_what_a_sorted_list_does() -> None:
    dice = random.Random(7)
    ranks, plain = Ranks(), list[Entry]()
    for number in range(6_000):
        if plain and dice.random() < 0.45:
            gone = plain.pop(dice.randrange(len(plain)) if dice.random() < 0.5 else 0)
            ranks.remove(gone)
        else:
            entry = (dice.randrange(1_000), f"it{number}")
            plain = sorted([*plain, entry])
            ranks.add(entry)
        if number % 100 == 0:
            asked = (dice.randrange(1_000), "it")
            assert sum(each < asked for each in plain) == ranks.ahead(asked)

    assert len(plain) == len(ranks)
    assert list(range(len(plain))) == [ranks.ahead(entry) for entry in plain]


def test_emptied_it_can_be_filled_again() -> None:
    ranks = Ranks()
    entries = [(number, "x") for number in range(3_000)]
    for _ in range(2):
        for entry in entries:
            ranks.add(entry)
        assert 3_000 == len(ranks)
        for entry in entries:
            ranks.remove(entry)

    assert (0, 0) == (len(ranks), ranks.ahead((1, "x")))


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    dice = random.Random(3)
    entries = [(dice.randrange(500), f"it{number}") for number in range(4_000)]
    at_once, one_by_one = Ranks(), Ranks()
    for entry in entries:
        one_by_one.add(entry)
    for entry in entries[:300]:
        at_once.add(entry)
    at_once.fill(entries[300:])
    at_once.add((250, "it"))
    one_by_one.add((250, "it"))

    assert len(at_once) == len(one_by_one)
    asked = [*entries, (250, "it")]
    assert [at_once.ahead(entry) for entry in asked] == [one_by_one.ahead(e) for e in asked]
