"""The result of a replay for people: one line per priority, then what was checked."""

from collections.abc import Iterable

from rich.box import SIMPLE
from rich.table import Table

from routing_service.cli.replay.checks import Check
from routing_service.cli.replay.figures import Figures, Quantiles, Result

_COLUMNS = (
    "priority",
    "count",
    "assigned",
    "resolved",
    "pauses",
    "re-opens",
    "moves",
    "breaches",
)
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def figures_table(result: Result) -> Table:
    """The figures; durations as p50 / p90."""
    title = "First assigned and resolved: half / nine of ten within"
    table = Table(title=title, box=SIMPLE, show_edge=False, pad_edge=False, collapse_padding=True)
    for name in _COLUMNS:
        table.add_column(name, justify="left" if name == "priority" else "right", no_wrap=True)
    for name, figures in result.priorities.items():
        table.add_row(name, *_cells(figures))
    table.add_section()
    table.add_row("all", *_cells(result.total))
    return table


def _cells(figures: Figures) -> list[str]:
    return [
        str(figures.count),
        *(_pair(each) for each in (figures.first_assignment_s, figures.resolution_s)),
        str(figures.pauses),
        str(figures.reopens),
        str(figures.reassignments),
        str(figures.breaches),
    ]


def _pair(quantiles: Quantiles) -> str:
    return f"{span(quantiles.p50)} / {span(quantiles.p90)}"


def span(seconds: float | None) -> str:
    """ "5m", "3.2h", "12.4d"; "-" for none."""
    if seconds is None:
        return "-"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f}m"
    return f"{seconds / HOUR:.1f}h" if seconds < DAY else f"{seconds / DAY:.1f}d"


def checks_table(checks: Iterable[Check]) -> Table:
    """What was checked."""
    table = Table(title="Checked", show_header=False, box=SIMPLE)
    for check in checks:
        mark, style = _mark(check)
        table.add_row(mark, check.name, check.told, style=style)
    return table


def _mark(check: Check) -> tuple[str, str]:
    if not check.passed:
        return "FAILED", "bold red"
    return ("ok", "green") if check.shown else ("-", "dim")
