"""Integers as sets of positions: what the indexes of agents and signatures are made of.

Pure arithmetic; knows nothing of agents.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

_Key = TypeVar("_Key")

_FEW = 12
"""Up to so many, taking the lowest off a long integer is cheaper than cutting it into words."""
_FEW_FROM_ABOVE = 40
"""The same of the highest."""


def each_bit(bits: int) -> Iterator[int]:
    """Positions of the set bits, lowest first."""
    if bits.bit_count() > _FEW:
        yield from _by_words(bits)
        return
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def is_one(bits: int) -> bool:
    """Whether one bit is set; several times quicker than counting those of a long integer."""
    return bits != 0 and not bits & (bits - 1)


def listed(bits: int) -> list[int]:
    """The same in any order. From above, as an integer whose highest bit is gone is shorter."""
    found: list[int] = []
    while bits:
        if len(found) == _FEW_FROM_ABOVE:
            return found + list(_by_words(bits))
        highest = bits.bit_length() - 1
        found.append(highest)
        bits ^= 1 << highest
    return found


def _by_words(bits: int) -> Iterator[int]:
    """The same, in pieces of 64: each step then costs the same however long the integer is."""
    length = (bits.bit_length() + 63) // 64 * 8
    words = memoryview(bits.to_bytes(length, "little")).cast("B").cast("Q")
    for place, word in enumerate(words):
        start = 64 * place
        while word:
            lowest = word & -word
            yield start + lowest.bit_length() - 1
            word ^= lowest  # noqa: PLW2901 - the word is taken apart


def nth_bit(bits: int, n: int) -> int:
    """Position of the set bit that has `n` set bits below it; n < bits.bit_count()."""
    base, width = 0, bits.bit_length()
    while width > 1:
        half = width // 2
        low = bits & ((1 << half) - 1)
        below = low.bit_count()
        if n < below:
            bits, width = low, half
        else:
            bits, width, base, n = bits >> half, width - half, base + half, n - below
    return base


def first_bits(bits: int, count: int) -> list[int]:
    """Positions of the lowest `count` set bits."""
    found: list[int] = []
    while bits and len(found) < count:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def count_one(planes: list[int], carry: int) -> None:
    """One more for each agent in `carry`: an addition with ripple carry, all agents at once."""
    for number, plane in enumerate(planes):
        planes[number] = plane ^ carry
        carry &= plane
        if not carry:
            return
    planes.append(carry)


def set_bits(table: dict[_Key, int], keys: Iterable[_Key], mask: int) -> None:
    """Put the mask under each of the keys."""
    for key in keys:
        table[key] = table.get(key, 0) | mask


def clear_bits(table: dict[_Key, int], keys: Iterable[_Key], mask: int) -> None:
    """Take it away from keys under which it stands, each named once."""
    for key in keys:
        rest = table[key] ^ mask
        if rest:
            table[key] = rest
        else:
            del table[key]
