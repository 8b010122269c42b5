"""Names of properties for the C engine, chosen by their hash: it compares names by that alone.

No two names of a plan have the same hash, so no property can be taken for another. Where the name
starts in the engine's tables is chosen as well, since it looks for free places one by one.
"""

import itertools
from collections.abc import Mapping
from typing import TypeVar

PRIME = "zprime"
"""The property of the engine's own first fact."""
RESERVED = ("id", "sid", "$s", PRIME)
"""Names that the engine or we use otherwise."""

PLACES = 32
"""Starting places in a table of the engine: the hash modulo this."""
CROWDED = 8
"""A property compared with more values than this starts at the last place and grows from there."""

_FNV_PRIME, _FNV_OFFSET = 16_777_619, 2_166_136_261  # http://www.isthe.com/chongo/tech/comp/fnv/

Key = TypeVar("Key")


def hash32(name: str) -> int:
    """FNV-1a of 32 bits, as the engine makes it."""
    value = _FNV_OFFSET
    for byte in name.encode("utf-8"):
        value = (value ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return value


def name_all(values: Mapping[Key, int]) -> dict[Key, str]:
    """A name for each; given is with how many values each is compared."""
    taken = {hash32(name) for name in RESERVED}
    quiet = sorted(set(range(PLACES - 1)) - {hash32(name) % PLACES for name in RESERVED})
    places = itertools.cycle(quiet)
    names: dict[Key, str] = {}
    for number, (key, count) in enumerate(values.items()):
        place = PLACES - 1 if count > CROWDED else next(places)
        names[key] = _name(f"p{number}", place, taken)
    return names


def _name(stem: str, place: int, taken: set[int]) -> str:
    """The stem with the first suffix whose hash starts at the place and is nobody else's."""
    for suffix in itertools.count():
        name = f"{stem}_{suffix}"
        if (value := hash32(name)) % PLACES == place and value not in taken:
            taken.add(value)
            return name
    raise AssertionError("the numbers do not end")
