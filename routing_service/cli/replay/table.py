"""The result of a replay for people: one line per priority, then what was checked."""

from collections.abc import Iterable

from rich.table import Table

from routing_service.cli.replay.checks import Check
from routing_service.cli.replay.figures import Figures, Result

_COLUMNS = (
    "priority",
    "incidents",
    "assigned p50",
    "assigned p90",
    "resolved p50",
    "resolved p90",
    "pauses",
    "re-opened",
    "reassigned",
    "warnings",
    "breaches",
)
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def figures_table(result: Result) -> Table:
    """The figures."""
    table = Table(title="From opening to first assignment and to last resolution")
    for name in _COLUMNS:
        table.add_column(name, justify="left" if name == "priority" else "right")
    for name, figures in result.priorities.items():
        table.add_row(name, *_cells(figures))
    table.add_section()
    table.add_row("all", *_cells(result.total))
    return table


def _cells(figures: Figures) -> list[str]:
    spans = (figures.first_assignment_s, figures.resolution_s)
    return [
        str(figures.count),
        *(span(value) for quantiles in spans for value in (quantiles.p50, quantiles.p90)),
        str(figures.pauses),
        str(figures.reopens),
        str(figures.reassignments),
        str(figures.warnings),
        str(figures.breaches),
    ]


def span(seconds: float | None) -> str:
    """ "5 min", "3.2 h", "12.4 d"; "-" for none."""
    if seconds is None:
        return "-"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h" if seconds < DAY else f"{seconds / DAY:.1f} d"


def checks_table(checks: Iterable[Check]) -> Table:
    """What was checked."""
    table = Table(title="Checked", show_header=False)
    for check in checks:
        mark = ("ok", "green") if check.passed else ("FAILED", "bold red")
        table.add_row(mark[0], check.name, check.told, style=mark[1])
    return table
