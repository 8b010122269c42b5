"""Who is idle longest, found in bitmaps: the same as by sorting."""

import random

from routing_service.core.queues.bits import each_bit, first_bits, nth_bit
from routing_service.core.staff.idleness import Idleness


def told(idle: Idleness, since: dict[int, int]) -> list[int]:
    """Instants in the order of the buckets, sorted within each; what each claims is checked."""
    found: list[int] = []
    for bucket in idle.buckets:
        times = sorted(since[bit] for bit in each_bit(bucket.bits))
        assert (len(times), True) == (bucket.count, bucket.first <= times[0])
        assert times[-1] <= bucket.last
        found += times
    return found


def test_buckets_are_in_order_of_time_whatever_the_order_of_arrival() -> None:
    dice = random.Random(3)
    idle, since = Idleness(), dict[int, int]()
    for _ in range(5_000):
        bit = dice.randrange(700)
        if bit in since and dice.random() < 0.4:
            del since[bit]
            idle.drop(bit, 1 << bit)
        else:
            since[bit] = dice.choice((dice.randrange(1_000), 500))
            idle.put(bit, 1 << bit, since[bit])

    assert sorted(since.values()) == told(idle, since)


def test_those_who_became_idle_together_are_in_one_bucket() -> None:
    idle = Idleness()
    for bit in range(300):
        idle.put(bit, 1 << bit, 7)
    idle.put(300, 1 << 300, 8)

    assert [300, 1] == [bucket.count for bucket in idle.buckets]


def test_who_becomes_idle_now_is_last() -> None:
    idle, since = Idleness(), {bit: bit for bit in range(1_000)}
    for bit, at in since.items():
        idle.put(bit, 1 << bit, at)
    since[5] = 5_000
    idle.put(5, 1 << 5, 5_000)

    assert sorted(since.values()) == told(idle, since)
    assert max(bucket.count for bucket in idle.buckets) <= 64


def test_bits_are_told_lowest_first_however_many_and_wherever_they_are() -> None:
    dice = random.Random(5)
    for count in (0, 1, 5, 12, 13, 64, 500):
        places = sorted(dice.sample(range(10_000), count))
        bits = sum(1 << place for place in places)

        assert places == list(each_bit(bits))
        assert places[:5] == first_bits(bits, 5)
        assert places == [nth_bit(bits, n) for n in range(count)]
