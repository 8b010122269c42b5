"""Named patterns over the customer's text, computed before the text is sealed.

RE2 only: linear time, bounded memory, so that no author can write a pattern that hangs the desk.
The only importer of re2. Rules see the names as booleans and never the text.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

import re2  # type: ignore[import-untyped]  # google-re2 ships no types

MAX_MEMORY = 1 << 20
"""Bytes one compiled pattern and its automata may use."""

CUT = "\n"
"""Stands where an excepted span was, so that what is left and right of it does not join."""

_Patterns = tuple["re2._Regexp", ...]  # noqa: SLF001 - re2 names the type of a pattern no other way
_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class BadPattern(ValueError):
    """The pattern cannot be used; `code` is the finding's."""

    def __init__(self, code: str, problem: str) -> None:
        """Say which finding it is and what RE2 said."""
        super().__init__(problem)
        self.code = code
        self.problem = problem


class SignalSet:
    """The signals of a rulebook.

    What a pattern of `exceptions` matches is cut out before the signal's own patterns look: so
    "the login works, nothing is wrong with it" shows no failure, while a failure that is told in
    the next sentence is still seen.
    """

    def __init__(
        self,
        patterns: Mapping[str, tuple[str, ...]],
        exceptions: Mapping[str, tuple[str, ...]] = _NONE,
    ) -> None:
        """Compile every pattern; BadPattern names the first that cannot be used."""
        self._compiled = tuple(
            (name, _compiled(patterns[name]), _compiled(exceptions.get(name, ())))
            for name in sorted(patterns)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all signals, sorted."""
        return tuple(name for name, _, _ in self._compiled)

    def matching(self, text: str) -> tuple[str, ...]:
        """Names of the signals with at least one pattern that matches somewhere, sorted."""
        normal = unicodedata.normalize("NFC", text)
        return tuple(
            name
            for name, patterns, exceptions in self._compiled
            if _shown(normal, patterns, exceptions)
        )


def _compiled(patterns: tuple[str, ...]) -> "_Patterns":
    return tuple(compile_pattern(pattern) for pattern in patterns)


def _shown(text: str, patterns: "_Patterns", exceptions: "_Patterns") -> bool:
    """Most texts show nothing: they are cut only when they would show the signal as they are."""
    if not any(pattern.search(text) for pattern in patterns):
        return False
    for pattern in exceptions:
        text = pattern.sub(CUT, text)
    return not exceptions or any(pattern.search(text) for pattern in patterns)


def compile_pattern(pattern: str) -> "re2._Regexp":
    """One pattern under our limits; BadPattern when it is wrong, too big or always true."""
    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    options.never_capture = True
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        problem = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        code = "RB409" if "too large" in problem or "memory" in problem else "RB408"
        raise BadPattern(code, problem) from error
    if compiled.search("") is not None:
        raise BadPattern("RB410", "matches the empty text")
    return compiled
