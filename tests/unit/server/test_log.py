"""Log lines: one JSON object each."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from routing_service import log as logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where our logs go while the test runs."""
    ours = logging.getLogger(logs.ROOT)
    before = ours.handlers, ours.level, ours.propagate
    stream = io.StringIO()
    logs.configure("info", stream)
    yield stream
    ours.handlers, ours.level, ours.propagate = before


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_line_has_action_and_fields(stream: io.StringIO) -> None:
    logging.getLogger(f"{logs.ROOT}.server").info("ready", extra={"address": "here", "n": 1})
    (line,) = lines(stream)

    assert (line["action"], line["level"], line["address"], line["n"]) == (
        "ready",
        "info",
        "here",
        1,
    )
    assert set(line) == {"at", "level", "logger", "action", "address", "n"}


def test_message_in_words_keeps_its_action_apart(stream: io.StringIO) -> None:
    logging.getLogger(logs.ROOT).warning("it went wrong", extra={"action": "append"})
    (line,) = lines(stream)

    assert (line["action"], line["message"]) == ("append", "it went wrong")


def test_stack_stays_on_one_line(stream: io.StringIO) -> None:
    error = ValueError("no")
    logging.getLogger(logs.ROOT).error("fault", exc_info=error)
    (line,) = lines(stream)

    assert "ValueError: no" in str(line["stack"])


def test_level_is_a_threshold(stream: io.StringIO) -> None:
    logging.getLogger(logs.ROOT).debug("call")

    assert lines(stream) == []
