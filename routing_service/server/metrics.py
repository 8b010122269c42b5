"""All figures of the process, counted from committed events and rendered when Prometheus asks.

A watcher like the streams: sees newly committed records only, never a recovery. The one module,
besides the composition, that knows prometheus_client. No decision may read a metric.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from routing_service import __version__
from routing_service.core.desk.world import World
from routing_service.core.evolution.evolve_agent import AGENT_EVENTS
from routing_service.core.journal.events import (
    AlertRaised,
    AnyEvent,
    ItemArchived,
    RulebookActivated,
    SurgeMoved,
)
from routing_service.core.journal.record import ENGINE_VERSION
from routing_service.core.plans.plan import Plan
from routing_service.core.records.model import SECOND, Item
from routing_service.server import metric_names as names
from routing_service.server.commit import Committed
from routing_service.server.counts import COUNTED, Counts
from routing_service.server.mirror import Mirror
from routing_service.server.rpc_series import Method, RpcSeries
from routing_service.server.series import (
    SERIES_BUDGET,
    Counters,
    Gauges,
    Histograms,
    Limits,
    Tables,
)
from routing_service.server.surges import Surges

_GAUGED = frozenset({*AGENT_EVENTS, ItemArchived, RulebookActivated, SurgeMoved})


class Metrics:
    """`now` tells the wall's microseconds; `methods` are the RPCs whose rates start at 0."""

    def __init__(
        self,
        now: Callable[[], int],
        methods: Iterable[Method] = (),
        budget: int = SERIES_BUDGET,
    ) -> None:
        self._now = now
        self._tables = Tables(names.FAMILIES, Limits(budget))
        self._desks: dict[str, _Desk] = {}
        self._methods = frozenset(methods)
        self.put(names.BUILD, 1, __version__, ENGINE_VERSION)
        self.put(names.PLAINTEXT_LISTENER, 0)
        for method in self._methods:
            self.rpc(method)
        self.registry = CollectorRegistry()
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def add(self, family: names.Counter, *labels: str, by: int = 1) -> None:
        """Count something that no event tells."""
        self._tables.counter(family).child(*labels).value += by

    def put(self, family: names.Gauge, value: float, *labels: str) -> None:
        """Set a gauge that no event tells."""
        self._tables.gauge(family).child(*labels).value = value

    def observe(self, family: names.Histogram, value: float, *labels: str) -> None:
        """Observe a value, in the unit of the family's name."""
        self._tables.histogram(family).child(*labels).observe(value)

    def seed(self, world: World) -> None:
        """Set the gauges of the desk from World; nothing is counted as new."""
        self._desk(world.desk).seed(world)

    def recovered(self, world: World, cause: str, seconds: float) -> None:
        """World was made anew from the journal."""
        self.add(names.RECOVERIES, world.desk, cause)
        self.put(names.RECOVERY_SECONDS, seconds, world.desk)
        self.seed(world)

    def committed(self, desk: str, batch: Sequence[Committed]) -> None:
        """Observe records that have just become durable, in order."""
        known = self._desk(desk)
        for committed in batch:
            known.observe(committed)

    def journal_committed(self, desk: str, records: int, appends: int, seconds: float) -> None:
        """One durable commit of the store; its signature is the store's OnCommit."""
        self.add(names.COMMITS, desk)
        self.add(names.RECORDS, desk, by=records)
        self.observe(names.APPEND_SECONDS, seconds, desk)

    def rpc(self, method: Method) -> RpcSeries:
        """The figures of a method."""
        return RpcSeries(method, self._tables, known=method in self._methods)

    def collect(self) -> Iterator[Metric]:
        """Render everything; called by the scrape's thread."""
        for family in names.FAMILIES:
            if isinstance(family, names.Counter):
                yield _counter(self._tables.counter(family))
            elif isinstance(family, names.Histogram):
                yield _histogram(self._tables.histogram(family))
            elif family is names.OLDEST_WAITING:
                yield _ages(self._tables.gauge(names.OLDEST_WAITING), self._now())
            elif isinstance(family, names.Gauge):
                yield _gauge(self._tables.gauge(family))

    def _desk(self, desk: str) -> "_Desk":
        known = self._desks.get(desk)
        if known is None:
            known = self._desks[desk] = _Desk(desk, self._tables, self._now)
        return known


class _Desk:
    """Gauges and counts of one desk, and the rulebook it shows."""

    def __init__(self, desk: str, tables: Tables, now: Callable[[], int]) -> None:
        self._desk = desk
        self._surges = Surges(desk, tables)
        self._mirror = Mirror(desk, tables, self._surges)
        self._counts = Counts(desk, tables, now, self._surges)
        self._rulebooks = tables.gauge(names.RULEBOOK)
        self._seq = tables.gauge(names.JOURNAL_SEQ).child(desk)
        self._shown: tuple[str, str] | None = None
        for family in names.FAMILIES:
            if family.labels == ("desk",):
                tables.begin(family, desk)
        for result in ("ok", "failed"):
            tables.counter(names.RULEBOOK_LOADS).child(desk, result)
        for cause in ("start", "append_failed", "fault"):
            tables.counter(names.RECOVERIES).child(desk, cause)  # else the first fault is no rise

    def seed(self, world: World) -> None:
        self._surges.seed(world)
        self._mirror.seed(world)
        self._counts.seed(world)
        self._seq.value = world.seq
        if world.current_plan is not None:
            self._prepare(world.current_plan, world.digest)
        self._surges.show()

    def observe(self, committed: Committed) -> None:
        record = committed.record
        for item in committed.items.values():
            self._mirror.put_item(item)
        for event in record.events:
            kind = type(event)
            if kind in COUNTED:
                self._counts.count(event, self._item(event, committed), record.now)
            elif kind in _GAUGED:
                self._observe(event, record.now)
        if self._surges.watched:
            self._surges.show()
        self._seq.value = record.seq

    def _item(self, event: AnyEvent, committed: Committed) -> Item | None:
        item: str = (
            event.alert.item if isinstance(event, AlertRaised) else getattr(event, "item", "")
        )
        return committed.items.get(item) or self._mirror.item(item)

    def _observe(self, event: AnyEvent, now: int) -> None:
        match event:
            case ItemArchived():
                self._mirror.drop_item(event)
            case SurgeMoved():
                self._surges.moved(event)
            case RulebookActivated():
                self._prepare(event.plan, event.digest)
            case _ if isinstance(event, AGENT_EVENTS):
                self._mirror.move_agent(event, now)
            case _:
                pass  # not in _GAUGED

    def _prepare(self, plan: Plan, digest: str) -> None:
        self._mirror.prepare(plan)
        self._counts.prepare(plan)
        if self._shown is not None:
            self._rulebooks.drop(self._desk, *self._shown)
        self._shown = (plan.pack, digest)
        self._rulebooks.child(self._desk, *self._shown).value = 1


def _counter(table: Counters) -> Metric:
    family = CounterMetricFamily(table.family.name, table.family.help, labels=table.family.labels)
    for labels, child in table.rows():
        family.add_metric(labels, child.value)
    return family


def _gauge(table: Gauges) -> Metric:
    family = GaugeMetricFamily(table.family.name, table.family.help, labels=table.family.labels)
    for labels, child in table.rows():
        family.add_metric(labels, child.value)
    return family


def _ages(table: Gauges, now: int) -> Metric:
    """The table holds instants; 0 = nobody waits."""
    family = GaugeMetricFamily(table.family.name, table.family.help, labels=table.family.labels)
    for labels, child in table.rows():
        family.add_metric(labels, max(0, now - child.value) / SECOND if child.value else 0)
    return family


def _histogram(table: Histograms) -> Metric:
    spec = table.family
    family = HistogramMetricFamily(spec.name, spec.help, labels=spec.labels)
    bounds = [*(str(float(bound)) for bound in spec.buckets), "+Inf"]
    for labels, child in table.rows():
        counts = accumulate(list(child.counts))
        family.add_metric(labels, list(zip(bounds, counts, strict=True)), child.total)
    return family
