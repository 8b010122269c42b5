"""A rule file as plain values that still know where they were written.

Only shapes and places; nothing about the meaning of a field enters here.
"""

from enum import Enum

import msgspec

Scalar = str | int | float | bool | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]


class Shape(Enum):
    """What a node is made of."""

    SCALAR = "scalar"
    LIST = "list"
    TABLE = "table"


class Place(msgspec.Struct, frozen=True, order=True):
    """Where something is written; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a rule file. `keys` holds where each key of a table is written."""

    place: Place
    shape: Shape = Shape.SCALAR
    value: Scalar = None
    items: tuple["Node", ...] = ()
    entries: dict[str, "Node"] = {}
    keys: dict[str, Place] = {}

    @property
    def text(self) -> str:
        """The scalar as text."""
        return str(self.value)

    @property
    def many(self) -> tuple["Node", ...]:
        """The items of a list; a scalar or table counts as a list of itself."""
        return self.items if self.shape is Shape.LIST else (self,)

    def get(self, key: str) -> "Node | None":
        """The value under a key, or None when the table has no such key."""
        return self.entries.get(key)

    def table(self, key: str) -> "Node":
        """The table under a key; an empty one at this place when it is absent."""
        return self.entries.get(key) or Node(place=self.place, shape=Shape.TABLE)

    def listed(self, key: str) -> tuple["Node", ...]:
        """The values under a key as a list: one value counts as one; absent counts as none."""
        found = self.entries.get(key)
        return () if found is None else found.many

    def place_of(self, key: str) -> Place:
        """Where the key is written; the table's own place when it is absent."""
        return self.keys.get(key, self.place)

    def plain(self) -> Plain:
        """The value without places. Depth is bounded by the reader."""
        match self.shape:
            case Shape.SCALAR:
                return self.value
            case Shape.LIST:
                return [item.plain() for item in self.items]
            case Shape.TABLE:
                return {key: node.plain() for key, node in self.entries.items()}
