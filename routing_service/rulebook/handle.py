"""One ruleset of the C engine: the calls, and the order of calls, in which it is safe.

One constant session, facts only, primed before use and before the end, drained to None, every call
under a lock. After any odd answer the handle is never called again, not even to free it.
"""

import threading
from typing import Protocol

from routing_service.rulebook.names import PRIME
from routing_service.rulebook.planner import ShardPlan
from routing_service.rulebook.projection import Codes

_HEAD = '{"id":"e","sid":"0"'
_GONE = '{"id":"e","sid":"0"}'
_FIRST = f'{{"id":"p","sid":"0","{PRIME}":1}}'
_NO_RULE = 1


class Raw(Protocol):
    """The functions of the C module that are used; the others are not safe ."""

    def create_ruleset(self, name: str, rules: str, /) -> int:
        """Compile rules; the handle."""
        ...

    def delete_ruleset(self, handle: int, /) -> object:
        """Free the rules; sessions must be deleted first."""
        ...

    def delete_state(self, handle: int, session: str, /) -> object:
        """Free a session that is primed."""
        ...

    def assert_event(self, handle: int, event: str, /) -> tuple[int, int]:
        """Code and offset of the session."""
        ...

    def assert_fact(self, handle: int, fact: str, /) -> tuple[int, int]:
        """Code (0 some rule, 1 none) and offset of the session."""
        ...

    def retract_fact(self, handle: int, fact: str, /) -> tuple[int, int]:
        """Code and offset of the session."""
        ...

    def start_action_for_state(self, handle: int, offset: int, /) -> tuple[str, str] | None:
        """State and first match."""
        ...

    def complete_and_start_action(self, handle: int, offset: int, /) -> str | None:
        """The next match; None after the last."""
        ...


class Broken(Exception):
    """The C engine answered what it never should; its handle is not to be touched again."""


class Shard:
    """One handle of the C engine. Every call is under the lock."""

    def __init__(self, plan: ShardPlan, raw: Raw) -> None:
        """Compile the rules; `prime` before the first match."""
        self.plan = plan
        self._raw = raw
        self._assert = raw.assert_fact
        self._lock = threading.Lock()
        self._handle = raw.create_ruleset("s", plan.rules)
        self.is_sound = False
        """Whether the handle may be called: primed, nothing odd since, not closed."""
        self._texts = [(writer.field, writer.texts) for writer in plan.writers]

    def prime(self) -> None:
        """Let the engine make the session: memory that is not made yet must not be freed."""
        with self._lock:
            self.is_sound = False
            self._prime()
            self.is_sound = True

    def _prime(self) -> None:
        raw, handle = self._raw, self._handle
        code, offset = raw.assert_event(handle, _FIRST)
        if code or not raw.start_action_for_state(handle, offset):
            raise Broken(f"prime {code}")
        if raw.complete_and_start_action(handle, offset) is not None:
            raise Broken("prime matched twice")

    def match(self, codes: Codes, found: list[int]) -> None:
        """Add the ranks of the rules that hold, in no order; Broken when the handle is unsafe."""
        told = "".join([texts[codes[field]] for field, texts in self._texts])
        if not told:
            return
        with self._lock:
            if not self.is_sound:
                raise Broken("not in use")
            self.is_sound = False  # until all went well; an exception leaves it so
            code, offset = self._assert(self._handle, f"{_HEAD}{told}}}")
            if code != _NO_RULE:  # with it, nothing is stored
                self._drain(code, offset, found)
            self.is_sound = True

    def _drain(self, code: int, offset: int, found: list[int]) -> None:
        """Take every match, then the fact itself."""
        raw, handle, ranks = self._raw, self._handle, self.plan.ranks
        action = raw.start_action_for_state(handle, offset) if code == 0 else None
        if action is None:
            raise Broken(f"assert {code}")
        match: str | None = action[1]
        matches = 0
        while match is not None:
            matches += 1
            if matches > len(ranks):
                raise Broken("more matches than rules")
            found += ranks[match[2 : match.index('"', 2)]]
            match = raw.complete_and_start_action(handle, offset)
        code, _ = raw.retract_fact(handle, _GONE)
        if code:
            raise Broken(f"retract {code}")

    def close(self) -> None:
        """Free everything, unless the handle is unsafe: then it stays as it is."""
        with self._lock:
            if not self.is_sound:
                return
            self.is_sound = False
            self._prime()
            self._raw.delete_state(self._handle, "0")
            self._raw.delete_ruleset(self._handle)
