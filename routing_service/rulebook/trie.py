"""How the C engine would lay out conjunctions, and the bounds within which it is safe.

The engine keeps a tree of single conditions and walks it with a fixed stack of 64 conditions that
are true at once; a full table of 512 children makes it run for ever. We stay well below.
"""

import msgspec

MAX_STACK = 60
"""Conditions true at once and waiting; the engine fails at 64 (its error 303)."""
MAX_SIBLINGS = 300
"""Different conditions under one node; the engine hangs at 512."""
MAX_ACTIONS = 2_000
"""Conjunctions of one tree; the engine takes 4,096."""


class Term(msgspec.Struct, frozen=True, order=True, cache_hash=True):
    """One condition `name op value`; `op` is "" for equality, else "$neq", "$gte", "$lte"."""

    name: str
    op: str
    value: int


class _Node:
    __slots__ = ("below", "children", "equal", "ranges", "stack")

    def __init__(self) -> None:
        self.children: dict[Term, _Node] = {}
        self.equal: dict[str, int] = {}
        self.ranges = 0
        self.below = 0
        self.stack = 0

    def true_at_once(self, added: Term | None) -> int:
        """How many children can be true together: one value of a name, but every range."""
        new = added is not None and (added.op != "" or added.name not in self.equal)
        return len(self.equal) + self.ranges + new

    def add(self, test: Term) -> "_Node":
        if test.op:
            self.ranges += 1
        else:
            self.equal[test.name] = self.equal.get(test.name, 0) + 1
        child = self.children[test] = _Node()
        return child


class Trie:
    """Takes conjunctions as long as the tree stays within the bounds."""

    def __init__(self) -> None:
        self._root = _Node()
        self.actions = 0

    @property
    def stack(self) -> int:
        """The most conditions that can be true and waiting at once."""
        return self._root.stack

    def admit(self, tests: tuple[Term, ...]) -> bool:
        """Add a conjunction and say True; a conjunction that would break a bound changes nothing.

        Tests share nodes from the first on, so their order matters. Not for the same one twice.
        """
        path = self._path(tests)
        if self.actions == MAX_ACTIONS or not _fits(path, tests):
            return False
        self._add(path, tests)
        self.actions += 1
        return True

    def _path(self, tests: tuple[Term, ...]) -> list[_Node]:
        """The nodes that are there already, the root first."""
        path = [self._root]
        for test in tests:
            child = path[-1].children.get(test)
            if child is None:
                break
            path.append(child)
        return path

    def _add(self, path: list[_Node], tests: tuple[Term, ...]) -> None:
        nodes = list(path)
        for test in tests[len(path) - 1 :]:
            nodes.append(nodes[-1].add(test))
        for parent, child in zip(nodes[-2::-1], nodes[:0:-1], strict=True):
            parent.below = max(parent.below, child.stack)
            parent.stack = _stack(parent.true_at_once(None), parent.below)


def _fits(path: list[_Node], tests: tuple[Term, ...]) -> bool:
    """Whether the tree would keep its bounds with the tests that are not there yet."""
    missing = tests[len(path) - 1 :]
    last = path[-1]
    if missing and len(last.children) == MAX_SIBLINGS:
        return False
    stack = max(last.below, 1 if len(missing) > 1 else 0)
    stack = _stack(last.true_at_once(missing[0] if missing else None), stack)
    for node in path[-2::-1]:
        stack = _stack(node.true_at_once(None), max(node.below, stack))
    return stack <= MAX_STACK


def _stack(at_once: int, below: int) -> int:
    """What waits while a node's children are walked: all of them, or all but one and its own."""
    return max(at_once, at_once - 1 + below)
