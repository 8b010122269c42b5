"""Whoever branches on the reason of an error finds it in the guide of the wire."""

import ast
from collections.abc import Iterator
from pathlib import Path

from routing_service.core.records import errors

ROOT = Path(__file__).parents[2]
KINDS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.RoutingError)
}
NOT_OF_CALLS = {
    "VERDICT_MISSING",  # a command that the service itself makes wrong
    "NOT_DEV",  # of the clock of test servers
    "SETTINGS_INVALID",  # at the start, before there is anybody to tell
    "DEV_JOURNAL",
}


def raised() -> Iterator[str]:
    """Reasons that core and server write out where they raise an error."""
    for folder in ("core", "server"):
        for path in (ROOT / "routing_service" / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KINDS:
                    yield from _reason(node)


def _reason(call: ast.Call) -> Iterator[str]:
    if call.args and isinstance(call.args[0], ast.Constant):
        yield str(call.args[0].value)


def test_every_reason_of_an_error_is_in_the_table_of_errors() -> None:
    guide = (ROOT / "proto" / "README.md").read_text()

    missing = {each for each in raised() if f"`{each}`" not in guide}

    assert missing <= NOT_OF_CALLS
