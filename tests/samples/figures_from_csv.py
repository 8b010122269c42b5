"""The figures of the demo, from the incident log alone: csv and statistics, nothing of the service.

    python tests/samples/figures_from_csv.py tests/samples/incidents.csv [--incidents 20]

How it counts, incident by incident, rows in order of the file:
* time of a row: `sys_updated_at`, never before `opened_at` and never before the row above it
* priority: the desk's own, of the last row that counts; "?" and unknown states leave all as it was
* first assignment: from `opened_at` to the first row with an assignee, unless the incident waits or
  is resolved there; whoever is named while it waits has it when the wait ends
* resolution: from `opened_at` to the last time it became Resolved (or Closed straight away)
* pauses: rows that enter an Awaiting state; re-opens: Resolved, then neither Resolved nor Closed
* reassignments: rows with another known group than the known one before
* an incident ends when it is closed, or 30 days after it was resolved: later rows do not count
* p50 and p90: linear between the nearest ranks, in seconds
"""

import argparse
import csv
import json
import statistics
from datetime import datetime, timedelta
from pathlib import Path

CLOSES_BY_ITSELF = timedelta(days=30)
STATES = ("New", "Active", "Resolved", "Closed")


def instant(text):
    if text in ("", "?"):
        return None
    return datetime.strptime(text, "%d-%m-%Y %H:%M")  # noqa: DTZ007 - the log names no zone


def waits(state):
    return state.startswith("Awaiting")


def incident_figures(rows):
    """One incident's figures; durations in seconds, None where there is none."""
    opened = instant(rows[0]["opened_at"])
    now, state, group = opened, "New", None
    assigned = resolved = None
    found = {"priority": None, "pauses": 0, "reopens": 0, "reassignments": 0}
    for row in rows:
        now = max(now, instant(row["sys_updated_at"]) or now)
        over = state == "Resolved" and now >= resolved + CLOSES_BY_ITSELF
        if state == "Closed" or over:
            break
        found["priority"] = row["priority"].partition(" - ")[2].lower()
        if row["assignment_group"] not in ("?", group):
            found["reassignments"] += group is not None
            group = row["assignment_group"]
        told = row["incident_state"]
        after = told if told in STATES or waits(told) else state
        found["pauses"] += waits(after) and after != state
        reopened = state == "Resolved" and after not in ("Resolved", "Closed")
        found["reopens"] += reopened
        parked = (waits(state) and after == state) or (state == "Resolved" and not reopened)
        if assigned is None and row["assigned_to"] != "?" and not parked:
            assigned = now
        if reopened:
            resolved = None
        elif after in ("Resolved", "Closed") and state != "Resolved":
            resolved = now
        state = after
    found["first_assignment"] = assigned and (assigned - opened).total_seconds()
    found["resolution"] = resolved and (resolved - opened).total_seconds()
    return found


def quantiles(values):
    values = [value for value in values if value is not None]
    if len(values) < 2:
        return {"p50": values[0] if values else None, "p90": values[0] if values else None}
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    return {"p50": tenths[4], "p90": tenths[8]}


def group_figures(incidents):
    return {
        "count": len(incidents),
        "first_assignment_s": quantiles([each["first_assignment"] for each in incidents]),
        "resolution_s": quantiles([each["resolution"] for each in incidents]),
        **{
            name: sum(each[name] for each in incidents)
            for name in ("pauses", "reopens", "reassignments")
        },
    }


def figures(path, limit=None):
    """{"priorities": {name: figures}, "total": figures} of the first `limit` incidents."""
    incidents = {}
    with Path(path).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            incidents.setdefault(row["number"], []).append(row)
    found = [incident_figures(rows) for rows in list(incidents.values())[:limit]]
    priorities = sorted({each["priority"] for each in found})
    of = {name: [each for each in found if each["priority"] == name] for name in priorities}
    return {
        "priorities": {name: group_figures(each) for name, each in of.items()},
        "total": group_figures(found),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Figures of an incident log.")
    parser.add_argument("log")
    parser.add_argument("--incidents", type=int, help="only the first so many")
    arguments = parser.parse_args()
    print(json.dumps(figures(arguments.log, arguments.incidents), indent=2))
