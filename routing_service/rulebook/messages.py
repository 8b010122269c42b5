"""The message catalogue: finding code -> text per language, in `messages.json`.

One table, so that no finding exists in one language only. No code decides anything here.
"""

import functools
import importlib.resources

import msgspec

DEFAULT_LANGUAGE = "en"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The message of one code, and what the author can do about it (for the guide)."""

    en: str
    zh: str
    severity: str = "error"


@functools.cache
def catalogue() -> dict[str, Entry]:
    """Every entry by its code."""
    text = importlib.resources.files(__package__).joinpath("messages.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, Entry])


def message(code: str, language: str) -> str:
    """The message pattern of a code; English when the language is not in the catalogue."""
    entry = catalogue()[code]
    return entry.zh if language.startswith("zh") else entry.en


def severity(code: str) -> str:
    """Whether the code refuses the pack: "error" or "warning"."""
    return catalogue()[code].severity


def more(listed: str, count: str, language: str) -> str:
    """A list of names that goes on with so many more."""
    return message("LIST_MORE", language).format_map({"listed": listed, "count": count})


def term(told: str, language: str) -> str:
    """A form, or names of types with " / " between them, as findings carry them: in English."""
    return " / ".join(_terms(language).get(word, word) for word in told.split(" / "))


@functools.cache
def _terms(language: str) -> dict[str, str]:
    codes = [code for code in catalogue() if code.startswith(("TYPE_", "FORM_"))]
    return {message(code, DEFAULT_LANGUAGE): message(code, language) for code in codes}


def example(text: str, language: str) -> str:
    """The hint that shows what could stand there."""
    return message("HINT_EXAMPLE", language).format_map({"example": text})


def meant(word: str, language: str) -> str:
    """The hint that names the closest known word."""
    return message("HINT_MEANT", language).format_map({"word": word})
