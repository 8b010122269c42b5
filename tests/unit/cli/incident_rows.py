"""Builds rows of an incident log, as the tests of the converter and the figures need them."""

from typing import Any

from routing_service.cli.replay.acts import AnyAct, Opened, Reported, Taken, Updated
from routing_service.cli.replay.converter import convert
from routing_service.cli.replay.incident_log import rows

COLUMNS = {
    "number": "INC1",
    "incident_state": "New",
    "active": "TRUE",
    "made_sla": "TRUE",
    "opened_at": "29-02-2016 09:00",
    "sys_updated_at": "29-02-2016 09:00",
    "caller_id": "Caller 7",
    "contact_type": "Phone",
    "location": "Location 1",
    "category": "Category 2",
    "subcategory": "Subcategory 3",
    "u_symptom": "Symptom 4",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "priority": "3 - Moderate",
    "assignment_group": "Group 70",
    "assigned_to": "?",
    "resolved_by": "Resolved by 5",
    "resolved_at": "29-02-2016 12:00",
    "closed_at": "05-03-2016 12:00",
    "closed_code": "code 6",
}


def line(at: str = "09:00", state: str = "New", **columns: str) -> dict[str, str]:
    """One line of the log: "09:30" is of 29 February 2016, any other day is written out."""
    updated = at if len(at) > 5 or at == "?" else f"29-02-2016 {at}"
    return {**COLUMNS, "sys_updated_at": updated, "incident_state": state, **columns}


def acts(*lines: dict[str, str]) -> list[AnyAct]:
    """The lines' acts."""
    return convert(rows(lines))


def told(*lines: dict[str, str]) -> list[Any]:
    """The lines' acts in short: "09:30 resolved", "09:00 opened", "10:00 pending problem"."""
    return [f"{_clock(act.at)} {_what(act)}" for act in acts(*lines)]


def _clock(at: int) -> str:
    minute = at // 60_000_000
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _what(act: AnyAct) -> str:
    match act:
        case Opened():
            return "opened"
        case Updated():
            return "updated " + ",".join(f"{k}={v}" for k, v in sorted(act.labels.items()))
        case Reported():
            return f"{act.kind.value} {act.reason}".strip()
        case Taken():
            return "taken"
