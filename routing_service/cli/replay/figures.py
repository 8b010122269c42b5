"""The result of a replay: figures per priority, made of what was observed. Pure.

Durations in seconds; p50 and p90 lie linearly between the nearest ranks.
"""

import statistics
from collections.abc import Iterable, Sequence

import msgspec

from routing_service.cli.replay.observed import Story

SECOND = 1_000_000


class Quantiles(msgspec.Struct, frozen=True):
    """The value that half, and that nine of ten, stay at or below; None without any value."""

    p50: float | None
    p90: float | None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a group of incidents."""

    count: int
    first_assignment_s: Quantiles
    resolution_s: Quantiles
    pauses: int
    reopens: int
    reassignments: int
    warnings: int
    breaches: int
    alerts: int
    priority_changes: int


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Figures per priority, in the order of the pack, and of all together."""

    priorities: dict[str, Figures]
    total: Figures


def result(stories: Iterable[Story], priorities: Sequence[str]) -> Result:
    """Group by the priority of the labels as they were last."""
    told = list(stories)
    groups = {name: [each for each in told if each.priority == name] for name in priorities}
    return Result(
        priorities={name: figures(group) for name, group in groups.items() if group},
        total=figures(told),
    )


def figures(stories: Sequence[Story]) -> Figures:
    """The figures of these incidents together."""
    return Figures(
        count=len(stories),
        first_assignment_s=quantiles(_spans(stories, "assigned_at")),
        resolution_s=quantiles(_spans(stories, "resolved_at")),
        pauses=sum(story.pauses for story in stories),
        reopens=sum(story.reopens for story in stories),
        reassignments=sum(story.reassignments for story in stories),
        warnings=sum(story.warnings for story in stories),
        breaches=sum(story.breaches for story in stories),
        alerts=sum(story.alerts for story in stories),
        priority_changes=sum(story.priority_changes for story in stories),
    )


def _spans(stories: Iterable[Story], until: str) -> list[float]:
    """Seconds from the opening to that instant, of those who reached it."""
    ends = ((story.opened_at, getattr(story, until)) for story in stories)
    return [(end - start) / SECOND for start, end in ends if end is not None]


def quantiles(values: Sequence[float]) -> Quantiles:
    """See the module; one value alone is both."""
    if len(values) < 2:  # noqa: PLR2004 - fewer than two have nothing between them
        only = values[0] if values else None
        return Quantiles(only, only)
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    return Quantiles(tenths[4], tenths[8])
