"""How often which engine decided, and what was odd: counts of engines that come and go.

An engine ends with its rulebook; the metrics only grow. Decides nothing.
"""

import logging

from routing_service.rulebook.engine import DurableEngine
from routing_service.rulebook.engines import Kind
from routing_service.rulebook.memo import Memo
from routing_service.rulebook.model import Rulebook
from routing_service.server import metric_names as names
from routing_service.server.metrics import Metrics

log = logging.getLogger(__name__)

MEMO = "memo"
QUARANTINES = "quarantines"
DIVERGENCES = "divergences"


class EngineFigures:
    """Those of one desk. Call `tell` now and then, and for each rulebook before it is closed."""

    def __init__(self, desk: str, metrics: Metrics) -> None:
        self._desk = desk
        self._metrics = metrics
        self._memo: Memo | None = None
        self._told: dict[str, int] = {}
        for engine in (MEMO, *Kind):
            metrics.add(names.RULE_DECISIONS, desk, engine, by=0)

    def tell(self, rulebook: Rulebook | None) -> None:
        """What came since the last call, of the engine before as well; and who decides now."""
        memo = rulebook.engine if rulebook is not None else None
        self._tell_new()
        if isinstance(memo, Memo) and memo is not self._memo:
            self._memo, self._told = memo, {}
            self._tell_new()
        durable = durable_of(rulebook) if rulebook is not None else None
        sound = durable is not None and not durable.quarantined
        self._metrics.put(names.RULE_ENGINE, int(sound), self._desk, Kind.DURABLE)
        self._metrics.put(names.RULE_ENGINE, int(not sound), self._desk, Kind.REFERENCE)

    def _tell_new(self) -> None:
        if self._memo is None:
            return
        now = counted(self._memo)
        new = {name: count - self._told.get(name, 0) for name, count in now.items()}
        self._told = now
        for engine in (MEMO, *Kind):
            self._metrics.add(names.RULE_DECISIONS, self._desk, engine, by=new[engine])
        self._metrics.add(names.RULE_QUARANTINES, self._desk, by=new[QUARANTINES])
        self._metrics.add(names.RULE_DIVERGENCES, self._desk, by=new[DIVERGENCES])
        if new[QUARANTINES] or new[DIVERGENCES]:
            log.error("rule_engine_odd", extra={"desk": self._desk, **_odd(self._memo, new)})


def durable_of(rulebook: Rulebook) -> DurableEngine | None:
    """The C engine that the rulebook is on, if it is."""
    engine = rulebook.engine.engine if isinstance(rulebook.engine, Memo) else rulebook.engine
    return engine if isinstance(engine, DurableEngine) else None


def counted(memo: Memo) -> dict[str, int]:
    """Decisions by who made them since the engine was made, and how often something was odd."""
    behind = memo.engine
    counts = behind.counts if isinstance(behind, DurableEngine) else None
    return {
        MEMO: memo.counts.hits,
        Kind.DURABLE: counts.decisions if counts else 0,
        Kind.REFERENCE: counts.fallbacks if counts else memo.counts.misses,
        QUARANTINES: counts.quarantined if counts else 0,
        DIVERGENCES: memo.counts.diverged,
    }


def _odd(memo: Memo, new: dict[str, int]) -> dict[str, object]:
    faults = memo.engine.faults if isinstance(memo.engine, DurableEngine) else {}
    told = {name: new[name] for name in (QUARANTINES, DIVERGENCES)}
    return {**told, "faults": dict(faults)}
