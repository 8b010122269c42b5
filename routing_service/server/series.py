"""The numbers behind the metrics: plain integers per label set, with a bound on how many there are.

Written by the event loop alone; a scrape in another thread reads copies. No metric library here.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from routing_service.server.metric_names import OPEN_LABELS, Counter, Family, Gauge, Histogram

OTHER = "other"
"""Takes the values past a cap, so that no adapter or rulebook can blow up a Prometheus."""
SERIES_BUDGET = 10_000
HISTOGRAM_SHARE = 0.75
"""Of the budget: a histogram costs some 18 series a label set and must leave room for counters."""
CAPS = {"queue": 64, "channel": 12, "clock": 24, "priority": 12}
DEFAULT_CAP = 50

Labels = tuple[str, ...]


class Number:
    """One counter or gauge."""

    __slots__ = ("value",)

    def __init__(self, _: Family) -> None:
        self.value: float = 0


class Distribution:
    """One histogram: counts per bucket, not cumulative, and the sum."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, family: Histogram) -> None:
        self.bounds = family.buckets
        self.counts = [0] * (len(family.buckets) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """Count `value`, in the unit of the buckets; a bound belongs to its own bucket."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class Limits:
    """How many values a label may have on a desk, and how many series there may be in all."""

    def __init__(self, budget: int = SERIES_BUDGET) -> None:
        self._budget = budget
        self.series = 0
        self._known: dict[tuple[str, str], set[str]] = {}

    def name(self, desk: str, label: str, value: str) -> str:
        """The value itself while the label has room on this desk, else "other"."""
        known = self._known.setdefault((desk, label), set())
        if value in known:
            return value
        if len(known) >= CAPS.get(label, DEFAULT_CAP):
            return OTHER
        known.add(value)
        return value

    def capped(self, family: Family, labels: Labels) -> Labels:
        """The labels, with "other" for each value past its cap."""
        desk = labels[0] if family.labels[:1] == ("desk",) else ""
        return tuple(
            self.name(desk, label, value) if label in OPEN_LABELS else value
            for label, value in zip(family.labels, labels, strict=True)
        )

    def take(self, family: Family) -> bool:
        """Whether one more label set of this family fits; if so, its series are taken."""
        is_histogram = isinstance(family, Histogram)
        cost = len(family.buckets) + 3 if isinstance(family, Histogram) else 1
        if self.series + cost > self._budget * (HISTOGRAM_SHARE if is_histogram else 1):
            return False
        self.series += cost
        return True


F = TypeVar("F", bound=Family)
C = TypeVar("C")


class Table(Generic[F, C]):
    """The children of one family. `child` is cheap for a label set seen before."""

    def __init__(self, family: F, make: Callable[[F], C], limits: Limits) -> None:
        self.family = family
        self._make = make
        self._limits = limits
        self._children: dict[Labels, C] = {}

    def child(self, *labels: str) -> C:
        """The child of these labels, or the one that takes what is past a cap."""
        found = self._children.get(labels)
        return self._new(labels) if found is None else found

    def _new(self, labels: Labels) -> C:
        labels = self._limits.capped(self.family, labels)
        if labels not in self._children and not self._limits.take(self.family):
            labels = tuple(
                OTHER if name in OPEN_LABELS else value
                for name, value in zip(self.family.labels, labels, strict=True)
            )
        return self._children.setdefault(labels, self._make(self.family))

    def drop(self, *labels: str) -> None:
        """Show these labels no longer."""
        self._children.pop(labels, None)

    def rows(self) -> Iterator[tuple[Labels, C]]:
        """A copy, made in one step: another thread may read while the loop counts."""
        return iter(list(self._children.items()))


Counters = Table[Counter, Number]
Gauges = Table[Gauge, Number]
Histograms = Table[Histogram, Distribution]


class Tables:
    """One table per family, found by the family."""

    def __init__(self, families: Iterable[Family], limits: Limits) -> None:
        self.limits = limits
        self._counters: dict[str, Counters] = {}
        self._gauges: dict[str, Gauges] = {}
        self._histograms: dict[str, Histograms] = {}
        for family in families:
            if isinstance(family, Counter):
                self._counters[family.name] = Table(family, Number, limits)
            elif isinstance(family, Gauge):
                self._gauges[family.name] = Table(family, Number, limits)
            elif isinstance(family, Histogram):
                self._histograms[family.name] = Table(family, Distribution, limits)

    def begin(self, family: Family, *labels: str) -> None:
        """Show these labels from now on, at 0: a first event is a rise then, and no gap before."""
        if isinstance(family, Counter):
            self.counter(family).child(*labels)
        elif isinstance(family, Histogram):
            self.histogram(family).child(*labels)
        elif isinstance(family, Gauge):
            self.gauge(family).child(*labels)

    def counter(self, family: Counter) -> Counters:
        """The table of a counter."""
        return self._counters[family.name]

    def gauge(self, family: Gauge) -> Gauges:
        """The table of a gauge."""
        return self._gauges[family.name]

    def histogram(self, family: Histogram) -> Histograms:
        """The table of a histogram."""
        return self._histograms[family.name]
