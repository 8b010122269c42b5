"""Another figure in a copy of a pack: one unit more, the next worse word, or a date left out.

What a word's next unit is, and which changes the loader itself refuses, is told by pack.
"""

import re
import shutil
from pathlib import Path

from routing_service.rulebook.cases import RequirementRow

RULES = Path(__file__).parents[2] / "rules"
PACKS = sorted(path.parent.name for path in RULES.glob("*/pack.yaml"))

OTHER_SEVERITY = {"critical": "info", "warning": "info", "info": "critical"}

# A word has no next unit: it becomes the next worse choice.
OTHER_WORD = {
    "after_sales": {
        "level1": "level3",
        "level2": "level3",
        "level3": "level2",
        "technical": "service",
        "logistics": "service",
        "service": "logistics",
        "hvac": "software",
        "software": "hvac",
        "always": "workdays",
        "workdays": "always",
        "release": "hold",
        "owner": "lead",
        "collaboration": "survey",
        "survey": "callback",
        "surveys": "logistics",
        "partner": "product",
        "satisfied": "acceptable",
        "acceptable": "dissatisfied",
        "dissatisfied": "satisfied",
        "supervisor": "lead",
    },
    "call_center": {
        "critical": "high",
        "high": "medium",
        "medium": "normal",
        "new_agent": "regular",
        "high_complaint": "regular",
        "campaign": "regular",
        "regular": "campaign",
        "low": "medium",
        "ordinary": "major",
        "major": "ordinary",
        "general": "experts",
        "experts": "general",
        "team_leaders": "operations",
        "operations": "team_leaders",
        "public_opinion": "operations",
        "callback": "survey",
        "survey": "callback",
        "surveys": "training",
        "product": "general",
        "training": "team_leaders",
        "follow_up": "product",
        "public_relations": "legal",
        "legal": "public_relations",
        "phone": "chat",
        "reserve": "refund",
        "seniors": "refund",
        "leaders": "refund",
        "self_service": "branch",
        "weighted_score": "idle_first",
        "skill_first": "idle_first",
        "supervisor": "lead",
        "lead": "owner",
    },
    "ecommerce": {
        "critical": "urgent",
        "urgent": "normal",
        "order": "logistics",
        "logistics": "order",
        "after_sales": "order",
        "payment": "account",
        "account": "payment",
        "promotion": "order",
        "unclear": "order",
        "incident": "payment",
        "kind": "class",
        "partner": "class",
        "approval": "consult",
        "second": "first",
        "help": "order",
        "survey": "callback",
        "surveys": "warehouse",
        "front_desk": "supervisors",
        "supervisors": "management",
        "management": "supervisors",
        "emergency": "management",
        "warehouse": "courier",
        "courier": "warehouse",
        "payment_partner": "warehouse",
        "technical_support": "courier",
        "chat": "social",
        "phone": "chat",
        "email": "chat",
        "assigned": "opened",
        "urgent_desk": "supervisors",
        "supervisor": "lead",
    },
    "hotline": {
        "hotline": "service_manager",
        "service_manager": "hotline",
        "management": "service_manager",
        "technical": "hotline",
        "special": "technical",
        "quality": "technical",
        "customer_care": "hotline",
        "crew": "hotline",
        "partner": "hotline",
        "department": "authorisation",
        "area": "department",
        "help": "consultation",
        "callback": "survey",
        "urgent": "normal",
        "high": "normal",
        "routine": "normal",
        "consultation": "repair",
        "repair": "consultation",
        "complaint": "consultation",
        "product_complaint": "complaint",
        "always": "workdays",
        "workdays": "always",
        "callback_hours": "always",
        "balanced": "least_loaded",
        "supervisor": "owner",
        "lead": "owner",
    },
    "itsm": {
        "critical": "high",
        "high": "low",
        "moderate": "low",
        "low": "critical",
        "resume": "keep",
        "service_desk": "group-1",
        "assignment_group": "location",
        "supervisor": "lead",
    },
    "request_toolkit": {
        "urgent": "general",
        "general": "low",
        "low": "general",
        "complaint": "consultation",
        "consultation": "complaint",
        "suggestion": "consultation",
        "transaction": "suggestion",
        "technical_fault": "complaint",
        "tech_support": "front_desk",
        "complaints": "front_desk",
        "product_operations": "front_desk",
        "business_department": "front_desk",
        "front_desk": "account",
        "business_line": "product_model",
        "partner": "business_line",
        "cooperation": "copy",
        "copy": "cooperation",
        "survey": "callback",
        "surveys": "front_desk",
        "always": "workdays",
        "workdays": "always",
        "restart": "keep",
        "supervisor": "lead",
        "owner": "supervisor",
        "breach": "80%",
        "green_channel": "product_operations",
    },
}

# The loader itself sees that the changed figure fits nothing else in the pack.
REFUSED = {
    "after_sales": {
        "rules/reminder/trigger/at": "RB407",
        "rules/near-breach/trigger/at": "RB407",
        "clocks/solution/pause/pending/waiting_customer": "RB207",
    },
    "call_center": {
        "clocks/callback/warn/0": "RB407",
        "clocks/progress/warn/0": "RB407",
        "clocks/response_group/warn/0": "RB407",
        "clocks/ticket/warn/0": "RB407",
    },
    "ecommerce": {
        "clocks/email_response/warn/0": "RB407",
        "clocks/progress/warn/0": "RB407",
    },
    "hotline": {
        "clocks/callback/warn/0": "RB407",
        "clocks/first_contact/warn/0": "RB407",
        "clocks/solution/warn/0": "RB407",
    },
    "itsm": {
        "rules/resolution-near/trigger/at": "RB407",
        "rules/nobody-answers/trigger/at": "RB407",
    },
    "request_toolkit": {
        "rules/start-now/trigger/at": "RB407",
        "rules/tell-customer-beforehand/trigger/at": "RB407",
        "calendars/workdays/week/mon-fri/0": "RB504",
    },
}


def changed(pack: str, row: RequirementRow, folder: Path) -> Path:
    """A copy of the pack, with the row's figure another one."""
    copy = folder / "pack"
    shutil.copytree(RULES / pack, copy)
    lines = (copy / row.file).read_text("utf-8").splitlines(keepends=True)
    place = row.place.line - 1
    if _is_date(row):
        del lines[place]
    elif "/pending/" in row.key:
        lines[place] = _without(row, lines[place])
    else:
        lines[place] = _replaced(row, lines[place], next_unit(pack, row))
    (copy / row.file).write_text("".join(lines), "utf-8")
    return copy


def next_unit(pack: str, row: RequirementRow) -> str:
    """The figure one unit further: the last number in it plus one, or another word."""
    if row.value in (words := OTHER_WORD.get(pack, {})) or not re.search(r"\d", row.value):
        return (OTHER_SEVERITY if row.key.endswith("severity") else words)[row.value]
    last = list(re.finditer(r"\d+", row.value))[-1]
    bumped = str(int(last.group()) + 1).zfill(len(last.group()))
    return row.value[: last.start()] + bumped + row.value[last.end() :]


def _is_date(row: RequirementRow) -> bool:
    """A day off, or the hours of a single date: each has a line of its own."""
    return "/holidays/" in row.key or "/overrides/" in row.key


def _replaced(row: RequirementRow, line: str, value: str) -> str:
    start = line.index(row.value, row.place.column - 1)
    return line[:start] + value + line[start + len(row.value) :]


def _without(row: RequirementRow, line: str) -> str:
    """The line without one word of its list; with no word left, without the list's own promise."""
    rest = _replaced(row, line, "")
    return rest.replace("[, ", "[").replace(", ,", ",").replace(", ]", "]")
