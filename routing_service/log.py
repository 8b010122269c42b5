"""Structured logs: one JSON object a line, with a stable `action`. No personal data enters them.

Say `logger.info("action", extra={"field": value})`. A message in words names its action in `extra`.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

ROOT = "routing_service"
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """`{"at", "level", "logger", "action", ...fields}`; `stack` when an exception is logged."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "action": record.getMessage(),
        }
        fields = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if "action" in fields:
            line["message"] = line["action"]
        line |= fields
        if record.exc_info:
            line["stack"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """Send our logs to the stream (standard error unless given) and nothing to the root logger."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    ours = logging.getLogger(ROOT)
    ours.handlers = [handler]
    ours.setLevel(level.upper())
    ours.propagate = False
