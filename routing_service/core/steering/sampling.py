"""The draw of an item: a number that decides whether it belongs to a sample. No state, no chance.

A draw below n takes n of a hundred items, and whoever is in a smaller sample is in the larger one.
"""

from hashlib import blake2b

DRAWS = 100


def draw(item: str) -> int:
    """From 0 to 99, evenly spread over ids and the same whenever and wherever it is asked."""
    return int.from_bytes(blake2b(item.encode(), digest_size=8).digest()) % DRAWS
