"""One fact that many rules compare with a value decides which trees are asked at all.

The engine goes through all rules of a tree for each match that it tells, so small trees are fast.
A tree that is not asked could not have matched: its rules need another value of that fact.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from routing_service.rulebook.writing import Written

WORTH = 64
"""Fewer rules stay in one tree."""
GROUPS = 16
"""Trees are made for at most so many groups of values."""
GROUP_RULES = 32
"""A group is meant to have at least so many rules."""


class Gate(msgspec.Struct, frozen=True):
    """The field, and the group that each of its codes belongs to."""

    field: int
    groups: dict[int, int]

    def group(self, written: Written) -> int | None:
        """The group of a conjunction; None for one that may hold whatever the field's code is."""
        return next(
            (self.groups[code] for field, code in _needed(written) if field == self.field), None
        )


def gate(rules: Sequence[Written]) -> Gate | None:
    """The gate that leaves the fewest rules to ask; None when none helps much."""
    needed: dict[int, Counter[int]] = {}
    for written in rules:
        for field, code in set(_needed(written)):
            needed.setdefault(field, Counter())[code] += 1
    asked = {field: _asked(len(rules), codes) for field, codes in needed.items()}
    best = min(asked, key=lambda field: asked[field], default=None)
    if best is None or len(rules) < WORTH or asked[best] > len(rules) / 2:
        return None
    return Gate(best, _grouped(needed[best]))


def _needed(written: Written) -> Iterable[tuple[int, int]]:
    """Fields that must have one certain code, and the code."""
    for part in written:
        if part.codes.bit_count() == 1:
            yield part.property.field, part.codes.bit_length() - 1


def _asked(rules: int, codes: Counter[int]) -> float:
    """How many rules are asked on average, when requests are spread like rules."""
    gated = codes.total()
    biggest = sum(count * count for count in codes.values()) / gated
    return rules - gated + max(biggest, gated / GROUPS)


def _grouped(codes: Counter[int]) -> dict[int, int]:
    """Groups of about the same number of rules."""
    loads = [0] * max(2, min(GROUPS, codes.total() // GROUP_RULES))
    groups = {}
    for code, count in codes.most_common():
        group = loads.index(min(loads))
        groups[code] = group
        loads[group] += count
    return groups
