"""Reads the incident log: one row per audited change of an incident, as typed rows.

"?" means unknown and becomes the empty string. No meaning is given to a row here.
"""

import csv
import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from routing_service.core.records.errors import Invalid

UNKNOWN = "?"
ATTRIBUTES = (
    "contact_type",
    "category",
    "subcategory",
    "u_symptom",
    "location",
    "impact",
    "urgency",
    "assignment_group",
)
"""Columns an adapter may send: what the caller said, and where he was passed on to.

`assignment_group` is the dispatch information of the adapter: the person at the phone knew the
group. What the desk concluded or learned later never gets in: priority, made_sla, who was assigned
or resolved, when it was resolved or closed.
"""

_NEEDED = ("number", "incident_state", "opened_at", "sys_updated_at", "caller_id", "assigned_to")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One audited change. `updated_at` None = the row tells no time. Microseconds UTC."""

    number: str
    state: str
    opened_at: int | None
    updated_at: int | None
    caller: str = ""
    assignee: str = ""
    attributes: dict[str, str] = {}


def read_log(path: Path) -> list[Row]:
    """The rows in file order; Invalid(LOG_UNREADABLE) when it is no such log."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {*_NEEDED, *ATTRIBUTES} - set(reader.fieldnames or ())
            if missing:
                raise Invalid("LOG_UNREADABLE", f"{path} has no column {', '.join(missing)}.")
            return rows(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid("LOG_UNREADABLE", f"{path}: {error}.") from error


def rows(lines: Iterable[Mapping[str, str]]) -> list[Row]:
    """Lines of the log, by column name, as rows."""
    return [_row(line) for line in lines]


def _row(line: Mapping[str, str]) -> Row:
    known = {name: _value(line, name) for name in ATTRIBUTES}
    return Row(
        number=line["number"],
        state=line["incident_state"],
        opened_at=_instant(_value(line, "opened_at")),
        updated_at=_instant(_value(line, "sys_updated_at")),
        caller=_value(line, "caller_id"),
        assignee=_value(line, "assigned_to"),
        attributes={name: value for name, value in known.items() if value},
    )


def _value(line: Mapping[str, str], name: str) -> str:
    value = (line.get(name) or "").strip()
    return "" if value == UNKNOWN else value


def _instant(text: str) -> int | None:
    """Day-month-year and minute. The log names no zone: its local time is taken as UTC."""
    if not text:
        return None
    try:
        at = datetime.datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=datetime.UTC)
    except ValueError as error:
        raise Invalid("LOG_UNREADABLE", f"{text!r} is no day-month-year hour:minute.") from error
    return (at - _EPOCH) // datetime.timedelta(microseconds=1)
